use crate::error::PipelineError;
use crate::intake::inbox::{FolderLimits, read_folder};
use crate::intake::look::{Looked, look};
use crate::jobs::consequences::{Consequences, consequences};
use crate::jobs::load::LedgerView;
use crate::support::case_columns::CaseColumns;
use crate::support::case_rows::CaseSource;
use crate::support::comparison::Comparison;
use crate::support::nominees::{NomineeLine, Screened, is_nominated, screen_nominees, seriousness};
use crate::support::overlap_line::OverlapLine;
use crate::support::records::SupportRecords;
use crate::support::registers::RegisterLine;
use crate::support::support_line::SupportLine;
use crate::workspace::Workspace;
use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, Utc};
use ingest::Reading;
use ledger::{AsOf, Ledger, file_id, write_whole};
use model::{FileId, Finding, Moment};
use programme::Programme;
use report::{GrantSide, NomineeRow, RelationRow, ScreeningInput};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Error;
use std::path::{Path, PathBuf};
use validate::SourceFile;

/// What screening a list of nominees came to.
#[derive(Debug, Serialize)]
pub struct ScreenSummary {
    /// The moment.
    pub at: Moment,
    /// The nominees, in their order.
    pub nominees: Vec<NomineeLine>,
    /// How many of each result.
    pub counts: BTreeMap<&'static str, usize>,
    /// What was found in the list.
    pub findings: Vec<Finding>,
    /// The registers that it was compared with.
    pub registers: Vec<RegisterLine>,
    /// Files in the inbox and among the registers that no run has taken in yet, and that nothing was compared with.
    pub not_taken_in: Vec<String>,
    /// The result.
    pub out: PathBuf,
}

/// Compares the enterprises of a list with everything that is known, and writes what each has had, from whom and when
/// (III.2.b, VI.2.b). Nothing is kept.
///
/// The list may be a nomination workbook (VI.2.c, VI.4.b), a report's list or a register; only the enterprise must
/// be named. A case without a first day begins today. Without `out` the result goes to `screened/`.
///
/// # Errors
/// When the list or the ledger cannot be read, or the result cannot be written. A list in which nothing can be found
/// has no nominees, and findings.
pub fn screen(
    workspace: &Workspace,
    list: &Path,
    out: Option<&Path>,
    now: DateTime<Utc>,
) -> Result<ScreenSummary, PipelineError> {
    let now = Moment::from(now);
    let at = now.local(workspace.settings.utc_offset);
    let programme = workspace.programme_of(at.year());
    let bytes = match look(list, workspace.settings.max_list_bytes) {
        Looked::Read(bytes) => bytes,
        Looked::NoFile(what) => return Err(PipelineError::file(list)(Error::other(what))),
        Looked::TooLarge(size) => {
            let most = workspace.settings.max_list_bytes >> 20;
            let error = format!("{} MiB > {most} MiB (max_list_mib)", size.div_ceil(1 << 20));
            return Err(PipelineError::file(list)(Error::other(error)));
        }
        Looked::Changing => return Err(PipelineError::Changing(list.to_owned())),
        // The system says why.
        Looked::Unreadable => std::fs::read(list).map_err(PipelineError::file(list))?,
    };
    let text = |part: Option<&std::ffi::OsStr>| {
        part.map_or_else(String::new, |part| part.to_string_lossy().into_owned())
    };
    let (name, stem) = (text(list.file_name()), text(list.file_stem()));
    let (nominated, findings) = read(programme, &name, &bytes, at.date_naive())?;
    let count: usize = nominated.iter().map(|records| records.cases.len()).sum();
    let ledger = Ledger::open(&workspace.ledger())?;
    let view = LedgerView::open(&ledger, AsOf::NOW)?;
    let index = view.support_index(programme, &workspace.others_than(programme), nominated)?;
    // Nominees come first among all cases, and no later case supersedes them.
    let cases = CaseColumns::read(&index.cases)?;
    let nominees = (0..count)
        .map(|at| cases.line(at, &index.resolution))
        .collect();
    let registers = view.registers(programme)?;
    let answers = view.answer_index();
    let Comparison {
        registers,
        overlaps,
        questions,
        ..
    } = Comparison::compare(programme, &index, &registers, &answers, at.date_naive())?;
    let nominees = screen_nominees(nominees, overlaps, questions);
    debug_assert_eq!(nominees.len(), count, "every nominee has a line");

    let out = out.map_or_else(
        || screened_path(workspace, programme, &stem),
        Path::to_owned,
    );
    let counts = write_screening(programme, &name, at, &nominees, &out)?;
    let not_taken_in = not_taken_in(workspace, &ledger, &view)?;
    Ok(ScreenSummary {
        at: now,
        nominees,
        counts,
        findings,
        registers,
        not_taken_in,
        out,
    })
}

