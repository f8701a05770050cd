use crate::PipelineError;
use crate::inbox::hash;
use crate::review::{self, ordered};
use crate::standing::{Standing, when};
use chrono::NaiveDate;
use ledger::{Answer, Ledger, RegisterFile, Verdict};
use link::{Grant, Identities, Matcher, Party, Record, Said, overlaps};
use model::{Period, Vnd};
use polars::prelude::*;
use programme::{ColumnType, Form, Programme};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// A grant as a person finds it again: who gave it, what, when, and its cells.
#[derive(Debug, Clone, Default, Serialize)]
pub struct GrantLine {
    /// The department's code; none for another programme's.
    pub department: Option<String>,
    /// The register's code; none for a department's.
    pub register: Option<String>,
    /// The enterprise as it is written there.
    pub name: String,
    /// Its tax code as it is written there.
    pub tax_code: Option<String>,
    /// The contents, by code.
    pub contents: BTreeSet<String>,
    /// The tools and standards it names, by code.
    pub tools: BTreeSet<String>,
    /// The first day, where known.
    pub from: Option<NaiveDate>,
    /// The last day; none while it goes on.
    pub to: Option<NaiveDate>,
    /// The money of the state, in đồng.
    pub state_budget: Option<i64>,
    /// The file.
    pub file: String,
    /// The sheet.
    pub sheet: String,
    /// The row, from 1.
    pub row: i64,
    /// The year it was reported for; none for another programme's.
    #[serde(skip)]
    pub(crate) year: Option<i32>,
    #[serde(skip)]
    party: Said4,
}

/// Address, district, phone, representative; and since when it is known.
type Said4 = ([Option<String>; 4], i32);

/// Two grants to one enterprise that overlap.
#[derive(Debug, Serialize)]
pub struct OverlapLine {
    /// `duplicate`, `repeat`, `combined` or `unclear`.
    pub class: &'static str,
    /// The enterprise.
    pub enterprise: String,
    /// The department's grant.
    pub left: GrantLine,
    /// The other grant.
    pub right: GrantLine,
    /// The contents and tools that both have, and both periods.
    pub evidence: String,
    /// The clause.
    pub clause: &'static str,
    /// What a person decided, where that still holds: the name of the [`Verdict`].
    pub decision: Option<&'static str>,
    /// Whether a person has to decide.
    pub waits: bool,
    /// An answer that no longer holds, or was not final.
    #[serde(skip)]
    pub(crate) previous: Option<Answer>,
}

/// Two records that may be one enterprise: a person says.
#[derive(Debug, Serialize)]
pub struct QuestionLine {
    /// One record.
    pub left: GrantLine,
    /// The other.
    pub right: GrantLine,
    /// The log-odds that they are the same, in bits.
    pub score: String,
    /// What speaks for and against.
    pub reasons: String,
    #[serde(skip)]
    pub(crate) previous: Option<Answer>,
}

impl Record for &GrantLine {
    fn party(&self) -> Party<'_> {
        self.party_of()
    }
}

/// A register, as it was read.
#[derive(Debug, Serialize)]
pub struct RegisterLine {
    /// The file's name.
    pub file: String,
    /// Its content's hash.
    pub sha256: String,
    /// The programmes whose lists are in it, by the register's code, with the entries of each; none where no list
    /// that the programme describes was found in it.
    pub entries: BTreeMap<String, usize>,
}

/// What comparing all support with all other support gave.
#[derive(Debug, Default)]
pub(crate) struct Compared {
    pub registers: Vec<RegisterLine>,
    pub overlaps: Vec<OverlapLine>,
    pub questions: Vec<QuestionLine>,
}

