//! What a table is meant to say.

use chrono::{Days, NaiveDate};
use proptest::prelude::*;
use proptest::sample::select;

/// A case of support as it is meant.
#[derive(Debug, Clone)]
pub(crate) struct MeantCase {
    pub enterprise: String,
    pub tax_code: &'static str,
    pub content: &'static str,
    pub start: NaiveDate,
    pub status: &'static str,
    pub employees: u32,
    /// In nghìn đồng, so that every unit can show them.
    pub money: [u32; 3],
    pub model: bool,
}

pub(crate) fn cases() -> impl Strategy<Value = Vec<MeantCase>> {
    let syllables: Vec<&str> = "Phú Thịnh Đức Hưng Quý Hòa Bảo Ngọc Sơn Hà Trường Xuân Mỹ Lệ"
        .split(' ')
        .collect();
    let name = proptest::collection::vec(select(syllables), 2..4);
    let forms = select(vec![
        "Công ty TNHH",
        "Công ty cổ phần",
        "Doanh nghiệp tư nhân",
        "Hợp tác xã",
    ]);
    let codes = select(vec!["3600265395", "3603295006", "0108311850", "3301735282"]);
    let contents = select(vec!["3a1", "3a2", "3a3", "3b1", "3b2", "3b3", "3b5"]);
    let statuses = select(vec!["ongoing", "completed", "stopped"]);
    let money = [0u32..3_000_000, 0u32..3_000_000, 0u32..3_000_000];
    let case = (
        forms,
        name,
        codes,
        contents,
        0u64..1000,
        statuses,
        1u32..3000,
        money,
        any::<bool>(),
    )
        .prop_map(
            |(form, name, tax_code, content, day, status, employees, money, model)| MeantCase {
                enterprise: format!("{form} {}", name.join(" ")),
                tax_code,
                content,
                start: NaiveDate::from_ymd_opt(2021, 1, 1).unwrap() + Days::new(day),
                status,
                employees,
                money,
                model,
            },
        );
    proptest::collection::vec(case, 1..6)
}
