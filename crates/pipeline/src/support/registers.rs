use crate::error::PipelineError;
use crate::support::case_rows::CaseSource;
use crate::support::enterprise::EnterpriseLine;
use crate::support::mentions::PartyTexts;
use crate::support::records::SupportRecords;
use crate::support::text_answers::TextAnswers;
use ledger::RegisterFile;
use link::Matcher;
use model::{FileId, Finding};
use polars::prelude::*;
use programme::{PartyColumns, Programme};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use validate::SourceFile;

/// A register, as it was read.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RegisterLine {
    /// The file's name.
    pub file: String,
    /// Its content's hash.
    pub sha256: FileId,
    /// The programmes whose lists are in it, by the register's code, with the entries of each; none if no list that
    /// the programme describes was found in it.
    pub entries: BTreeMap<String, usize>,
    /// What was found in it: its entries are compared all the same.
    pub findings: Vec<Finding>,
}

impl RegisterLine {
    /// Whether nothing could be compared with it, which is no sign that nothing overlaps.
    pub fn is_unread(&self) -> bool {
        self.entries.values().all(|&entries| entries == 0)
    }
}

/// The registers of a moment, read.
pub(crate) struct Registers {
    /// The programme that describes them, with their lists in place of its forms.
    programme: Programme,
    /// What persons said that their texts mean.
    texts: Arc<TextAnswers>,
    lists: Vec<RegisterList>,
    pub lines: Vec<RegisterLine>,
}

/// The entries of one list.
struct RegisterList {
    file_name: String,
    /// The register's code.
    code: String,
    entries: DataFrame,
}

/// So many entries are compared at a time: a register of a million is never held as texts at once.
const BATCH: usize = 4_096;

impl Registers {
    /// Reads register files with their bytes, whichever programme's lists are in them.
    pub(crate) fn read(programme: &Programme, files: Vec<(RegisterFile, Vec<u8>)>) -> Self {
        let mut registers = Self {
            programme: programme.of_registers(),
            texts: Arc::default(),
            lists: Vec::new(),
            lines: Vec::new(),
        };
        for (RegisterFile { file_name, file }, bytes) in files {
            let programme = &registers.programme;
            let reading = ingest::read_list(&file, &file_name, &bytes, programme);
            let source = SourceFile {
                id: file.clone(),
                name: file_name.clone(),
            };
            let findings = reading
                .observations
                .iter()
                .filter_map(|o| validate::finding(programme, &source, None, o));
            let findings = validate::merge_findings(findings.collect());
            let mut entries: BTreeMap<String, usize> = BTreeMap::new();
            for table in reading.tables {
                *entries.entry(table.form.clone()).or_default() += table.frame.height();
                registers.lists.push(RegisterList {
                    file_name: file_name.clone(),
                    code: table.form,
                    entries: table.frame,
                });
            }
            registers.lines.push(RegisterLine {
                file: file_name,
                sha256: file,
                entries,
                findings,
            });
        }
        registers
    }

    /// The same with what persons said that their texts mean.
    pub(crate) fn with_texts(self, texts: TextAnswers) -> Self {
        Self {
            texts: Arc::new(texts),
            ..self
        }
    }

    /// Whether they have no entries.
    pub(crate) fn is_empty(&self) -> bool {
        self.lists.iter().all(|list| list.entries.height() == 0)
    }

