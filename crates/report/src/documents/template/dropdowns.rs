use crate::error::ReportError;
use crate::formats::xlsx::address::cell;
use chrono::NaiveDate;
use programme::{Programme, choice};
use rust_xlsxwriter::Worksheet;
use std::collections::BTreeMap;

/// The values of the dropdowns, a column each on a sheet of their own: a list in a cell ends at 255 letters.
pub(crate) struct DropdownLists {
    columns: Vec<(String, Vec<String>)>,
    places: BTreeMap<String, String>,
}

impl DropdownLists {
    /// The values that a period which ends on a day may name: what is in use then.
    pub(crate) fn on(programme: &Programme, day: NaiveDate) -> Self {
        let mut lists = Self {
            columns: Vec::new(),
            places: BTreeMap::new(),
        };
        let sheet = programme.report.template.list_sheet.replace('\'', "''");
        for (col, list) in (0..).zip(programme.lists.values()) {
            let values: Vec<String> = list
                .entries
                .iter()
                .filter(|e| e.life.covers(day))
                .map(|e| choice(&e.code, &e.title))
                .collect();
            let end = u32::try_from(values.len()).unwrap_or(1);
            let range = |row| {
                let name = cell(row, col);
                let (letters, digits) =
                    name.split_at(name.find(|c: char| c.is_ascii_digit()).unwrap_or(1));
                format!("${letters}${digits}")
            };
            lists.places.insert(
                list.name.clone(),
                format!("='{sheet}'!{}:{}", range(1), range(end)),
            );
            lists.columns.push((list.title.vi.clone(), values));
        }
        lists
    }

    /// The cells of a list's values, as a formula names them.
    pub(crate) fn range(&self, list: &str) -> Option<&String> {
        self.places.get(list)
    }

    /// Writes the sheet of all lists, which is hidden.
    ///
    /// # Errors
    /// When a workbook cannot have it.
    pub(crate) fn write(&self, sheet: &mut Worksheet, name: &str) -> Result<(), ReportError> {
        // Nobody needs to see it; the dropdowns do.
        sheet.set_name(name)?.set_hidden(true);
        for (col, (title, values)) in (0..).zip(&self.columns) {
            sheet.write(0, col, title)?;
            for (row, value) in (1..).zip(values) {
                sheet.write(row, col, value)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::DropdownLists;
    use crate::testing::programme;
    use chrono::NaiveDate;

    #[test]
    fn a_list_is_found_at_its_cells() {
        let mut programme = programme().clone();
        let first = programme.lists.keys().next().unwrap().clone();
        let day = NaiveDate::from_ymd_opt(2023, 12, 31).unwrap();
        let entries = programme.lists[&first].entries.len();
        programme.report.template.list_sheet = "Danh 'mục'".to_owned();
        let lists = DropdownLists::on(&programme, day);
        let expected = format!("='Danh ''mục'''!$A$2:$A${}", entries + 1);
        assert_eq!(lists.range(&first), Some(&expected));
        assert_eq!(lists.range("no such list"), None);
    }
}
