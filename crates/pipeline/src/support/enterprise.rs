use link::{Party, Record};
use serde::Serialize;

/// An enterprise as a row describes it.
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
}

impl Record for EnterpriseLine {
    fn party(&self) -> Party<'_> {
        Party {
            name: &self.name,
            tax_code: self.tax_code.as_deref(),
            address: self.address.as_deref(),
            district: self.district.as_deref(),
            phone: self.phone.as_deref(),
            representative: self.representative.as_deref(),
        }
    }
}

impl EnterpriseLine {
    pub(crate) fn from_party(party: Party<'_>) -> Self {
        let text = |text: Option<&str>| text.map(str::to_owned);
        Self {
            name: party.name.to_owned(),
            tax_code: text(party.tax_code),
            address: text(party.address),
            district: text(party.district),
            phone: text(party.phone),
            representative: text(party.representative),
        }
    }

    /// Its address, or its district if that is all that is known.
    pub(crate) fn place(&self) -> String {
        let known = [&self.address, &self.district]
            .into_iter()
            .flatten()
            .find(|part| !part.is_empty());
        known.cloned().unwrap_or_default()
    }
}