/// The nominees of a list, and what was found in it.
/// Where the result of screening goes if nobody says.
fn screened_path(workspace: &Workspace, programme: &Programme, stem: &str) -> PathBuf {
    let screening = &programme.report.screening;
    let file_name = screening.file_name.replace("{file}", stem);
    workspace.screened().join(format!("{file_name}.xlsx"))
}

/// Writes the workbook of results; gives how many there are of each.
fn write_screening(
    programme: &Programme,
    name: &str,
    at: DateTime<FixedOffset>,
    nominees: &[NomineeLine],
    out: &Path,
) -> Result<BTreeMap<&'static str, usize>, PipelineError> {
    let number = |result| {
        let of_result = nominees.iter().filter(|nominee| nominee.result == result);
        of_result.count()
    };
    let counts: BTreeMap<&'static str, usize> = Screened::ALL
        .iter()
        .map(|&result| (result.name(), number(result)))
        .collect();
    let bytes = report::screening(&ScreeningInput {
        programme,
        file_name: name,
        at,
        counts: &counts,
        nominees: nominees
            .iter()
            .map(|nominee| nominee_row(programme, nominee))
            .collect(),
    })?;
    write_whole(out, &bytes)?;
    Ok(counts)
}

/// Tells the office that runs another programme which enterprises of its list this programme supports, with what and when, and
/// which of it may not be paid for again (VI.2.b): the entries of a register that are about one of ours. Nothing is kept.
///
/// # Errors
/// When there is no such register, the ledger cannot be read, or the result cannot be written.
pub fn screen_register(
    workspace: &Workspace,
    code: &str,
    out: Option<&Path>,
    now: DateTime<Utc>,
) -> Result<ScreenSummary, PipelineError> {
    let now = Moment::from(now);
    let at = now.local(workspace.settings.utc_offset);
    let programme = workspace.programme_of(at.year());
    let Some(form) = programme.registers.get(code) else {
        let known: Vec<&str> = programme.registers.keys().map(String::as_str).collect();
        let error = format!("no such register; there are: {}", known.join(", "));
        return Err(PipelineError::file(Path::new(code))(Error::other(error)));
    };
    let ledger = Ledger::open(&workspace.ledger())?;
    let view = LedgerView::open(&ledger, AsOf::NOW)?;
    let today = at.date_naive();
    let nothing_new = BTreeSet::new();
    let Consequences { comparison, .. } =
        consequences(workspace, &ledger, programme, &nothing_new, today, None)?;
    let mut entries: BTreeMap<(String, String, i64), SupportLine> = BTreeMap::new();
    let overlaps = comparison
        .overlaps
        .into_iter()
        .filter(|overlap| overlap.right.register.as_deref() == Some(code));
    let overlaps: Vec<OverlapLine> = overlaps
        .map(|overlap| {
            // As if the other office asked what is known of its entry.
            let entry = SupportLine {
                register: None,
                ..overlap.right
            };
            let place = (entry.file.clone(), entry.sheet.clone(), entry.row);
            entries.entry(place).or_insert_with(|| entry.clone());
            OverlapLine {
                left: entry,
                right: overlap.left,
                ..overlap
            }
        })
        .collect();
    let nominees = screen_nominees(entries.into_values().collect(), overlaps, Vec::new());
    let out = out.map_or_else(|| screened_path(workspace, programme, code), Path::to_owned);
    let counts = write_screening(programme, &form.title.vi, at, &nominees, &out)?;
    let not_taken_in = not_taken_in(workspace, &ledger, &view)?;
    Ok(ScreenSummary {
        at: now,
        nominees,
        counts,
        findings: Vec::new(),
        registers: comparison.registers,
        not_taken_in,
        out,
    })
}

