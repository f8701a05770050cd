//! What a clerk may do otherwise than the blank workbook, and what of it a layout does.

use proptest::prelude::*;
use proptest::strategy::Union;
use std::fmt;
use strum::VariantArray;

/// Something that sheets differ in. The first of its options is that of the blank workbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, VariantArray)]
pub(crate) enum Feature {
    SheetName,
    Sheets,
    Start,
    Title,
    Unit,
    HeadingRows,
    NumberRow,
    HeadingCase,
    HeadingMerges,
    Numbering,
    Order,
    OwnColumns,
    OwnPlace,
    OwnKind,
    Total,
    TotalLabel,
    TotalAs,
    Groups,
    GroupSums,
    Blanks,
    EmptyRows,
    Pages,
    Notes,
    Signatures,
    NumberFormat,
    TextNumbers,
    Amounts,
    Hidden,
    Repeated,
    Continued,
    Dates,
    TaxCodes,
    Struck,
    Side,
    Summary,
    Template,
}

impl Feature {
    /// What a clerk may choose, in words.
    pub(crate) fn options(self) -> &'static [&'static str] {
        match self {
            Self::SheetName => &["of the form", "Sheet1", "Phụ lục 1", "Năm 2024"],
            Self::Sheets => &["one", "continued on a second", "one a district"],
            Self::Start => &["column A", "column B", "column D"],
            Self::Title => &[
                "one row",
                "none",
                "three rows",
                "nine rows",
                "twenty rows",
                "period above the heading",
            ],
            Self::Unit => &[
                "line: triệu đồng",
                "line: đồng",
                "line: nghìn đồng",
                "line at the right",
                "in the title",
                "in each heading",
                "in the group's heading",
                "in one heading only",
                "one heading differs",
                "each heading its own",
                "row below the headings",
                "below the table",
                "line: 1.000 đồng",
                "line: VNĐ",
                "line: tỷ đồng",
                "none",
            ],
            Self::HeadingRows => &[
                "one",
                "two",
                "three: of which",
                "two, with other groups",
                "four",
            ],
            Self::NumberRow => &["none", "(1) (2)", "1 2", "A B 1 2"],
            Self::HeadingCase => &["plain", "upper", "line breaks"],
            Self::HeadingMerges => &[
                "merged",
                "none",
                "none, headings at the bottom",
                "groups over each column",
                "groups only",
            ],
            Self::Numbering => &["1 2 3", "none", "text '1.'", "01 02", "blank", "restarts"],
            Self::Order => &["plain", "amounts first", "reversed", "name in the middle"],
            Self::OwnColumns => &["none", "one", "three", "ten", "twenty-five"],
            Self::OwnPlace => &["after", "before", "between"],
            Self::OwnKind => &[
                "texts",
                "numbers",
                "dates",
                "amounts",
                "another year's amounts",
                "all",
            ],
            Self::Total => &[
                "none",
                "below",
                "above",
                "above, with a letter",
                "below, in the number column",
                "below, after a blank line",
                "below, merged",
                "below, in the column before the amounts",
            ],
            Self::TotalLabel => &[
                "Tổng cộng",
                "Cộng",
                "TỔNG",
                "Tổng số",
                "Toàn tỉnh",
                "Total",
                "Grand total",
                "Lũy kế",
                "Cộng dồn",
                "Tổng số: N",
                "Tính chung",
                "Cả năm",
                "Toàn ngành",
                "Lũy kế từ đầu năm",
                "Tổng hợp chung",
                "Cộng chung các đơn vị",
                "Số tổng",
                "Tổng KP",
                "Sum",
                "Total amount",
                "Huyện Long Thành",
                "no word",
            ],
            Self::TotalAs => &["values", "formulas", "texts"],
            Self::Groups => &[
                "none",
                "roman",
                "letters",
                "titles only",
                "districts",
                "1 and 1.1",
                "merged titles",
                "nested",
            ],
            Self::GroupSums => &["none", "in the title row", "in a row below"],
            Self::Blanks => &[
                "none",
                "below the heading",
                "between rows",
                "three in a row",
            ],
            Self::EmptyRows => &["none", "numbered", "dots"],
            Self::Pages => &[
                "one",
                "heading again",
                "heading and number row again",
                "second table, in đồng",
            ],
            Self::Notes => &[
                "none",
                "text",
                "of which, with amounts",
                "left over, with amounts",
                "last year, with amounts",
                "amount in a sentence",
                "numbered explanations",
            ],
            Self::Signatures => &["none", "two", "two with date"],
            Self::NumberFormat => &[
                "general",
                "#,##0",
                "#,##0.00",
                "#,##0,",
                "#,##0,,",
                "with the unit's word",
                "unit's word against the line",
                "one in %",
            ],
            Self::TextNumbers => &[
                "numbers",
                "dots",
                "commas",
                "decimal comma",
                "with the unit",
                "every other in dots",
                "spaces",
            ],
            Self::Amounts => &[
                "all",
                "some blank",
                "some dashes",
                "one negative",
                "some zero",
            ],
            Self::Hidden => &[
                "nothing",
                "a case",
                "an amount column",
                "the total",
                "a name column",
            ],
            Self::Repeated => &[
                "written again",
                "merged",
                "blank",
                "như trên",
                "-nt-",
                "\"",
                "amount merged",
                "status merged over all",
            ],
            Self::Continued => &[
                "in one row",
                "name in two rows",
                "tax code below",
                "remark below",
            ],
            Self::Dates => &[
                "days",
                "texts",
                "months",
                "quarters",
                "day without year",
                "month cells",
            ],
            Self::Struck => &["nothing", "a case", "an amount"],
            Self::Side => &["nothing", "sums by source", "codes explained"],
            Self::TaxCodes => &["text", "number", "with blanks", "with MST"],
            Self::Summary => &[
                "none",
                "by enterprise, before",
                "by enterprise, after",
                "by district",
                "a copy",
                "last year's",
            ],
            Self::Template => &["none", "empty", "with an example"],
        }
    }

    fn strategy(self) -> BoxedStrategy<usize> {
        let count = self.options().len();
        Union::new_weighted(vec![(5, Just(0).boxed()), (1, (1..count).boxed())]).boxed()
    }
}

