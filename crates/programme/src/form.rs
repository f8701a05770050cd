use chrono::NaiveDate;
use model::Text;
use serde::Deserialize;
use std::collections::BTreeMap;
use vietext::fold;

/// How a form's values stand on a sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Layout {
    /// A heading row, then one row a record.
    Table,
    /// Labels with their values beside them: one record.
    Pairs,
}

/// A form that departments fill in.
#[derive(Debug, Clone)]
pub struct Form {
    /// Its code, which also names its table in SQL, e.g. `support`.
    pub code: String,
    /// The name of its sheet in the blank workbook, e.g. `Biểu 3`.
    pub sheet: String,
    /// How its values stand on the sheet.
    pub layout: Layout,
    /// What it is called.
    pub title: Text,
    /// The clause it serves.
    pub clause: String,
    /// The columns that tell one case from another; `a|b` is `a`, or `b` if `a` is blank.
    pub key: Vec<String>,
    /// Whether it comes as a workbook of its own and never counts in a report (VI.2.c, VI.4.b).
    pub own_workbook: bool,
    /// The columns that say which enterprise a row is about, if it is about one.
    pub party: Option<PartyColumns>,
    /// The columns that say what support a row is, if it is one.
    pub grant: Option<GrantColumns>,
    /// How its cases are known again where their keys differ; without it only equal keys are one case.
    pub identity: Option<IdentityColumns>,
    /// Which of its cases go on, if some are carried over into the next blank workbook.
    pub running: Option<RunningCases>,
    /// The labels that say who reports and for which period; of the form of layout `pairs` only.
    pub reporter: Option<ReporterColumns>,
    /// Its columns in the order of the blank workbook.
    pub columns: Vec<Column>,
    pub(crate) names: Vec<String>,
    pub(crate) headings: BTreeMap<String, usize>,
}

/// The columns that say what support a row is (plan III.2.b, VI.2.b).
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GrantColumns {
    /// What was supported: codes, or a free text that is mapped to them.
    pub content: String,
    /// The list of the contents, the same for all support; always, once it is checked.
    pub content_list: Option<String>,
    /// The tool or standard.
    pub tool: Option<String>,
    /// The list of the tools and standards that its text may name.
    pub tool_list: Option<String>,
    /// The first day.
    pub start: String,
    /// The last day.
    pub end: Option<String>,
    /// The money of the state, in đồng.
    pub money: Option<String>,
    /// The enterprise's own money, in đồng: of a case that several paid it is reported by each and counts once.
    pub own_money: Option<String>,
    /// What the whole contract is worth, in đồng, over all years and sources: no money of one year.
    pub contract_value: Option<String>,
    /// A text of what earlier years' reports held of the case: written into the blank workbook of a case that goes on.
    pub earlier: Option<String>,
}

/// By what a case is known again whose key another report writes otherwise: a contract that has got its number, a date that
/// was mended, a person under another spelling (forms, common rules: a row is a case).
///
/// What names the case are the columns of the key that are neither the number nor a detail.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdentityColumns {
    /// The number of a document that belongs to one case: a contract, a decision, a certificate.
    pub number: Option<String>,
    /// What tells cases of one name from each other.
    #[serde(default)]
    pub details: Vec<String>,
    /// Whether the case is the same one whoever reports it and in whichever year, as a person or a club is.
    #[serde(default)]
    pub everywhere: bool,
}

/// How cases that go on are recognised: a case not finished when it was last reported is carried over into the next blank
/// workbook of its department.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunningCases {
    /// The column that says how far a case is.
    pub column: String,
    /// Its codes of a case that goes on.
    pub codes: Vec<String>,
}

/// The columns of the form of labels and values that the reader of workbooks asks for.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReporterColumns {
    /// Who reports.
    pub department: String,
    /// For which period.
    pub period: String,
    /// The unit of the department that reports apart from it.
    pub unit: Option<String>,
    /// Whether there is nothing to report.
    pub nil_return: Option<String>,
}

