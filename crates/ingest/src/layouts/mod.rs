//! For any table, laid out and written in any of the ways departments use, reading gives its values back.

use crate::read::read;
use crate::reading::Reading;
use chrono::{Days, NaiveDate};
use model::FileId;
use polars::prelude::*;
use programme::Programme;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;
use vietext::{Legacy, encode_legacy};

static PROGRAMME: LazyLock<Programme> =
    LazyLock::new(|| Programme::default_programme().expect("it is checked"));

/// A case of support as it is meant.
#[derive(Debug, Clone)]
struct Case {
    enterprise: String,
    tax_code: &'static str,
    content: &'static str,
    start: NaiveDate,
    status: &'static str,
    employees: u32,
    /// In nghìn đồng, so that every unit can show them.
    money: [u32; 3],
    model: bool,
}

/// How a table is laid out and written.
#[derive(Debug, Clone)]
struct Way {
    order: Vec<Index>,
    headings: Vec<Index>,
    /// 1 đồng, 1,000 or 1,000,000; named above the table or in the headings.
    unit: u32,
    unit_in_headings: bool,
    grouped: bool,
    numbering_row: bool,
    ordinal: bool,
    above: usize,
    left: usize,
    extra_column: bool,
    /// Every so many rows a section begins.
    sections: usize,
    total: bool,
    blanks: bool,
    signature: bool,
    second_form: bool,
    numbers: Numbers,
    dates: usize,
    codes: usize,
    marks: usize,
    letters: Letters,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Numbers {
    Cells,
    CommaDecimal,
    DotDecimal,
    Blanks,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Letters {
    Unicode,
    Decomposed,
    Capitals,
    NoBreakSpaces,
    Old(Legacy),
}

/// The columns of the table, each with ways to head it; the three of money stay together.
const COLUMNS: [(&str, &[&str]); 8] = [
    (
        "enterprise",
        &[
            "Tên doanh nghiệp",
            "Tên đơn vị",
            "Tên tổ chức, doanh nghiệp",
            "Tên doanh nghiêp",
        ],
    ),
    ("tax_code", &["Mã số thuế", "MST", "Mã số DN/MST"]),
    ("content", &["Nội dung hỗ trợ", "Nội dung được hỗ trợ"]),
    ("start", &["Bắt đầu", "Ngày bắt đầu", "Thời gian bắt đầu"]),
    ("status", &["Tình trạng", "Tình trạng thực hiện", "Tiến độ"]),
    ("employees", &["Số lao động", "Lao động (người)"]),
    ("model", &["Mô hình điểm", "Là mô hình điểm"]),
    ("money", &["NSNN", "Ngân sách nhà nước", "Kinh phí NSNN"]),
];

fn cases() -> impl Strategy<Value = Vec<Case>> {
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
            |(form, name, tax_code, content, day, status, employees, money, model)| Case {
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

fn way() -> impl Strategy<Value = Way> {
    let numbers = select(vec![
        Numbers::Cells,
        Numbers::CommaDecimal,
        Numbers::DotDecimal,
        Numbers::Blanks,
    ]);
    let letters = select(vec![
        Letters::Unicode,
        Letters::Decomposed,
        Letters::Capitals,
        Letters::NoBreakSpaces,
        Letters::Old(Legacy::Tcvn3),
        Letters::Old(Legacy::Vni),
    ]);
    let indices = |n| proptest::collection::vec(any::<Index>(), n);
    let layout = (indices(8), indices(8), 0usize..4, 0usize..3, 2usize..5);
    let flags = any::<[bool; 9]>();
    let values = (
        select(vec![1u32, 1_000, 1_000_000]),
        numbers,
        0usize..3,
        0usize..2,
        0usize..4,
        letters,
    );
    (layout, flags, values).prop_map(|(layout, flags, values)| {
        let (order, headings, above, left, sections) = layout;
        let [
            unit_in_headings,
            grouped,
            numbering_row,
            ordinal,
            extra_column,
            total,
            blanks,
            signature,
            second_form,
        ] = flags;
        let (unit, numbers, dates, codes, marks, letters) = values;
        Way {
            order,
            headings,
            unit,
            unit_in_headings,
            grouped,
            numbering_row,
            ordinal,
            above,
            left,
            extra_column,
            sections,
            total,
            blanks,
            signature,
            second_form,
            numbers,
            dates,
            codes,
            marks,
            letters,
        }
    })
}

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

impl Way {
    /// The places of the columns, from left to right.
    fn columns(&self) -> Vec<usize> {
        let mut left: Vec<usize> = (0..COLUMNS.len()).collect();
        self.order
            .iter()
            .map(|index| left.remove(index.index(left.len())))
            .collect()
    }

    fn text(&self, text: &str) -> String {
        let written = match self.letters {
            Letters::Unicode => text.to_owned(),
            Letters::Decomposed => text.nfd().collect(),
            Letters::Capitals => text.to_uppercase(),
            Letters::NoBreakSpaces => format!("\u{a0}{}\u{200b}", text.replace(' ', "\u{a0}")),
            Letters::Old(legacy) => encode_legacy(text, legacy),
        };
        format!("'{written}")
    }

    /// An amount of so many nghìn đồng in the table's unit.
    fn money(&self, thousands: u32) -> String {
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
            Numbers::Cells => format!("{whole}{}", fraction(".")),
            Numbers::CommaDecimal => {
                format!("'{}{}", with_thousands(&whole.to_string(), "."), none(","))
            }
            Numbers::DotDecimal => {
                format!("'{}{}", with_thousands(&whole.to_string(), ","), none("."))
            }
            Numbers::Blanks => format!("'{}{}", with_thousands(&whole.to_string(), " "), none(",")),
        }
    }

    fn cells(&self, column: usize, case: &Case) -> Vec<String> {
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

    fn heading(&self, column: usize) -> String {
        let ways = COLUMNS[column].1;
        ways[self.headings[column].index(ways.len())].to_owned()
    }

    fn unit_words(&self) -> &'static str {
        match self.unit {
            1 => "đồng",
            1_000 => "nghìn đồng",
            _ => "triệu đồng",
        }
    }

    /// The workbook as text for the kit.
    fn workbook(&self, cases: &[Case]) -> String {
        let columns = self.columns();
        let money = |text: &str| {
            if self.unit_in_headings {
                format!("{text} ({})", self.unit_words())
            } else {
                text.to_owned()
            }
        };
        let (mut groups, mut headings) = (Vec::new(), Vec::new());
        if self.ordinal {
            groups.push(self.text("STT"));
            headings.push(String::new());
        }
        for &column in &columns {
            let heading = self.heading(column);
            if COLUMNS[column].0 == "money" {
                groups.extend([self.text("Kinh phí"), String::new(), String::new()]);
                headings.extend(
                    [heading.as_str(), "DN đối ứng", "Nguồn khác"]
                        .map(|text| self.text(&money(text))),
                );
            } else {
                groups.push(self.text(&heading));
                headings.push(String::new());
            }
        }
        if self.extra_column {
            groups.push(self.text("Đánh giá của phòng chuyên môn"));
            headings.push(String::new());
        }
        let wide = groups.len();
        let mut rows: Vec<Vec<String>> = Vec::new();
        for i in 0..self.above {
            rows.push(vec![self.text(
                [
                    "DANH SÁCH DOANH NGHIỆP ĐƯỢC HỖ TRỢ",
                    "Kèm theo công văn",
                    "Lần 1",
                    "",
                ][i],
            )]);
        }
        if !self.unit_in_headings {
            rows.push(vec![
                self.text(&format!("Đơn vị tính: {}", self.unit_words())),
            ]);
        }
        if self.grouped {
            rows.push(groups);
            rows.push(headings);
        } else {
            rows.push(
                groups
                    .iter()
                    .zip(&headings)
                    .map(|(g, h)| if h.is_empty() { g } else { h }.clone())
                    .collect(),
            );
        }
        if self.numbering_row {
            rows.push((1..=wide).map(|n| format!("'({n})")).collect());
        }
        for (i, case) in cases.iter().enumerate() {
            if self.ordinal && i.is_multiple_of(self.sections) {
                let roman = ["I", "II", "III", "IV"][i / self.sections];
                rows.push(vec![format!("'{roman}"), self.text("Nhóm doanh nghiệp")]);
            }
            let mut row: Vec<String> = if self.ordinal {
                vec![(i + 1).to_string()]
            } else {
                Vec::new()
            };
            row.extend(columns.iter().flat_map(|&column| self.cells(column, case)));
            rows.push(row);
            if self.blanks {
                rows.push(Vec::new());
            }
        }
        if self.total {
            let sums: Vec<u32> = (0..3)
                .map(|i| cases.iter().map(|case| case.money[i]).sum())
                .collect();
            let mut row: Vec<String> = if self.ordinal {
                vec![String::new()]
            } else {
                Vec::new()
            };
            for &column in &columns {
                match COLUMNS[column].0 {
                    "enterprise" => row.push(self.text("Tổng cộng")),
                    "money" => row.extend(sums.iter().map(|&sum| self.money(sum))),
                    _ => row.push(String::new()),
                }
            }
            rows.push(row);
        }
        if self.signature {
            rows.push(Vec::new());
            rows.push(vec![
                self.text("Người lập biểu"),
                String::new(),
                String::new(),
                self.text("Giám đốc"),
            ]);
        }
        if self.second_form {
            rows.push(Vec::new());
            rows.push(["KHÓ KHĂN, KIẾN NGHỊ"].map(|text| self.text(text)).to_vec());
            rows.push(
                ["Khó khăn, vướng mắc", "Kiến nghị"]
                    .map(|text| self.text(text))
                    .to_vec(),
            );
            rows.push(
                ["Thiếu thông tin", "Mở lớp tập huấn"]
                    .map(|text| self.text(text))
                    .to_vec(),
            );
        }
        let general = [
            ["Cơ quan báo cáo", "Sở Công Thương"],
            ["Kỳ báo cáo", "Năm 2023"],
        ];
        let mut text = "== TT chung\n".to_owned();
        for [label, value] in general {
            text += &format!("{} | {}\n", self.text(label), self.text(value));
        }
        text += "== Trang tính 2\n";
        for row in rows {
            text += &"|".repeat(self.left);
            text += &row.join("|");
            text.push('\n');
        }
        text
    }
}

/// The values of a column as they were read.
fn column(frame: &DataFrame, name: &str) -> Vec<String> {
    let column = frame.column(name).unwrap();
    (0..frame.height())
        .map(|row| column.get(row).unwrap().str_value().into_owned())
        .collect()
}

fn check(reading: &Reading, cases: &[Case], way: &Way) -> Result<(), TestCaseError> {
    prop_assert_eq!(reading.department.as_deref(), Some("SCT"));
    let table = reading.tables.iter().find(|table| table.form == "support");
    let Some(table) = table else {
        return Err(TestCaseError::fail(format!("{:?}", reading.observations)));
    };
    let expect = |name: &str, value: &dyn Fn(&Case) -> String| {
        let expected: Vec<String> = cases.iter().map(value).collect();
        let read = column(&table.frame, name);
        prop_assert_eq!(read, expected, "{}: {:?}", name, reading.observations);
        Ok(())
    };
    let name = |case: &Case| {
        if way.letters == Letters::Capitals {
            case.enterprise.to_uppercase()
        } else {
            case.enterprise.clone()
        }
    };
    expect("enterprise", &name)?;
    expect("tax_code", &|case| case.tax_code.to_owned())?;
    expect("content", &|case| case.content.to_owned())?;
    expect("status", &|case| case.status.to_owned())?;
    expect("start", &|case| case.start.to_string())?;
    expect("employees", &|case| case.employees.to_string())?;
    expect("model", &|case| {
        if case.model { "true" } else { "null" }.to_owned()
    })?;
    for (i, name) in ["state_budget", "enterprise_budget", "other_budget"]
        .into_iter()
        .enumerate()
    {
        expect(name, &|case| (u64::from(case.money[i]) * 1000).to_string())?;
    }
    for sheet in &reading.sheets {
        prop_assert_eq!(
            sheet.rows.seen,
            sheet.rows.accepted + sheet.rows.held + sheet.rows.not_data
        );
    }
    let proposals = reading
        .tables
        .iter()
        .filter(|table| table.form == "proposal")
        .map(|t| t.frame.height())
        .sum::<usize>();
    prop_assert_eq!(
        proposals,
        usize::from(way.second_form),
        "{:?}",
        reading.observations
    );
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn any_table_in_any_layout(cases in cases(), way in way()) {
        let text = way.workbook(&cases);
        let bytes = testkit::workbook(&text);
        let reading = read(&FileId("0".repeat(64)), "bao-cao.xlsx", &bytes, &PROGRAMME);
        check(&reading, &cases, &way).map_err(|fault| TestCaseError::fail(format!("{fault}\n{text}")))?;
    }
}
