use crate::case::Origin;
use crate::case_columns::CaseColumns;
use crate::digest::Digest;
use crate::grant::GrantLine;
use crate::inbox;
use crate::known::Known;
use crate::overlap::{Compared, Comparison, OverlapLine, QuestionLine};
use crate::register::RegisterLine;
use crate::standing::Moment;
use crate::{PipelineError, Workspace};
use chrono::{DateTime, Datelike, NaiveDate, SecondsFormat, Utc};
use ingest::Reading;
use ledger::{Ledger, Verdict, file_id, write_whole};
use link::OverlapClass;
use model::{FileId, Finding};
use programme::Programme;
use report::{GrantSide, NomineeRow, RelationRow, ScreeningInput};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use validate::SourceFile;

/// What is known of a nominee.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Screened {
    /// No support is known.
    Clear,
    /// It had other support, which goes together with this (III.1.b).
    Combined,
    /// A person must look: it may be another enterprise, the content is not known, or it had the same before.
    Ask,
    /// It has the same support already (III.2.b, VI.2.b).
    Duplicate,
}

impl Screened {
    /// All of them, from the least to the most serious.
    pub const ALL: [Self; 4] = [Self::Clear, Self::Combined, Self::Ask, Self::Duplicate];

    /// Its name in data.
    pub fn name(self) -> &'static str {
        match self {
            Self::Clear => "clear",
            Self::Combined => "combined",
            Self::Ask => "ask",
            Self::Duplicate => "duplicate",
        }
    }
}

/// An enterprise that is nominated for support, and what is known of it.
#[derive(Debug, Serialize)]
pub struct NomineeLine {
    /// What is asked for.
    #[serde(flatten)]
    pub nominee: GrantLine,
    /// The most serious of what is known.
    pub result: Screened,
    /// The support that it had, or that another line of the list asks for.
    pub overlaps: Vec<OverlapLine>,
    /// Whom it may be.
    pub questions: Vec<QuestionLine>,
}

/// What looking nominees up came to.
#[derive(Debug, Serialize)]
pub struct ScreenSummary {
    /// The moment, RFC 3339 in UTC.
    pub at: String,
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

/// Looks the enterprises of a list up in everything that is known, and writes what each has had, from whom and when
/// (III.2.b, VI.2.b). Nothing is kept.
///
/// The list may be a nomination workbook (VI.2.c, VI.4.b), a report's list or a register; only the enterprise must
/// be named. One that says no beginning begins today. Without `out` the result goes to `screened/`.
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
    let at = now.with_timezone(&workspace.settings.utc_offset);
    let programme = workspace.programme_of(at.year());
    let bytes = std::fs::read(list).map_err(PipelineError::file(list))?;
    let name = list
        .file_name()
        .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let (asked, findings) = read(programme, &name, &bytes, at.date_naive())?;
    let count: usize = asked.iter().map(|digest| digest.cases.len()).sum();
    let ledger = Ledger::open(&workspace.ledger())?;
    let others = workspace.others_than(programme);
    let moment = Moment {
        ledger: &ledger,
        programme,
        others: &others,
        as_of: None,
    };
    let known = Known::at(&moment, &ledger.submissions(None)?, asked)?;
    // They came first among all cases, and nothing newer stands in their place.
    let cases = CaseColumns::of(&known.cases)?;
    let asked: Vec<GrantLine> = (0..count).map(|at| cases.line(at, &known.who)).collect();
    let compared = Comparison {
        moment,
        known: &known,
        today: at.date_naive(),
    }
    .compare()?;
    let (nominees, registers) = about(asked, compared);
    debug_assert_eq!(nominees.len(), count, "every nominee has a line");

    let stem = list
        .file_stem()
        .map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    let file_name = format!(
        "{}.xlsx",
        programme
            .report
            .screening
            .file_name
            .replace("{file}", &stem)
    );
    let out = out.map_or_else(|| workspace.screened().join(file_name), Path::to_owned);
    let counts: BTreeMap<&'static str, usize> = Screened::ALL
        .into_iter()
        .map(|result| {
            (
                result.name(),
                nominees
                    .iter()
                    .filter(|nominee| nominee.result == result)
                    .count(),
            )
        })
        .collect();
    let bytes = report::screening(&ScreeningInput {
        programme,
        file_name: &name,
        at,
        counts: &counts,
        nominees: nominees
            .iter()
            .map(|nominee| row(programme, nominee))
            .collect(),
    })?;
    write_whole(&out, &bytes)?;
    let not_taken_in = not_taken_in(workspace, &ledger)?;
    let at = now.to_rfc3339_opts(SecondsFormat::Secs, true);
    Ok(ScreenSummary {
        at,
        nominees,
        counts,
        findings,
        registers,
        not_taken_in,
        out,
    })
}

