//! What an office lays over its programme: entries that replace those of their code, or come after them.

use super::Loader;
use crate::definition::{CatalogueLayer, DepartmentDefinition, DepartmentsFile, ListDefinition};
use crate::source::OFFICE;
use std::collections::BTreeMap;

/// Where the entries of a file and of the office's layer over it were written: faults name the file.
pub(super) struct WrittenEntry<T> {
    pub file: String,
    pub value: T,
}

impl Loader<'_> {
    /// The departments of the programme with the office's laid over.
    pub(super) fn written_departments(
        &mut self,
    ) -> Option<Vec<WrittenEntry<DepartmentDefinition>>> {
        let name = "departments.toml";
        let own = self.read::<DepartmentsFile>(name)?;
        let mut all: Vec<_> = written(name, own.department).collect();
        if let Some((file, layer)) = self.layer::<DepartmentsFile>(name) {
            let mut seen: Vec<String> = Vec::new();
            for over in written(&file, layer.department) {
                let code = over.value.code.get_ref();
                if seen.contains(code) {
                    let message = format!("department '{code}' is defined twice");
                    self.fault_at(&file, &over.value.code, message);
                }
                seen.push(code.clone());
                lay_over(&mut all, over, |department| department.code.get_ref());
            }
        }
        Some(all)
    }

    /// The entries that the office lays over each list.
    pub(super) fn office_entries(
        &mut self,
        lists: &[ListDefinition],
    ) -> BTreeMap<String, Vec<WrittenEntry<crate::definition::EntryDefinition>>> {
        let mut entries: BTreeMap<String, Vec<_>> = BTreeMap::new();
        let Some((file, layer)) = self.layer::<CatalogueLayer>("catalogue.toml") else {
            return entries;
        };
        for list in layer.list {
            let name = list.name.get_ref();
            if lists.iter().all(|known| known.name.get_ref() != name) {
                let message = format!("list '{name}' is not in the programme's catalogue.toml");
                self.fault_at(&file, &list.name, message);
            }
            let of_list = entries.entry(name.clone()).or_default();
            of_list.extend(written(&file, list.entry));
        }
        entries
    }

    fn layer<T: serde::de::DeserializeOwned>(&mut self, name: &str) -> Option<(String, T)> {
        let file = format!("{OFFICE}/{name}");
        self.source.text(&file)?;
        self.read(&file).map(|layer| (file, layer))
    }
}

/// Values with the file that they stand in.
pub(super) fn written<T>(
    file: &str,
    values: Vec<T>,
) -> impl Iterator<Item = WrittenEntry<T>> + use<'_, T> {
    values.into_iter().map(move |value| WrittenEntry {
        file: file.to_owned(),
        value,
    })
}

/// Puts a value in the place of the one with its code, else at the end.
pub(super) fn lay_over<T>(
    all: &mut Vec<WrittenEntry<T>>,
    over: WrittenEntry<T>,
    code: impl Fn(&T) -> &String,
) {
    let same = |known: &&mut WrittenEntry<T>| code(&known.value) == code(&over.value);
    match all.iter_mut().find(same) {
        Some(known) => *known = over,
        None => all.push(over),
    }
}