/// The overlaps of all standing cases with one another and with the registers of a moment (RFC 3339, UTC; none:
/// now), and the questions they depend on.
pub(crate) fn find(
    programme: &Programme,
    ledger: &Ledger,
    standing: &Standing,
    as_of: Option<&str>,
    today: NaiveDate,
) -> Result<Compared, PipelineError> {
    let answers = Answers::of(ledger.answers(as_of)?);
    let mut lines = Vec::new();
    let files = standing.files();
    for form in programme.forms.values().filter(|form| form.grant.is_some() && !form.own_workbook) {
        if let Some(frame) = standing.accepted.get(&form.code) {
            lines.extend(grants(programme, form, frame, false)?);
        }
    }
    for line in &mut lines {
        let name = files.get(&model::FileId(line.file.clone())).map(|file| file.name.clone());
        line.file = name.unwrap_or_default();
    }
    let (registers, registered) = read_registers(programme, ledger, as_of)?;
    let matcher = Matcher::new(&programme.linkage);
    lines.extend(near(&matcher, &lines, registered));
    let said: Vec<Said<'_>> = lines.iter().map(|line| Said { party: line.party_of(), when: line.party.1 }).collect();
    let Identities { of, questions } = matcher.identify(&said, &review::of_enterprises(ledger, as_of)?);
    let all: Vec<Grant> = lines
        .iter()
        .zip(&of)
        .map(|(line, identity)| Grant {
            enterprise: identity.enterprise.clone(),
            source: line.register.clone().or_else(|| line.department.clone()).unwrap_or_default(),
            is_known_elsewhere: line.register.is_some(),
            contents: line.contents.clone(),
            tools: line.tools.clone(),
            from: line.from,
            to: line.to,
        })
        .collect();
    let overlaps = overlaps(&all)
        .into_iter()
        .map(|overlap| {
            let (left, right) = (&lines[overlap.left], &lines[overlap.right]);
            let class = overlap.class.name();
            let answer = answers.on(&[left.print(), right.print()], left, right, true);
            let holds = answer.filter(|answer| answer.holds(today));
            let list = |set: &BTreeSet<String>| set.iter().cloned().collect::<Vec<_>>().join(" ");
            OverlapLine {
                class,
                decision: holds.map(|found| found.answer.verdict.name()),
                waits: matches!(class, "duplicate" | "unclear") && holds.is_none(),
                previous: answer.map(|found| found.answer.clone()),
                enterprise: left.name.clone(),
                evidence: format!(
                    "{} {} | {} | {}",
                    list(&overlap.contents),
                    list(&overlap.tools),
                    left.span(),
                    right.span()
                ),
                left: left.clone(),
                right: right.clone(),
                clause: if overlap.class == link::Class::Combined { "III.1.b" } else { "III.2.b, VI.2.b" },
            }
        })
        .collect();
    let questions = questions
        .into_iter()
        .filter(|question| lines[question.left].register.is_none() || lines[question.right].register.is_none())
        .map(|question| QuestionLine {
            left: lines[question.left].clone(),
            right: lines[question.right].clone(),
            score: crate::link_files::bits(question.score),
            reasons: crate::link_files::reasons(programme, &question.parts),
            previous: {
                let (left, right) = (&lines[question.left], &lines[question.right]);
                let prints = [left.party_print(), right.party_print()];
                answers.on(&prints, left, right, false).map(|found| found.answer.clone())
            },
        })
        .collect();
    Ok(Compared { registers, overlaps, questions })
}

/// The last answer on each pair of records, by what decided and by whom they are about.
#[derive(Default)]
struct Answers {
    by_print: BTreeMap<[String; 2], Answer>,
    by_about: BTreeMap<(bool, [String; 2]), Answer>,
}

/// An answer found for two records.
#[derive(Clone, Copy)]
struct Found<'a> {
    answer: &'a Answer,
    /// Whether neither record changed since in what decided.
    is_current: bool,
}

impl Found<'_> {
    fn holds(&self, today: NaiveDate) -> bool {
        self.is_current
            && self.answer.verdict != Verdict::Verify
            && self.answer.until.is_none_or(|until| today <= until)
    }
}

impl Answers {
    fn of(answers: Vec<Answer>) -> Self {
        let mut all = Self::default();
        for answer in answers {
            let of_grants = matches!(answer.verdict, Verdict::Duplicate | Verdict::NotDuplicate);
            all.by_about.insert((of_grants, answer.about.clone()), answer.clone());
            all.by_print.insert(answer.prints.clone(), answer);
        }
        all
    }

    fn on(&self, prints: &[String; 2], left: &GrantLine, right: &GrantLine, of_grants: bool) -> Option<Found<'_>> {
        let current = self.by_print.get(&ordered(prints.clone()));
        let earlier = || self.by_about.get(&(of_grants, ordered([left.about(), right.about()])));
        let found = |is_current| move |answer| Found { answer, is_current };
        current.map(found(true)).or_else(|| earlier().map(found(false)))
    }
}

