use crate::formats::xlsx::address::quoted;
use crate::input::annual::AnnualReport;
use crate::paper::HEADING_ROW;
use aggregate::Figures;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};

/// The row of the trace's first line: its heading is one row.
const FIRST_LINE: u32 = HEADING_ROW + 1;

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
    /// The links of a report whose trace stands on a sheet of that name.
    pub(crate) fn new(report: &AnnualReport<'_>, trace: Option<&str>) -> Self {
        let Some(trace) = trace.map(str::to_owned) else {
            return Self::default();
        };
        let mut lines = HashMap::new();
        let mut row = FIRST_LINE;
        for figures in report.traced_figures() {
            // Lines are sorted by their keys: those of one place in the tables stand together.
            let mut last: Option<&[String]> = None;
            for contribution in &figures.contributions {
                if last != Some(contribution.keys.as_slice()) {
                    // A figure narrowed to fewer keys begins at the same line: every choice of keys is noted.
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
    pub(crate) fn note_place(
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
