//! The cases that are meant, before anybody lays them out.

use crate::features::Draw;
use chrono::{Days, NaiveDate};
use std::collections::BTreeMap;

/// What a cell of a case says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    /// Nothing, or zero.
    Nothing,
    /// A text that stands for itself.
    Text(String),
    /// A text that stands for a code of a list.
    Code {
        text: &'static str,
        code: &'static str,
    },
    Number(i64),
    /// An amount in đồng.
    Money(i64),
    /// A day, or a month or quarter from its first to its last day.
    Days(NaiveDate, NaiveDate),
    /// Something that nobody can know from what stands there.
    Unknown,
}

/// A case: its values by column of the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Case {
    pub(crate) values: BTreeMap<&'static str, Value>,
}

impl Case {
    pub(crate) fn get(&self, column: &str) -> &Value {
        self.values.get(column).unwrap_or(&Value::Nothing)
    }

    pub(crate) fn amount(&self, column: &str) -> i64 {
        match self.get(column) {
            Value::Money(amount) | Value::Number(amount) => *amount,
            _ => 0,
        }
    }
}

/// A form as far as it is laid out here.
pub(crate) struct FormColumns {
    /// All columns, in the order of the blank workbook.
    pub(crate) all: &'static [&'static str],
    /// What a case is called by.
    pub(crate) name: &'static str,
    /// What two cases of one party or task have in common.
    pub(crate) shared: &'static [&'static str],
    pub(crate) money: &'static [&'static str],
}

pub(crate) fn columns(form: &str) -> FormColumns {
    match form {
        "support" => FormColumns {
            all: &[
                "enterprise",
                "tax_code",
                "district",
                "size",
                "employees",
                "content",
                "contract",
                "start",
                "finish",
                "status",
                "state_budget",
                "enterprise_budget",
                "other_budget",
            ],
            name: "enterprise",
            shared: &["enterprise", "tax_code", "district", "size", "employees"],
            money: &["state_budget", "enterprise_budget", "other_budget"],
        },
        "budget" => FormColumns {
            all: &["task", "source", "planned", "spent", "disbursed"],
            name: "task",
            shared: &["task"],
            money: &["planned", "spent", "disbursed"],
        },
        _ => FormColumns {
            all: &[
                "name",
                "task",
                "start",
                "finish",
                "place",
                "participants",
                "state_budget",
                "enterprise_budget",
            ],
            name: "name",
            shared: &["task", "place"],
            money: &["state_budget", "enterprise_budget"],
        },
    }
}

const ENTERPRISES: [(&str, &str); 9] = [
    ("Công ty TNHH Cơ khí chính xác Tân Phú", "3600117132"),
    ("Công ty CP Gốm sứ Long Bình", "3600240584"),
    ("HTX Nông nghiệp dịch vụ Xuân Lộc", "3600364036"),
    ("DNTN Thực phẩm Hương Quê", "3600487486"),
    ("Công ty TNHH MTV Gỗ Hố Nai", "3600610933"),
    ("Công ty CP Nhựa Đồng Tâm Biên Hòa", "3600734382"),
    ("Công ty TNHH May mặc Phước Thái", "3600857835"),
    ("Công ty CP Chế biến điều Long Khánh", "3600981286"),
    ("Cơ sở Đúc gang Thạnh Phú", "3601104739"),
];

/// The districts, as they are written and by their codes.
pub(crate) const DISTRICTS: [(&str, &str); 4] = [
    ("TP. Biên Hòa", "bien-hoa"),
    ("Huyện Long Thành", "long-thanh"),
    ("Huyện Xuân Lộc", "xuan-loc"),
    ("TP. Long Khánh", "long-khanh"),
];

const SIZES: [(&str, &str); 3] = [("Nhỏ", "small"), ("Vừa", "medium"), ("Siêu nhỏ", "micro")];
const CONTENTS: [&str; 5] = ["3a1", "3b2", "3b3", "3b1", "3a2"];
const STATUSES: [(&str, &str); 2] = [("Hoàn thành", "completed"), ("Đang thực hiện", "ongoing")];

const LINES: [(&str, (&str, &str)); 9] = [
    ("IV.1.a", ENSURED),
    ("IV.2.b", ENSURED),
    ("IV.3.a", SUPPORTED),
    ("IV.3.b", SUPPORTED),
    ("IV.4.a", ENSURED),
    ("IV.4.b", SUPPORTED),
    ("IV.5.a", SUPPORTED),
    ("IV.5.b", SUPPORTED),
    ("IV.2.a", ENSURED),
];
const ENSURED: (&str, &str) = ("NSNN bảo đảm", "ensured");
const SUPPORTED: (&str, &str) = ("NSNN hỗ trợ", "supported");
const OWN_MONEY: (&str, &str) = ("Doanh nghiệp", "enterprise");

