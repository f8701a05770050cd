use crate::annual::departments::in_office;
use crate::annual::inputs::{AnnualInputs, RecordedSubmission};
use crate::annual::request::ReportRequest;
use crate::error::PipelineError;
use crate::identity::case_pair::CasePair;
use crate::identity::cases::CaseDecisions;
use crate::intake::known_amounts::KnownAmounts;
use crate::jobs::judged_again::judged_again;
use crate::jobs::waiting_files::questions_on_files;
use crate::snapshot::effective::EffectiveSubmissions;
use crate::snapshot::rows::Snapshot;
use crate::support::answer_index::AnswerIndex;
use crate::support::records::{SnapshotPlaces, SupportRecords};
use crate::support::registers::Registers;
use crate::support::resolved::{OtherProgrammes, ResolvedSnapshot};
use crate::support::support_index::SupportIndex;
use crate::support::text_answers::TextAnswers;
use crate::support::year_cache::{FRAME_KINDS, YearRecords, cache_key, from_frames, to_frames};
use chrono::FixedOffset;
use ledger::{Answer, AsOf, Ledger, RegisterFile, Submission};
use link::Matcher;
use model::{FileId, SubmissionId};
use programme::tables::{self, Tables};
use programme::{Form, Programme};
use serde::Serialize;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::Arc;

/// What the ledger knows at a moment. Submissions and answers are read once; rows as they are needed.
pub(crate) struct LedgerView<'l> {
    ledger: &'l Ledger,
    /// Under which name it is one of several; what is kept of its years says nothing of that, and is not used then.
    office: Option<String>,
    as_of: AsOf,
    pub submissions: Vec<Submission>,
    /// In the order they were given.
    pub answers: Vec<Answer>,
}

/// A year's records, from the cache or from its rows.
pub(crate) struct LoadedYear {
    pub year: i32,
    /// Where they are kept in the cache.
    pub key: FileId,
    pub records: YearRecords,
    /// Whether they were made from the rows, and not taken from the cache.
    pub is_from_rows: bool,
    /// The rows and the places of their mentions, if they were wanted.
    pub rows: Option<(Snapshot, SnapshotPlaces)>,
}

