//! Which rows below a heading are data, and which are sections, totals, notes and signatures.

use crate::grid::{Row, Value};
use crate::headings::matching::HeadingMatch;
use crate::row_marks::{
    is_dots, is_numbering, is_ordinal, is_place_and_date, is_section_number, is_total,
    starts_as_section,
};
use crate::value::flag::flag;
use programme::{ColumnType, Programme, SignatureWords};
use std::collections::BTreeSet;
use vietext::fold;

/// What a row below a heading is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RowKind {
    Data,
    /// '(1) (2) (3)' or '1 2 3' or 'a b c' under the heading.
    Numbering,
    /// 'I', 'II' and a title; what follows belongs to it.
    Section,
    /// 'Cộng', 'Tổng cộng'.
    Total,
    /// Place and date, offices of signatories: the table is over.
    End,
    /// Only a text and amounts that are no sum: it may be a record or not, and is asked about.
    Unclear,
    /// A remark with amounts below the total of all.
    Note,
    /// The row of examples of a blank workbook, as it was handed out.
    Example,
    /// Anything else that is not data.
    Other,
}

/// Tells the rows of one table apart, from the heading down.
pub(crate) struct RowClassifier<'h> {
    heading: &'h HeadingMatch<'h>,
    programme: &'h Programme,
    /// What stands for a number in a template's row of examples.
    example_mark: &'h str,
    /// Whose lines say that a table is over.
    signatures: &'h SignatureWords,
    /// How many of the columns found the form requires.
    required: usize,
    /// Whether no row has come yet: only the first may number the columns.
    fresh: bool,
    /// Whether a signature has come. What follows is data only if it looks much like it: some go on below.
    ended: bool,
}

impl<'h> RowClassifier<'h> {
    pub(crate) fn new(heading: &'h HeadingMatch<'h>, programme: &'h Programme) -> Self {
        let required = heading
            .columns
            .values()
            .filter(|&&place| heading.form.columns[place].required)
            .count();
        Self {
            heading,
            programme,
            example_mark: &programme.report.template.example_mark,
            signatures: &programme.signatures,
            required,
            fresh: true,
            ended: false,
        }
    }

    /// The kind of the next row; rows must come in their order.
    pub(crate) fn next(&mut self, row: &Row) -> RowKind {
        let fresh = std::mem::take(&mut self.fresh);
        if fresh && self.numbers_columns(row) {
            return RowKind::Numbering;
        }
        let kind = self.kind(row);
        self.ended |= kind == RowKind::End;
        kind
    }

    /// Whether a row numbers the columns of the table; what stands beside the table does not matter.
    fn numbers_columns(&self, row: &Row) -> bool {
        let own = self.heading.placed().map(|(col, _)| col);
        let own: BTreeSet<u32> = own.chain(self.heading.number_column).collect();
        let (Some(&first), Some(&last)) = (own.first(), own.last()) else {
            return false;
        };
        let of_table = row
            .cells
            .iter()
            .filter(|cell| (first..=last).contains(&cell.col));
        is_numbering(&row.cells) || is_numbering(of_table)
    }

    /// The form's columns that hold something in a row.
    fn filled<'r>(&'r self, row: &'r Row) -> impl Iterator<Item = &'r programme::Column> {
        let columns = &self.heading.form.columns;
        self.heading
            .placed()
            .filter_map(|(col, place)| Some((row.cell(col)?, &columns[place])))
            // An unticked box is nothing, and neither are dots: templates have them on every line.
            .filter(|(value, column)| match value {
                Value::Text(text) if is_dots(text) => false,
                value => column.kind != ColumnType::Flag || flag(&value.shown()) == Some(true),
            })
            .map(|(_, column)| column)
    }

    /// Whether a row of examples stands as it was handed out: one that was typed over is data.
    fn is_untouched_example(&self, row: &Row) -> bool {
        self.heading.placed().all(|(col, place)| {
            let example = self.programme.example(&self.heading.form.columns[place]);
            row.cell(col)
                .is_none_or(|value| fold(&value.shown()) == fold(&example))
        })
    }

    /// Whether a text is the office of who signs, or place and date.
    fn ends_table(&self, text: &str) -> bool {
        let folded = fold(text);
        self.signatures.is_signature(&folded) || is_place_and_date(&folded)
    }