impl GrantLine {
    /// What decides who it is about.
    pub(crate) fn party_print(&self) -> String {
        self.party_of().fingerprint()
    }

    /// What decides whether it is the same support as another.
    pub(crate) fn print(&self) -> String {
        let said = format!("{}|{:?}|{:?}|{}", self.party_print(), self.contents, self.tools, self.days());
        hash(said.as_bytes()).short().to_owned()
    }

    /// Whom it is about and who says it, as a short text: the same after a correction.
    pub(crate) fn about(&self) -> String {
        let by = self.department.as_deref().or(self.register.as_deref()).unwrap_or_default();
        hash(format!("{by} · {}", vietext::name_key(&self.name)).as_bytes()).short().to_owned()
    }

    /// For a person: who says it, name, tax code, address, what, when, where.
    pub(crate) fn shown(&self, programme: &Programme) -> [String; 7] {
        let [address, district, ..] = &self.party.0;
        let place = [address, district].into_iter().flatten().find(|part| !part.is_empty());
        [
            self.source(programme),
            self.name.clone(),
            self.tax_code.clone().unwrap_or_default(),
            place.cloned().unwrap_or_default(),
            self.what(),
            self.span(),
            self.place(),
        ]
    }

    /// The department's short name, or the title of the other programme's list.
    pub(crate) fn source(&self, programme: &Programme) -> String {
        match (&self.department, &self.register) {
            (Some(code), _) => programme.department(code).map_or(code.clone(), |d| d.short.clone()),
            (None, Some(code)) => programme.registers.get(code).map_or(code.clone(), |form| form.title.vi.clone()),
            (None, None) => String::new(),
        }
    }

    /// Contents and tools, by code.
    pub(crate) fn what(&self) -> String {
        self.contents.iter().chain(&self.tools).cloned().collect::<Vec<_>>().join(", ")
    }

    /// File, sheet and row.
    pub(crate) fn place(&self) -> String {
        format!("{} › {} › {}", self.file, self.sheet, self.row)
    }

    fn party_of(&self) -> Party<'_> {
        let [address, district, phone, representative] = &self.party.0;
        Party {
            name: &self.name,
            tax_code: self.tax_code.as_deref(),
            address: address.as_deref(),
            district: district.as_deref(),
            phone: phone.as_deref(),
            representative: representative.as_deref(),
        }
    }

    /// From when to when, in words.
    pub(crate) fn days(&self) -> String {
        let day = |day: Option<NaiveDate>| day.map_or_else(|| "…".to_owned(), |day| day.format("%d/%m/%Y").to_string());
        format!("{}–{}", day(self.from), day(self.to))
    }

    fn span(&self) -> String {
        let money = self.state_budget.map(|dong| format!(" · {} đ", Vnd(dong))).unwrap_or_default();
        format!("{}{money}", self.days())
    }
}

/// The rows of registers that may be about an enterprise of the cases: a register may have a million others.
fn near(matcher: &Matcher, cases: &[GrantLine], registered: Vec<GrantLine>) -> Vec<GrantLine> {
    let left: Vec<&GrantLine> = cases.iter().collect();
    let batches = || registered.chunks(4_096).map(|chunk| chunk.iter().collect::<Vec<&GrantLine>>());
    let wanted: BTreeSet<usize> = matcher.weigh(&left, batches).into_iter().map(|pair| pair.right).collect();
    let all = registered.iter().enumerate();
    all.filter(|(at, _)| wanted.contains(at)).map(|(_, line)| line.clone()).collect()
}

/// The registers of a moment, and the entries of their lists, whichever programme's they are.
fn read_registers(
    programme: &Programme,
    ledger: &Ledger,
    as_of: Option<&str>,
) -> Result<(Vec<RegisterLine>, Vec<GrantLine>), PipelineError> {
    let programme = programme.of_registers();
    let mut registers = Vec::new();
    let mut lines = Vec::new();
    for RegisterFile { file_name, file } in ledger.registers(as_of)? {
        let reading = ingest::read(&file, &file_name, &ledger.bytes(&file)?, &programme);
        let mut entries: BTreeMap<String, usize> = BTreeMap::new();
        for table in &reading.tables {
            if let Some(form) = programme.forms.get(&table.form) {
                let read = grants(&programme, form, &table.frame, true)?;
                *entries.entry(form.code.clone()).or_default() += read.len();
                lines.extend(read.into_iter().map(|line| GrantLine { file: file_name.clone(), ..line }));
            }
        }
        registers.push(RegisterLine { file: file_name, sha256: file.to_string(), entries });
    }
    Ok((registers, lines))
}

