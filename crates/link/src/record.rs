//! A record, parsed.

use crate::address::ParsedAddress;
use crate::cells::MeantCells;
use crate::hash::{hash, join};
use crate::name::ParsedName;
use crate::parser::Parser;
use crate::party::Party;
use crate::person::person;
use crate::phone::{Phones, phones};
use crate::tax_code::ParsedTaxCode;
use crate::vocabulary::Vocabulary;
use std::sync::Arc;

/// A record, parsed: ready to be compared.
#[derive(Debug, Clone, Default)]
pub(crate) struct ParsedRecord {
    pub name: Arc<ParsedName>,
    pub code: ParsedTaxCode,
    pub address: Arc<ParsedAddress>,
    pub phones: Phones,
    /// A hash of its representative; 0 if nobody is named.
    pub person: u64,
}

impl ParsedRecord {
    pub(crate) fn parse(party: &Party<'_>, parser: &mut Parser<'_>) -> Self {
        let cells = MeantCells::of(party, parser.vocabulary);
        let address = parser.address(&cells.address, party.district.unwrap_or_default());
        let name = parser.name(&cells.name);
        Self::from_parts(party, name, address, parser.vocabulary)
    }

    /// A record whose name and address are parsed already.
    pub(crate) fn from_parts(
        party: &Party<'_>,
        name: Arc<ParsedName>,
        address: Arc<ParsedAddress>,
        vocabulary: &Vocabulary,
    ) -> Self {
        Self {
            name,
            code: party
                .tax_code
                .map_or(ParsedTaxCode::Missing, ParsedTaxCode::parse),
            address,
            phones: party.phone.map_or([0; 2], phones),
            person: party
                .representative
                .map_or(0, |text| person(text, &vocabulary.titles)),
        }
    }

    /// One number for all records of a valid tax code; of those without one, for all that say the same.
    pub(crate) fn identity(&self) -> u64 {
        if let Some((root, unit)) = self.code.taxpayer() {
            return join(root, u64::from(unit));
        }
        let address = &self.address;
        let said = [hash(self.name.glued.as_bytes()), self.person, address.house];
        let form = self.name.form.map_or(0, |form| form as u64 + 1);
        let all = said
            .iter()
            .chain(&self.phones)
            .chain(&address.locals)
            .chain([&form]);
        all.fold(0, |all, &part| join(all, part))
    }

    /// What two records of a pair are put in order by, so that the answer does not depend on which stands left.
    pub(crate) fn pair_order(&self) -> impl Ord + '_ {
        (
            &self.name.glued,
            self.name.tokens.len(),
            self.name.form,
            self.code,
            self.person,
            self.phones,
        )
    }
}
