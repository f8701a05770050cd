//! The sheets of an .ods beside the values of their cells: what is hidden, spanned and struck through, how cells are shown,
//! and formulas without a result.

use crate::formats::cell_styles::StyledCells;
use crate::formats::ods::styles::{OdsStyles, SHARE};
use crate::formats::xml::{attribute, number, position, unescaped, without};
use crate::grid::{HiddenParts, Merged};
use crate::limits::{Limits, check_sheet_count};
use model::CellRef;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::ops::Range;

/// The longest run of blanks that one element may stand for: as many as a cell of Excel may hold. The library sets a
/// byte aside for each, whatever number is written.
const MAX_REPEATED_SPACES: u64 = 32_767;
/// The most rows that a hidden row may stand for: hidden rows down to the end of the sheet hold nothing.
const MAX_REPEATED_HIDDEN: u64 = 100_000;
/// As many columns as a sheet has at most.
const MAX_COLUMNS: u64 = 1 << 14;

/// What is read of the sheets.
#[derive(Debug, Default)]
pub(crate) struct OdsContent {
    pub sheets: Vec<OdsSheet>,
    /// The places of texts that are struck through in cells that have others.
    struck: Vec<Range<usize>>,
}

/// What is read of a sheet.
#[derive(Debug, Default)]
pub(crate) struct OdsSheet {
    pub hidden: HiddenParts,
    pub merged: Vec<Merged>,
    /// The cells whose style matters.
    pub styled: StyledCells,
    /// The cells whose text is struck through as a whole, though their style does not say so.
    pub struck: Vec<CellRef>,
    /// Formulas without a result.
    pub uncalculated: Vec<(CellRef, Box<str>)>,
    /// The styles of cells that have none of their own, by the last column of each.
    column_styles: Vec<(u64, Option<usize>)>,
    row_style: Option<usize>,
    /// The place of the row that is open, how many rows it stands for, and the places of the next cell and column.
    row: u64,
    rows_here: u64,
    col: u64,
    column: u64,
}

/// A cell that is open.
#[derive(Debug, Default)]
struct OpenCell {
    first_col: u64,
    repeated: u64,
    style: Option<usize>,
    formula: Option<String>,
    has_result: bool,
    has_value: bool,
    has_text: bool,
    has_struck_text: bool,
    struck: Vec<Range<usize>>,
}

struct Reading<'a> {
    styles: &'a OdsStyles,
    limits: &'a Limits,
    content: OdsContent,
    cell: Option<OpenCell>,
    /// How many comments are open around what comes.
    comments: usize,
    /// Where the struck text that is open begins, and how many spans are open in it.
    span: Option<(usize, usize)>,
    too_long: Option<String>,
}

impl OdsContent {
    /// Reads the part of the sheets.
    ///
    /// # Errors
    /// The limit that is passed, in words.
    pub(crate) fn read(part: &[u8], styles: &OdsStyles, limits: &Limits) -> Result<Self, String> {
        let mut reading = Reading {
            styles,
            limits,
            content: Self::default(),
            cell: None,
            comments: 0,
            span: None,
            too_long: None,
        };
        reading.read(part);
        match reading.too_long {
            Some(limit) => Err(limit),
            None => check_sheet_count(reading.content.sheets.len()).map(|()| reading.content),
        }
    }

    /// The part without what is struck through in cells that have other text; nothing if there is none.
    pub(crate) fn without_struck(&self, part: &[u8]) -> Option<Vec<u8>> {
        (!self.struck.is_empty()).then(|| without(part, &self.struck))
    }
}

