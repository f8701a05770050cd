//! Where tables begin: rows that say what the columns below them hold.

mod assign;
mod heading_text;
pub(crate) mod matching;
mod path;
mod under;

pub(crate) use assign::{AnsweredColumn, CodedColumn, UnsureColumn};

use crate::grid::{Row, SheetGrid};
use crate::heading_answers::DepartmentAnswers;
use crate::row_marks::is_numbering;
use assign::Assigning;
use heading_text::Named;
use matching::{Expected, HeadingMatch, match_block};
use path::{
    HeadingPath, HeadingRow, ReadHeadings, is_under_group, paths as paths_over, without_side_tables,
};
use programme::{Form, Layout, Programme};
use std::collections::HashMap;
use std::rc::Rc;
use under::Under;
use vietext::fold;

/// The most rows a heading has.
const DEPTH: u32 = 5;

/// So many rows show whether a column is blank.
const SIDE_ROWS: usize = 60;

/// How many rows above a heading may hold its title.
const TITLE_ROWS: usize = 12;

/// What is known of the workbook in which headings are looked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct HeadingContext<'p> {
    pub programme: &'p Programme,
    /// The year it reports on, if it is known: of columns side by side for several years this one's counts.
    pub year: Option<i32>,
    /// Whether it is a list that no department sends: it has many columns of its own.
    pub is_list: bool,
    /// What persons said of the sender's headings.
    pub answers: Option<&'p DepartmentAnswers>,
}

impl<'p> HeadingContext<'p> {
    /// A department's workbook of which nothing is known yet.
    pub(crate) fn of(programme: &'p Programme) -> Self {
        Self {
            programme,
            year: None,
            is_list: false,
            answers: None,
        }
    }
}

