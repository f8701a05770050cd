use crate::error::PipelineError;
use crate::support::answer_index::{AnswerIndex, QuestionKind};
use crate::support::case_columns::CaseColumns;
use crate::support::evidence_text::{bits, evidence_text};
use crate::support::overlap_line::{OverlapLine, QuestionLine};
use crate::support::registers::{RegisterLine, Registers};
use crate::support::resolution::Resolution;
use crate::support::settled::settle;
use crate::support::support_index::SupportIndex;
use crate::support::support_line::SupportLine;
use chrono::NaiveDate;
use link::{Fingerprint, Overlap, OverlapClass, Party, Question, overlaps};
use polars::prelude::PolarsResult;
use programme::Programme;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What comparing all support with all other support and with the registers gave.
#[derive(Debug, Default)]
pub(crate) struct Comparison {
    pub registers: Vec<RegisterLine>,
    pub overlaps: Vec<OverlapLine>,
    /// Enterprises with so much support that not all of it was compared each with each.
    pub left_out: Vec<LeftOutLine>,
    pub questions: Vec<QuestionLine>,
    /// Records that were taken for one enterprise without one valid tax code, and without a person's word.
    pub joined: Vec<QuestionLine>,
}

/// An enterprise with so much support that not all of it was compared each with each.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LeftOutLine {
    /// The enterprise.
    pub enterprise: String,
    /// How many grants it has.
    pub grants: usize,
    /// How many pairs of them were not compared.
    pub pairs: usize,
}

impl Comparison {
    /// Takes the overlaps of some records out.
    pub(crate) fn leave_out(&mut self, records: &BTreeSet<String>) {
        let is_out = |line: &SupportLine| records.contains(&line.record);
        self.overlaps
            .retain(|overlap| !is_out(&overlap.left) && !is_out(&overlap.right));
    }

    /// The overlaps of all known cases with one another and with the registers, and the questions they depend on, as
    /// answered by a day. Nominees come first among the cases and so are on the left of what they overlap with.
    ///
    /// # Errors
    /// When a frame lacks a column.
    pub(crate) fn compare(
        programme: &Programme,
        index: &SupportIndex,
        registers: &Registers,
        answers: &AnswerIndex,
        today: NaiveDate,
    ) -> Result<Self, PipelineError> {
        // Without lists of other programmes there is nothing to be near to.
        let enterprises = match registers.is_empty() {
            true => Vec::new(),
            false => distinct_enterprises(index)?,
        };
        let parties: Vec<Party<'_>> = enterprises.iter().map(|(_, party)| *party).collect();
        let (near, near_to) = registers.near(index.resolution.matcher(), &parties)?;
        // From places among the distinct enterprises back to places among the mentions.
        let near_to: BTreeSet<usize> = near_to.into_iter().map(|at| enterprises[at].0).collect();
        // Without a register entry near any enterprise the resolution stays as it is, which saves resolving again.
        let with_registers = match near_to.is_empty() {
            true => None,
            false => Some(index.with_registers(&near, &near_to, &answers.constraints())?),
        };
        let SupportIndex {
            resolution,
            cases,
            may_be_one,
        } = with_registers.as_ref().unwrap_or(index);
        let cases = CaseColumns::read(cases)?;
        let mut found = overlaps(&cases.grants(resolution), |at| {
            answers.is_on_support(&cases.line(at, resolution))
        });
        ask_whether_one(&mut found.pairs, may_be_one);
        let left_out = found.left_out.iter().map(|left_out| LeftOutLine {
            enterprise: cases.line(left_out.place, resolution).enterprise.name,
            grants: left_out.grants,
            pairs: left_out.pairs,
        });
        let overlaps = found.pairs.par_iter().map(|overlap| {
            let sides = [overlap.left, overlap.right].map(|at| cases.line(at, resolution));
            OverlapLine::new(overlap, sides, answers, today, &programme.overlap)
        });
        let shown = ShownCases::new(&cases, resolution);
        let questions = resolution.questions().iter().filter_map(|question| {
            let side = |place| shown.of_mention(place).or(shown.of_enterprise(place));
            Some((question, side(question.left)?, side(question.right)?))
        });
        let joined = resolution.joined().iter().filter_map(|question| {
            let [left, right] = [question.left, question.right].map(|at| shown.of_mention(at));
            Some((question, left?, right?))
        });
        let line = |(question, left, right): (&Question, usize, usize)| {
            let sides = [left, right].map(|at| cases.line(at, resolution));
            question_line(programme, question, sides, answers)
        };
        let mut overlaps: Vec<OverlapLine> = overlaps.collect();
        settle(&mut overlaps);
        Ok(Self {
            overlaps,
            left_out: left_out.collect(),
            questions: questions.map(line).collect(),
            joined: joined.map(line).collect(),
            registers: registers.lines.clone(),
        })
    }
}