    fn kind(&self, row: &Row) -> RowKind {
        let number = self.heading.number_column.and_then(|col| row.cell(col));
        // An example that a template shows is left standing by many who fill it in.
        if let Some(Value::Text(mark)) = number
            && !self.example_mark.is_empty()
            && **mark == *self.example_mark
            && self.is_untouched_example(row)
        {
            return RowKind::Example;
        }
        let numbered = number.is_some_and(is_ordinal);
        // A numbered row is never a total or the end, whatever it says: an enterprise may be called 'Cộng'.
        if !numbered {
            if row.texts().count() > 0 && row.texts().all(|(_, text)| self.ends_table(text)) {
                return RowKind::End;
            }
            if row.texts().any(|(_, text)| is_total(text)) {
                return RowKind::Total;
            }
        }
        // A section has a title and sums; with two texts it is an enterprise whose number is a letter.
        if number.is_some_and(is_section_number)
            && self
                .filled(row)
                .filter(|c| !c.kind.is_number())
                .take(2)
                .count()
                < 2
        {
            return RowKind::Section;
        }
        let required_filled = || self.filled(row).filter(|column| column.required).count();
        if self.ended {
            let enough = numbered
                && required_filled() * 2 >= self.required
                && self.filled(row).take(2).count() == 2;
            return if enough {
                RowKind::Data
            } else {
                RowKind::Other
            };
        }
        match self.filled(row).take(2).count() {
            0 => RowKind::Other,
            1 if !numbered => {
                // A lone text is a section's title or a note, unless the form asks for nothing more.
                let is_note = row
                    .texts()
                    .any(|(_, text)| fold(text).starts_with("ghi chu") || starts_as_section(text));
                if required_filled() == self.required && !is_note {
                    RowKind::Data
                } else {
                    RowKind::Other
                }
            }
            _ => RowKind::Data,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{RowClassifier, RowKind};
    use crate::headings::{HeadingContext, find_headings};
    use crate::limits::Purpose;
    use crate::workbook::open;
    use programme::Programme;

    /// The kinds of the rows below the heading of a table of support, which requires enterprise and content.
    fn kinds(rows: &str) -> Vec<RowKind> {
        let programme = Programme::default_programme().unwrap();
        let heading = "STT|Tên doanh nghiệp|Mã số thuế|Nội dung hỗ trợ|Bắt đầu|NSNN";
        let bytes = testkit::workbook(&format!("== Biểu 3\n{heading}\n{rows}"));
        let opened = open(&bytes, "a.xlsx", Purpose::Report).ok().unwrap();
        let sheet = &opened.sheets[0];
        let headings = find_headings(sheet, HeadingContext::of(&programme));
        let mut classifier = RowClassifier::new(&headings[0], &programme);
        let below = &sheet.rows[headings[0].last + 1..];
        below.iter().map(|row| classifier.next(row)).collect()
    }

    #[test]
    fn sections_and_totals_stand_between_rows_of_data() {
        use RowKind::{Data, Numbering, Section, Total};
        assert_eq!(
            kinds(
                "'(1)|'(2)|'(3)|'(4)|'(5)|'(6)\n'I|Doanh nghiệp nhỏ\n1|Công ty A|3600265395|3a1|2023-05-01|5\n\
                 |Cộng nhóm I||||5\n'II|Doanh nghiệp vừa\n1|Công ty B|3603295006|3a2|2023-05-01|7\n|Tổng cộng||||12\n"
            ),
            [Numbering, Section, Data, Total, Section, Data, Total]
        );
    }

    #[test]
    fn a_numbered_row_is_data_whatever_its_enterprise_is_called() {
        assert_eq!(
            kinds("1|Cộng|3600265395|3a1\n2|Giám đốc|3603295006|3a1\n"),
            [RowKind::Data; 2]
        );
    }

    #[test]
    fn signatures_end_a_table() {
        use RowKind::{Data, End, Other};
        assert_eq!(
            kinds(
                "1|Công ty A|3600265395|3a1\n|||||Đồng Nai, ngày 25 tháng 11 năm 2023\n|NGƯỜI LẬP BIỂU||||KT. GIÁM ĐỐC\n|Nguyễn Văn A||||Trần Thị B\n"
            ),
            [Data, End, End, Other]
        );
        // Some go on below the signature, with numbered rows.
        assert_eq!(
            kinds("|Giám đốc\n2|Công ty B|3603295006|3a1\n|Công ty C|3603295006|3a1\n"),
            [End, Data, Other]
        );
    }

    #[test]
    fn a_lone_text_is_no_data_and_two_values_are() {
        use RowKind::{Data, Other};
        assert_eq!(
            kinds("|Ghi chú: số liệu ước\n|II. Doanh nghiệp vừa\n|Công ty A||3a1\n1|Công ty B\n"),
            [Other, Other, Data, Data]
        );
    }
}
