use crate::exit::FailOn;
use chrono::NaiveDate;
use clap::{ArgAction, Parser, Subcommand, ValueEnum};
use model::{DocumentNumber, Period, ShortHash};
use std::ffi::OsString;
use std::path::PathBuf;

/// Tổng hợp: from departments' workbooks to the consolidated annual report.
///
/// Exit codes: 0 all well · 1 a fault of the program or the machine · 2 usage · 3 data that blocks · 4 questions
/// wait for a person · 5 a department is missing · 75 an input is locked or still being copied.
#[derive(Debug, Parser)]
#[command(name = "tonghop", version, max_term_width = 100)]
pub(crate) struct Args {
    /// How results are printed.
    #[arg(long, global = true, value_enum, default_value_t = OutputFormat::Text)]
    pub format: OutputFormat,
    /// The language of messages.
    #[arg(long, global = true, value_enum, default_value_t = Lang::Vi, env = "TONGHOP_LANG")]
    pub lang: Lang,
    /// Say more: -v for each step on standard error, -vv also what it found; `run -v` lists every finding and heading.
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub verbose: u8,
    /// Print no results for people: errors and the exit code alone.
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Colours; NO_COLOR in the environment turns them off too.
    #[arg(long, global = true, value_enum, default_value_t = Colours::Auto, value_name = "COLOR")]
    pub color: Colours,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OutputFormat {
    /// For people.
    Text,
    /// One JSON object.
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Lang {
    /// Vietnamese.
    Vi,
    /// English.
    En,
}

/// When colours are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Colours {
    /// On a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// A workspace from the samples, run through to the annual report.
    Demo {
        /// Where.
        #[arg(default_value = "demo")]
        dir: PathBuf,
    },
    /// Make an operator's folder.
    Init {
        /// Where.
        dir: PathBuf,
        /// The programme's folder; without it the one compiled in.
        #[arg(long, value_name = "DIR")]
        programme: Option<PathBuf>,
    },
    /// The quarterly batch: take in everything in inbox/.
    Run {
        #[command(flatten)]
        workspace: WorkspaceArg,
        /// The moment of the run; without it the clock's.
        #[arg(long, value_name = "DAY|RFC3339")]
        now: Option<String>,
        /// Record it before the last run, and why: reports show it.
        #[arg(long, value_name = "REASON", value_parser = said)]
        backdate: Option<String>,
        /// Read these files anew as they came, or without a name all that stand and an older version of the program read; what
        /// is read otherwise is asked about and counts only after a yes.
        #[arg(long, value_name = "FILE", num_args = 0..)]
        reread: Option<Vec<String>>,
        /// Try it on a copy: which files would be taken in, and which figures would change; the ledger stays as it is.
        #[arg(long, conflicts_with = "reread")]
        dry_run: bool,
        /// What makes the exit code other than 0.
        #[arg(long, value_enum, value_delimiter = ',', default_values = ["held", "questions", "locked"])]
        fail_on: Vec<FailOn>,
    },
    /// The consolidated annual report: a draft, or issued under a number; and taken back.
    Report {
        #[command(flatten)]
        workspace: WorkspaceArg,
        /// The year; without it, or a period or a day, the last with records.
        #[arg(long, conflicts_with_all = ["period", "until"])]
        year: Option<i32>,
        /// A year or quarter: 2024 or 2024-Q3; a quarter's figures are counted from 1 January.
        #[arg(long, conflicts_with_all = ["until", "withdraw"])]
        period: Option<Period>,
        /// On demand: the year of this day from 1 January up to it.
        #[arg(long, value_name = "DAY", value_parser = day, conflicts_with_all = ["withdraw", "is_final"])]
        until: Option<NaiveDate>,
        /// Issue it: recorded, and what later reports are compared with.
        #[arg(long, requires_all = ["number", "signed_on"])]
        issue: bool,
        /// The number it is issued under, as the office's register has it: 123/BC-SKHCN.
        #[arg(long, value_name = "NUMBER", requires = "issue")]
        number: Option<DocumentNumber>,
        /// The day it was signed: 2024-11-28 or 28/11/2024.
        #[arg(long, value_name = "DAY", requires = "issue", value_parser = day)]
        signed_on: Option<NaiveDate>,
        /// Take the report of this number back: later reports are no longer compared with it.
        #[arg(long, value_name = "NUMBER", requires = "reason", conflicts_with_all = ["issue", "as_of", "is_final", "under_today"])]
        withdraw: Option<DocumentNumber>,
        /// Why it is taken back.
        #[arg(long, requires = "withdraw", value_parser = said)]
        reason: Option<String>,
        /// As it was known at the end of this day, or at this moment; without it at the last run.
        #[arg(long, value_name = "DAY|RFC3339")]
        as_of: Option<String>,
        /// The moment it is issued; without it the clock's.
        #[arg(long, value_name = "DAY|RFC3339")]
        now: Option<String>,
        /// Over the whole period up to the year: the summing-up of the period (VI.1.đ).
        #[arg(long = "final")]
        is_final: bool,
        /// Under the departments and districts of the moment shown, not those of their time.
        #[arg(long)]
        under_today: bool,
        /// What makes the exit code other than 0.
        #[arg(long, value_enum, value_delimiter = ',', default_values = ["none"])]
        fail_on: Vec<FailOn>,
    },
    /// Look nominees up in everything that is known, before support is granted; nothing is kept.
    Screen {
        #[command(flatten)]
        workspace: WorkspaceArg,
        /// The list: a nomination workbook, or any list of enterprises (.xlsx, .xls, .ods, .csv).
        #[arg(required_unless_present = "register")]
        file: Option<PathBuf>,
        /// In place of a list a register that is known, by its code: what its office is told of the enterprises in it that this
        /// programme supports.
        #[arg(long, value_name = "CODE", conflicts_with = "file")]
        register: Option<String>,
        /// Where the result goes; without it below screened/.
        #[arg(long, value_name = "XLSX")]
        out: Option<PathBuf>,
        /// The moment; without it the clock's.
        #[arg(long, value_name = "DAY|RFC3339")]
        now: Option<String>,
        /// What makes the exit code other than 0.
        #[arg(long, value_enum, value_delimiter = ',', default_values = ["held", "questions"])]
        fail_on: Vec<FailOn>,
    },
    /// Who has sent, who has not, what waits.
    Status {
        #[command(flatten)]
        workspace: WorkspaceArg,
        /// A year or quarter: 2024 or 2024-Q3; without it the last that a report came for.
        #[arg(long)]
        period: Option<Period>,
        /// Print a text to write to each department of which nothing stands.
        #[arg(long)]
        remind: bool,
        /// What makes the exit code other than 0.
        #[arg(long, value_enum, value_delimiter = ',', default_values = ["missing"])]
        fail_on: Vec<FailOn>,
    },
    /// What changed, and why: between two versions of a submission, or in the figures of a year between two days.
    Diff {
        #[command(flatten)]
        workspace: WorkspaceArg,
        /// The earlier and the later file, each by its name or the first digits of its hash.
        #[arg(num_args = 2, value_names = ["BEFORE", "AFTER"], required_unless_present = "year", conflicts_with = "year")]
        files: Vec<String>,
        /// The year whose figures are compared.
        #[arg(long, requires = "from")]
        year: Option<i32>,
        /// The earlier moment.
        #[arg(long, value_name = "DAY|RFC3339")]
        from: Option<String>,
        /// The later moment; without it the last run.
        #[arg(long, value_name = "DAY|RFC3339")]
        to: Option<String>,
    },
    /// The report of a year over the workspaces of several offices: enterprises and overlaps are found over all of them, each file
    /// and department has its office before it. A table by department adds up those of one code of all offices.
    RollUp {
        /// The offices' folders; NAME=DIR gives one another name than its folder's.
        #[arg(required = true, num_args = 2.., value_name = "[NAME=]DIR")]
        offices: Vec<String>,
        /// The year.
        #[arg(long)]
        year: i32,
        /// Over the whole period up to the year (VI.1.đ).
        #[arg(long = "final")]
        is_final: bool,
        /// Under the departments and districts of today.
        #[arg(long)]
        under_today: bool,
        /// Where to.
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
    /// Write all that counts for other programs: tables as Parquet, the queries, their results, and scripts that compute them again
    /// with other engines. What tells of persons is left out.
    Export {
        #[command(flatten)]
        workspace: WorkspaceArg,
        /// Where to.
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        /// With the columns that forms mark as personal, for finding the same enterprises elsewhere; the log tells of it.
        #[arg(long)]
        for_linkage: bool,
        /// With the files as they came, and all that is in them; the log tells of it.
        #[arg(long)]
        originals: bool,
        /// With a CSV beside each table.
        #[arg(long)]
        csv: bool,
        /// The name of this office among those whose exports are put together; without it that of the workspace's folder.
        #[arg(long)]
        name: Option<String>,
        /// The moment; without it the clock's.
        #[arg(long, value_name = "DAY|RFC3339")]
        now: Option<String>,
    },
    /// Check every file of the ledger, make good what can be made good, and prove that a report is what it says.
    Verify {
        #[command(flatten)]
        workspace: WorkspaceArg,
        /// A report: when it was issued, and whether the ledger gives the same bytes today.
        report: Option<PathBuf>,
        /// A code from the first page or the foot of a letter: the entry of the log, or the reports, that it stands for.
        #[arg(long, value_name = "CODE")]
        code: Option<ShortHash>,
        /// A stamp that another office kept: whether this ledger is the one that was stamped, gone on.
        #[arg(long, value_name = "FILE")]
        stamp: Option<PathBuf>,
        /// The public key of whoever signs reports, from outside the workspace; without it the one that the log names.
        #[arg(long, value_name = "FILE")]
        public_key: Option<PathBuf>,
        /// The moment; without it the clock's.
        #[arg(long, value_name = "DAY|RFC3339")]
        now: Option<String>,
    },
    /// Make a pair of keys to sign reports with: DIR/tonghop.key, for whoever signs alone, and DIR/tonghop.pub, for everyone.
    Key {
        /// Where to, outside every workspace.
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        /// Protect the secret key by no password.
        #[arg(long)]
        no_password: bool,
    },
    /// Sign an issued report: the signature lies beside it (.minisig), for `verify` and for minisign.
    Sign {
        #[command(flatten)]
        workspace: WorkspaceArg,
        /// The report's workbook.
        report: PathBuf,
        /// The secret key, outside the workspace. Its password is asked for, or is in TONGHOP_KEY_PASSWORD.
        #[arg(long, value_name = "FILE")]
        key: PathBuf,
        /// The moment; without it the clock's.
        #[arg(long, value_name = "DAY|RFC3339")]
        now: Option<String>,
    },
    /// Write a stamp of the ledger, a small file for another office to keep: `verify --stamp` holds the ledger against it.
    Stamp {
        #[command(flatten)]
        workspace: WorkspaceArg,
        /// Where to.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// Sign it with this secret key.
        #[arg(long, value_name = "FILE")]
        key: Option<PathBuf>,
        /// The moment; without it the clock's.
        #[arg(long, value_name = "DAY|RFC3339")]
        now: Option<String>,
    },
    /// What was done and when: runs, reports, files set aside; of one entry or file with all that was found in it.
    Log {
        #[command(flatten)]
        workspace: WorkspaceArg,
        /// The number of an entry, a file's name, or the first digits of its hash.
        #[arg(value_name = "NUMBER|FILE")]
        what: Option<String>,
    },
    /// Take a file out of the figures, with a reason; it stays visible in the report.
    SetAside {
        #[command(flatten)]
        workspace: WorkspaceArg,
        /// The file's name, or the first digits of its hash.
        file: String,
        /// Why.
        #[arg(long, required_unless_present = "undo", conflicts_with = "undo")]
        reason: Option<String>,
        /// Take it back into the figures.
        #[arg(long)]
        undo: bool,
        /// The moment of the decision; without it the clock's.
        #[arg(long, value_name = "DAY|RFC3339")]
        now: Option<String>,
        /// Record it before the last run, and why: reports show it.
        #[arg(long, value_name = "REASON", value_parser = said)]
        backdate: Option<String>,
    },
    /// Watch inbox/ and review/: run when something new lies there still, keep tong-hop.html fresh, say what was done; until it
    /// is stopped.
    Watch {
        #[command(flatten)]
        workspace: WorkspaceArg,
        /// Seconds between two looks.
        #[arg(long, value_name = "SECONDS", default_value_t = 10.0, value_parser = seconds)]
        every: f64,
        /// Seconds that a file must lie still before it is taken.
        #[arg(long, value_name = "SECONDS", default_value_t = 5.0, value_parser = seconds)]
        settle: f64,
    },
    /// Print completions for a shell.
    Completions {
        /// Which.
        shell: clap_complete::Shell,
    },
    /// Write a man page for each command.
    Man {
        /// Where to.
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
    /// A blank workbook for each department, its running cases carried over.
    Templates {
        #[command(flatten)]
        workspace: WorkspaceArg,
        /// A year or quarter: 2025 or 2025-Q1.
        #[arg(long)]
        period: Period,
    },
    /// Match two lists of enterprises, judge pairs, or resolve one list: which rows are the same one. Lists are text in columns
    /// (.csv), workbooks, or '-', standard input.
    Link {
        /// The list that is held: columns id, name, tax_code, address, district, phone, representative, or a workbook with a list
        /// as nominees are named in.
        #[arg(long, value_name = "LIST", required_unless_present_any = ["pairs", "resolve", "count_rarity"])]
        left: Option<PathBuf>,
        /// The list that is streamed, up to millions of rows.
        #[arg(long, value_name = "LIST", required_unless_present_any = ["pairs", "resolve", "count_rarity"])]
        right: Option<PathBuf>,
        /// Pairs to judge by themselves: columns left_id, left_name, right_id, right_name and others with their side before them.
        #[arg(long, value_name = "CSV", conflicts_with_all = ["left", "right", "resolve"])]
        pairs: Option<PathBuf>,
        /// One list: which of its rows are one enterprise.
        #[arg(long, value_name = "LIST", conflicts_with_all = ["left", "right"])]
        resolve: Option<PathBuf>,
        /// Compare this share of the pairs of the list only, e.g. 3/16: the third of sixteen.
        #[arg(long, value_name = "K/N", requires = "resolve")]
        shard: Option<pipeline::Shard>,
        /// Resolve the list from the files that --shard wrote, all of them.
        #[arg(long, value_name = "CSV", num_args = 1.., requires = "resolve", conflicts_with = "shard")]
        shards: Vec<PathBuf>,
        /// How rare words are, as --count-rarity wrote it, if the list or the pairs are a part of something longer.
        #[arg(long, value_name = "CSV", conflicts_with_all = ["left", "right"])]
        rarity: Option<PathBuf>,
        /// Count how rare words are among the names of a list, and write that.
        #[arg(long, value_name = "LIST", conflicts_with_all = ["left", "right", "pairs", "resolve", "rarity"])]
        count_rarity: Option<PathBuf>,
        /// Where the pairs go: left_id, right_id, decision, score, reasons; '-' is standard output.
        #[arg(long, value_name = "CSV", default_value = "-")]
        out: PathBuf,
        /// Write for each pair what its score is the sum of, and print them.
        #[arg(long)]
        explain: bool,
        /// The programme's folder; without it the one compiled in.
        #[arg(long, value_name = "DIR")]
        programme: Option<PathBuf>,
    },
    /// Validate a programme: every reference resolves, every SQL text runs, every rule holds on its cases. With an operator's
    /// folder also try it on what is held there: what new and changed rules would find, and which totals would change.
    Check {
        /// The programme's folder; without it that of the operator's folder, else the one compiled in.
        programme: Option<PathBuf>,
        /// The operator's folder.
        #[arg(short = 'w', long = "workspace", value_name = "DIR")]
        dir: Option<PathBuf>,
    },
    /// What a rule says, why, and on what ground; why a row of a workbook that came in counts or does not; or which cells a
    /// figure is made of.
    Explain {
        /// A rule's code, e.g. C001; a figure's id, e.g. support_cases/2024/content=3a1; or a file (its name or the first
        /// digits of its hash), a sheet, and a cell or a row.
        #[arg(required = true, num_args = 1..=3, value_names = ["CODE|FIGURE|FILE", "SHEET", "CELL"])]
        what: Vec<String>,
        /// The operator's folder, for a row or a figure.
        #[arg(
            short = 'w',
            long = "workspace",
            value_name = "DIR",
            default_value = "."
        )]
        dir: PathBuf,
        /// The programme's folder; without it the one compiled in.
        #[arg(long, value_name = "DIR")]
        programme: Option<PathBuf>,
    },
}

/// A day: 2024-11-27, or 27/11/2024 as it is written in Việt Nam.
pub(crate) fn day(text: &str) -> Result<NaiveDate, chrono::ParseError> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d")
        .or_else(|error| NaiveDate::parse_from_str(text, "%d/%m/%Y").map_err(|_| error))
}