const COURSES: [(&str, &str); 9] = [
    ("Tập huấn công cụ 5S và Kaizen", "IV.4.b"),
    ("Hội thảo truy xuất nguồn gốc nông sản", "IV.4.c"),
    ("Đào tạo chuyên gia năng suất chất lượng", "IV.4.a"),
    ("Tập huấn ISO 9001 cho doanh nghiệp nhỏ", "IV.4.b"),
    ("Diễn đàn năng suất xanh", "IV.4.c"),
    ("Bồi dưỡng kiến thức chuyển đổi số", "IV.4.b"),
    ("Cuộc thi tìm hiểu năng suất chất lượng", "IV.4.d"),
    ("Tập huấn quản lý tinh gọn", "IV.4.b"),
    ("Học tập kinh nghiệm tại Bình Dương", "IV.4.c"),
];
const PLACES: [&str; 3] = ["Biên Hòa", "Long Khánh", "Trường Đại học Lạc Hồng"];

/// Amounts of the kind that such cases have, in đồng.
const AMOUNTS: [i64; 8] = [
    120_000_000,
    85_500_000,
    45_000_000,
    150_250_000,
    60_000_000,
    97_750_000,
    30_000_000,
    110_000_000,
];

fn pick<T: Copy>(pool: &[T], draw: u16) -> T {
    pool[usize::from(draw) % pool.len()]
}

pub(crate) fn code((text, code): (&'static str, &'static str)) -> Value {
    Value::Code { text, code }
}

fn same(text: &'static str) -> Value {
    Value::Code { text, code: text }
}

fn day(draw: u16, from: &str, within: u16) -> NaiveDate {
    let from: NaiveDate = from.parse().unwrap();
    from + Days::new(u64::from(draw % within))
}

fn on(day: NaiveDate) -> Value {
    Value::Days(day, day)
}

/// The cases that draws stand for.
///
/// In pairs, the second of two has the party or task of the first.
pub(crate) fn cases(form: &str, draws: &[Draw], in_pairs: bool) -> Vec<Case> {
    let shared = columns(form).shared;
    let mut cases: Vec<Case> = Vec::new();
    for (at, draw) in draws.iter().enumerate() {
        let mut case = match form {
            "support" => support(at, draw),
            "budget" => budget(at, draw),
            _ => training(at, draw),
        };
        if in_pairs && at % 2 == 1 {
            let first = &cases[at - 1];
            for column in shared {
                case.values.insert(column, first.get(column).clone());
            }
            if form == "budget" {
                case.values.insert("source", code(OWN_MONEY));
            }
        }
        cases.push(case);
    }
    cases
}

fn support(at: usize, draw: &Draw) -> Case {
    let (name, tax_code) = ENTERPRISES[at % ENTERPRISES.len()];
    let begin = day(draw[3], "2024-01-08", 120);
    let end = day(draw[4], "2024-07-01", 140);
    let own = pick(&AMOUNTS, draw[1]);
    let values = [
        ("enterprise", Value::Text(name.to_owned())),
        ("tax_code", Value::Text(tax_code.to_owned())),
        ("district", code(pick(&DISTRICTS, draw[2]))),
        ("size", code(pick(&SIZES, draw[3]))),
        ("employees", Value::Number(i64::from(5 + draw[4] % 180))),
        (
            "content",
            same(CONTENTS[(at + usize::from(draw[5] % 2)) % 5]),
        ),
        ("contract", Value::Text(format!("{}/HĐ-SKHCN", 11 + 3 * at))),
        ("start", on(begin)),
        ("finish", on(end)),
        ("status", code(pick(&STATUSES, draw[5]))),
        ("state_budget", Value::Money(pick(&AMOUNTS, draw[0]))),
        ("enterprise_budget", Value::Money(own)),
        ("other_budget", Value::Money(own / 10)),
    ];
    Case {
        values: values.into(),
    }
}

fn budget(at: usize, draw: &Draw) -> Case {
    let (task, source) = LINES[at % LINES.len()];
    let planned = 12 * pick(&AMOUNTS, draw[0]);
    let spent = planned - pick(&AMOUNTS, draw[1]) / 10;
    let values = [
        ("task", same(task)),
        ("source", code(source)),
        ("planned", Value::Money(planned)),
        ("spent", Value::Money(spent)),
        ("disbursed", Value::Money(spent - 5_000_000)),
    ];
    Case {
        values: values.into(),
    }
}

fn training(at: usize, draw: &Draw) -> Case {
    let (name, task) = COURSES[at % COURSES.len()];
    let begin = day(draw[3], "2024-02-05", 200);
    let values = [
        ("name", Value::Text(name.to_owned())),
        ("task", same(task)),
        ("start", on(begin)),
        ("finish", on(begin + Days::new(u64::from(draw[4] % 4)))),
        ("place", Value::Text(pick(&PLACES, draw[2]).to_owned())),
        ("participants", Value::Number(i64::from(20 + draw[5] % 90))),
        ("state_budget", Value::Money(pick(&AMOUNTS, draw[0]))),
        (
            "enterprise_budget",
            Value::Money(pick(&AMOUNTS, draw[1]) / 5),
        ),
    ];
    Case {
        values: values.into(),
    }
}