/// The nominees of a list, and what was found in it.
fn read(
    programme: &Programme,
    name: &str,
    bytes: &[u8],
    today: NaiveDate,
) -> Result<(Vec<Digest>, Vec<Finding>), PipelineError> {
    let lists = programme.of_nominees();
    let file = file_id(bytes);
    let Reading {
        tables,
        observations,
        ..
    } = ingest::read_list(&file, name, bytes, &lists);
    let mut asked = Vec::new();
    for table in &tables {
        if let Some(form) = lists.form(&table.form) {
            // What is asked for begins today where it says nothing else.
            let origin = Origin {
                file_name: name.to_owned(),
                begins: Some(today),
                ..Origin::default()
            };
            asked.push(Digest::of_list(&lists, form, &table.frame, origin)?);
        }
    }
    let source = SourceFile {
        id: file,
        name: name.to_owned(),
    };
    let found = observations
        .iter()
        .filter_map(|observation| validate::finding(&lists, &source, None, observation));
    Ok((asked, validate::merge_findings(found.collect())))
}

/// What was found of each nominee.
fn about(asked: Vec<GrantLine>, compared: Compared) -> (Vec<NomineeLine>, Vec<RegisterLine>) {
    let Compared {
        registers,
        overlaps,
        questions,
        ..
    } = compared;
    let place = |line: &GrantLine| (line.file.clone(), line.sheet.clone(), line.row);
    let mut nominees: Vec<NomineeLine> = asked
        .into_iter()
        .map(|nominee| NomineeLine {
            nominee,
            result: Screened::Clear,
            overlaps: Vec::new(),
            questions: Vec::new(),
        })
        .collect();
    let at: BTreeMap<(String, String, i64), usize> = nominees
        .iter()
        .enumerate()
        .map(|(at, nominee)| (place(&nominee.nominee), at))
        .collect();
    for overlap in overlaps
        .into_iter()
        .filter(|overlap| is_asked(&overlap.left))
    {
        if let Some(&at) = at.get(&place(&overlap.left)) {
            nominees[at].overlaps.push(overlap);
        }
    }
    for question in questions {
        let side = [&question.left, &question.right]
            .into_iter()
            .find(|line| is_asked(line));
        if let Some(&at) = side.and_then(|line| at.get(&place(line))) {
            nominees[at].questions.push(question);
        }
    }
    for nominee in &mut nominees {
        let of_grants = nominee.overlaps.iter().map(serious);
        let of_enterprises = nominee.questions.iter().map(|_| Screened::Ask);
        let nameless = nominee
            .nominee
            .enterprise
            .name
            .is_empty()
            .then_some(Screened::Ask);
        nominee.result = of_grants
            .chain(of_enterprises)
            .chain(nameless)
            .max()
            .unwrap_or(Screened::Clear);
    }
    (nominees, registers)
}

/// Whether it is a line of the list: nobody gave it yet.
fn is_asked(line: &GrantLine) -> bool {
    line.department.is_none() && line.register.is_none()
}

fn serious(overlap: &OverlapLine) -> Screened {
    match overlap.class {
        _ if overlap.decision == Some(Verdict::NotDuplicate.name()) => Screened::Combined,
        OverlapClass::Duplicate => Screened::Duplicate,
        OverlapClass::Unclear | OverlapClass::Repeat => Screened::Ask,
        OverlapClass::Combined => Screened::Combined,
    }
}

fn row(programme: &Programme, line: &NomineeLine) -> NomineeRow {
    let words = &programme.words;
    let side = |grant: &GrantLine| GrantSide {
        source: if is_asked(grant) {
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
        is_serious: serious(overlap) >= Screened::Ask,
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
        let other = if is_asked(&question.left) {
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

fn not_taken_in(workspace: &Workspace, ledger: &Ledger) -> Result<Vec<String>, PipelineError> {
    let taken: Vec<FileId> = ledger
        .submissions(None)?
        .into_iter()
        .map(|s| s.file)
        .collect();
    let answers = ledger.answer_files()?;
    let registers: Vec<FileId> = ledger
        .registers(None)?
        .into_iter()
        .map(|register| register.file)
        .collect();
    let mut waiting = Vec::new();
    for (folder, known) in [
        (workspace.inbox(), &taken),
        (workspace.registers(), &registers),
    ] {
        let dropped = inbox::read(&folder)?;
        let new = dropped
            .files
            .into_iter()
            .filter(|file| !known.contains(&file.id) && !answers.contains(&file.id));
        waiting.extend(new.map(|file| file.name).chain(dropped.locked));
    }
    Ok(waiting)
}
