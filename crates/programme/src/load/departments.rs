use super::Loader;
use super::office::WrittenEntry;
use crate::department::Department;
use crate::lifetime::Lifetime;
use std::collections::{BTreeMap, BTreeSet};
use toml::Spanned;
use toml::value::Datetime;
use vietext::fold;

impl Loader<'_> {
    pub(super) fn departments(&mut self) -> Vec<Department> {
        let Some(written) = self.written_departments() else {
            return Vec::new();
        };
        let codes: BTreeSet<String> = written
            .iter()
            .map(|d| d.value.code.get_ref().clone())
            .collect();
        let mut owner: BTreeMap<String, String> = BTreeMap::new();
        let mut departments: Vec<Department> = Vec::new();
        for WrittenEntry { file, value: d } in written {
            let file = file.as_str();
            if departments
                .iter()
                .any(|other| &other.code == d.code.get_ref())
            {
                self.fault_at(
                    file,
                    &d.code,
                    format!("department '{}' is defined twice", d.code.get_ref()),
                );
            }
            let successors = d.successor.iter().chain(&d.split_into);
            for successor in successors.filter(|s| !codes.contains(s.get_ref())) {
                self.fault_at(
                    file,
                    successor,
                    format!("department '{}' is not defined", successor.get_ref()),
                );
            }
            let mut keys = vec![fold(&d.name), fold(d.code.get_ref())];
            for name in &d.names {
                let key = fold(name.get_ref());
                let other = owner
                    .entry(key.clone())
                    .or_insert_with(|| d.code.get_ref().clone())
                    .clone();
                if &other != d.code.get_ref() {
                    self.fault_at(
                        file,
                        name,
                        format!("the name '{}' is {other}'s already", name.get_ref()),
                    );
                }
                keys.push(key);
            }
            keys.sort();
            keys.dedup();
            departments.push(Department {
                life: self.lifetime(
                    file,
                    (&Some(d.valid_from), &d.valid_to),
                    (&d.successor, &d.split_into),
                ),
                reports_by_unit: d.reports_by_unit,
                is_several: d.is_several,
                to_confirm: d.to_confirm,
                code: d.code.into_inner(),
                name: d.name,
                short: d.short,
                role: d.role,
                clause: d.clause,
                keys,
            });
        }
        let lives = departments
            .iter()
            .map(|department| (department.code.as_str(), &department.life));
        if let Some(code) = in_a_circle(&lives.collect()) {
            let message = format!("department '{code}' follows itself");
            self.fault("departments.toml", None, message);
        }
        departments
    }

    /// The lifetime of a department or code: its first and last day, what took over.
    pub(super) fn lifetime(
        &mut self,
        file: &str,
        (from, to): (&Option<Spanned<Datetime>>, &Option<Spanned<Datetime>>),
        (successor, split_into): (&Option<Spanned<String>>, &[Spanned<String>]),
    ) -> Lifetime {
        let successors: Vec<&Spanned<String>> = successor.iter().chain(split_into).collect();
        if let (None, Some(first)) = (to, successors.first()) {
            self.fault_at(file, first, "has a successor but no last day: valid_to = …");
        }
        Lifetime {
            from: from.as_ref().map(|day| self.date(file, day)),
            to: to.as_ref().map(|day| self.date(file, day)),
            successors: successors
                .into_iter()
                .map(|code| code.get_ref().clone())
                .collect(),
        }
    }
}

/// A code whose successors lead back to it, if there is one.
pub(super) fn in_a_circle<'a>(lives: &BTreeMap<&'a str, &Lifetime>) -> Option<&'a str> {
    lives.keys().copied().find(|code| {
        let mut next: Vec<&String> = lives[code].successors.iter().collect();
        let mut seen = BTreeSet::new();
        while let Some(after) = next.pop() {
            if after == code {
                return true;
            }
            if seen.insert(after) {
                next.extend(
                    lives
                        .get(after.as_str())
                        .into_iter()
                        .flat_map(|life| &life.successors),
                );
            }
        }
        false
    })
}
