//! The cells of a table as a layout writes them, as text for the kit.

use crate::layouts::layout::{COLUMNS, LetterStyle, NumberStyle, TableLayout};
use crate::layouts::meant::MeantCase;
use chrono::NaiveDate;
use unicode_normalization::UnicodeNormalization;
use vietext::encode_legacy;

fn with_thousands(whole: &str, sign: &str) -> String {
    let mut text = String::new();
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            text.push_str(sign);
        }
        text.push(digit);
    }
    text
}

impl TableLayout {
    pub(crate) fn text(&self, text: &str) -> String {
        let written = match self.letters {
            LetterStyle::Unicode => text.to_owned(),
            LetterStyle::Decomposed => text.nfd().collect(),
            LetterStyle::Capitals => text.to_uppercase(),
            LetterStyle::NoBreakSpaces => format!("\u{a0}{}\u{200b}", text.replace(' ', "\u{a0}")),
            LetterStyle::Old(legacy) => encode_legacy(text, legacy),
        };
        format!("'{written}")
    }

    /// An amount of so many nghìn đồng in the table's unit.
    pub(crate) fn money(&self, thousands: u32) -> String {
        let (whole, fraction) = match self.unit {
            1 => (u64::from(thousands) * 1000, None),
            1_000 => (u64::from(thousands), None),
            _ => (
                u64::from(thousands / 1000),
                Some(format!("{:03}0", thousands % 1000)),
            ),
        };
        let fraction = |sign: &str| {
            fraction
                .as_ref()
                .map(|f| format!("{sign}{f}"))
                .unwrap_or_default()
        };
        // With four digits behind it, or none, no separator can be taken for another.
        let none = |sign: &str| {
            if self.unit == 1_000 {
                format!("{sign}0")
            } else {
                fraction(sign)
            }
        };
        match self.numbers {
            NumberStyle::Cells => format!("{whole}{}", fraction(".")),
            NumberStyle::CommaDecimal => {
                format!("'{}{}", with_thousands(&whole.to_string(), "."), none(","))
            }
            NumberStyle::DotDecimal => {
                format!("'{}{}", with_thousands(&whole.to_string(), ","), none("."))
            }
            NumberStyle::Blanks => {
                format!("'{}{}", with_thousands(&whole.to_string(), " "), none(","))
            }
        }
    }

    pub(crate) fn cells(&self, column: usize, case: &MeantCase) -> Vec<String> {
        let date = |day: NaiveDate| match self.dates {
            0 => day.to_string(),
            1 => day.format("'%d/%m/%Y").to_string(),
            _ => day.format("'%-d.%-m.%Y").to_string(),
        };
        let status = match case.status {
            "ongoing" => "đang thực hiện",
            "completed" => "hoàn thành",
            _ => "dừng",
        };
        match COLUMNS[column].0 {
            "enterprise" => vec![self.text(&case.enterprise)],
            "tax_code" => match self.codes {
                0 => vec![format!("'{}", case.tax_code)],
                _ => vec![format!(
                    "'MST: {} {}",
                    &case.tax_code[..4],
                    &case.tax_code[4..]
                )],
            },
            "content" => vec![format!("'{}", case.content)],
            "start" => vec![date(case.start)],
            "status" => vec![self.text(status)],
            "employees" => vec![case.employees.to_string()],
            "model" => vec![if case.model {
                ["'x", "'X", "'✓", "1"][self.marks].to_owned()
            } else {
                String::new()
            }],
            _ => case
                .money
                .iter()
                .map(|&amount| self.money(amount))
                .collect(),
        }
    }

    pub(crate) fn heading(&self, column: usize) -> String {
        let ways = COLUMNS[column].1;
        ways[self.headings[column].index(ways.len())].to_owned()
    }

    pub(crate) fn unit_words(&self) -> &'static str {
        match self.unit {
            1 => "đồng",
            1_000 => "nghìn đồng",
            _ => "triệu đồng",
        }
    }
}
