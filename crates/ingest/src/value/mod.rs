//! What a text or a number means, without knowing where it stands: dates, numbers, units of money, periods, yes and no.

pub(crate) mod date;
pub(crate) mod flag;
pub(crate) mod number;
pub(crate) mod period;
#[cfg(test)]
mod properties;
pub(crate) mod spelled;
pub(crate) mod unit;
