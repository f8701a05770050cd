use crate::input::AnnualReport;
use crate::trace;
use crate::xlsx::quoted;
use aggregate::Figures;
use programme::SheetKind;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};

/// Where a reader finds what a figure is made of, and the figure again: links between tables and the trace.
#[derive(Default)]
pub(crate) struct Links {
    /// The trace's sheet; without one there are no links.
    trace: Option<String>,
    /// The first line of the trace of each figure, by its id.
    lines: HashMap<String, u32>,
    /// Where each figure stands first, by its id.
    places: RefCell<HashMap<String, String>>,
}

impl Links {
    pub(crate) fn new(report: &AnnualReport<'_>) -> Self {
        let is_trace = |sheet: &&programme::SheetSpec| matches!(sheet.kind, SheetKind::Trace);
        let Some(trace) = report
            .sheets()
            .find(is_trace)
            .map(|sheet| sheet.name.clone())
        else {
            return Self::default();
        };
        let mut lines = HashMap::new();
        let mut row = trace::FIRST;
        for figures in trace::order(report) {
            // Lines are sorted by their keys: those of one place in the tables stand together.
            let mut last: Option<&[String]> = None;
            for contribution in &figures.contributions {
                if last != Some(contribution.keys.as_slice()) {
                    for open in 0..1usize << figures.by.len() {
                        let given = |at: &usize| open & (1 << at) == 0;
                        let keys = (0..figures.by.len()).filter(given);
                        let keys = keys
                            .map(|at| (figures.by[at].clone(), contribution.keys[at].clone()))
                            .collect();
                        lines.entry(figures.id(&keys)).or_insert(row);
                    }
                    last = Some(&contribution.keys);
                }
                row += 1;
            }
        }
        Self {
            trace: Some(trace),
            lines,
            places: RefCell::default(),
        }
    }

    /// The address of the first line of what a figure is made of, where it is made of anything.
    pub(crate) fn trace_of(
        &self,
        figures: &Figures,
        keys: &BTreeMap<String, String>,
    ) -> Option<String> {
        let row = self.lines.get(&figures.id(keys))? + 1;
        Some(format!(
            "internal:{}!A{row}",
            quoted(self.trace.as_deref()?)
        ))
    }

    /// Notes where a figure stands.
    pub(crate) fn stands(
        &self,
        figures: &Figures,
        keys: &BTreeMap<String, String>,
        sheet: &str,
        cell: &str,
    ) {
        let place = format!("internal:{}!{cell}", quoted(sheet));
        self.places
            .borrow_mut()
            .entry(figures.id(keys))
            .or_insert(place);
    }

    /// The address where a figure stands.
    pub(crate) fn place_of(&self, id: &str) -> Option<String> {
        self.places.borrow().get(id).cloned()
    }
}
