//! The columns of a sheet: which stand there, in which order, what stands over them, in which unit their amounts are.

use crate::cases::columns;
use crate::features::{Feature, Layout};
use programme::Form;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holds {
    /// The number of the row.
    Numbering,
    /// A column of the form.
    Form(&'static str),
    /// A column of the sender's own, and its place among those of its kind.
    Own(OwnKind, usize),
    /// Last year's amount of a column of the form.
    LastYear(&'static str),
}

/// What a column of the sender's own holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OwnKind {
    Text,
    Number,
    Day,
    Amount,
}

/// A column of a sheet.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    pub(crate) holds: Holds,
    /// What stands over it, from the top.
    pub(crate) levels: Vec<String>,
    /// For an amount: how many zeros of the đồng its unit has.
    pub(crate) zeros: usize,
    /// Whether it holds amounts of money of the form.
    pub(crate) is_money: bool,
}

const OWN_TEXTS: [&str; 8] = [
    "Người đại diện",
    "Điện thoại",
    "Email",
    "Đơn vị tư vấn",
    "Quyết định phê duyệt",
    "Cán bộ theo dõi",
    "Website",
    "Hồ sơ kèm theo",
];
const OWN_NUMBERS: [&str; 7] = [
    "Năm thành lập",
    "Diện tích nhà xưởng (m2)",
    "Lao động nữ",
    "Số dây chuyền",
    "Điểm đánh giá",
    "Số lần kiểm tra",
    "Tỷ lệ hỗ trợ (%)",
];
const OWN_DAYS: [&str; 4] = [
    "Ngày cấp GCNĐKDN",
    "Ngày kiểm tra",
    "Ngày nộp hồ sơ",
    "Ngày phê duyệt",
];
const OWN_AMOUNTS: [&str; 7] = [
    "Tổng kinh phí",
    "Vốn vay ngân hàng",
    "Thuế GTGT",
    "Lợi nhuận sau thuế",
    "Kinh phí năm 2023",
    "Luỹ kế từ đầu chương trình",
    "Dự kiến năm 2025",
];

fn pool(kind: OwnKind) -> &'static [&'static str] {
    match kind {
        OwnKind::Text => &OWN_TEXTS,
        OwnKind::Number => &OWN_NUMBERS,
        OwnKind::Day => &OWN_DAYS,
        OwnKind::Amount => &OWN_AMOUNTS,
    }
}

/// The columns of a sheet of a form, laid out.
pub(crate) fn laid_out(form: &Form, layout: &Layout) -> Vec<Column> {
    let money = columns(&form.code).money;
    let mut laid: Vec<Column> = written(&form.code, layout)
        .into_iter()
        .map(|name| Column {
            holds: Holds::Form(name),
            levels: vec![form.column(name).unwrap().heading.clone()],
            zeros: 6,
            is_money: money.contains(&name),
        })
        .collect();
    add_own(&mut laid, layout);
    order(&mut laid, &form.code, layout);
    group(&mut laid, &form.code, layout);
    set_units(&mut laid, layout);
    if layout.of(Feature::Numbering) != "none" {
        let levels = vec!["STT".to_owned()];
        let holds = Holds::Numbering;
        laid.insert(
            0,
            Column {
                holds,
                levels,
                zeros: 0,
                is_money: false,
            },
        );
    }
    for heading in laid.iter_mut().flat_map(|column| &mut column.levels) {
        match layout.of(Feature::HeadingCase) {
            "upper" => *heading = heading.to_uppercase(),
            "line breaks" => *heading = heading.replacen(' ', "\n", 1),
            _ => {}
        }
    }
    laid
}

/// The form's columns that the sheet has.
pub(crate) fn written(form: &str, layout: &Layout) -> Vec<&'static str> {
    let all = columns(form).all.iter().copied();
    let is_below = layout.of(Feature::Continued) == "tax code below";
    all.filter(|name| !(is_below && *name == "tax_code"))
        .collect()
}

/// The nth of the sender's own columns of a kind, and of the other kinds when there are no more of it.
fn own(kind: OwnKind, nth: usize) -> Column {
    let others = [
        OwnKind::Text,
        OwnKind::Number,
        OwnKind::Day,
        OwnKind::Amount,
    ];
    let others = others.into_iter().filter(|other| *other != kind);
    let mut all = std::iter::once(kind).chain(others).flat_map(|kind| {
        let headings = pool(kind).iter().enumerate();
        headings.map(move |(of, heading)| (kind, of, *heading))
    });
    let (kind, of, heading) = all.nth(nth).unwrap();
    Column {
        holds: Holds::Own(kind, of),
        levels: vec![heading.to_owned()],
        zeros: 6,
        is_money: false,
    }
}

fn add_own(laid: &mut Vec<Column>, layout: &Layout) {
    let count = match layout.of(Feature::OwnColumns) {
        "one" => 1,
        "three" => 3,
        "ten" => 10,
        "twenty-five" => 25,
        _ => 0,
    };
    let kinds: &[OwnKind] = match layout.of(Feature::OwnKind) {
        "numbers" => &[OwnKind::Number],
        "dates" => &[OwnKind::Day],
        "amounts" => &[OwnKind::Amount],
        "all" => &[
            OwnKind::Text,
            OwnKind::Amount,
            OwnKind::Number,
            OwnKind::Day,
        ],
        "another year's amounts" => {
            if count > 0 {
                add_last_year(laid);
            }
            return;
        }
        _ => &[OwnKind::Text],
    };
    let new: Vec<Column> = match kinds {
        [kind] => (0..count).map(|nth| own(*kind, nth)).collect(),
        // A few of each kind, then what is left.
        kinds => (0..count.min(16))
            .map(|nth| own(kinds[nth % kinds.len()], nth / kinds.len()))
            .collect(),
    };
    match layout.of(Feature::OwnPlace) {
        "before" => {
            laid.splice(0..0, new);
        }
        "between" => {
            let mut place = 1;
            for column in new {
                laid.insert(place.min(laid.len()), column);
                place += 2;
            }
        }
        _ => laid.extend(new),
    }
}

