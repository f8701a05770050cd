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

    /// The address of the first line of what a figure is made of, if it is made of anything.
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

    /// Notes the cell of a figure; of several, the first stays.
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

    /// The address of the cell that a figure stands in first.
    pub(crate) fn place_of(&self, id: &str) -> Option<String> {
        self.places.borrow().get(id).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::Links;
    use crate::testing::{figures, programme, report};
    use programme::Measure;
    use std::collections::BTreeMap;

    #[test]
    fn a_figure_leads_to_its_first_line_and_a_line_to_the_figures_first_place() {
        let mut report = report(programme());
        let rows: &[(&[&str], &str, &str)] = &[
            (&["3a1", "SCT"], "r1", "1"),
            (&["3a1", "SYT"], "r2", "1"),
            (&["3b1", "SCT"], "r3", "1"),
        ];
        let by = ["content", "department"];
        let counted = figures("support_cases", Measure::Sum, &by, rows);
        report
            .figures
            .insert("support_cases".to_owned(), counted.clone());
        let links = Links::new(&report, Some("Truy vết"));
        let keys = |keys: &[(&str, &str)]| -> BTreeMap<String, String> {
            keys.iter()
                .map(|(key, code)| ((*key).to_owned(), (*code).to_owned()))
                .collect()
        };
        let trace = |given: &[(&str, &str)]| links.trace_of(&counted, &keys(given));
        assert_eq!(trace(&[]).unwrap(), "internal:'Truy vết'!A5");
        let narrowed = trace(&[("department", "SYT")]);
        assert_eq!(narrowed.unwrap(), "internal:'Truy vết'!A6");
        let narrowed = trace(&[("content", "3b1")]);
        assert_eq!(narrowed.unwrap(), "internal:'Truy vết'!A7");
        assert_eq!(trace(&[("content", "3b5")]), None);
        links.note_place(&counted, &keys(&[]), "Biểu 01", "C5");
        links.note_place(&counted, &keys(&[]), "Biểu 02", "D9");
        assert_eq!(
            links.place_of("support_cases/2023").unwrap(),
            "internal:'Biểu 01'!C5"
        );
    }

    #[test]
    fn without_a_trace_there_are_no_links() {
        let mut report = report(programme());
        let counted = figures("support_cases", Measure::Sum, &[], &[(&[], "r1", "1")]);
        report
            .figures
            .insert("support_cases".to_owned(), counted.clone());
        let links = Links::new(&report, None);
        assert_eq!(links.trace_of(&counted, &BTreeMap::new()), None);
    }
}