/// Which option of each feature a sheet has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Layout(Vec<usize>);

impl Layout {
    /// As the blank workbook has it.
    pub(crate) fn plain() -> Self {
        Self(vec![0; Feature::VARIANTS.len()])
    }

    pub(crate) fn of(&self, feature: Feature) -> &'static str {
        feature.options()[self.0[feature as usize]]
    }

    pub(crate) fn is_plain(&self, feature: Feature) -> bool {
        self.0[feature as usize] == 0
    }

    pub(crate) fn without(&self, features: &[Feature]) -> Self {
        let mut layout = self.clone();
        for feature in features {
            layout.0[*feature as usize] = 0;
        }
        layout
    }

    /// The same with one option of a feature.
    pub(crate) fn with(&self, feature: Feature, option: usize) -> Self {
        let mut layout = self.clone();
        layout.0[feature as usize] = option;
        layout
    }

    /// In what it differs from the blank workbook.
    pub(crate) fn features(&self) -> Vec<Feature> {
        let all = Feature::VARIANTS.iter().copied();
        all.filter(|feature| !self.is_plain(*feature)).collect()
    }
}

impl fmt::Display for Layout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let features = self.features();
        let words = features
            .iter()
            .map(|feature| format!("{feature:?}: {}", self.of(*feature)));
        f.write_str(&words.collect::<Vec<_>>().join(" · "))
    }
}

/// The numbers that the values of a case are drawn by.
pub(crate) type Draw = [u16; 6];

/// A table that is meant, and how it is laid out.
#[derive(Debug, Clone)]
pub(crate) struct Input {
    pub(crate) form: &'static str,
    pub(crate) layout: Layout,
    pub(crate) draws: Vec<Draw>,
}

pub(crate) fn inputs() -> impl Strategy<Value = Input> {
    let form = prop_oneof![3 => Just("support"), 1 => Just("budget"), 1 => Just("training")];
    let features: Vec<_> = Feature::VARIANTS.iter().map(|f| f.strategy()).collect();
    let draws = prop::collection::vec(any::<Draw>(), 2..9);
    (form, features, draws).prop_map(|(form, options, draws)| Input {
        form,
        layout: Layout(options),
        draws,
    })
}