impl<'l> LedgerView<'l> {
    /// The ledger as it was known.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(crate) fn open(ledger: &'l Ledger, as_of: AsOf) -> Result<Self, PipelineError> {
        let (submissions, answers) = (ledger.submissions(as_of)?, ledger.answers(as_of)?);
        Ok(Self {
            ledger,
            office: None,
            as_of,
            submissions,
            answers,
        })
    }

    /// The same as one of several offices that are read as one: its files are named after it, and its departments are its own.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(crate) fn of_office(
        ledger: &'l Ledger,
        as_of: AsOf,
        office: &str,
    ) -> Result<Self, PipelineError> {
        let mut view = Self::open(ledger, as_of)?;
        view.office = Some(office.to_owned());
        for submission in &mut view.submissions {
            submission.office = view.office.clone();
            submission.file_name = in_office(office, &submission.file_name);
        }
        Ok(view)
    }

    /// What persons answered, to be found by pairs of records.
    pub(crate) fn answer_index(&self) -> AnswerIndex {
        AnswerIndex::new(&self.answers)
    }

    /// What counts for some years of a programme; the enterprises are not resolved yet.
    ///
    /// # Errors
    /// When records are missing or damaged.
    pub(crate) fn snapshot(
        &self,
        programme: &Programme,
        years: RangeInclusive<i32>,
    ) -> Result<Snapshot, PipelineError> {
        let submissions = EffectiveSubmissions::among(programme, &self.submissions, years);
        self.snapshot_of(programme, submissions)
    }

    fn snapshot_of(
        &self,
        programme: &Programme,
        submissions: EffectiveSubmissions,
    ) -> Result<Snapshot, PipelineError> {
        let (accepted, held) = rows(self.ledger, programme, &submissions.effective)?;
        let (superseded, _) = rows(self.ledger, programme, &submissions.superseded_quarters)?;
        Ok(Snapshot {
            submissions,
            accepted,
            held,
            superseded,
            ..Snapshot::default()
        })
    }

    /// The same with the enterprises resolved, together with what is known under other programmes.
    ///
    /// # Errors
    /// When records are missing or damaged.
    pub(crate) fn resolved_snapshot(
        &self,
        programme: &Programme,
        others: &[&Programme],
        years: RangeInclusive<i32>,
    ) -> Result<ResolvedSnapshot, PipelineError> {
        let snapshot = self.snapshot(programme, years)?;
        let others = self.other_programmes(others)?;
        ResolvedSnapshot::resolve(programme, snapshot, others, &self.answer_index())
    }

    /// Where the records of a year of a programme are kept in the cache; none if nobody reported for it.
    pub(crate) fn year_key(&self, programme: &Programme, year: i32) -> Option<FileId> {
        let submissions = EffectiveSubmissions::among(programme, &self.submissions, year..=year);
        (!submissions.is_empty()).then(|| cache_key(programme, &submissions))
    }

    /// The records of a year of a programme; none if nobody reported for it. They come from the cache unless the rows
    /// are wanted too.
    ///
    /// # Errors
    /// When records are missing or damaged.
    pub(crate) fn year(
        &self,
        programme: &Programme,
        year: i32,
        with_rows: bool,
    ) -> Result<Option<LoadedYear>, PipelineError> {
        self.year_with(programme, year, |_| with_rows)
    }

    /// The same; whether the rows are wanted too is told by where the year is kept in the cache.
    ///
    /// # Errors
    /// When records are missing or damaged.
    pub(crate) fn year_with(
        &self,
        programme: &Programme,
        year: i32,
        with_rows: impl Fn(&FileId) -> bool,
    ) -> Result<Option<LoadedYear>, PipelineError> {
        let submissions = EffectiveSubmissions::among(programme, &self.submissions, year..=year);
        if submissions.is_empty() {
            return Ok(None);
        }
        // The key covers all inputs, so a hit needs no further check.
        let key = cache_key(programme, &submissions);
        let with_rows = with_rows(&key);
        let may_be_kept = !with_rows && self.office.is_none();
        if may_be_kept && let Some(records) = self.cached(&key) {
            return Ok(Some(LoadedYear {
                year,
                key,
                records,
                is_from_rows: false,
                rows: None,
            }));
        }
        let snapshot = self.snapshot_of(programme, submissions)?;
        let (support, places) = SupportRecords::from_snapshot(programme, &snapshot)?;
        let records = YearRecords {
            support,
            may_be_one: snapshot.may_be_one(programme)?,
        };
        let rows = with_rows.then_some((snapshot, places));
        Ok(Some(LoadedYear {
            year,
            key,
            records,
            is_from_rows: true,
            rows,
        }))
    }

    /// Records that the cache has; none if it lacks them or they are not as they were written.
    fn cached(&self, key: &FileId) -> Option<YearRecords> {
        let [mentions, cases, pairs] = FRAME_KINDS.map(|kind| self.ledger.derived(kind, key));
        from_frames([mentions?, cases?, pairs?]).ok()
    }

    /// Which persons and clubs of all years of a programme may be one, as far as persons did not say it.
    ///
    /// # Errors
    /// When records are missing or damaged.
    pub(crate) fn may_be_one_of_all(
        &self,
        programme: &Programme,
        decisions: &CaseDecisions,
    ) -> Result<Vec<CasePair>, PipelineError> {
        let submissions =
            EffectiveSubmissions::among(programme, &self.submissions, programme.years());
        let (accepted, _) = rows_of(
            self.ledger,
            programme,
            &submissions.effective,
            Form::is_known_everywhere,
        )?;
        let snapshot = Snapshot {
            submissions,
            accepted,
            ..Snapshot::default()
        };
        Ok(snapshot.may_be_one_of_all(programme, decisions)?)
    }

    /// What is known under the programmes of other periods.
    ///
    /// # Errors
    /// When records are missing or damaged.
    pub(crate) fn other_programmes(
        &self,
        programmes: &[&Programme],
    ) -> Result<OtherProgrammes, PipelineError> {
        let mut others = OtherProgrammes::default();
        for programme in programmes {
            let years = programme.years();
            let known = EffectiveSubmissions::among(programme, &self.submissions, years.clone());
            others.submissions.extend(known.effective);
            for year in years {
                others.records.extend(
                    self.year(programme, year, false)?
                        .map(|year| year.records.support),
                );
            }
        }
        Ok(others)
    }

    /// All support that is known under a programme and under others. `first` come before all other records.
    ///
    /// # Errors
    /// When records are missing or damaged.
    pub(crate) fn support_index(
        &self,
        programme: &Programme,
        others: &[&Programme],
        first: Vec<SupportRecords>,
    ) -> Result<SupportIndex, PipelineError> {
        let mut own = first;
        for year in programme.years() {
            own.extend(
                self.year(programme, year, false)?
                    .map(|year| year.records.support),
            );
        }
        let others = self.other_programmes(others)?.records;
        Ok(SupportIndex::build(
            &Arc::new(Matcher::new(&programme.linkage)),
            &own.iter().collect::<Vec<_>>(),
            &others.iter().collect::<Vec<_>>(),
            &self.answer_index().constraints(),
        )?)
    }

    /// The registers of the moment, read.
    ///
    /// # Errors
    /// When a register's file is missing.
    pub(crate) fn registers(&self, programme: &Programme) -> Result<Registers, PipelineError> {
        let files = self.register_files()?;
        let texts = TextAnswers::new(&self.answers);
        Ok(Registers::read(programme, files).with_texts(texts))
    }

    /// The files of the registers of the moment.
    fn register_files(&self) -> Result<Vec<(RegisterFile, Vec<u8>)>, PipelineError> {
        let mut files = Vec::new();
        for register in self.ledger.registers(self.as_of)? {
            let bytes = self.ledger.bytes(&register.file)?;
            files.push((register, bytes));
        }
        Ok(files)
    }
}

