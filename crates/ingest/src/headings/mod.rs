//! Where tables begin: rows that say what the columns below them hold.

mod cells;
pub(crate) mod matching;

use crate::grid::{Row, SheetGrid};
use cells::HeadingRow;
use matching::{HeadingMatch, match_block};
use programme::{Layout, Programme};
use vietext::fold;

/// The most rows a heading has.
const DEPTH: usize = 3;

/// How many rows above a heading may hold its title.
const TITLE_ROWS: usize = 12;

/// What a name of the form, on the sheet or above the heading, adds to the score: more than one column, less than two.
const NAMED: i32 = 15;

/// Finds the headings of a sheet, from the top; they do not overlap.
///
/// A heading is known by what it says: of all forms the one whose columns it names best, in one to three rows;
/// a lower row names the parts of what stands above it.
pub(crate) fn find_headings<'p>(
    sheet: &SheetGrid,
    programme: &'p Programme,
) -> Vec<HeadingMatch<'p>> {
    let mut found: Vec<HeadingMatch<'p>> = Vec::new();
    let mut at = 0;
    while at < sheet.rows.len() {
        let titles_from = found.last().map_or(0, |heading| heading.last + 1);
        // Titles above the table before belong to that one.
        match best_at(sheet, at, titles_from, programme) {
            Some(heading) => {
                at = heading.last + 1;
                found.push(heading);
            }
            None => at += 1,
        }
    }
    found
}

fn may_head(row: &Row) -> bool {
    row.cells.len() >= 2 && row.is_all_text()
}

fn best_at<'p>(
    sheet: &SheetGrid,
    at: usize,
    titles_from: usize,
    programme: &'p Programme,
) -> Option<HeadingMatch<'p>> {
    if !may_head(&sheet.rows[at]) {
        return None;
    }
    let block: Vec<&Row> = sheet.rows[at..]
        .iter()
        .take(DEPTH)
        .enumerate()
        // A blank row ends a heading, and so does a row with a number or a date in it: that is data.
        .take_while(|(i, row)| {
            *i == 0 || (row.is_all_text() && row.index == sheet.rows[at + i - 1].index + 1)
        })
        .map(|(_, row)| row)
        .collect();
    // Titles stand close above: what is further up belongs to something else.
    let titles: Vec<String> = std::iter::once(fold(&sheet.name))
        .chain(
            sheet.rows[titles_from.max(at.saturating_sub(TITLE_ROWS))..at]
                .iter()
                .flat_map(|row| row.texts().map(|(_, text)| fold(text))),
        )
        .collect();
    let block: Vec<HeadingRow<'_>> = block.into_iter().map(HeadingRow::from_row).collect();
    let mut best: Option<HeadingMatch<'p>> = None;
    for form in programme
        .forms
        .values()
        .filter(|form| form.layout == Layout::Table)
    {
        let named: Vec<Vec<Option<usize>>> = block.iter().map(|row| row.columns_of(form)).collect();
        let mut deepest: Option<HeadingMatch<'p>> = None;
        for depth in 1..=block.len() {
            match match_block(form, &block[..depth], &named, at) {
                Some(heading)
                    if deepest.as_ref().is_none_or(|other: &HeadingMatch<'_>| {
                        heading.columns.len() > other.columns.len()
                            && below_names_parts(&named[depth - 1])
                    }) =>
                {
                    deepest = Some(heading);
                }
                // A row that fits no longer ends the heading, but for the first: it may be a group above the parts.
                _ if depth > 1 => break,
                _ => {}
            }
        }
        if let Some(mut heading) = deepest {
            heading.named = titles.iter().any(|title| form.is_named(title));
            heading.score += if heading.named { NAMED } else { 0 };
            if best
                .as_ref()
                .is_none_or(|other| heading.score > other.score)
            {
                best = Some(heading);
            }
        }
    }
    best
}

/// Whether at least half of what a lower row says names columns of the form.
fn below_names_parts(named: &[Option<usize>]) -> bool {
    named.iter().flatten().count() * 2 >= named.len()
}

#[cfg(test)]
mod tests {
    use super::find_headings;
    use crate::limits::Purpose;
    use crate::workbook::open;
    use programme::Programme;

    /// The headings of the first sheet of a workbook as text, each explained.
    fn headings(text: &str) -> Vec<String> {
        let programme = Programme::default_programme().unwrap();
        let bytes = testkit::workbook(text);
        let opened = open(&bytes, "a.xlsx", Purpose::Report).ok().unwrap();
        let sheet = &opened.sheets[0];
        find_headings(sheet, &programme)
            .iter()
            .map(|heading| heading.explained(sheet))
            .collect()
    }

    #[test]
    fn a_table_is_found_below_its_title_wherever_it_begins() {
        insta::assert_snapshot!(
            headings("== T\nBÁO CÁO\n\n||STT|Tên doanh nghiệp|Mã số thuế|Nội dung hỗ trợ|Tình trạng\n||1|Công ty A|3600265395|3a1|dừng\n").join("\n"),
            @"support rows 3-3 score 36: D=enterprise E=tax_code F=content G=status"
        );
    }

    #[test]
    fn a_lower_row_names_the_parts_of_what_stands_above() {
        insta::assert_snapshot!(
            headings("== T\nTên doanh nghiệp|Nội dung hỗ trợ|Kinh phí||\n||NSNN|DN đối ứng|Nguồn khác\nCông ty A|3a1|1|2|3\n").join("\n"),
            @"support rows 1-2 score 42: A=enterprise B=content C=state_budget D=enterprise_budget E=other_budget"
        );
    }

    #[test]
    fn two_tables_on_a_sheet_are_two_headings() {
        insta::assert_snapshot!(
            headings("== T\nTên doanh nghiệp|Mã số thuế|Nội dung hỗ trợ|NSNN\nCông ty A|3600265395|3a1|5\n\nKhó khăn, vướng mắc|Kiến nghị\nThiếu|Thêm\n").join("\n"),
            @r"
        support rows 1-1 score 32: A=enterprise B=tax_code C=content D=state_budget
        proposal rows 4-4 score 20: A=difficulty B=proposal
        "
        );
    }

    #[test]
    fn the_name_of_the_sheet_decides_between_forms_that_fit_alike() {
        let alike = "Tên doanh nghiệp|Mã số thuế|Địa chỉ\nCông ty A|3600265395|Biên Hòa\n";
        insta::assert_snapshot!(headings(&format!("== T\n{alike}")).join("\n"), @"nomination rows 1-1 score 22: A=enterprise B=tax_code C=address");
        insta::assert_snapshot!(headings(&format!("== Biểu 3\n{alike}")).join("\n"), @"support rows 1-1 score 33 (named): A=enterprise B=tax_code C=address");
    }

    #[test]
    fn of_two_columns_with_one_heading_the_left_one_counts() {
        insta::assert_snapshot!(
            headings("== T\nTên doanh nghiệp|Mã số thuế|Tình trạng|Mã số thuế|NSNN\nA|1|dừng|2|5\n").join("\n"),
            @"support rows 1-1 score 32: A=enterprise B=tax_code C=status E=state_budget"
        );
    }

    #[test]
    fn a_row_of_data_or_a_lone_text_is_no_heading() {
        assert_eq!(headings("== T\nTên doanh nghiệp\nCông ty A\n"), [""; 0]);
        assert_eq!(headings("== T\nTên doanh nghiệp|5|Mã số thuế\n"), [""; 0]);
        assert_eq!(
            headings("== T\nKính gửi|Sở Công Thương|Mã số thuế|Ngày ký\n"),
            [""; 0]
        );
    }
}
