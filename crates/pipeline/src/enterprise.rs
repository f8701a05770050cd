use crate::standing::when;
use link::{Party, Record, Said};
use polars::prelude::*;
use serde::Serialize;

/// An enterprise as a row says it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct EnterpriseLine {
    /// Its name.
    pub name: String,
    /// Its tax code.
    pub tax_code: Option<String>,
    /// Its address.
    #[serde(skip)]
    pub(crate) address: Option<String>,
    /// Its district or commune.
    #[serde(skip)]
    pub(crate) district: Option<String>,
    #[serde(skip)]
    phone: Option<String>,
    #[serde(skip)]
    representative: Option<String>,
    /// The last day of the period that the row is about, as a number.
    #[serde(skip)]
    when: i32,
}

/// A column of a frame as texts; all missing where the form has no such column.
pub(crate) fn texts(frame: &DataFrame, name: Option<&str>) -> PolarsResult<Vec<Option<String>>> {
    let Some(name) = name else { return Ok(vec![None; frame.height()]) };
    let column = frame.column(name)?.cast(&DataType::String)?;
    Ok(column.str()?.iter().map(|text| text.map(str::to_owned)).collect())
}

impl Record for EnterpriseLine {
    fn party(&self) -> Party<'_> {
        Self::party(self)
    }
}

impl EnterpriseLine {
    /// The enterprises that the rows of a form are about, row by row.
    pub(crate) fn of_rows(party: &programme::Party, frame: &DataFrame) -> PolarsResult<Vec<Self>> {
        let column = |name: &Option<String>| texts(frame, name.as_deref()).map(Vec::into_iter);
        let mut codes = column(&party.tax_code)?;
        let mut addresses = column(&party.address)?;
        let mut districts = column(&party.district)?;
        let mut phones = column(&party.phone)?;
        let mut people = column(&party.representative)?;
        let mut periods = frame.column("period")?.str()?.iter();
        let names = texts(frame, Some(&party.name))?;
        let line = |name: Option<String>| Self {
            name: name.unwrap_or_default(),
            tax_code: codes.next().flatten(),
            address: addresses.next().flatten(),
            district: districts.next().flatten(),
            phone: phones.next().flatten(),
            representative: people.next().flatten(),
            when: when(periods.next().flatten()),
        };
        Ok(names.into_iter().map(line).collect())
    }

    pub(crate) fn party(&self) -> Party<'_> {
        Party {
            name: &self.name,
            tax_code: self.tax_code.as_deref(),
            address: self.address.as_deref(),
            district: self.district.as_deref(),
            phone: self.phone.as_deref(),
            representative: self.representative.as_deref(),
        }
    }

    pub(crate) fn said(&self) -> Said<'_> {
        Said { party: self.party(), when: self.when }
    }

    /// What decides which enterprise it is.
    pub(crate) fn print(&self) -> String {
        self.party().fingerprint()
    }

    /// Its address, or its district where that is all that is known.
    pub(crate) fn place(&self) -> String {
        let known = [&self.address, &self.district].into_iter().flatten().find(|part| !part.is_empty());
        known.cloned().unwrap_or_default()
    }
}
