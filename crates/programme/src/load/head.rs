use super::{Loader, kept};
use crate::catalogue::CodeList;
use crate::definition::ProgrammeFile;
use crate::form::Form;
use crate::programme::{
    Deadline, Funding, LegalBasis, OverlapClauses, Programme, Replacement, Target,
};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

impl Loader<'_> {
    pub(super) fn head(&mut self, head: ProgrammeFile, programme: &mut Programme) {
        let file = "programme.toml";
        if *head.last_year.get_ref() < head.first_year {
            self.fault_at(file, &head.last_year, "last_year is before first_year");
        }
        if programme
            .department(head.focal_department.get_ref())
            .is_none()
        {
            let message = format!(
                "department '{}' is not in departments.toml",
                head.focal_department.get_ref()
            );
            self.fault_at(file, &head.focal_department, message);
        }
        let deadline = head.deadline.get_ref();
        if NaiveDate::from_ymd_opt(2023, deadline.month, deadline.day).is_none() {
            self.fault_at(
                file,
                &head.deadline,
                "month and day do not name a day of each year",
            );
        }
        let mut ids = BTreeSet::new();
        for target in &head.target {
            if programme.indicator(target.indicator.get_ref()).is_none() {
                let message = format!(
                    "indicator '{}' is not in indicators.toml",
                    target.indicator.get_ref()
                );
                self.fault_at(file, &target.indicator, message);
            }
            if *target.to.get_ref() < target.from {
                self.fault_at(file, &target.to, "'to' is before 'from'");
            }
            if target.from < head.first_year || *target.to.get_ref() > *head.last_year.get_ref() {
                self.fault_at(
                    file,
                    &target.to,
                    "the target's years are not all the programme's",
                );
            }
            if !ids.insert(target.id.get_ref().as_str()) {
                let message = format!("target '{}' is defined twice", target.id.get_ref());
                self.fault_at(file, &target.id, message);
            }
        }
        programme.legal_basis = head
            .legal_basis
            .into_iter()
            .map(|law| LegalBasis {
                issued_on: law.issued_on.as_ref().map(|d| self.date(file, d)),
                in_force_from: law.in_force_from.as_ref().map(|d| self.date(file, d)),
                in_force_to: law.in_force_to.as_ref().map(|d| self.date(file, d)),
                to_confirm: law.to_confirm,
                amended_by: law
                    .amended_by
                    .into_iter()
                    .map(|r| Replacement {
                        on: self.date(file, &r.on),
                        number: r.number,
                    })
                    .collect(),
                replaced_by: law.replaced_by.map(|r| Replacement {
                    on: self.date(file, &r.on),
                    number: r.number,
                }),
                number: law.number,
                clause: law.clause,
                title: law.title,
            })
            .collect();
        let gives_support =
            |forms: &BTreeMap<String, Form>| forms.values().any(|form| form.grant.is_some());
        programme.overlap = match head.overlap {
            Some(clauses) => clauses,
            None if self.is_kept => kept::overlap(),
            None => {
                if gives_support(&programme.forms) || gives_support(&programme.registers) {
                    self.fault(file, None, "support may overlap: [overlap] names the clauses, combined = \"…\" and duplicate = \"…\"");
                }
                OverlapClauses::default()
            }
        };
        programme.id = head.id;
        programme.title = head.title;
        programme.decision = head.decision;
        programme.first_year = head.first_year;
        programme.last_year = head.last_year.into_inner();
        programme.focal_department = head.focal_department.into_inner();
        let deadline = head.deadline.into_inner();
        programme.deadline = Deadline {
            month: deadline.month,
            day: deadline.day,
            clause: deadline.clause,
        };
        programme.targets = head
            .target
            .into_iter()
            .map(|t| Target {
                id: t.id.into_inner(),
                clause: t.clause,
                title: t.title,
                indicator: t.indicator.into_inner(),
                from: t.from,
                to: t.to.into_inner(),
                at_least: t.at_least,
                about: t.about,
            })
            .collect();
    }

    /// Opens each group of tasks into all that stand below it.
    pub(super) fn funding(
        &mut self,
        head: &ProgrammeFile,
        lists: &BTreeMap<String, CodeList>,
    ) -> Vec<Funding> {
        let file = "programme.toml";
        let (sources, all_tasks) = match &head.funding_lists {
            Some(written) => {
                for list in [&written.source, &written.task] {
                    if !lists.contains_key(list.get_ref()) {
                        let message = format!("list '{}' is not in catalogue.toml", list.get_ref());
                        self.fault_at(file, list, message);
                    }
                }
                (
                    written.source.get_ref().clone(),
                    written.task.get_ref().clone(),
                )
            }
            None => {
                if let Some(first) = head.funding.first().filter(|_| !self.is_kept) {
                    let message = "[funding_lists] names the lists of these codes, source = \"…\" and task = \"…\"";
                    self.fault_at(file, &first.source, message);
                }
                kept::funding_lists()
            }
        };
        let mut funding = Vec::new();
        for written in &head.funding {
            for (list, code) in std::iter::once((&sources, &written.source))
                .chain(written.tasks.iter().map(|t| (&all_tasks, t)))
            {
                if lists
                    .get(list)
                    .is_none_or(|l| l.entry(code.get_ref()).is_none())
                {
                    let message =
                        format!("'{}' is not a code of the list '{list}'", code.get_ref());
                    self.fault_at(file, code, message);
                }
            }
            let mut tasks: Vec<String> = Vec::new();
            for task in &written.tasks {
                tasks.push(task.get_ref().clone());
                let below = lists.get(&all_tasks).into_iter().flat_map(|l| &l.entries);
                tasks.extend(
                    below
                        .filter(|e| e.parent.as_ref() == Some(task.get_ref()))
                        .map(|e| e.code.clone()),
                );
            }
            funding.push(Funding {
                source: written.source.get_ref().clone(),
                clause: written.clause.clone(),
                tasks,
            });
        }
        funding
    }
}
