//! What went wrong, in the operator's language: our sentence, with what he can do. What a library says of it stands behind `-v`.

use crate::catalogue::message;
use crate::exit::UsageError;
use ledger::LedgerError;
use model::clean_line;
use pipeline::{KeyError, PipelineError, ReportError};
use std::io::ErrorKind;
use std::path::Path;

/// An error in our words.
pub(crate) fn in_words(error: &anyhow::Error, lang: &str) -> String {
    if let Some(UsageError(words)) = error.downcast_ref() {
        return words.clone();
    }
    if let Some(error) = error.downcast_ref::<PipelineError>() {
        return of_pipeline(error, lang).unwrap_or_else(|| message!("error.other", lang));
    }
    match error
        .chain()
        .find_map(|it| it.downcast_ref::<std::io::Error>())
    {
        Some(source) => message!("error.system", lang, what = error, why = why(source, lang)),
        None => message!("error.other", lang),
    }
}

fn shown(path: &Path) -> String {
    clean_line(&path.display().to_string()).into_owned()
}

/// Why the system did not do what it was asked for.
fn why(source: &std::io::Error, lang: &str) -> String {
    let key = match source.kind() {
        ErrorKind::NotFound => "why.not_found",
        ErrorKind::PermissionDenied => "why.no_right",
        ErrorKind::AlreadyExists => "why.exists",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "error.no_room",
        ErrorKind::FileTooLarge => "why.too_large",
        ErrorKind::ReadOnlyFilesystem => "why.read_only",
        ErrorKind::NotADirectory => "why.no_folder",
        ErrorKind::IsADirectory => "why.is_folder",
        ErrorKind::InvalidData | ErrorKind::UnexpectedEof => "why.not_whole",
        _ => {
            // Without a number it is ours, and says what it is.
            let Some(number) = source.raw_os_error() else {
                return clean_line(&source.to_string()).into_owned();
            };
            return message!("why.number", lang, number = number);
        }
    };
    message!(key, lang)
}