    /// The entries that may be about one of some enterprises: a register may have a million others, which are gone
    /// through batch by batch. With them the places of those enterprises.
    pub(crate) fn near(
        &self,
        matcher: &Matcher,
        enterprises: &[link::Party<'_>],
    ) -> Result<(Vec<SupportRecords>, BTreeSet<usize>), PipelineError> {
        if self.is_empty() {
            return Ok(Default::default());
        }
        let batches = || {
            self.lists
                .iter()
                .flat_map(|list| list.batches(self.party(&list.code)))
        };
        let count: usize = self.lists.iter().map(|list| list.entries.height()).sum();
        // The shorter list is the one that is held.
        // Pairs come as (left, right) of whichever list is held; they are turned so that entries come first.
        let (wanted, near_to): (BTreeSet<usize>, BTreeSet<usize>) = if count < enterprises.len() {
            let entries: Vec<EnterpriseLine> = batches().flatten().collect();
            let pairs =
                matcher.score_pairs(&entries, || enterprises.chunks(BATCH).map(<[_]>::to_vec));
            pairs
                .into_iter()
                .map(|pair| (pair.left, pair.right))
                .unzip()
        } else {
            matcher
                .score_pairs(enterprises, batches)
                .into_iter()
                .map(|pair| (pair.right, pair.left))
                .unzip()
        };
        let mut near = Vec::new();
        let mut before = 0;
        for list in &self.lists {
            let count = list.entries.height();
            // Entries are counted over all lists; each list takes those that fall to it.
            let own = wanted.range(before..before + count);
            let places: IdxCa = own.map(|at| IdxSize::try_from(at - before).ok()).collect();
            before += count;
            if let Some(form) = self.programme.forms.get(&list.code) {
                let source = CaseSource {
                    file_name: list.file_name.clone(),
                    register: Some(list.code.clone()),
                    texts: Arc::clone(&self.texts),
                    ..CaseSource::default()
                };
                near.push(SupportRecords::from_list(
                    &self.programme,
                    form,
                    &list.entries.take(&places)?,
                    source,
                )?);
            }
        }
        Ok((near, near_to))
    }

    fn party(&self, code: &str) -> Option<&PartyColumns> {
        self.programme.forms.get(code)?.party.as_ref()
    }
}

impl RegisterList {
    /// The enterprises of its entries, a batch at a time; as many as there are entries.
    fn batches<'a>(
        &'a self,
        party: Option<&'a PartyColumns>,
    ) -> impl Iterator<Item = Vec<EnterpriseLine>> + Send + 'a {
        (0..self.entries.height()).step_by(BATCH).map(move |from| {
            let rows = self
                .entries
                .slice(i64::try_from(from).unwrap_or(i64::MAX), BATCH);
            // A register that was read has all columns of its form; if one lacked, its entries would name nobody.
            let read = party.and_then(|party| PartyTexts::from_rows(party, &rows).ok());
            let line = |row| {
                read.as_ref()
                    .map(|read| EnterpriseLine::from_party(read.get(row)))
                    .unwrap_or_default()
            };
            (0..rows.height()).map(line).collect()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Registers;
    use crate::testing::programme;
    use ledger::{RegisterFile, file_id};
    use link::{Matcher, Party};

    fn read(text: &str) -> Registers {
        let bytes = testkit::workbook(text);
        let file = RegisterFile {
            file_name: "danh-sach.xlsx".to_owned(),
            file: file_id(&bytes),
        };
        Registers::read(programme(), vec![(file, bytes)])
    }

    fn party<'a>(name: &'a str, tax_code: &'a str) -> Party<'a> {
        Party {
            name,
            tax_code: Some(tax_code),
            ..Party::default()
        }
    }

    const LIST: &str = "== DNNVV
Danh sách doanh nghiệp được hỗ trợ theo Đề án hỗ trợ DNNVV
Tên doanh nghiệp | Mã số thuế | Nội dung hỗ trợ
Công ty Dệt Mẫu Ba | | Chuyển đổi số
Công ty Mẫu Một | '3600265395 | Chuyển đổi số
";

    #[test]
    fn only_entries_that_may_be_about_one_of_the_enterprises_are_compared() {
        let registers = read(LIST);
        let matcher = Matcher::new(&programme().linkage);
        let wanted = [
            party("CTY MẪU MỘT", "3600265395"),
            party("Công ty Gỗ Mẫu Hai", "3603295006"),
        ];
        // Whichever list is the shorter one, which is the one that is held in memory.
        let more = [
            wanted[0],
            wanted[1],
            party("Công ty Nhựa Mẫu Tư", "0108311850"),
        ];
        for parties in [&wanted[..], &more[..]] {
            let (near, near_to) = registers.near(&matcher, parties).unwrap();
            let names: Vec<&str> = near[0].mentions.iter().map(|m| m.party.name).collect();
            assert_eq!(names, ["Công ty Mẫu Một"]);
            assert_eq!(near_to.into_iter().collect::<Vec<_>>(), [0]);
        }
    }

    #[test]
    fn a_register_without_a_known_list_is_unread_which_is_no_sign_that_nothing_overlaps() {
        assert!(!read(LIST).lines[0].is_unread());
        let unknown = read("== Sheet1\nGhi chú | Số\nkhông có gì | 5\n");
        assert!(unknown.lines[0].is_unread());
        assert!(!unknown.lines[0].findings.is_empty());
        let matcher = Matcher::new(&programme().linkage);
        let near = unknown
            .near(&matcher, &[party("CTY MẪU MỘT", "3600265395")])
            .unwrap();
        assert!(near.0.is_empty() && near.1.is_empty());
    }
}
