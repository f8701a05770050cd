//! Which amount a number cell says by the way it is shown: scaled, or with a word for a unit beside the number.

use crate::cell_reader::shown::scale_of;
use crate::grid::{CellFormat, UnitWord};
use rust_decimal::Decimal;

/// Less than this many đồng nobody is paid: the smallest banknote in use is of 1,000 đồng. A smaller number beside a sign
/// for đồng is in another unit, and the sign says only that it is money.
pub(crate) const LEAST_DONG: Decimal = Decimal::from_parts(1_000, 0, 0, false, 0);

/// What a number cell says by the way it is shown.
#[derive(Debug, PartialEq)]
pub(crate) enum ShownAmount {
    /// So many units of so many đồng.
    Of { number: Decimal, unit: i64 },
    /// How it is shown and the column's unit say different amounts, in đồng.
    Contradicts(Vec<Decimal>),
    /// Neither the cell nor its column names a unit.
    UnitUnknown,
}

/// What a stored number says in its format, in a column of amounts in units of `unit` đồng; nothing if it is beyond
/// computing.
pub(crate) fn shown_amount(
    number: Decimal,
    format: CellFormat,
    unit: Option<i64>,
) -> Option<ShownAmount> {
    let scale = scale_of(format.thousands)?;
    let shown = number.checked_div(scale)?;
    let of = |number, unit| Some(ShownAmount::Of { number, unit });
    // In the scale that the format gives the number, its column's unit apart.
    let in_scale = || match unit {
        None => Some(ShownAmount::UnitUnknown),
        Some(unit) if scale == Decimal::ONE => of(number, unit),
        // Shown in thousands under 'nghìn đồng': what is stored is đồng, to the last.
        Some(unit) if scale == Decimal::from(unit) => of(number, 1),
        Some(unit) => Some(ShownAmount::Contradicts(vec![
            shown.checked_mul(Decimal::from(unit))?,
            number.checked_mul(Decimal::from(unit))?,
        ])),
    };
    let worded = |dong| of(shown, dong);
    match (format.unit, unit) {
        (None, _) => in_scale(),
        (Some(UnitWord::Other), None) => Some(ShownAmount::UnitUnknown),
        (Some(UnitWord::Other), Some(unit)) => Some(ShownAmount::Contradicts(vec![
            shown.checked_mul(Decimal::from(unit))?,
        ])),
        // The cell reads '150 triệu', as if that were typed.
        (Some(UnitWord::Thousand), _) => worded(1_000),
        (Some(UnitWord::Million), _) => worded(1_000_000),
        (Some(UnitWord::Billion), _) => worded(1_000_000_000),
        (Some(UnitWord::Dong), Some(1)) if scale == Decimal::ONE => of(number, 1),
        (Some(UnitWord::Dong), None) if scale == Decimal::ONE && shown.abs() >= LEAST_DONG => {
            of(number, 1)
        }
        (Some(UnitWord::Dong), Some(2..)) if shown.abs() < LEAST_DONG => in_scale(),
        (Some(UnitWord::Dong), unit) => {
            let other = match unit {
                Some(unit) if unit > 1 => shown.checked_mul(Decimal::from(unit))?,
                _ => number,
            };
            let mut readings = vec![shown, other];
            readings.dedup();
            Some(ShownAmount::Contradicts(readings))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ShownAmount, shown_amount};
    use crate::grid::UnitWord::{Billion, Dong, Million, Thousand};
    use crate::grid::{CellFormat, UnitWord};
    use rust_decimal::Decimal;

    /// What a number says that is shown so, in đồng: one amount, several, or '?' without a unit.
    fn says(number: &str, thousands: u8, word: Option<UnitWord>, unit: Option<i64>) -> String {
        let format = CellFormat {
            thousands,
            unit: word,
            ..CellFormat::default()
        };
        match shown_amount(number.parse().unwrap(), format, unit).unwrap() {
            ShownAmount::Of { number, unit } => {
                (number * Decimal::from(unit)).normalize().to_string()
            }
            ShownAmount::Contradicts(readings) => {
                let readings: Vec<String> =
                    readings.iter().map(|r| r.normalize().to_string()).collect();
                format!("{}?", readings.join("|"))
            }
            ShownAmount::UnitUnknown => "?".to_owned(),
        }
    }

    #[test]
    fn a_scale_that_is_the_columns_unit_leaves_what_is_stored() {
        assert_eq!(says("150000123", 1, None, Some(1_000)), "150000123");
        assert_eq!(says("150000123", 2, None, Some(1_000_000)), "150000123");
        // Any other may be meant either way.
        assert_eq!(
            says("150000", 1, None, Some(1_000_000)),
            "150000000|150000000000?"
        );
        assert_eq!(says("150000000", 2, None, Some(1)), "150|150000000?");
        assert_eq!(says("150000", 1, None, None), "?");
    }

    #[test]
    fn a_word_of_scale_is_read_as_if_it_were_typed() {
        assert_eq!(says("150", 0, Some(Million), Some(1)), "150000000");
        assert_eq!(says("150", 0, Some(Million), None), "150000000");
        assert_eq!(says("150", 0, Some(Million), Some(1_000_000)), "150000000");
        assert_eq!(says("150000001", 2, Some(Million), Some(1)), "150000001");
        assert_eq!(says("1.5", 0, Some(Billion), Some(1_000_000)), "1500000000");
        assert_eq!(says("500", 0, Some(Thousand), Some(1)), "500000");
    }

    #[test]
    fn a_sign_for_dong_is_believed_where_somebody_may_be_paid_so() {
        assert_eq!(says("900000", 0, Some(Dong), Some(1)), "900000");
        assert_eq!(says("900000", 0, Some(Dong), None), "900000");
        assert_eq!(says("150", 0, Some(Dong), Some(1)), "150");
        assert_eq!(says("150.5", 0, Some(Dong), Some(1_000_000)), "150500000");
        assert_eq!(
            says("900000", 0, Some(Dong), Some(1_000_000)),
            "900000|900000000000?"
        );
        assert_eq!(
            says("150000000", 2, Some(Dong), Some(1_000_000)),
            "150000000"
        );
        assert_eq!(says("150", 0, Some(Dong), None), "150?");
        assert_eq!(says("150000000", 2, Some(Dong), Some(1)), "150|150000000?");
    }
}
