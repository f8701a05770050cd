use model::Finding;
use std::collections::BTreeMap;

/// So many findings that say the same are one finding with many cells; fewer are easier to read one by one.
const MANY: usize = 4;

/// Gathers findings that say the same of many cells of a form into one, which stands where the first stood; and those that
/// say the same of the same cells, since a row may make several records.
pub fn merge_findings(findings: Vec<Finding>) -> Vec<Finding> {
    // Advice, severity and extent follow from the code.
    let said = |f: &Finding| {
        (
            f.code.clone(),
            f.file.0.clone(),
            f.sheet.clone(),
            f.form.clone(),
            f.message.vi.clone(),
        )
    };
    let mut count: BTreeMap<_, usize> = BTreeMap::new();
    for finding in &findings {
        *count.entry(said(finding)).or_default() += 1;
    }
    let mut places: BTreeMap<_, usize> = BTreeMap::new();
    let mut gathered: Vec<Finding> = Vec::with_capacity(findings.len());
    for finding in findings {
        if let Some(last) = gathered.last_mut()
            && said(last) == said(&finding)
            && last.cells == finding.cells
        {
            last.records.extend(finding.records);
            continue;
        }
        let key = said(&finding);
        if count.get(&key).is_none_or(|&n| n < MANY) {
            gathered.push(finding);
            continue;
        }
        match places.get(&key) {
            Some(&place) => {
                let first: &mut Finding = &mut gathered[place];
                first.cells.extend(finding.cells);
                first.records.extend(finding.records);
            }
            None => {
                places.insert(key, gathered.len());
                gathered.push(finding);
            }
        }
    }
    gathered
}

#[cfg(test)]
mod tests {
    use super::{MANY, merge_findings};
    use model::{Extent, FileId, Finding, Severity, Text};

    fn finding(cell: &str, message: &str) -> Finding {
        Finding {
            code: "V001".into(),
            severity: Severity::Correct,
            extent: Extent::Row,
            file: FileId("f".into()),
            file_name: "a.xlsx".into(),
            sheet: Some("B3".into()),
            form: Some("support".into()),
            cells: vec![cell.into()],
            column: None,
            records: vec![cell.into()],
            found: String::new(),
            message: Text {
                vi: message.into(),
                en: message.into(),
            },
            advice: Text::default(),
        }
    }

    #[test]
    fn many_that_say_the_same_are_one() {
        let mut findings: Vec<Finding> = (1..=5)
            .map(|row| finding(&format!("B{row}"), "missing"))
            .collect();
        findings.insert(2, finding("C3", "other"));
        let gathered = merge_findings(findings);
        assert_eq!(gathered.len(), 2);
        assert_eq!(gathered[0].cells, ["B1", "B2", "B3", "B4", "B5"]);
        assert_eq!(gathered[0].records.len(), 5);
        assert_eq!(gathered[1].cells, ["C3"]);
    }

    #[test]
    fn few_that_say_the_same_stay_apart() {
        let findings: Vec<Finding> = (1..MANY)
            .map(|row| finding(&format!("B{row}"), "missing"))
            .collect();
        assert_eq!(merge_findings(findings.clone()), findings);
    }

    #[test]
    fn the_records_of_one_row_are_told_of_once() {
        let of_record = |record: &str| Finding {
            records: vec![record.into()],
            ..finding("B1", "twice")
        };
        let gathered = merge_findings(vec![of_record("1"), of_record("1.1")]);
        assert_eq!(gathered.len(), 1);
        assert_eq!(gathered[0].cells, ["B1"]);
        assert_eq!(gathered[0].records, ["1", "1.1"]);
    }

    #[test]
    fn what_stands_elsewhere_is_not_the_same() {
        let mut findings: Vec<Finding> = (1..=MANY)
            .map(|row| finding(&format!("B{row}"), "missing"))
            .collect();
        findings.extend(findings.clone());
        for other in &mut findings[MANY..] {
            other.sheet = Some("B4".into());
        }
        let sheets: Vec<_> = merge_findings(findings)
            .into_iter()
            .filter_map(|f| f.sheet)
            .collect();
        assert_eq!(sheets, ["B3", "B4"]);
    }
}