/// The grants of a form's rows.
fn grants(
    programme: &Programme,
    form: &Form,
    frame: &DataFrame,
    is_register: bool,
) -> Result<Vec<GrantLine>, PipelineError> {
    let (Some(grant), Some(party)) = (&form.grant, &form.party) else { return Ok(Vec::new()) };
    let texts = |name: Option<&str>| -> PolarsResult<Vec<Option<String>>> {
        let Some(name) = name else { return Ok(vec![None; frame.height()]) };
        let column = frame.column(name)?.cast(&DataType::String)?;
        Ok(column.str()?.iter().map(|text| text.map(str::to_owned)).collect())
    };
    let days = |name: Option<&str>| -> PolarsResult<Vec<Option<NaiveDate>>> {
        Ok(texts(name)?.into_iter().map(|text| text.and_then(|text| text.get(..10)?.parse().ok())).collect())
    };
    let names = texts(Some(&party.name))?;
    let codes = texts(party.tax_code.as_deref())?;
    let addresses = texts(party.address.as_deref())?;
    let districts = texts(party.district.as_deref())?;
    let phones = texts(party.phone.as_deref())?;
    let people = texts(party.representative.as_deref())?;
    let contents = texts(Some(&grant.content))?;
    let tools = texts(grant.tool.as_deref())?;
    let from = days(Some(&grant.start))?;
    let last = grant.end.as_ref().map(|end| format!("{end}_last"));
    let to = days(last.as_deref())?;
    let money = texts(grant.money.as_deref())?;
    let departments = texts(Some("department"))?;
    let periods = texts(Some("period"))?;
    let files = texts(Some("file"))?;
    let sheets = texts(Some("sheet"))?;
    let rows = frame.column("row")?.i64()?.clone();
    let content_is_text = form.column(&grant.content).is_some_and(|column| column.kind == ColumnType::Text);
    let content_list = programme.lists.get("content");
    let tool_list = programme.lists.get("tool");
    let lines = (0..frame.height()).map(|at| {
        let content = contents[at].clone().unwrap_or_default();
        let known: BTreeSet<String> = match content_list {
            Some(list) if content_is_text => list.find_all(&content).iter().map(|m| m.code.to_owned()).collect(),
            _ => content.split(';').map(str::to_owned).collect(),
        };
        let unclassified = content_list.and_then(|list| list.unclassified.as_deref());
        let said =
            format!("{} · {}", tools[at].as_deref().unwrap_or_default(), if content_is_text { &content } else { "" });
        // An end before the start is a slip of the pen that a finding tells of: here it is not known.
        let to = to[at].filter(|to| from[at].is_none_or(|from| from <= *to));
        GrantLine {
            department: departments[at].clone(),
            register: is_register.then(|| form.code.clone()),
            name: names[at].clone().unwrap_or_default(),
            tax_code: codes[at].clone(),
            contents: known
                .into_iter()
                .filter(|code| !code.is_empty() && Some(code.as_str()) != unclassified)
                .collect(),
            tools: tool_list.map(|list| list.held(&said).into_iter().map(str::to_owned).collect()).unwrap_or_default(),
            from: from[at],
            to,
            state_budget: money[at].as_deref().and_then(|dong| dong.parse().ok()),
            file: files[at].clone().unwrap_or_default(),
            sheet: sheets[at].clone().unwrap_or_default(),
            row: rows.get(at).unwrap_or_default(),
            year: periods[at].as_deref().and_then(|p| p.parse::<Period>().ok()).map(Period::calendar_year),
            party: (
                [addresses[at].clone(), districts[at].clone(), phones[at].clone(), people[at].clone()],
                when(periods[at].as_deref()),
            ),
        }
    });
    Ok(lines.collect())
}