/// Finds the headings of a sheet, from the top; they do not overlap.
///
/// A heading is known by what it says and by what stands under it: of all forms the one whose columns it names best, in one
/// to five rows; a lower row names the parts of what stands above it.
pub(crate) fn find_headings<'p>(
    sheet: &SheetGrid,
    context: HeadingContext<'p>,
) -> Vec<HeadingMatch<'p>> {
    let mut headings = ReadHeadings::new(&context.programme.heading_words);
    let mut found: Vec<HeadingMatch<'p>> = Vec::new();
    let mut at = 0;
    while at < sheet.rows.len() {
        // Titles above the table before belong to that one.
        let titles_from = found.last().map_or(0, |heading| heading.last + 1);
        let search = Search {
            sheet,
            context,
            titles_from,
        };
        match search.best_at(at, &mut headings) {
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

/// A search for the heading that begins in a row.
struct Search<'s, 'p> {
    sheet: &'s SheetGrid,
    context: HeadingContext<'p>,
    titles_from: usize,
}

/// Rows that may be a heading, and what stands over and under their columns; made once for all forms.
struct Block {
    rows: Vec<HeadingRow>,
    /// The place of the first in the sheet's rows.
    at: usize,
    paths: HashMap<(usize, usize), Rc<Paths>>,
    under: HashMap<usize, Rc<Under>>,
}

/// What stands over the columns of a table, and of a small one beside it.
struct Paths {
    table: Vec<HeadingPath>,
    beside: Vec<HeadingPath>,
}

impl Block {
    /// The paths over the columns if the heading is the rows from one to before another.
    fn paths(
        &mut self,
        (from, to): (usize, usize),
        sheet: &SheetGrid,
        headings: &mut ReadHeadings<'_>,
    ) -> Rc<Paths> {
        let rows = &self.rows[from..to];
        let below = &sheet.rows[self.at + from..];
        let paths = self.paths.entry((from, to));
        let over = || {
            let paths = paths_over(sheet, rows, headings);
            // Looked at only where headings do not follow one another.
            let is_blank = |col: u32| {
                let hidden = &sheet.hidden.columns;
                !hidden.iter().any(|hidden| hidden.contains(&col))
                    && !sheet
                        .merged
                        .iter()
                        .any(|it| (it.first.col..=it.last.col).contains(&col))
                    && below
                        .iter()
                        .take(SIDE_ROWS)
                        .all(|row| row.cell(col).is_none())
            };
            let (table, beside) = without_side_tables(&paths, is_blank);
            Rc::new(Paths { table, beside })
        };
        Rc::clone(paths.or_insert_with(over))
    }

    fn under(&mut self, depth: usize, sheet: &SheetGrid) -> Rc<Under> {
        let below = &sheet.rows[self.at + depth..];
        let under = self.under.entry(depth);
        Rc::clone(under.or_insert_with(|| Rc::new(Under::look(below))))
    }
}

impl<'p> Search<'_, 'p> {
    fn best_at(&self, at: usize, headings: &mut ReadHeadings<'_>) -> Option<HeadingMatch<'p>> {
        let rows = &self.sheet.rows;
        if !may_head(&rows[at]) {
            return None;
        }
        let mut block = Block {
            rows: Vec::new(),
            at,
            paths: HashMap::new(),
            under: HashMap::new(),
        };
        let first = &rows[at];
        // Cells merged downwards from the first row belong to the heading with all rows that they span.
        let merged_to = self
            .sheet
            .merged
            .iter()
            .filter(|it| it.first.row == first.index && it.last.row < first.index + DEPTH)
            .map(|it| it.last.row)
            .max()
            .unwrap_or(first.index);
        // What numbers the columns of a table has nothing to say of a small one beside it.
        let hidden = &self.sheet.hidden.columns;
        let is_hidden = |col: u32| hidden.iter().any(|hidden| hidden.contains(&col));
        let mut end = first.cells.first().map_or(0, |cell| cell.col);
        for cell in &first.cells {
            if (end + 1..cell.col).all(is_hidden) {
                end = cell.col;
            }
        }
        for (i, row) in rows[at..].iter().take(DEPTH as usize).enumerate() {
            // A blank row ends a heading, and so does a row with a number or a date in it: that is data. So does one that
            // numbers the columns.
            let follows = i == 0 || row.index == rows[at + i - 1].index + 1;
            if !follows || is_numbering(row.cells.iter().filter(|cell| cell.col <= end)) {
                break;
            }
            match HeadingRow::read(row, headings, merged_to >= row.index) {
                Some(read) => block.rows.push(read),
                None => break,
            }
        }
        if block.rows.is_empty() {
            return None;
        }
        // Titles stand close above: what is further up belongs to something else.
        let titles: Vec<String> = std::iter::once(fold(&self.sheet.name))
            .chain(
                rows[self.titles_from.max(at.saturating_sub(TITLE_ROWS))..at]
                    .iter()
                    .flat_map(|row| row.texts().map(|(_, text)| fold(text))),
            )
            .collect();
        let mut best: Option<HeadingMatch<'p>> = None;
        for form in self.tables() {
            if !self.may_be(form, &block) {
                continue;
            }
            let expected = Expected {
                is_named: titles.iter().any(|title| form.is_named(title)),
                is_list: self.context.is_list,
            };
            let Some(heading) = self.best_of_form(form, &mut block, expected, headings) else {
                continue;
            };
            if best
                .as_ref()
                .is_none_or(|other| heading.score > other.score)
            {
                best = Some(heading);
            }
        }
        best
    }

    fn tables(&self) -> impl Iterator<Item = &'p Form> + use<'p> {
        let forms = self.context.programme.forms.values();
        forms.filter(|form| form.layout == Layout::Table)
    }

    /// Whether enough of the block's texts name columns of a form for it to be worth a closer look.
    fn may_be(&self, form: &Form, block: &Block) -> bool {
        let words = &self.context.programme.heading_words;
        let cells = block.rows.iter().flat_map(|row| &row.cells);
        let named = cells.filter(|(_, heading)| {
            let named = heading.names(form, words);
            named.iter().flatten().any(|named| *named > Named::InPart)
        });
        named.take(2).count() == 2
    }

    /// The heading of a form that begins in the block's first row, or in a later one where the first are no part of it.
    fn best_of_form(
        &self,
        form: &'p Form,
        block: &mut Block,
        expected: Expected,
        headings: &mut ReadHeadings<'_>,
    ) -> Option<HeadingMatch<'p>> {
        let least = self.least_depth(&block.rows);
        let mut best: Option<HeadingMatch<'p>> = None;
        for depth in least..=block.rows.len() {
            let says_parts = self.says_parts(form, &block.rows[..depth]);
            let mut matched = |from: usize| {
                let under = block.under(depth, self.sheet);
                let assigning = Assigning {
                    programme: self.context.programme,
                    under: &under,
                    year: self.context.year,
                    answers: self.context.answers.and_then(|it| it.of_form(&form.code)),
                };
                let paths = block.paths((from, depth), self.sheet, headings);
                let places = (block.at + from, block.at + depth - 1);
                let paths = (paths.table.as_slice(), paths.beside.as_slice());
                match_block(form, paths, places, &assigning, expected)
            };
            let Some(mut heading) = matched(0) else {
                continue;
            };
            // A lower row that names no more columns belongs to the heading if it says parts of what stands above.
            if let Some(other) = &best
                && (heading.found() < other.found()
                    || (heading.found() == other.found() && !says_parts))
            {
                continue;
            }
            // A row of titles right above is no group: without it as many columns are understood.
            let shorter: Vec<HeadingMatch<'p>> = (1..depth).map_while(&mut matched).collect();
            for (above, shorter) in shorter.into_iter().enumerate() {
                if shorter.found() < heading.found()
                    || shorter.unsure.len() > heading.unsure.len()
                    || shorter.duplicate_headings.len() > heading.duplicate_headings.len()
                    || self.is_group_row(&block.rows, above)
                {
                    break;
                }
                heading = shorter;
            }
            best = Some(heading);
        }
        best
    }

    /// Whether the last row of a block says parts of headings above it: years, units, codes, columns of the form, and at
    /// least one where nothing stands above. A row of data stands below its headings and says something else.
    fn says_parts(&self, form: &Form, rows: &[HeadingRow]) -> bool {
        let words = &self.context.programme.heading_words;
        let Some((last, above)) = rows.split_last() else {
            return false;
        };
        let is_headed = |col: u32| {
            let mut cells = above.iter().flat_map(|row| &row.cells);
            cells.any(|(other, _)| *other == col)
        };
        let lists = &self.context.programme.lists;
        let is_code = |text: &str| {
            let mut lists = form
                .columns
                .iter()
                .filter_map(|it| lists.get(it.kind.list()?));
            lists.any(|list| list.find(text).is_some_and(|found| found.words.is_none()))
        };
        let is_part = |(_, heading): &(u32, Rc<heading_text::ReadHeading>)| {
            let named = heading.names(form, words);
            heading.is_filler
                || words.is_other(None, &heading.words)
                || named.iter().flatten().any(|named| *named > Named::InPart)
                || is_code(&heading.text)
        };
        last.cells.iter().all(is_part) && last.cells.iter().any(|(col, _)| !is_headed(*col))
    }

    /// Whether a row of the block has groups: cells merged over several columns or down into the next row.
    fn is_group_row(&self, block: &[HeadingRow], row: usize) -> bool {
        let index = block[row].index;
        self.sheet.merged.iter().any(|merged| {
            merged.first.row == index
                && (merged.last.row > index || merged.last.col > merged.first.col)
                && block[row]
                    .cells
                    .iter()
                    .any(|(col, _)| *col == merged.first.col)
        }) && row + 1 < block.len()
            && block[row].cells.len() > 1
    }

    /// How many rows of the block belong to its heading by the way they are merged: cells merged downwards, and rows under
    /// cells that are merged sideways.
    fn least_depth(&self, block: &[HeadingRow]) -> usize {
        let first = block[0].index;
        let last_of = |row: u32| {
            let merged = self.sheet.merged.iter().filter(|m| m.first.row == row);
            merged.map(|m| m.last.row).max().unwrap_or(row)
        };
        let mut depth = 1;
        while depth < block.len() {
            let row = &block[depth];
            let is_merged_into = (first..row.index)
                .any(|above| last_of(above) >= row.index && last_of(above) < first + DEPTH);
            let parts = row.cells.iter();
            let under = parts
                .filter(|(col, _)| is_under_group(self.sheet, row.index, *col))
                .count();
            if !is_merged_into && under * 2 < row.cells.len() {
                break;
            }
            depth += 1;
        }
        depth
    }
}

#[cfg(test)]
mod tests {
    use super::{HeadingContext, find_headings};
    use crate::limits::Purpose;
    use crate::workbook::open;
    use programme::Programme;

    /// The headings of the first sheet of a workbook as text, each explained.
    fn headings(text: &str) -> Vec<String> {
        let programme = Programme::default_programme().unwrap();
        let bytes = testkit::workbook(text);
        let opened = open(&bytes, "a.xlsx", Purpose::Report).ok().unwrap();
        let sheet = &opened.sheets[0];
        find_headings(sheet, HeadingContext::of(&programme))
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
