use super::Loader;
use crate::Department;
use crate::definition::DepartmentsFile;
use std::collections::{BTreeMap, BTreeSet};
use toml::Spanned;
use vietext::fold;

impl Loader<'_> {
    pub(super) fn departments(&mut self) -> Vec<Department> {
        let file = "departments.toml";
        let Some(written) = self.read::<DepartmentsFile>(file) else { return Vec::new() };
        let codes: BTreeSet<String> = written.department.iter().map(|d| d.code.get_ref().clone()).collect();
        let mut owner: BTreeMap<String, String> = BTreeMap::new();
        let mut departments: Vec<Department> = Vec::new();
        for d in written.department {
            if departments.iter().any(|other| &other.code == d.code.get_ref()) {
                self.fault_at(file, &d.code, format!("department '{}' is defined twice", d.code.get_ref()));
            }
            if let Some(successor) = d.successor.as_ref().filter(|s| !codes.contains(s.get_ref())) {
                self.fault_at(file, successor, format!("department '{}' is not defined", successor.get_ref()));
            }
            let mut keys = vec![fold(&d.name), fold(d.code.get_ref())];
            for name in &d.names {
                let key = fold(name.get_ref());
                let other = owner.entry(key.clone()).or_insert_with(|| d.code.get_ref().clone()).clone();
                if &other != d.code.get_ref() {
                    self.fault_at(file, name, format!("the name '{}' is {other}'s already", name.get_ref()));
                }
                keys.push(key);
            }
            keys.sort();
            keys.dedup();
            departments.push(Department {
                valid_from: self.date(file, &d.valid_from),
                valid_to: d.valid_to.as_ref().map(|day| self.date(file, day)),
                code: d.code.into_inner(),
                name: d.name,
                short: d.short,
                role: d.role,
                clause: d.clause,
                successor: d.successor.map(Spanned::into_inner),
                keys,
            });
        }
        departments
    }
}