/// The rows of some submissions by form, accepted and held, with the columns that the programme's forms have today.
fn rows(
    ledger: &Ledger,
    programme: &Programme,
    submissions: &[Submission],
) -> Result<(Tables, Tables), PipelineError> {
    rows_of(ledger, programme, submissions, |_| true)
}

/// The same of some forms.
fn rows_of(
    ledger: &Ledger,
    programme: &Programme,
    submissions: &[Submission],
    is_meant: impl Fn(&Form) -> bool,
) -> Result<(Tables, Tables), PipelineError> {
    let (mut accepted, mut held) = (Tables::new(), Tables::new());
    for submission in submissions {
        for code in submission.counting_forms() {
            let Some(form) = programme.form(code).filter(|form| is_meant(form)) else {
                continue;
            };
            // Forms gain and lose columns over the years: old records get the columns of today.
            let frame = ledger.facts(submission.id, code)?;
            let is_held = frame.column("held")?.bool()?.clone();
            let rows = tables::conform(form, &frame)?;
            if is_held.any() {
                tables::append(&mut accepted, code, &rows.filter(&!&is_held)?)?;
                tables::append(&mut held, code, &rows.filter(&is_held)?)?;
            } else {
                tables::append(&mut accepted, code, &rows)?;
            }
        }
    }
    Ok((accepted, held))
}

/// The kind under which the cache keeps the amounts of a year.
const AMOUNTS: &str = "amounts_by_line";

/// The amounts that count under a programme, from the cache as far as it has them.
///
/// # Errors
/// When records are missing or damaged, or the cache cannot be written.
pub(crate) fn known_amounts(
    ledger: &Ledger,
    programme: &Programme,
    submissions: &[Submission],
) -> Result<KnownAmounts, PipelineError> {
    let mut of_years = Vec::new();
    for year in programme.years() {
        let known = EffectiveSubmissions::among(programme, submissions, year..=year);
        if known.effective.is_empty() {
            continue;
        }
        let key = cache_key(programme, &known);
        let kept = ledger.derived(AMOUNTS, &key);
        let kept = kept.and_then(|frame| KnownAmounts::from_frame(&frame).ok());
        of_years.push(match kept {
            Some(kept) => kept,
            None => {
                let (accepted, _) = rows(ledger, programme, &known.effective)?;
                keep_amounts(ledger, programme, &key, &accepted)?
            }
        });
    }
    Ok(KnownAmounts::joined(&of_years))
}

