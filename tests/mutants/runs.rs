//! Mutants in whole runs of the program, beside good files.

use super::seeds::{LATER, Place};
use super::{BATCH, Mutant, RUN_OF};
use crate::hostile::clean::{assert_all_clean, assert_clean};
use crate::office::Office;
use crate::usage::tonghop_within;
use serde_json::Value;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

/// No process may hold more.
pub(super) const MOST_KIB: u64 = 2 << 20;

/// Makes a workbook from text.
type Make = fn(&str) -> Vec<u8>;

/// The good files, each of another department and in another format.
const GOOD: [(&str, &str, Make); 4] = [
    ("tot-a.xlsx", "Sở Xây dựng", testkit::workbook),
    ("tot-b.xlsb", "Sở Giao thông vận tải", testkit::xlsb),
    ("tot-c.xls", "Sở Giáo dục và Đào tạo", testkit::xls),
    ("tot-d.ods", "Sở Thông tin và Truyền thông", testkit::ods),
];

/// What runs are made from.
pub(super) struct Runs {
    /// A workspace in which good files wait in the inbox.
    office: Office,
    /// What is told of the good files when nothing lies beside them.
    alone: Vec<Value>,
}

impl Runs {
    pub(super) fn new(office: Office) -> Self {
        for (name, department, make) in GOOD {
            let text = format!(
                "== TT chung\nCơ quan báo cáo | {department}\nKỳ báo cáo | Quý III năm 2023\n\
                 == Biểu 8\nBiểu 8. KINH PHÍ THỰC HIỆN\nĐơn vị tính: triệu đồng\n\
                 STT | Nhiệm vụ | Nguồn kinh phí | Dự toán | Thực hiện | Đã giải ngân\n\
                 1 | IV.2 | NSNN bảo đảm | 90 | 80 | 40\n"
            );
            office.drop_file(name, &make(&text));
        }
        let (_, run) = office.copy().run_at(LATER);
        let alone = good_files(&run);
        assert_eq!(alone.len(), GOOD.len());
        assert!(
            alone.iter().all(|file| file["outcome"] == "accepted"),
            "{run}"
        );
        Self { office, alone }
    }

    /// The mutants that fail, with the reason: of those that fail together, as few as do.
    pub(super) fn failures(&self, mutants: &[Mutant]) -> Vec<(u64, String)> {
        let Some(why) = self.wrong(mutants) else {
            return Vec::new();
        };
        if let [one] = mutants {
            return vec![(one.number, why)];
        }
        let (left, right) = mutants.split_at(mutants.len() / 2);
        let mut failed = self.failures(left);
        failed.extend(self.failures(right));
        if failed.is_empty() {
            let numbers: Vec<u64> = mutants.iter().map(|mutant| mutant.number).collect();
            failed.push((numbers[0], format!("together, {numbers:?}: {why}")));
        }
        failed
    }

    /// What is wrong with a run in which these come in.
    fn wrong(&self, mutants: &[Mutant]) -> Option<String> {
        let office = self.office.copy();
        for mutant in mutants {
            let folder = match mutant.place {
                Place::Inbox => "inbox",
                Place::Registers => "registers",
                Place::Review => "review",
            };
            std::fs::write(office.path(folder).join(&mutant.name), &mutant.bytes).unwrap();
        }
        let tried = || self.try_run(&office, mutants);
        match catch_unwind(AssertUnwindSafe(tried)) {
            Ok(wrong) => wrong,
            Err(said) => {
                let said = said.downcast_ref::<String>().cloned();
                Some(said.unwrap_or_else(|| "a check panics".to_owned()))
            }
        }
    }

    fn try_run(&self, office: &Office, mutants: &[Mutant]) -> Option<String> {
        // Each may take what a worker may; all together take far less.
        let most = Duration::from_secs(30 + mutants.len() as u64);
        let dir = office.dir();
        let calls: [&[&str]; 3] = [
            &["run", "-w", dir, "--now", LATER, "--format", "json"],
            &["report", "-w", dir, "--year", "2022", "--now", LATER],
            &["run", "-w", dir, "--now", LATER, "-v"],
        ];
        let mut outputs = Vec::new();
        // A few runs are looked through to the last.
        let is_thorough = mutants.len() == 1 || mutants[0].number / BATCH % RUN_OF == 3;
        let calls = match is_thorough {
            true => &calls[..],
            false => &calls[..1],
        };
        for call in calls {
            let (answer, usage) = tonghop_within(MOST_KIB, call);
            if ![0, 3, 4, 5, 75].contains(&answer.code) {
                return Some(format!(
                    "{} ends {}: {}",
                    call[0], answer.code, answer.stderr
                ));
            }
            if usage.processor > most || usage.largest_kib > MOST_KIB {
                return Some(format!("{} uses {usage:?}", call[0]));
            }
            assert_clean(call[0], &answer.stdout);
            assert_clean(call[0], &answer.stderr);
            outputs.push(answer);
        }
        let run: Value = outputs[0].json();
        let good = good_files(&run);
        if good != self.alone {
            return Some(format!("neighbours: {good:#?}"));
        }
        let named = ["files", "answered", "waiting", "ignored", "registers"];
        let named = |name: &str| {
            named.iter().any(|list| {
                let files = run[list].as_array().unwrap().iter();
                files.map(|file| &file["file"]).any(|file| file == name)
            })
        };
        let unnamed = mutants
            .iter()
            .find(|mutant| mutant.place == Place::Inbox && !named(&mutant.name));
        if let Some(mutant) = unnamed {
            return Some(format!("nothing is said of {}", mutant.name));
        }
        if is_thorough {
            for mutant in mutants
                .iter()
                .filter(|mutant| mutant.place == Place::Review)
            {
                std::fs::remove_file(office.path("review").join(&mutant.name)).unwrap();
            }
            for folder in ["returned", "review", "reports"] {
                assert_all_clean(&office.path(folder));
            }
            let verified = crate::office::tonghop(&["verify", "-w", dir]);
            if verified.code != 0 {
                return Some(format!("verify: {}{}", verified.stdout, verified.stderr));
            }
        }
        None
    }
}

/// What is told of the good files.
fn good_files(run: &Value) -> Vec<Value> {
    let files = run["files"].as_array().unwrap().iter();
    files
        .filter(|file| file["file"].as_str().unwrap().starts_with("tot-"))
        .cloned()
        .collect()
}