/// Puts what may be one case of one reporter among the overlaps that a person decides on, whatever their contents and days.
fn ask_whether_one(overlaps: &mut Vec<Overlap>, may_be_one: &[[usize; 2]]) {
    let pairs: BTreeSet<(usize, usize)> = may_be_one
        .iter()
        .map(|&[one, other]| (one.min(other), one.max(other)))
        .collect();
    let mut known = BTreeSet::new();
    for overlap in overlaps.iter_mut() {
        let pair = (overlap.left, overlap.right);
        if pairs.contains(&pair) {
            overlap.class = OverlapClass::Duplicate;
            known.insert(pair);
        }
    }
    let others = pairs.difference(&known);
    overlaps.extend(others.map(|&(left, right)| Overlap {
        left,
        right,
        class: OverlapClass::Duplicate,
        contents: BTreeSet::new(),
        tools: BTreeSet::new(),
    }));
    overlaps.sort_unstable_by_key(|overlap| (overlap.left, overlap.right));
}

fn question_line(
    programme: &Programme,
    question: &Question,
    [left, right]: [SupportLine; 2],
    answers: &AnswerIndex,
) -> QuestionLine {
    let answer = answers.on(QuestionKind::Enterprises, &left, &right);
    QuestionLine {
        score: bits(question.score),
        reasons: evidence_text(programme, &question.evidence),
        previous: answer.map(|found| found.answer.clone()),
        left,
        right,
    }
}

/// The enterprises that known cases name, each wording once, with the place of its mention.
fn distinct_enterprises(index: &SupportIndex) -> PolarsResult<Vec<(usize, Party<'_>)>> {
    let mentions = index.resolution.mentions();
    let mut seen: foldhash::HashSet<Fingerprint> = Default::default();
    let mut places = index.cases.mentions()?;
    places.retain(|&place| seen.insert(mentions.fingerprint(place)));
    Ok(places
        .into_iter()
        .map(|place| (place, mentions.get(place).party))
        .collect())
}

/// The cases by which mentions that a person is asked about are shown.
struct ShownCases<'a> {
    resolution: &'a Resolution,
    by_fingerprint: BTreeMap<Fingerprint, usize>,
    by_cluster: BTreeMap<usize, usize>,
}

impl<'a> ShownCases<'a> {
    fn new(cases: &CaseColumns, resolution: &'a Resolution) -> Self {
        let pairs = resolution.questions().iter().chain(resolution.joined());
        let sides = pairs.flat_map(|question| [question.left, question.right]);
        let asked: BTreeSet<usize> = sides.map(|place| resolution.cluster(place)).collect();
        let (mut by_fingerprint, mut by_cluster) = (BTreeMap::new(), BTreeMap::new());
        for (at, &place) in cases.mentions.iter().enumerate() {
            let cluster = resolution.cluster(place);
            if asked.contains(&cluster) {
                let fingerprint = resolution.mentions().fingerprint(place);
                by_fingerprint.entry(fingerprint).or_insert(at);
                by_cluster.entry(cluster).or_insert(at);
            }
        }
        Self {
            resolution,
            by_fingerprint,
            by_cluster,
        }
    }

    /// A case with the same mention.
    fn of_mention(&self, place: usize) -> Option<usize> {
        let fingerprint = self.resolution.mentions().fingerprint(place);
        self.by_fingerprint.get(&fingerprint).copied()
    }

    /// A case of the same enterprise: a question about a row that a later one has superseded is asked of the later.
    fn of_enterprise(&self, place: usize) -> Option<usize> {
        self.by_cluster
            .get(&self.resolution.cluster(place))
            .copied()
    }
}

#[cfg(test)]
mod tests {
    use super::Comparison;
    use crate::support::answer_index::{AnswerIndex, ordered};
    use crate::support::overlap_line::OverlapLine;
    use crate::support::registers::Registers;
    use crate::support::resolved::{OtherProgrammes, ResolvedSnapshot};
    use crate::testing::{answer, day, programme, snapshot, submission};
    use ledger::{Answer, RegisterFile, Verdict, file_id};
    use link::OverlapClass;
    use std::collections::BTreeSet;