/// Keeps the amounts of a year's accepted rows in the cache; gives them.
///
/// # Errors
/// When they cannot be written.
pub(crate) fn keep_amounts(
    ledger: &Ledger,
    programme: &Programme,
    key: &FileId,
    accepted: &Tables,
) -> Result<KnownAmounts, PipelineError> {
    let known = KnownAmounts::of(programme, accepted)?;
    ledger.keep_derived(AMOUNTS, key, &known.to_frame()?)?;
    Ok(known)
}

/// Keeps the records of a year in the cache.
///
/// # Errors
/// When they cannot be written.
pub(crate) fn keep_in_cache(ledger: &Ledger, year: &LoadedYear) -> Result<(), PipelineError> {
    for (kind, frame) in FRAME_KINDS.into_iter().zip(to_frames(&year.records)?) {
        ledger.keep_derived(kind, &year.key, &frame)?;
    }
    Ok(())
}

/// What a report knows of the ledger: what was known at its moment; if it was recorded, no more than there was then.
///
/// # Errors
/// When the database cannot be read.
pub(crate) fn known_to(ledger: &Ledger, request: &ReportRequest) -> Result<AsOf, PipelineError> {
    Ok(match request.recorded {
        Some(report) => ledger.as_of_report(request.as_of, report)?,
        None => request.as_of.into(),
    })
}

/// What is recorded of each submission of some years, with what became true of it later.
///
/// # Errors
/// When records are missing or damaged.
pub(crate) fn recorded_findings(
    ledger: &Ledger,
    programme: &Programme,
    submissions: &[Submission],
    shown: RangeInclusive<i32>,
) -> Result<BTreeMap<SubmissionId, RecordedSubmission>, PipelineError> {
    let mut recorded: BTreeMap<SubmissionId, RecordedSubmission> = BTreeMap::new();
    for submission in submissions {
        // Findings are many: only those of the years shown are read.
        if submission
            .period
            .is_some_and(|period| shown.contains(&period.calendar_year()))
        {
            let (findings, form_rows) = (
                ledger.findings(submission.id)?,
                ledger.form_rows(submission.id)?,
            );
            recorded.insert(
                submission.id,
                RecordedSubmission {
                    findings,
                    form_rows,
                },
            );
        }
    }
    let is_shown = |submission: &Submission, _: &Submission| recorded.contains_key(&submission.id);
    let judged = judged_again(ledger, programme, submissions, is_shown)?;
    for (submission, findings) in judged {
        if let Some(recorded) = recorded.get_mut(&submission) {
            recorded.findings.extend(findings);
        }
    }
    Ok(recorded)
}

/// All that a report is made from, as it was known at its moment.
///
/// # Errors
/// When records or a register are missing or damaged.
pub(crate) fn annual_inputs(
    ledger: &Ledger,
    request: &ReportRequest,
    offset: FixedOffset,
) -> Result<AnnualInputs, PipelineError> {
    let view = LedgerView::open(ledger, known_to(ledger, request)?)?;
    Ok(inputs_of_offices(vec![view], request, offset)?.0)
}

/// A file that lies in two offices: it is counted in the first of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SameFile {
    /// What it is called in the office where it counts, with that office's name.
    pub counted: String,
    /// What it is called in the other.
    pub again: String,
}

