//! What a record says of the enterprise that it is about, as text.

/// What a record says of the enterprise it is about; what is not known is `None` or blank.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Party<'a> {
    /// The name, as it is written.
    pub name: &'a str,
    /// The tax code, as it is written.
    pub tax_code: Option<&'a str>,
    /// The address.
    pub address: Option<&'a str>,
    /// The district or commune, as it is written.
    pub district: Option<&'a str>,
    /// The phone, one or two numbers.
    pub phone: Option<&'a str>,
    /// Its representative.
    pub representative: Option<&'a str>,
}

/// Something that says which enterprise it is about: a row of a list.
pub trait Record {
    /// What it says of the enterprise.
    fn party(&self) -> Party<'_>;
}

impl Record for Party<'_> {
    fn party(&self) -> Party<'_> {
        *self
    }
}