impl Reading<'_> {
    fn read(&mut self, part: &[u8]) {
        let mut reader = Reader::from_reader(part);
        let mut buffer = Vec::new();
        loop {
            let before = position(&reader);
            match reader.read_event_into(&mut buffer) {
                Ok(Event::Start(element)) => self.start(&element, before),
                Ok(Event::Empty(element)) => {
                    self.start(&element, before);
                    self.end(element.name().as_ref(), position(&reader));
                }
                Ok(Event::Text(text)) => self.text(text.as_ref()),
                Ok(Event::GeneralRef(_) | Event::CData(_)) => self.text("x"),
                Ok(Event::End(element)) => self.end(element.name().as_ref(), position(&reader)),
                Ok(Event::Eof) | Err(_) => return,
                Ok(_) => {}
            }
            buffer.clear();
        }
    }

    fn start(&mut self, element: &BytesStart<'_>, at: usize) {
        let name = element.name();
        match (name.as_ref(), self.content.sheets.last_mut()) {
            ("table:table", _) => self.content.sheets.push(OdsSheet::default()),
            ("table:table-column", Some(sheet)) => sheet.add_columns(element, self.styles),
            ("table:table-row", Some(sheet)) => sheet.begin_row(element, self.styles),
            ("table:table-cell" | "table:covered-table-cell", Some(sheet)) => {
                self.cell = Some(sheet.begin_cell(element, self.styles));
            }
            ("office:annotation", _) => self.comments += 1,
            ("text:s", _) => {
                let spaces = number(element, "text:c").unwrap_or(1);
                if spaces > MAX_REPEATED_SPACES {
                    self.too_long = Some(format!("text:s {spaces} > {MAX_REPEATED_SPACES}"));
                }
            }
            ("text:span", _) if self.styles.strikes_texts() => match &mut self.span {
                Some((_, open)) => *open += 1,
                None => {
                    let style = attribute(element, "text:style-name").unwrap_or_default();
                    self.span = self.styles.is_struck_text(&style).then_some((at, 1));
                }
            },
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if let (Some(cell), 0) = (&mut self.cell, self.comments)
            && !text.trim().is_empty()
        {
            if self.span.is_some() {
                cell.has_struck_text = true;
            } else {
                cell.has_text = true;
            }
        }
    }

    fn end(&mut self, name: &str, at: usize) {
        match name {
            "office:annotation" => self.comments = self.comments.saturating_sub(1),
            "text:span" => {
                if let Some((start, open)) = &mut self.span {
                    *open -= 1;
                    if *open == 0 {
                        let range = *start..at;
                        self.cell
                            .iter_mut()
                            .for_each(|cell| cell.struck.push(range.clone()));
                        self.span = None;
                    }
                }
            }
            "table:table-cell" | "table:covered-table-cell" => {
                if let (Some(cell), Some(sheet)) =
                    (self.cell.take(), self.content.sheets.last_mut())
                {
                    if cell.has_text {
                        self.content.struck.extend(cell.struck.iter().cloned());
                    }
                    sheet.end_cell(cell, self.styles, self.limits);
                }
            }
            _ => {}
        }
    }
}

/// Whether a row or column is hidden by a person; one that a filter hides says `filter`, and counts.
fn is_collapsed(element: &BytesStart<'_>) -> bool {
    attribute(element, "table:visibility").is_some_and(|visibility| visibility == "collapse")
}

fn style_name(element: &BytesStart<'_>) -> String {
    attribute(element, "table:style-name").unwrap_or_default()
}

fn default_style(element: &BytesStart<'_>, styles: &OdsStyles) -> Option<usize> {
    let name = attribute(element, "table:default-cell-style-name")?;
    styles.number(&name)
}

fn cell_at(row: u64, col: u64) -> Option<CellRef> {
    Some(CellRef {
        row: u32::try_from(row).ok()?,
        col: u32::try_from(col).ok()?,
    })
}