fn read(
    programme: &Programme,
    name: &str,
    bytes: &[u8],
    today: NaiveDate,
) -> Result<(Vec<SupportRecords>, Vec<Finding>), PipelineError> {
    let lists = programme.of_nominees();
    let file = file_id(bytes);
    let Reading {
        tables,
        observations,
        ..
    } = ingest::read_list(&file, name, bytes, &lists);
    let mut nominated = Vec::new();
    for table in &tables {
        if let Some(form) = lists.form(&table.form) {
            let source = CaseSource {
                file_name: name.to_owned(),
                begins: Some(today),
                ..CaseSource::default()
            };
            nominated.push(SupportRecords::from_list(
                &lists,
                form,
                &table.frame,
                source,
            )?);
        }
    }
    let source = SourceFile {
        id: file,
        name: name.to_owned(),
    };
    let found = observations
        .iter()
        .filter_map(|observation| validate::finding(&lists, &source, None, observation));
    Ok((nominated, validate::merge_findings(found.collect())))
}

/// A nominee as the workbook of results shows it.
fn nominee_row(programme: &Programme, line: &NomineeLine) -> NomineeRow {
    let words = &programme.words;
    let side = |grant: &SupportLine| GrantSide {
        source: if is_nominated(grant) {
            words.get("screen_same_list").to_owned()
        } else {
            grant.source(programme)
        },
        what: grant.what(),
        span: grant.days(),
        state_budget: grant.state_budget,
        place: grant.place(),
    };
    let mut overlaps: Vec<&OverlapLine> = line.overlaps.iter().collect();
    overlaps.sort_by_key(|overlap| overlap.class);
    let overlaps = overlaps.into_iter().map(|overlap| RelationRow {
        relation: words
            .get(&format!("class_{}", overlap.class.name()))
            .to_owned(),
        is_serious: seriousness(overlap) >= Screened::Ask,
        name: overlap.right.enterprise.name.clone(),
        tax_code: overlap
            .right
            .enterprise
            .tax_code
            .clone()
            .unwrap_or_default(),
        had: side(&overlap.right),
        evidence: overlap.evidence.clone(),
        clause: overlap.clause.clone(),
    });
    let questions = line.questions.iter().map(|question| {
        let other = if is_nominated(&question.left) {
            &question.right
        } else {
            &question.left
        };
        RelationRow {
            relation: words.get("ask_same").to_owned(),
            is_serious: true,
            name: other.enterprise.name.clone(),
            tax_code: other.enterprise.tax_code.clone().unwrap_or_default(),
            had: side(other),
            evidence: question.reasons.clone(),
            clause: programme.overlap.duplicate.clone(),
        }
    });
    NomineeRow {
        name: line.nominee.enterprise.name.clone(),
        tax_code: line.nominee.enterprise.tax_code.clone().unwrap_or_default(),
        address: line.nominee.enterprise.place(),
        asks: side(&line.nominee),
        result: line.result.name(),
        relations: overlaps.chain(questions).collect(),
    }
}

/// The files in the inbox and among the registers that no run has taken in yet.
fn not_taken_in(
    workspace: &Workspace,
    ledger: &Ledger,
    view: &LedgerView<'_>,
) -> Result<Vec<String>, PipelineError> {
    let taken: Vec<FileId> = view.submissions.iter().map(|s| s.file.clone()).collect();
    let answers = ledger.answer_files()?;
    let registers: Vec<FileId> = ledger
        .registers(AsOf::NOW)?
        .into_iter()
        .map(|register| register.file)
        .collect();
    let mut waiting = Vec::new();
    for (folder, known) in [
        (workspace.inbox(), &taken),
        (workspace.registers(), &registers),
    ] {
        let limits = FolderLimits {
            file: workspace.settings.max_list_bytes,
            // Only their names are asked for.
            is_known: &|_| true,
        };
        let dropped = read_folder(&folder, &limits)?;
        let new = dropped
            .files
            .into_iter()
            .filter(|file| !known.contains(&file.id) && !answers.contains(&file.id));
        let never_read = dropped.waiting.into_iter().map(|file| file.file);
        let never_read = never_read.chain(dropped.refused.into_iter().map(|file| file.name));
        waiting.extend(new.map(|file| file.name).chain(never_read));
    }
    Ok(waiting)
}
