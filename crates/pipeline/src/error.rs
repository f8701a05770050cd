use aggregate::AggregateError;
use ledger::LedgerError;
use model::ProgrammeHash;
use programme::{DefinitionErrors, SettingsError};
use report::ReportError;
use std::path::PathBuf;
use validate::ValidateError;

/// A job could not be done. Faults in workbooks are findings, not errors. A message does not repeat its source: the
/// program prints the whole chain.
#[derive(Debug, thiserror::Error)]
pub enum PipelineError {
    /// The folder is no workspace.
    #[error("{0}: not a workspace (no tonghop.toml). Make one with: tonghop init {0}")]
    NoWorkspace(PathBuf),
    /// A file or folder of the workspace cannot be read or written.
    #[error("{path}")]
    File {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The folder that should become a workspace is one already.
    #[error("{0}: is a workspace already; nothing was changed")]
    Exists(PathBuf),
    /// The year is outside the programme.
    #[error("year {year} is outside the programme ({first}-{last})")]
    Year {
        /// The year asked for.
        year: i32,
        /// The programme's first.
        first: i32,
        /// The programme's last.
        last: i32,
    },
    /// The programme says nothing of reports on a part of a year.
    #[error("report.toml of programme {0} has no [quarter_report] or [on_demand_report]")]
    NoSuchReport(String),
    /// Two programmes are about the same year.
    #[error("the programmes {} and {} share a year: what a file is about would not say which is meant", .0[0], .0[1])]
    SameYears([String; 2]),
    /// No file has that name, or more than one.
    #[error("'{file}' names {} files of the ledger{}", found.len(), listed(found))]
    WhichFile {
        /// What was asked for.
        file: String,
        /// The files so called.
        found: Vec<String>,
    },
    /// A list of enterprises cannot be read or written.
    #[error("{path}")]
    List {
        /// The file.
        path: PathBuf,
        /// Why.
        source: csv::Error,
    },
    /// An entry of the log is not as it was written.
    #[error("entry {number} of the log cannot be read; `tonghop verify` says more")]
    LogEntry {
        /// Its number.
        number: i64,
    },
    /// A list of enterprises is no text, or in an encoding that nothing shows.
    #[error("{path}")]
    ListText {
        /// The file.
        path: PathBuf,
        /// Why.
        source: ingest::NoText,
    },
    /// A list of enterprises has no column of that name.
    #[error(
        "{path}: no column '{column}'; expected a heading with id, name, tax_code, address, district, phone, representative"
    )]
    ListColumn {
        /// The file.
        path: PathBuf,
        /// The column.
        column: &'static str,
    },
    /// A file does not say how rare words are.
    #[error("{0}: no file of `link --count-rarity`")]
    RarityFile(PathBuf),
    /// A file cannot be used as what a shard of a list found.
    #[error("{path}: {why}")]
    ShardFile {
        /// The file.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// What a shard of a list found is not there.
    #[error("shard {0} is missing: what it would have found is not known")]
    MissingShard(String),
    /// Two rows of a list have one id, so that pairs would not say which is meant.
    #[error("{path}: two rows have the id '{id}'")]
    SameId {
        /// The list.
        path: PathBuf,
        /// The id.
        id: String,
    },
    /// A sum of money is beyond 64 bits.
    #[error(
        "the sum of '{what}' is too large to be counted: look for an amount that cannot be right"
    )]
    Overflow {
        /// What was added up.
        what: String,
    },
    /// A file is still being written.
    #[error("{0}: is still being written; try again when it is there")]
    Changing(PathBuf),
    /// A file that should be signed is no report that was issued and stands.
    #[error("{0}: no report that was issued and stands; issue it first")]
    NotIssued(PathBuf),
    /// A key cannot be used.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Nothing has come in yet.
    #[error("the ledger is empty: put workbooks into inbox/ and run first")]
    Empty,
    /// Two offices that should be told apart have one name.
    #[error("{} and {} are both called '{name}': give them other names, as NAME=DIR", folders[0].display(), folders[1].display())]
    SameOffice {
        /// The name.
        name: String,
        /// Their folders.
        folders: [PathBuf; 2],
    },
    /// Offices whose reports should be one use different programmes.
    #[error(
        "{} and {} use different programmes, or the same with other office files: their figures are not of one kind", .0[0], .0[1]
    )]
    OtherProgramme([String; 2]),
    /// Nothing has come in at one of several offices.
    #[error("{0}: the ledger is empty")]
    EmptyOffice(PathBuf),
    /// The operator's settings.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The programme's files.
    #[error("the programme has faults")]
    Programme(#[from] DefinitionErrors),
    /// The programme's files cannot be put into the ledger, or taken out of it.
    #[error("the programme in the ledger")]
    ProgrammeFiles(serde_json::Error),
    /// The programme's files in the ledger are not those of its hash.
    #[error("the programme {0} in the ledger is not as it was; `tonghop verify` says more")]
    ChangedProgramme(ProgrammeHash),
    /// The ledger.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The rules.
    #[error(transparent)]
    Validate(#[from] ValidateError),
    /// The figures.
    #[error(transparent)]
    Aggregate(#[from] AggregateError),
    /// The report.
    #[error(transparent)]
    Report(#[from] ReportError),
    /// The records.
    #[error("the records could not be put together")]
    Frames(#[from] polars::prelude::PolarsError),
}

/// What a key file cannot be used for.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// It is not a key, or the password is not its own.
    #[error("{path}: no key that can be used: {why}")]
    Unusable {
        /// The file.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// It lies where whoever changes the ledger has it too.
    #[error("{0}: a secret key is kept outside the workspace")]
    Inside(PathBuf),
    /// A key of that name is there already.
    #[error("{0}: is there already; nothing was changed")]
    Exists(PathBuf),
}

fn listed(files: &[String]) -> String {
    if files.is_empty() {
        String::new()
    } else {
        format!(": {}", files.join(", "))
    }
}

impl PipelineError {
    /// Names the file or folder that a fault of the system is about.
    pub(crate) fn file(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { path, source }
    }
}