/// A formula as Excel would write it, as far as that is a matter of signs: 'of:=[.A1]+[$T.B2:.B3]' as 'A1+$T!B2:B3'.
fn excel_formula(formula: &str) -> String {
    let formula = formula
        .split_once('=')
        .map_or(formula, |(_, written)| written);
    let mut written = String::with_capacity(formula.len());
    let (mut in_text, mut in_name, mut in_cell, mut at_start) = (false, false, false, false);
    for c in formula.chars() {
        match c {
            '"' if !in_name => in_text = !in_text,
            '\'' if !in_text => in_name = !in_name,
            _ if in_text || in_name => {}
            '[' | ']' => {
                (in_cell, at_start) = (c == '[', c == '[');
                continue;
            }
            // The sheet stands before a point; a cell of the same sheet has the point alone.
            '.' if in_cell && at_start => {
                at_start = false;
                continue;
            }
            '.' if in_cell => {
                written.push('!');
                continue;
            }
            ';' => {
                written.push(',');
                continue;
            }
            _ => {}
        }
        at_start = in_cell && c == ':';
        written.push(c);
    }
    written
}

impl OdsSheet {
    fn add_columns(&mut self, element: &BytesStart<'_>, styles: &OdsStyles) {
        let first = self.column;
        self.column += number(element, "table:number-columns-repeated")
            .unwrap_or(1)
            .clamp(1, MAX_COLUMNS);
        self.column_styles
            .push((self.column, default_style(element, styles)));
        let edges = u32::try_from(first)
            .ok()
            .zip(u32::try_from(self.column - 1).ok());
        let is_hidden = is_collapsed(element) || styles.has_no_width(&style_name(element));
        if let Some((first, last)) = edges.filter(|_| is_hidden) {
            self.hidden.columns.push(first..=last);
        }
    }

    fn begin_row(&mut self, element: &BytesStart<'_>, styles: &OdsStyles) {
        self.row = self.row.saturating_add(self.rows_here);
        self.rows_here = number(element, "table:number-rows-repeated").unwrap_or(1);
        self.col = 0;
        self.row_style = default_style(element, styles);
        let is_hidden = is_collapsed(element) || styles.has_no_height(&style_name(element));
        if is_hidden && self.rows_here <= MAX_REPEATED_HIDDEN {
            let rows = self.row..self.row.saturating_add(self.rows_here);
            let rows = rows.filter_map(|row| u32::try_from(row).ok());
            self.hidden.rows.extend(rows);
        }
    }

    fn begin_cell(&mut self, element: &BytesStart<'_>, styles: &OdsStyles) -> OpenCell {
        let rows = number(element, "table:number-rows-spanned").unwrap_or(1);
        let columns = number(element, "table:number-columns-spanned").unwrap_or(1);
        if (rows > 1 || columns > 1)
            && let (Some(first), Some(last)) = (
                cell_at(self.row, self.col),
                cell_at(
                    self.row.saturating_add(rows.max(1) - 1),
                    self.col.saturating_add(columns.max(1) - 1),
                ),
            )
        {
            self.merged.push(Merged { first, last });
        }
        let first_col = self.col;
        let repeated = number(element, "table:number-columns-repeated").unwrap_or(1);
        self.col = self.col.saturating_add(repeated);
        let kind = attribute(element, "office:value-type");
        let has_value = [
            "value",
            "date-value",
            "time-value",
            "boolean-value",
            "string-value",
        ]
        .iter()
        .any(|name| attribute(element, &format!("office:{name}")).is_some());
        let style = match attribute(element, "table:style-name") {
            Some(name) => styles.number(&name),
            None => self.row_style.or_else(|| {
                let mut columns = self.column_styles.iter();
                columns.find(|(end, _)| first_col < *end)?.1
            }),
        };
        let is_share = kind.as_deref() == Some("percentage");
        OpenCell {
            first_col,
            repeated,
            style: style.or(is_share.then_some(SHARE)),
            formula: attribute(element, "table:formula"),
            has_result: has_value || kind.as_deref() == Some("string"),
            has_value,
            ..OpenCell::default()
        }
    }