/// The columns that say which enterprise a row is about.
#[derive(Debug, Clone)]
pub struct PartyColumns {
    /// Its name.
    pub name: String,
    /// Its tax code.
    pub tax_code: Option<String>,
    /// Its district.
    pub district: Option<String>,
    /// Its address.
    pub address: Option<String>,
    /// Its phone.
    pub phone: Option<String>,
    /// Its representative.
    pub representative: Option<String>,
}

/// A column of a form.
#[derive(Debug, Clone)]
pub struct Column {
    /// Its name in our data, e.g. `state_budget`.
    pub name: String,
    /// The names that it had before: what was kept under one of them is still its own.
    pub formerly: Vec<String>,
    /// The heading in the blank workbook, e.g. `NSNN`.
    pub heading: String,
    /// Its headings for later periods, by the day from which on they are used, in that order: what it asks for may be another
    /// thing then, as a commune where districts are done away with.
    pub later_headings: Vec<(NaiveDate, String)>,
    /// What its heading says in whatever words, if headings.toml has words for it.
    pub concept: Option<String>,
    /// What its cells hold.
    pub kind: ColumnType,
    /// Whether a row without it must be mended.
    pub required: bool,
    /// Whether it says of a person what is nobody else's business, as a phone or the number of an identity card does: it leaves
    /// the office only when that is asked for.
    pub personal: bool,
}

impl Column {
    /// The heading in a blank workbook for a period that ends on a day.
    pub fn heading_on(&self, day: NaiveDate) -> &str {
        let mut later = self.later_headings.iter().rev();
        let used = later.find(|(from, _)| *from <= day);
        used.map_or(&self.heading, |(_, heading)| heading)
    }
}

/// What the cells of a column hold, and how they are stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColumnType {
    /// Any text.
    Text,
    /// A whole number.
    Integer,
    /// Whole đồng.
    Money,
    /// Hundredths of a percent.
    Percent,
    /// A day, or the first day of a month or quarter; its last day in `<name>_last`.
    Date,
    /// Yes or no.
    Flag,
    /// A tax code, as its digits if it is valid, as written if not.
    TaxCode,
    /// A calendar year.
    Year,
    /// A code of a list; if `open`, the text itself when no code fits.
    Code {
        /// The list.
        list: String,
        /// Whether other texts are kept.
        open: bool,
    },
    /// Several codes of a list, joined by ';'.
    Codes {
        /// The list.
        list: String,
    },
}

impl ColumnType {
    /// Its name in the files of a programme.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Integer => "integer",
            Self::Money => "money",
            Self::Percent => "percent",
            Self::Date => "date",
            Self::Flag => "flag",
            Self::TaxCode => "tax_code",
            Self::Year => "year",
            Self::Code { .. } => "code",
            Self::Codes { .. } => "codes",
        }
    }

    /// Whether its cells hold amounts that a total adds up.
    pub fn is_number(&self) -> bool {
        match self {
            Self::Integer | Self::Money => true,
            Self::Text
            | Self::Percent
            | Self::Date
            | Self::Flag
            | Self::TaxCode
            | Self::Year
            | Self::Code { .. }
            | Self::Codes { .. } => false,
        }
    }

    /// The list its codes come from.
    pub fn list(&self) -> Option<&str> {
        match self {
            Self::Code { list, .. } | Self::Codes { list } => Some(list),
            Self::Text
            | Self::Integer
            | Self::Money
            | Self::Percent
            | Self::Date
            | Self::Flag
            | Self::TaxCode
            | Self::Year => None,
        }
    }
}

impl Form {
    /// The column of that name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The place of the column that has this name, or had it once: for what was kept by name, as an answer on a heading is.
    pub fn place_once_called(&self, name: &str) -> Option<usize> {
        let place = |is_it: &dyn Fn(&Column) -> bool| self.columns.iter().position(is_it);
        place(&|column| column.name == name)
            .or_else(|| place(&|column| column.formerly.iter().any(|former| former == name)))
    }

    /// Whether its cases are the same whoever reports them and in whichever year, as persons and clubs are.
    pub fn is_known_everywhere(&self) -> bool {
        let identity = self.identity.as_ref();
        identity.is_some_and(|identity| identity.everywhere)
    }