    /// The comparison of what SCT (`f1`) and SXD (`f2`) report for 2023.
    fn compare(support: &str, registers: &Registers, answers: &[Answer]) -> Comparison {
        let sent = [submission(1, "SCT", "2023"), submission(2, "SXD", "2023")];
        let answers = AnswerIndex::new(answers);
        let snapshot = snapshot(&sent, &[("support", support)]);
        let others = OtherProgrammes::default();
        let resolved = ResolvedSnapshot::resolve(programme(), snapshot, others, &answers);
        let index = resolved.unwrap().index;
        Comparison::compare(programme(), &index, registers, &answers, day("2024-01-01")).unwrap()
    }

    fn no_registers() -> Registers {
        Registers::read(programme(), Vec::new())
    }

    const SUPPORT: &str = "file | enterprise      | tax_code   | content | start      | finish
                           f1   | Công ty Mẫu Một | 3600265395 | 3a1     | 2023-03-01 | 2023-06-30
                           f2   | CTY MẪU MỘT     | 3600265395 | 3a1     | 2023-05-01 | 2023-07-31
                           f2   | CTY MẪU MỘT     | 3600265395 | 3b3     | 2023-05-01 |
                           f2   | CTY MẪU MỘT     | 3600265395 | 3a1     | 2023-08-01 |
                           f2   | Công ty Gỗ Mẫu  | 3603295006 | 3a1     | 2023-05-01 |";

    #[test]
    fn cases_of_one_enterprise_are_compared_and_others_are_not() {
        let found = compare(SUPPORT, &no_registers(), &[]);
        let of = |overlap: &OverlapLine| {
            let [left, right] = [&overlap.left, &overlap.right].map(|line| line.record.as_str());
            format!("{left} {right} {}", overlap.class.name())
        };
        let overlaps: Vec<String> = found.overlaps.iter().map(of).collect();
        insta::assert_snapshot!(overlaps.join("\n"), @r"
        f1:1 f2:2 duplicate
        f1:1 f2:3 combined
        f1:1 f2:4 repeat
        f2:2 f2:4 repeat
        ");
    }

    #[test]
    fn the_register_of_another_programme_is_compared_with_departments_and_not_with_itself() {
        let list = testkit::workbook(
            "== DNNVV
             Danh sách doanh nghiệp được hỗ trợ theo Đề án hỗ trợ DNNVV
             Tên doanh nghiệp | Mã số thuế | Nội dung hỗ trợ | Từ ngày | Đến ngày | Số tiền
             Công ty Mẫu Một | '3600265395 | Công cụ cải tiến năng suất | 2023-01-10 | 2023-12-31 | 5
             Công ty Dệt Mẫu Ba | | Công cụ cải tiến năng suất | 2023-01-10 | 2023-12-31 | 5",
        );
        let file = RegisterFile {
            file_name: "sme.xlsx".to_owned(),
            file: file_id(&list),
        };
        let registers = Registers::read(programme(), vec![(file, list)]);
        let found = compare(SUPPORT, &registers, &[]);
        let elsewhere = |overlap: &&OverlapLine| overlap.right.register.as_deref() == Some("sme");
        let classes: Vec<&str> = found
            .overlaps
            .iter()
            .filter(elsewhere)
            .map(|overlap| overlap.class.name())
            .collect();
        assert_eq!(classes, ["duplicate", "duplicate", "combined", "duplicate"]);
        assert_eq!(found.registers[0].entries["sme"], 2);
    }

    #[test]
    fn a_question_is_asked_of_the_cases_of_both_enterprises_until_it_is_answered() {
        let support = "file | enterprise                  | district   | content | start
                       f1   | Công ty TNHH Cơ khí Mẫu Một | bien-hoa   | 3a1     | 2023-03-01
                       f2   | Công ty TNHH Cơ khí Mẫu Một | long-khanh | 3a1     | 2023-03-01";
        let asked = compare(support, &no_registers(), &[]);
        assert!(asked.overlaps.is_empty(), "not known to be one enterprise");
        let [question] = &asked.questions[..] else {
            panic!("one question: {:?}", asked.questions)
        };
        let sides = [&question.left, &question.right];
        let departments: BTreeSet<&str> = sides
            .iter()
            .flat_map(|line| line.department.as_deref())
            .collect();
        assert_eq!(departments, BTreeSet::from(["SCT", "SXD"]));
        let prints = ordered(sides.map(|line| line.fingerprint.to_string()));
        let same = answer(Verdict::Same, prints.each_ref().map(String::as_str));
        let answered = compare(support, &no_registers(), &[same]);
        assert!(answered.questions.is_empty());
        assert_eq!(answered.overlaps[0].class, OverlapClass::Duplicate);
    }
}