/// A time to wait.
fn seconds(text: &str) -> Result<f64, &'static str> {
    match text.parse::<f64>() {
        Ok(seconds) if (0.01..=86_400.0).contains(&seconds) => Ok(seconds),
        _ => Err("seconds, up to a day"),
    }
}

/// A text that says something.
fn said(text: &str) -> Result<String, &'static str> {
    let text = text.trim();
    match text.is_empty() {
        true => Err("say why"),
        false => Ok(text.to_owned()),
    }
}

#[derive(Debug, clap::Args)]
pub(crate) struct WorkspaceArg {
    /// The operator's folder.
    #[arg(
        short = 'w',
        long = "workspace",
        value_name = "DIR",
        default_value = "."
    )]
    pub dir: PathBuf,
}

/// The language that arguments, or the environment, ask for; known before they are parsed, since what is wrong with them is told in it.
pub(crate) fn lang_of(given: &[OsString]) -> &'static str {
    let mut asked = std::env::var("TONGHOP_LANG").unwrap_or_default();
    let mut given = given.iter().map(|argument| argument.to_string_lossy());
    while let Some(argument) = given.next() {
        if argument == "--lang" {
            asked = given.next().unwrap_or_default().into_owned();
        } else if let Some(lang) = argument.strip_prefix("--lang=") {
            asked = lang.to_owned();
        }
    }
    if asked == "en" { "en" } else { "vi" }
}
