//! The whole state of a ledger, told by every run and by `status`: what counts, what is held, what waits for a person.

use crate::error::PipelineError;
use crate::intake::inbox::{FolderLimits, read_folder};
use crate::intake::review_questions::AskedRows;
use crate::intake::whole_state::{HeldFile, WholeState};
use crate::jobs::consequences::consequences;
use crate::jobs::current_registers::NewRegisters;
use crate::jobs::waiting::Waiting;
use crate::snapshot::counted_rows::CountedRows;
use crate::snapshot::effective::effective;
use crate::workspace::Workspace;
use chrono::{Datelike, NaiveDate};
use ledger::{Ledger, Submission};
use model::Period;
use std::collections::{BTreeMap, BTreeSet};

/// Of a ledger, with what is asked.
///
/// # Errors
/// When the ledger cannot be read.
pub(crate) fn whole_state(
    workspace: &Workspace,
    ledger: &Ledger,
    submissions: &[Submission],
    asked: &AskedRows,
) -> Result<WholeState, PipelineError> {
    let years: BTreeSet<i32> = submissions
        .iter()
        .filter_map(|submission| submission.period)
        .map(Period::calendar_year)
        .collect();
    let mut rows = CountedRows::default();
    let mut held_files = BTreeMap::new();
    for year in years {
        let programme = workspace.programme_of(year);
        for standing in effective(programme, submissions, year) {
            let of_file = CountedRows::of(
                programme,
                standing.counting_forms(),
                &ledger.form_rows(standing.id)?,
            );
            rows += of_file;
            if of_file.held > 0 {
                let held = HeldFile {
                    file: standing.file_name,
                    department: standing.department,
                    period: standing.period,
                    rows: of_file.held,
                    id: standing.file,
                };
                held_files.insert(standing.id, held);
            }
        }
    }
    Ok(WholeState {
        rows,
        held_files: held_files.into_values().collect(),
        questions: asked.waiting(),
        answers_waiting: asked.not_taken().len(),
    })
}

/// Of a ledger on a day, without a run: what is asked is worked out, and nothing is written.
///
/// # Errors
/// When the ledger or the lists of other programmes cannot be read.
pub(crate) fn read_whole_state(
    workspace: &Workspace,
    ledger: &Ledger,
    submissions: &[Submission],
    today: NaiveDate,
) -> Result<WholeState, PipelineError> {
    let programme = workspace.programme_of(today.year());
    let found = consequences(workspace, ledger, programme, &BTreeSet::new(), today, None)?;
    let limits = FolderLimits {
        file: workspace.settings.max_list_bytes,
        is_known: &|file| ledger.has_original(file),
    };
    let folder = read_folder(&workspace.registers(), &limits)?;
    let lists = programme.of_registers();
    let (new, _) = NewRegisters::read(&lists, &folder);
    let registers = new.shrunk(&lists, ledger, &folder, &ledger.replacement_answers()?)?;
    let waiting = Waiting {
        registers,
        ..Waiting::on_records(found)
    };
    let waiting = waiting.with_files(workspace, ledger, submissions, today)?;
    let written = ledger.written_answers()?;
    let asked = AskedRows::new(programme, &waiting.as_open(), &written);
    whole_state(workspace, ledger, submissions, &asked)
}
