use crate::formats::xlsx::address::{cell, quoted};
use crate::input::trace_names::{PLACE_COLUMNS, TraceNames};
use crate::paper::HEADING_ROW;
use aggregate::Figures;
use std::collections::BTreeMap;

/// The row of the trace's first record: its heading is one row.
const FIRST_RECORD: u32 = HEADING_ROW + 1;

/// The most characters of what is shown over a link.
const TIP: usize = 255;

/// From a figure to what it is made of: links into the sheet of the trace.
#[derive(Default)]
pub(crate) struct Links<'a> {
    /// The sheet and what stands on it; without one there are no links.
    trace: Option<(&'a str, &'a TraceNames<'a>)>,
}

/// Where a link leads, and what is said of it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TraceLink {
    pub address: String,
    /// What the trace is to be filtered by.
    pub tip: String,
}

impl<'a> Links<'a> {
    /// The links of a report whose trace stands on a sheet of that name.
    pub(crate) fn new(names: &'a TraceNames<'a>, sheet: Option<&'a str>) -> Self {
        Self {
            trace: sheet.map(|sheet| (sheet, names)),
        }
    }

    /// The first amount of what a figure is made of, if it is made of anything.
    pub(crate) fn trace_of(
        &self,
        figures: &Figures,
        keys: &BTreeMap<String, String>,
    ) -> Option<TraceLink> {
        let (sheet, names) = self.trace?;
        let place = names.trace.place(figures, keys)?;
        let row = FIRST_RECORD + u32::try_from(place.row).ok()?;
        let column = PLACE_COLUMNS + names.keys().len() + place.columns.first()?;
        let address = cell(row, u16::try_from(column).ok()?);
        let tip = names.sentence(&place);
        let tip = match tip.chars().count() > TIP {
            true => tip.chars().take(TIP - 1).chain(['…']).collect(),
            false => tip,
        };
        Some(TraceLink {
            address: format!("internal:{}!{address}", quoted(sheet)),
            tip,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Links;
    use crate::input::trace_names::TraceNames;
    use crate::testing::{figures, programme, report};
    use programme::Measure;
    use std::collections::BTreeMap;

    #[test]
    fn a_figure_leads_to_its_first_amount() {
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
        let trace = report.trace();
        let names = TraceNames::of(&report, &trace);
        let links = Links::new(&names, Some("Truy vết"));
        let address = |given: &[(&str, &str)]| {
            let keys: BTreeMap<String, String> = given
                .iter()
                .map(|(key, code)| ((*key).to_owned(), (*code).to_owned()))
                .collect();
            Some(links.trace_of(&counted, &keys)?.address)
        };
        assert_eq!(address(&[]).unwrap(), "internal:'Truy vết'!I5");
        let narrowed = address(&[("department", "SYT")]);
        assert_eq!(narrowed.unwrap(), "internal:'Truy vết'!I6");
        let narrowed = address(&[("content", "3b1")]);
        assert_eq!(narrowed.unwrap(), "internal:'Truy vết'!I7");
        assert_eq!(address(&[("content", "3b5")]), None);
        // Without a sheet there is nothing to lead to.
        let none = Links::new(&names, None);
        assert_eq!(none.trace_of(&counted, &BTreeMap::new()), None);
    }
}