fn of_pipeline(error: &PipelineError, lang: &str) -> Option<String> {
    Some(match error {
        PipelineError::NoWorkspace(path) => {
            message!("error.no_workspace", lang, path = shown(path))
        }
        PipelineError::Exists(path) => message!("error.exists", lang, path = shown(path)),
        PipelineError::Year { year, first, last } => {
            message!("error.year", lang, year = year, first = first, last = last)
        }
        PipelineError::SameYears([one, other]) => {
            message!("error.same_years", lang, one = one, other = other)
        }
        PipelineError::WhichFile { file, found } if found.is_empty() => {
            message!("error.no_such_file", lang, file = file)
        }
        PipelineError::WhichFile { file, found } => {
            message!(
                "error.which_file",
                lang,
                file = file,
                found = found.join(", ")
            )
        }
        PipelineError::LogEntry { number } => message!("error.log_entry", lang, number = number),
        PipelineError::File { path, source } => {
            message!(
                "error.file",
                lang,
                path = shown(path),
                why = why(source, lang)
            )
        }
        PipelineError::List { path, .. } | PipelineError::ListText { path, .. } => {
            message!("error.list", lang, path = shown(path))
        }
        PipelineError::ListColumn { path, column } => {
            message!(
                "error.list_column",
                lang,
                path = shown(path),
                column = column
            )
        }
        PipelineError::NoSuchReport(programme) => {
            message!("error.no_such_report", lang, programme = programme)
        }
        PipelineError::RarityFile(path) => {
            message!("error.rarity_file", lang, path = shown(path))
        }
        PipelineError::ShardFile { path, why } => {
            message!("error.shard_file", lang, path = shown(path), why = why)
        }
        PipelineError::MissingShard(shard) => {
            message!("error.missing_shard", lang, shard = shard)
        }
        PipelineError::SameId { path, id } => {
            message!(
                "error.same_id",
                lang,
                path = shown(path),
                id = clean_line(id)
            )
        }
        PipelineError::SameOffice { name, folders } => {
            let folders: Vec<String> = folders.iter().map(|folder| shown(folder)).collect();
            message!(
                "error.same_office",
                lang,
                name = name,
                folders = folders.join(", ")
            )
        }
        PipelineError::OtherProgramme([one, other]) => {
            message!("error.other_programme", lang, one = one, other = other)
        }
        PipelineError::EmptyOffice(path) => {
            message!("error.empty_office", lang, path = shown(path))
        }
        PipelineError::Overflow { what } => message!("error.overflow", lang, what = what),
        PipelineError::Changing(path) => message!("error.changing", lang, path = shown(path)),
        PipelineError::NotIssued(path) => message!("error.not_issued", lang, path = shown(path)),
        PipelineError::Empty => message!("error.empty", lang),
        PipelineError::Settings(error) => {
            message!("error.settings", lang, path = shown(&error.path))
        }
        PipelineError::Programme(errors) => {
            // Who writes a programme needs every fault with its place.
            let faults: Vec<String> = errors.0.iter().map(|it| format!("  {it}")).collect();
            message!("error.programme", lang, faults = faults.join("\n"))
        }
        PipelineError::ProgrammeFiles(_) | PipelineError::ChangedProgramme(_) => {
            message!("error.changed", lang, what = "programme")
        }
        PipelineError::Key(error) => match error {
            KeyError::Unusable { path, .. } => message!("error.key", lang, path = shown(path)),
            KeyError::Inside(path) => message!("error.key_inside", lang, path = shown(path)),
            KeyError::Exists(path) => message!("error.key_exists", lang, path = shown(path)),
        },
        PipelineError::Report(ReportError::TemporaryFolder { path, source }) => {
            let why = source.as_ref().map(|it| why(it, lang));
            let why = why.unwrap_or_else(|| message!("error.no_room", lang));
            message!("error.temporary", lang, path = shown(path), why = why)
        }
        PipelineError::Report(ReportError::Overflow(what)) => {
            message!("error.overflow", lang, what = what)
        }
        PipelineError::Ledger(error) => return of_ledger(error, lang),
        _ => return None,
    })
}

fn of_ledger(error: &LedgerError, lang: &str) -> Option<String> {
    let changed = |what: &str| message!("error.changed", lang, what = clean_line(what));
    Some(match error {
        LedgerError::Locked => message!("error.locked", lang),
        LedgerError::Changed(_) => changed("ledger/ledger.sqlite"),
        LedgerError::ChangedFile { path } | LedgerError::Facts { path, .. } => {
            changed(&shown(path))
        }
        LedgerError::Log(_) => changed("ledger/log.jsonl"),
        LedgerError::Entry(_) => changed("ledger/ledger.sqlite"),
        LedgerError::Earlier { now, last } => {
            message!("error.earlier", lang, now = now, last = last)
        }
        LedgerError::Write { path, source } => {
            message!(
                "error.write",
                lang,
                path = shown(path),
                why = why(source, lang)
            )
        }
        LedgerError::Read { path, source } => {
            message!(
                "error.read",
                lang,
                path = shown(path),
                why = why(source, lang)
            )
        }
        LedgerError::Database(_) => message!("error.database", lang),
        LedgerError::Newer { .. } => message!("error.newer", lang),
        LedgerError::NumberTaken { number, year, .. } => {
            message!("error.number_taken", lang, number = number, year = year)
        }
        LedgerError::NoSuchIssue { number } => {
            message!("error.no_such_issue", lang, number = number)
        }
        LedgerError::SeveralIssues { number, years } => {
            let years: Vec<String> = years.iter().map(i32::to_string).collect();
            message!(
                "error.several_issues",
                lang,
                number = number,
                years = years.join(", ")
            )
        }
        LedgerError::Withdrawn { number, at } => {
            message!("error.withdrawn", lang, number = number, at = at)
        }
    })
}