    /// The columns that name its cases: those of the key that are neither the number of a document nor a detail, in the
    /// key's order; none if its cases are known by their keys alone.
    pub fn subject_columns(&self) -> Vec<&str> {
        let Some(identity) = &self.identity else {
            return Vec::new();
        };
        let is_other = |name: &&str| {
            identity.number.as_deref() == Some(*name)
                || identity.details.iter().any(|detail| detail == name)
        };
        let key = self.key.iter().flat_map(|part| part.split('|'));
        key.filter(|name| !is_other(name)).collect()
    }

    /// The place of the column that says whom or what a row is about: the enterprise's name, or else the first text that is
    /// required, or else the first other value that is.
    pub fn name_place(&self) -> Option<usize> {
        let place = |is_meant: &dyn Fn(&Column) -> bool| self.columns.iter().position(is_meant);
        if let Some(party) = &self.party {
            return place(&|column| column.name == party.name);
        }
        place(&|column| column.required && column.kind == ColumnType::Text)
            .or_else(|| place(&|column| column.required && !column.kind.is_number()))
    }

    /// The place of the column that a heading names, by its own words or a synonym, folded.
    pub fn heading(&self, folded: &str) -> Option<usize> {
        self.headings.get(folded).copied()
    }

    /// The place of the column whose heading, or a synonym of it, is nearest to a folded text: one letter in six may
    /// differ. Nothing if the text is short or two columns are equally near.
    pub fn heading_near(&self, folded: &str) -> Option<usize> {
        let length = folded.chars().count();
        // A short text has no near spelling, a long one is no heading.
        if !(6..=80).contains(&length) {
            return None;
        }
        let (first, last) = (folded.as_bytes().first(), folded.as_bytes().last());
        // A slip of the pen seldom hits both ends, and measuring all headings of all forms takes its time.
        let may_be = |known: &str| {
            known.len().abs_diff(folded.len()) <= folded.len() / 6
                && (known.as_bytes().first() == first || known.as_bytes().last() == last)
        };
        let mut near: Vec<(usize, usize)> = self
            .headings
            .iter()
            .filter(|(known, _)| may_be(known))
            .map(|(known, &place)| (strsim::osa_distance(known, folded), place))
            .filter(|(distance, _)| *distance <= length / 6)
            .collect();
        near.sort_unstable();
        near.dedup_by_key(|(_, place)| *place);
        match near.as_slice() {
            [(_, place)] => Some(*place),
            [(first, place), (second, _), ..] if first < second => Some(*place),
            _ => None,
        }
    }

    /// The same form as a list in a report, of which only the enterprise must be named.
    pub(crate) fn asking_only_who(&self) -> Self {
        let mut form = Self {
            own_workbook: false,
            ..self.clone()
        };
        for column in &mut form.columns {
            column.required = self
                .party
                .as_ref()
                .is_some_and(|party| party.name == column.name);
        }
        form
    }

    /// Whether it has money columns, and so needs a unit.
    pub fn has_money(&self) -> bool {
        self.columns
            .iter()
            .any(|column| column.kind == ColumnType::Money)
    }

    /// Whether a sheet's name or title, folded, names this form: 'bieu 3', 'b3', 'danh sach doanh nghiep …'.
    ///
    /// Excel cuts a sheet's name at 31 characters, so the beginning of a long name will do.
    pub fn is_named(&self, folded: &str) -> bool {
        self.names.iter().any(|name| {
            name == folded
                || (folded.chars().count() >= 12 && name.starts_with(folded))
                || (name.chars().count() >= 6
                    && folded.starts_with(name.as_str())
                    && folded[name.len()..].starts_with(' '))
        })
    }

    pub(crate) fn index_names(&mut self, names: &[String]) {
        let sheet = fold(&self.sheet);
        // 'bieu 3' is also written 'b3', 'bieu so 3'.
        if let Some(number) = sheet.strip_prefix("bieu ") {
            self.names.push(format!("b{number}"));
            self.names.push(format!("b {number}"));
            self.names.push(format!("bieu so {number}"));
            self.names.push(format!("bieu{number}"));
        }
        self.names.push(sheet);
        self.names.push(fold(&self.title.vi));
        self.names.extend(names.iter().map(|name| fold(name)));
        self.names.sort();
        self.names.dedup();
    }
}