    fn end_cell(&mut self, cell: OpenCell, styles: &OdsStyles, limits: &Limits) {
        let style = cell.style.filter(|style| styles.cells.matters(*style));
        let has_text = cell.has_text || cell.has_struck_text;
        let is_struck = cell.has_struck_text && !cell.has_text;
        let formula = cell.formula.filter(|_| !cell.has_result && !has_text);
        let is_filled = has_text || cell.has_value || formula.is_some();
        // Most cells stop here, as do blank ones that stand for many.
        if !is_filled || (style.is_none() && !is_struck && formula.is_none()) {
            return;
        }
        let formula = formula.map(|formula| Box::<str>::from(excel_formula(&unescaped(&formula))));
        for row in self.row..self.row.saturating_add(self.rows_here) {
            for col in cell.first_col..cell.first_col.saturating_add(cell.repeated) {
                let noted = self.styled.len() + self.struck.len() + self.uncalculated.len();
                // More cells than these are not read of a sheet either.
                let Some(at) = cell_at(row, col).filter(|_| noted <= limits.cells) else {
                    return;
                };
                if let Some(style) = style {
                    self.styled.insert((at.row, at.col), style);
                }
                self.struck.extend(is_struck.then_some(at));
                self.uncalculated
                    .extend(formula.iter().map(|formula| (at, formula.clone())));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{OdsContent, excel_formula};
    use crate::formats::ods::styles::OdsStyles;
    use crate::limits::Purpose;

    const STYLES: &str = r#"<a><number:percentage-style style:name="N1"><number:number/></number:percentage-style>
        <style:style style:name="ce1" style:family="table-cell" style:data-style-name="N1"/>
        <style:style style:name="T1" style:family="text"><style:text-properties style:text-line-through-style="solid"/></style:style>
        <style:style style:name="ro1" style:family="table-row"><style:table-row-properties style:row-height="0in"/></style:style>
        </a>"#;

    fn read(content: &str) -> Result<OdsContent, String> {
        let styles = OdsStyles::read(&[STYLES.as_bytes()]);
        OdsContent::read(content.as_bytes(), &styles, Purpose::Report.limits())
    }

    fn places(cells: impl IntoIterator<Item = model::CellRef>) -> String {
        let cells: Vec<String> = cells.into_iter().map(|cell| cell.to_string()).collect();
        cells.join(" ")
    }

    #[test]
    fn hidden_and_spanned_parts_are_found() {
        let content = r#"<table:table table:name="A">
            <table:table-column table:number-columns-repeated="2"/><table:table-column table:visibility="collapse"/>
            <table:table-row table:number-rows-repeated="3"><table:table-cell/></table:table-row>
            <table:table-row table:visibility="filter"><table:table-cell/></table:table-row>
            <table:table-row table:visibility="collapse"><table:table-cell table:number-rows-spanned="2"/></table:table-row>
            <table:table-row table:style-name="ro1"><table:table-cell/><table:table-cell table:number-columns-spanned="3"/></table:table-row>
            </table:table>"#;
        let sheets = read(content).unwrap().sheets;
        assert_eq!(sheets[0].hidden.columns, [2..=2]);
        assert!(sheets[0].hidden.rows.iter().eq(&[4, 5]));
        let merged: Vec<String> = sheets[0]
            .merged
            .iter()
            .map(|m| format!("{}:{}", m.first, m.last))
            .collect();
        assert_eq!(merged, ["A5:A6", "B6:D6"]);
    }

    #[test]
    fn cells_are_styled_by_themselves_their_row_or_column() {
        let content = r#"<table:table><table:table-column/><table:table-column table:default-cell-style-name="ce1"/>
            <table:table-row><table:table-cell table:style-name="ce1" office:value="0.1"/>
            <table:table-cell office:value="0.2"/><table:table-cell office:value="3"/></table:table-row>
            <table:table-row table:default-cell-style-name="ce1"><table:table-cell office:value="0.2"/></table:table-row>
            <table:table-row table:number-rows-repeated="1000000"><table:table-cell table:style-name="ce1"/></table:table-row>
            <table:table-row><table:table-cell office:value-type="percentage" office:value="0.2"/></table:table-row>
            </table:table>"#;
        let sheets = read(content).unwrap().sheets;
        let mut styled: Vec<_> = sheets[0].styled.keys().copied().collect();
        styled.sort();
        assert_eq!(styled, [(0, 0), (0, 1), (1, 0), (1_000_002, 0)]);
    }

    #[test]
    fn formulas_without_a_result_are_found_and_blank_results_are_results() {
        let content = r#"<table:table><table:table-row>
            <table:table-cell table:formula="of:=[.A1]&lt;1" table:number-columns-repeated="2"/>
            <table:table-cell table:formula="of:=[.A1]" office:value-type="string"/>
            <table:table-cell table:formula="of:=[.A1]" office:value-type="float" office:value="5"/>
            <table:table-cell table:formula="of:=[.A1]"><text:p>x</text:p></table:table-cell>
            <table:table-cell table:formula="of:=[.A1]" office:value-type="float"/>
            </table:table-row></table:table>"#;
        let sheets = read(content).unwrap().sheets;
        let found = &sheets[0].uncalculated;
        assert_eq!(places(found.iter().map(|(at, _)| *at)), "A1 B1 F1");
        assert_eq!(&*found[0].1, "A1<1");
    }

    #[test]
    fn formulas_are_written_as_in_excel() {
        for (formula, written) in [
            ("of:=[.P6]*0.5", "P6*0.5"),
            ("of:=SUM([.A1:.A3];[.$B$2])", "SUM(A1:A3,$B$2)"),
            ("of:=['Biểu 3'.A1]+[T.B2]", "'Biểu 3'!A1+T!B2"),
            (
                "of:=IF([.A1]=\"a;b.\";1.5;\"\")",
                "IF(A1=\"a;b.\",1.5,\"\")",
            ),
            ("A1", "A1"),
        ] {
            assert_eq!(excel_formula(formula), written);
        }
    }

    #[test]
    fn what_is_struck_through_is_taken_out_of_other_text() {
        let struck = r#"<text:span text:style-name="T1">120<text:span>!</text:span></text:span>"#;
        let cell =
            |text: &str| format!("<table:table-cell><text:p>{text}</text:p></table:table-cell>");
        let note = "<office:annotation><text:p>x</text:p></office:annotation>";
        let table = |cells: &str| {
            format!("<table:table><table:table-row>{cells}</table:table-row></table:table>")
        };
        let part = table(&(cell(&format!("{struck}150")) + &cell(&format!("{struck}{note}"))));
        let content = read(&part).unwrap();
        assert_eq!(places(content.sheets[0].struck.iter().copied()), "B1");
        let shown = content.without_struck(part.as_bytes()).unwrap();
        let expected = table(&(cell("150") + &cell(&format!("{struck}{note}"))));
        assert_eq!(String::from_utf8(shown).unwrap(), expected);
        assert_eq!(read(&table(&cell("5"))).unwrap().without_struck(b""), None);
    }

    #[test]
    fn a_run_of_blanks_has_a_limit() {
        let table =
            |blanks: u32| format!(r#"<table:table><text:s text:c="{blanks}"/></table:table>"#);
        assert_eq!(read(&table(32_767)).unwrap().sheets.len(), 1);
        let refused = read(&table(32_768)).unwrap_err();
        assert_eq!(refused, "text:s 32768 > 32767");
    }

    #[test]
    fn rows_hidden_to_the_end_of_the_sheet_are_passed_over() {
        let content = r#"<table:table><table:table-row table:visibility="collapse"
            table:number-rows-repeated="1048000"/></table:table>"#;
        assert!(read(content).unwrap().sheets[0].hidden.rows.is_empty());
    }
}
