use super::Loader;
use super::departments::in_a_circle;
use super::office::{self, WrittenEntry, lay_over};
use crate::catalogue::{CodeList, Entry};
use crate::definition::{CatalogueFile, EntryDefinition};
use crate::text_reading::WrittenReading;
use std::collections::{BTreeMap, BTreeSet};
use toml::Spanned;

/// Keys of figures that are no list, and columns of every indicator.
const RESERVED: [&str; 4] = ["department", "record", "field", "value"];

impl Loader<'_> {
    pub(super) fn catalogue(&mut self) -> BTreeMap<String, CodeList> {
        let file = "catalogue.toml";
        let Some(written) = self.read::<CatalogueFile>(file) else {
            return BTreeMap::new();
        };
        let mut over = self.office_entries(&written.list);
        let mut all = Vec::new();
        for mut list in written.list {
            let mut seen = BTreeSet::new();
            for entry in &list.entry {
                if !seen.insert(entry.code.get_ref().clone()) {
                    let message = format!("code '{}' stands twice", entry.code.get_ref());
                    self.fault_at(file, &entry.code, message);
                }
            }
            let own = std::mem::take(&mut list.entry);
            let mut entries: Vec<_> = office::written(file, own).collect();
            for entry in over.remove(list.name.get_ref()).unwrap_or_default() {
                lay_over(&mut entries, entry, |entry| entry.code.get_ref());
            }
            all.push((list, entries));
        }
        let codes: BTreeMap<String, BTreeSet<String>> = all
            .iter()
            .map(|(list, entries)| {
                let codes = entries.iter().map(|e| e.value.code.get_ref().clone());
                (list.name.get_ref().clone(), codes.collect())
            })
            .collect();
        let mut lists = BTreeMap::new();
        for (list, entries) in all {
            let parents = match &list.parent_list {
                Some(name) => codes.get(name.get_ref()),
                None => codes.get(list.name.get_ref()),
            };
            if let (None, Some(name)) = (parents, &list.parent_list) {
                self.fault_at(
                    file,
                    name,
                    format!("list '{}' is not defined", name.get_ref()),
                );
            }
            self.check_name(file, &list.name, "list");
            if RESERVED.contains(&list.name.get_ref().as_str()) {
                let message = format!("list '{}' bears a name of ours", list.name.get_ref());
                self.fault_at(file, &list.name, message);
            }
            for WrittenEntry { file, value: entry } in &entries {
                let code = entry.code.get_ref();
                if code.is_empty() || code.contains([';', '/', '=']) || code.trim() != code {
                    let message = format!(
                        "code '{code}': expected a text without ';', '/' and '=', which set codes apart in cells and in the ids of figures"
                    );
                    self.fault_at(file, &entry.code, message);
                }
                let successors = entry.successor.iter().chain(&entry.split_into);
                for successor in
                    successors.filter(|s| !codes[list.name.get_ref()].contains(s.get_ref()))
                {
                    let message = format!(
                        "successor '{}' is not a code of its list",
                        successor.get_ref()
                    );
                    self.fault_at(file, successor, message);
                }
                if let Some(parent) = entry
                    .parent
                    .as_ref()
                    .filter(|p| parents.is_some_and(|set| !set.contains(p.get_ref())))
                {
                    self.fault_at(
                        file,
                        parent,
                        format!("parent '{}' is not a code of its list", parent.get_ref()),
                    );
                }
            }
            let words = |all: &[Spanned<String>]| {
                all.iter().map(|v| v.get_ref().clone()).collect::<Vec<_>>()
            };
            let entry = |it: &WrittenEntry<EntryDefinition>| {
                (words(&it.value.variants), words(&it.value.keywords))
            };
            let (variants, keywords): (Vec<_>, Vec<_>) = entries.iter().map(entry).unzip();
            let place =
                |it: &WrittenEntry<EntryDefinition>| (it.file.clone(), it.value.code.span().start);
            let places: Vec<_> = entries.iter().map(place).collect();
            let known = codes.get(list.name.get_ref());
            let mut readings = Vec::new();
            for reading in &list.reading {
                let written = reading.get_ref();
                for code in &written.codes {
                    if known.is_some_and(|codes| !codes.contains(code)) {
                        let message = format!("reading: '{code}' is not a code of its list");
                        self.fault_at(file, reading, message);
                    }
                }
                for tool in &written.tools {
                    if !codes.values().any(|codes| codes.contains(tool)) {
                        let message = format!("reading: '{tool}' is not a code of any list");
                        self.fault_at(file, reading, message);
                    }
                }
                let written = WrittenReading {
                    words: &written.words,
                    tools: &written.tools,
                    with: &written.with,
                    without: &written.without,
                    codes: &written.codes,
                    is_weak: written.weak,
                };
                match written.resolved(&list.groups) {
                    Ok(resolved) => readings.push(resolved),
                    Err(group) => {
                        let message = format!("reading: '{group}' is not a group of its list");
                        self.fault_at(file, reading, message);
                    }
                }
            }
            let mut checked = CodeList {
                name: list.name.get_ref().clone(),
                title: list.title,
                clause: list.clause,
                unclassified: list.unclassified,
                readings,
                entries: entries
                    .into_iter()
                    .map(|WrittenEntry { file, value: e }| Entry {
                        life: self.lifetime(
                            &file,
                            (&e.valid_from, &e.valid_to),
                            (&e.successor, &e.split_into),
                        ),
                        code: e.code.into_inner(),
                        title: e.title,
                        clause: e.clause,
                        parent: e.parent.map(Spanned::into_inner),
                        only_counted: e.only_counted,
                    })
                    .collect(),
                exact: BTreeMap::new(),
                spelled: BTreeMap::new(),
                folded: BTreeMap::new(),
                keywords: Vec::new(),
            };
            for (i, spelling) in checked.index(&variants, &keywords) {
                let (file, at) = &places[i];
                let message = format!("'{spelling}' is a spelling of another code already");
                self.fault(file, Some(*at), message);
            }
            let lives = checked
                .entries
                .iter()
                .map(|entry| (entry.code.as_str(), &entry.life));
            if let Some(code) = in_a_circle(&lives.collect()) {
                self.fault(
                    file,
                    None,
                    format!("list '{}': code '{code}' follows itself", checked.name),
                );
            }
            if lists.insert(checked.name.clone(), checked).is_some() {
                self.fault_at(
                    file,
                    &list.name,
                    format!("list '{}' is defined twice", list.name.get_ref()),
                );
            }
        }
        lists
    }
}
