use crate::{CellRef, FileId};
use serde::{Deserialize, Serialize};

/// A text in the operator's and senders' language and in English.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// Vietnamese.
    pub vi: String,
    /// English.
    pub en: String,
}

impl Text {
    /// The text in the language `lang`, Vietnamese unless it is `en`.
    pub fn get(&self, lang: &str) -> &str {
        if lang == "en" { &self.en } else { &self.vi }
    }
}

/// What a finding means for the row it stands on. A rule's code says nothing of it: it is data of the programme.
///
/// ```
/// use model::Severity;
/// assert_eq!(Severity::Hold.to_string(), "hold");
/// assert_eq!("warn".parse(), Ok(Severity::Warn));
/// ```
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    strum::Display,
    strum::EnumString,
    strum::IntoStaticStr,
)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Severity {
    /// The row cannot be counted.
    Hold,
    /// Counted; the sender must mend it.
    Correct,
    /// Counted; worth a look.
    Warn,
    /// Noticed.
    Info,
}

impl Severity {
    /// As it is written in the programme's files and in JSON.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// What is checked in code: by the reader of workbooks, and when a year's report is held against its quarters. Each has a rule in the programme, which gives it code, words and weight.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    strum::VariantArray,
)]
#[serde(rename_all = "kebab-case")]
#[expect(
    missing_docs,
    reason = "each is described by its rule in the programme"
)]
pub enum Check {
    EmptyFile,
    UnknownFormat,
    DamagedWorkbook,
    EncryptedWorkbook,
    TooLarge,
    NoForm,
    SheetWithoutHeading,
    SheetUnknown,
    ColumnMissing,
    HeadingTwice,
    ColumnUnknown,
    DepartmentUnknown,
    DepartmentDisagrees,
    PeriodUnknown,
    PeriodDisagrees,
    PeriodOutside,
    UnitMissing,
    SheetCut,
    TotalDiffers,
    NominationInReport,
    ValueMissing,
    NumberUnreadable,
    NumberAmbiguous,
    FractionOfDong,
    DateUnreadable,
    CodeUnknown,
    TaxCodeCheckDigit,
    TaxCodeMalformed,
    CellError,
    FormulaWithoutValue,
    FlagUnreadable,
    SamePeriodTwice,
    LegacyText,
    HiddenData,
    CaseNotInYear,
    YearAgainstQuarter,
    MoneyColumnUnsure,
    ColumnUnsure,
    RowUnclear,
    RowRemoved,
    LoneText,
    NumbersOutside,
    SeveralEnterprises,
    SummaryTable,
    SummaryUnclear,
    TableTwice,
    SheetOfAnotherYear,
    TemplateSheet,
    ShownAgainstUnit,
    NumberLeftOpen,
    DateRange,
    DateAmbiguous,
    StruckThrough,
    PeriodUnclear,
    ZippedFiles,
    HeadingAnswered,
    FormEmptied,
    FormColumnLost,
    FormHalved,
    FormOtherCases,
    FormKept,
    OwnOutput,
    NegativeAmount,
    RowTwice,
    RowTwiceUnsure,
    CaseNotInQuarter,
    AmountInTwoYears,
    MoreThanContract,
    FormIssued,
    AmountOutOfKind,
    AmountFarOff,
    LineFell,
    LineJumped,
}

/// What a check says of a file as a whole.
enum OfFile {
    /// It was not opened.
    Unread,
    /// A sheet of it was not read to its end; what was read of it is judged by itself.
    Cut,
    /// It was read, and something is wrong with all of it.
    Whole,
}

impl Check {
    /// What it says of a file as a whole; nothing if it is about a part of it.
    fn of_file(self) -> Option<OfFile> {
        Some(match self {
            Self::EmptyFile
            | Self::UnknownFormat
            | Self::DamagedWorkbook
            | Self::EncryptedWorkbook
            | Self::TooLarge
            | Self::ZippedFiles => OfFile::Unread,
            Self::SheetCut => OfFile::Cut,
            Self::NoForm
            | Self::DepartmentUnknown
            | Self::DepartmentDisagrees
            | Self::PeriodUnknown
            | Self::PeriodDisagrees
            | Self::PeriodOutside
            | Self::PeriodUnclear
            | Self::SamePeriodTwice
            | Self::OwnOutput => OfFile::Whole,
            _ => return None,
        })
    }

    /// Whether it says that a file was not read to its end.
    pub fn is_unread(self) -> bool {
        matches!(self.of_file(), Some(OfFile::Unread | OfFile::Cut))
    }

    /// Whether it is about the whole file, even if it points at one cell of it.
    pub fn is_about_file(self) -> bool {
        matches!(self.of_file(), Some(OfFile::Unread | OfFile::Whole))
    }

    /// Whether it says that a form would take something of what was sent before away.
    pub fn is_about_replacement(self) -> bool {
        matches!(
            self,
            Self::FormEmptied
                | Self::FormColumnLost
                | Self::FormHalved
                | Self::FormOtherCases
                | Self::FormIssued
        )
    }

    /// Whether the row it is about does not count, however much it weighs: what is there twice counts once, and nobody has to
    /// be waited for.
    pub fn leaves_out_row(self) -> bool {
        self == Self::RowTwice
    }

    /// Every check, so that a programme can be held to have a rule for each.
    pub const ALL: &'static [Self] = <Self as strum::VariantArray>::VARIANTS;
}

/// What the reader noticed, before the programme says what it is called and how much it weighs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observation {
    /// Which check noticed it.
    pub check: Check,
    /// The sheet, if it is about one.
    pub sheet: Option<String>,
    /// The form's code, if it is about one.
    pub form: Option<String>,
    /// The form's column, if it is about one.
    pub column: Option<String>,
    /// The row's record, if it is about one: a finding that holds, holds this row.
    pub record: Option<String>,
    /// The cells it is about, in reading order.
    pub cells: Vec<CellRef>,
    /// What stands there.
    pub found: String,
    /// What was expected, if that can be said.
    pub expected: String,
}

impl Observation {
    /// One about a whole file.
    pub fn of_file(check: Check, found: impl Into<String>) -> Self {
        Self {
            check,
            sheet: None,
            form: None,
            column: None,
            record: None,
            cells: Vec::new(),
            found: found.into(),
            expected: String::new(),
        }
    }
}

/// How much of a file a finding is about; one that holds, holds all of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Extent {
    /// All of it.
    File,
    /// One sheet.
    Sheet,
    /// One form on one sheet.
    Form,
    /// One row.
    Row,
}

/// Something the sender of a workbook, or who consolidates, must know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The rule's code, e.g. `C001`.
    pub code: String,
    /// What it means for its row.
    pub severity: Severity,
    /// How much it is about.
    pub extent: Extent,
    /// The file it is about.
    pub file: FileId,
    /// That file's name when it came in.
    pub file_name: String,
    /// The sheet, if it is about one.
    pub sheet: Option<String>,
    /// The form's code, if it is about one.
    pub form: Option<String>,
    /// The cells, as `B5`, in reading order.
    pub cells: Vec<String>,
    /// The column's heading in the form, if it is about one.
    pub column: Option<String>,
    /// The records of its rows, if it is about rows.
    pub records: Vec<String>,
    /// What stands there.
    pub found: String,
    /// What was found, in words.
    pub message: Text,
    /// What to do.
    pub advice: Text,
}
