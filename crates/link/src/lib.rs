//! Which records are about the same enterprise.
//!
//! First form: by valid tax code, else by the exact name, as it is compared, and the district. The seam for a
//! fuller matcher is [`identify`]: records in, identities out, nothing else known or kept.

use model::TaxCode;
use std::collections::{BTreeMap, BTreeSet};
use vietext::{fold, name_key};

/// What a record says of the enterprise it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Party<'a> {
    /// The name, as it is written.
    pub name: &'a str,
    /// The tax code, as it is written.
    pub tax_code: Option<&'a str>,
    /// The district, as its code or as it is written.
    pub district: Option<&'a str>,
}

/// Which enterprise a record is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The enterprise: equal for records of the same one. `T` and the tax code, or `N`, the name and the district.
    pub enterprise: String,
    /// The name as it is compared.
    pub name_key: String,
}

/// Says for each record which enterprise it is about, in the order of the records.
///
/// Two valid tax codes are two enterprises. A record without a valid code joins the one enterprise with a code
/// that bears its name in its district; where there are several, or none, it stands for an enterprise of its own
/// name and district. The order of the records does not matter.
pub fn identify(parties: &[Party<'_>]) -> Vec<Identity> {
    let read: Vec<(Option<String>, String, String)> = parties
        .iter()
        .map(|party| {
            let code = party.tax_code.and_then(|text| TaxCode::parse(text).ok()).map(|code| code.to_string());
            (code, name_key(party.name), fold(party.district.unwrap_or_default()))
        })
        .collect();
    let mut codes_of: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
    for (code, name, district) in &read {
        if let Some(code) = code {
            codes_of.entry((name, district)).or_default().insert(code);
        }
    }
    read.iter()
        .map(|(code, name, district)| {
            let by_name = codes_of.get(&(name.as_str(), district.as_str())).filter(|codes| codes.len() == 1);
            let code = code.as_deref().or_else(|| by_name.and_then(|codes| codes.first().copied()));
            let enterprise = match code {
                Some(code) => format!("T{code}"),
                None => format!("N{name} · {district}"),
            };
            Identity { enterprise, name_key: name.clone() }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Party, identify};

    fn party<'a>(name: &'a str, tax_code: Option<&'a str>, district: &'a str) -> Party<'a> {
        Party { name, tax_code, district: Some(district) }
    }

    #[test]
    fn code_first_then_name_and_district() {
        let parties = [
            party("Công ty TNHH Sơn Hà", Some("3600265395"), "bien-hoa"),
            party("CTY TNHH SƠN HÀ", Some("3600265396"), "bien-hoa"), // mistyped
            party("Công ty TNHH Sơn Hà", None, "bien-hoa"),
            party("Công ty TNHH Sơn Hà", None, "long-thanh"),
            party("Công ty TNHH Sơn Hà 2", None, "bien-hoa"),
            party("Công ty TNHH Sơn Hà", Some("3603295006"), "tan-phu"),
        ];
        let found: Vec<String> = identify(&parties).into_iter().map(|i| i.enterprise).collect();
        assert_eq!(found[0], "T3600265395");
        assert_eq!(found[1], found[0]);
        assert_eq!(found[2], found[0]);
        let distinct: std::collections::BTreeSet<&String> = found.iter().collect();
        assert_eq!(distinct.len(), 4);

        let mut reversed = parties;
        reversed.reverse();
        let mut back: Vec<String> = identify(&reversed).into_iter().map(|i| i.enterprise).collect();
        back.reverse();
        assert_eq!(found, back);
    }

    #[test]
    fn a_name_that_two_codes_bear_joins_neither() {
        let parties = [
            party("DNTN An Khang", Some("3600265395"), "bien-hoa"),
            party("DNTN An Khang", Some("3603295006"), "bien-hoa"),
            party("DNTN An Khang", None, "bien-hoa"),
        ];
        let found = identify(&parties);
        assert_ne!(found[2], found[0]);
        assert_ne!(found[2], found[1]);
    }
}