/// The same from the ledgers of several offices, read side by side: each says by itself what counts of what it was sent, and
/// numbers of submissions go on from one to the next. With it come the files that lie in several.
///
/// # Errors
/// When records or a register are missing or damaged.
pub(crate) fn inputs_of_offices(
    views: Vec<LedgerView<'_>>,
    request: &ReportRequest,
    offset: FixedOffset,
) -> Result<(AnnualInputs, Vec<SameFile>), PipelineError> {
    let programme = &request.programme.programme;
    let earlier: Vec<&Programme> = request
        .earlier
        .iter()
        .map(|other| &other.programme)
        .collect();
    let shown = request.first_year_shown()..=request.year;
    let day = (request.as_of.day(offset), offset);
    let mut inputs = AnnualInputs {
        offset,
        submissions: Vec::new(),
        recorded: BTreeMap::new(),
        snapshot: Snapshot::default(),
        others: OtherProgrammes::default(),
        registers: Registers::read(programme, Vec::new()),
        answers: Vec::new(),
        questions_on_files: 0,
    };
    let mut registers: Vec<(RegisterFile, Vec<u8>)> = Vec::new();
    let mut counted: BTreeMap<FileId, String> = BTreeMap::new();
    let mut same_files = Vec::new();
    for mut view in views {
        view.submissions
            .retain(|submission| request.holds(submission, offset));
        let numbers = inputs.submissions.iter().map(|submission| submission.id.0);
        let base = numbers.max().unwrap_or(0);
        let renumbered = |submission: &Submission| Submission {
            id: SubmissionId(submission.id.0 + base),
            ..submission.clone()
        };
        let recorded = recorded_findings(view.ledger, programme, &view.submissions, shown.clone())?;
        let of_years = view
            .submissions
            .iter()
            .filter(|it| recorded.contains_key(&it.id));
        let of_years: Vec<Submission> = of_years.cloned().collect();
        inputs.questions_on_files +=
            questions_on_files(view.ledger, programme, &of_years, view.as_of, day)?;
        let years = programme.first_year..=request.year;
        let mut counting = EffectiveSubmissions::among(programme, &view.submissions, years);
        for submissions in [&mut counting.effective, &mut counting.superseded_quarters] {
            // A row is known by its file: one that counts already would be counted twice.
            submissions.retain(|submission| match counted.get(&submission.file) {
                Some(first) => {
                    same_files.push(SameFile {
                        counted: first.clone(),
                        again: submission.file_name.clone(),
                    });
                    false
                }
                None => true,
            });
        }
        let all = counting
            .effective
            .iter()
            .chain(&counting.superseded_quarters);
        counted.extend(all.map(|it| (it.file.clone(), it.file_name.clone())));
        let own = view.snapshot_of(programme, counting)?;
        let EffectiveSubmissions {
            effective,
            superseded_quarters,
        } = &mut inputs.snapshot.submissions;
        effective.extend(own.submissions.effective.iter().map(renumbered));
        superseded_quarters.extend(own.submissions.superseded_quarters.iter().map(renumbered));
        for (all, rows) in [
            (&mut inputs.snapshot.accepted, &own.accepted),
            (&mut inputs.snapshot.held, &own.held),
            (&mut inputs.snapshot.superseded, &own.superseded),
        ] {
            for (form, frame) in rows {
                tables::append(all, form, frame)?;
            }
        }
        let others = view.other_programmes(&earlier)?;
        let submissions = others.submissions.iter().map(renumbered);
        inputs.others.submissions.extend(submissions);
        inputs.others.records.extend(others.records);
        for (id, mut recorded) in recorded {
            if let Some(office) = &view.office {
                for finding in &mut recorded.findings {
                    finding.file_name = in_office(office, &finding.file_name);
                }
            }
            inputs.recorded.insert(SubmissionId(id.0 + base), recorded);
        }
        for (register, bytes) in view.register_files()? {
            // A list that all offices were given is compared with once.
            if registers
                .iter()
                .all(|(known, _)| known.file != register.file)
            {
                registers.push((register, bytes));
            }
        }
        let submissions = view.submissions.iter().map(renumbered);
        inputs.submissions.extend(submissions);
        inputs.answers.extend(view.answers);
    }
    let texts = TextAnswers::new(&inputs.answers);
    inputs.registers = Registers::read(programme, registers).with_texts(texts);
    Ok((inputs, same_files))
}