/// Puts last year's amounts before this year's, each year with a heading over it.
fn add_last_year(laid: &mut Vec<Column>) {
    let first = laid.iter().position(|column| column.is_money).unwrap();
    let mut last_year = Vec::new();
    for column in laid.iter_mut().filter(|column| column.is_money) {
        let Holds::Form(name) = column.holds else {
            continue;
        };
        let mut other = Column {
            holds: Holds::LastYear(name),
            is_money: false,
            ..column.clone()
        };
        other.levels.insert(0, "Năm 2023".to_owned());
        column.levels.insert(0, "Năm 2024".to_owned());
        last_year.push(other);
    }
    laid.splice(first..first, last_year);
}

fn order(laid: &mut [Column], form: &str, layout: &Layout) {
    let name = columns(form).name;
    match layout.of(Feature::Order) {
        "amounts first" => laid.sort_by_key(|column| {
            let is_amount = matches!(column.holds, Holds::LastYear(_)) || column.is_money;
            !is_amount
        }),
        "reversed" => laid.reverse(),
        "name in the middle" => {
            let at = laid
                .iter()
                .position(|column| column.holds == Holds::Form(name));
            let (at, middle) = (at.unwrap(), laid.len() / 2);
            if at < middle {
                laid[at..=middle].rotate_left(1);
            }
        }
        _ => {}
    }
}

/// Puts groups over headings.
fn group(laid: &mut [Column], form: &str, layout: &Layout) {
    let rows = layout.of(Feature::HeadingRows);
    let over: &[&str] = match rows {
        "one" => return,
        "three: of which" => &["Kinh phí thực hiện", "Trong đó"],
        "four" => &["Tình hình thực hiện", "Kinh phí", "Trong đó"],
        _ => &["Kinh phí"],
    };
    let others: &[(&str, &[&str])] = match (rows, form) {
        ("two, with other groups", "support") => &[
            (
                "Thông tin doanh nghiệp",
                &["enterprise", "tax_code", "district", "size", "employees"],
            ),
            ("Thời gian thực hiện", &["start", "finish"]),
        ],
        ("two, with other groups", "training") => &[("Thời gian", &["start", "finish"])],
        _ => &[],
    };
    for column in laid {
        let groups: &[&str] = match column.holds {
            Holds::Form(_) if column.is_money => over,
            Holds::LastYear(_) => over,
            Holds::Form(name) => {
                let group = others.iter().find(|(_, names)| names.contains(&name));
                group.map_or(&[], |(title, _)| std::slice::from_ref(title))
            }
            _ => &[],
        };
        let groups = groups.iter().map(|title| (*title).to_owned());
        column.levels.splice(0..0, groups);
    }
}

const UNITS: [(&str, usize); 3] = [("triệu đồng", 6), ("đồng", 0), ("nghìn đồng", 3)];

/// Whether amounts are grouped under a heading.
fn has_groups(layout: &Layout) -> bool {
    layout.of(Feature::HeadingRows) != "one"
}

/// Gives each column of amounts its unit, and writes it over it where the layout says so.
fn set_units(laid: &mut [Column], layout: &Layout) {
    let unit = layout.of(Feature::Unit);
    let all = match unit {
        "line: đồng" | "line: VNĐ" => 0,
        "line: nghìn đồng" | "line: 1.000 đồng" => 3,
        "line: tỷ đồng" => 9,
        _ => 6,
    };
    let mut nth = 0;
    for column in laid {
        let is_own = matches!(
            column.holds,
            Holds::Own(OwnKind::Amount, _) | Holds::LastYear(_)
        );
        column.zeros = all;
        if !column.is_money && !is_own {
            continue;
        }
        let of_group = unit == "in the group's heading" && has_groups(layout) && !is_own
            || unit == "in the group's heading" && column.levels.len() > 1;
        if of_group {
            column.levels[0] += " (triệu đồng)";
            continue;
        }
        let (word, zeros) = match unit {
            "in each heading" | "in the group's heading" => UNITS[0],
            "in one heading only" if nth == 0 && column.is_money => UNITS[0],
            "one heading differs" if nth == 0 && column.is_money => UNITS[1],
            "each heading its own" => UNITS[nth % 3],
            _ => ("", all),
        };
        nth += usize::from(column.is_money);
        column.zeros = zeros;
        if !word.is_empty() {
            let heading = column.levels.last_mut().unwrap();
            *heading = format!("{heading} ({word})");
        }
    }
}

/// The line of the sheet's unit, if it has one.
pub(crate) fn unit_line(layout: &Layout) -> Option<&'static str> {
    match layout.of(Feature::Unit) {
        "line: đồng" => Some("Đơn vị tính: đồng"),
        "line: nghìn đồng" => Some("Đơn vị tính: nghìn đồng"),
        "line: triệu đồng" | "one heading differs" => Some("Đơn vị tính: triệu đồng"),
        "line: 1.000 đồng" => Some("ĐVT: 1.000 đồng"),
        "line: VNĐ" => Some("(Đơn vị: VNĐ)"),
        "line: tỷ đồng" => Some("Đơn vị tính: tỷ đồng"),
        "line at the right" => Some("ĐVT: Triệu đồng"),
        _ => None,
    }
}
