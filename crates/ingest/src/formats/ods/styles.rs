//! The styles of an .ods: how cells are shown, which texts are struck through, which rows and columns have no size.

use crate::formats::cell_styles::{CellStyle, CellStyles};
use crate::formats::number_format::NumberFormat;
use crate::formats::ods::data_styles::DataStyles;
use crate::formats::xml::attribute;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::collections::{HashMap, HashSet};

/// The longest chain of styles that take from one another.
const MAX_PARENTS: usize = 20;

/// The styles of a workbook.
#[derive(Debug, Default)]
pub(crate) struct OdsStyles {
    /// The styles of cells; the first is that of a share, whatever it is called.
    pub cells: CellStyles,
    numbers: HashMap<String, usize>,
    struck_texts: HashSet<String>,
    without_size: HashSet<(Family, String)>,
}

/// The number of the style of a share, for cells that say they hold one and have no style.
pub(crate) const SHARE: usize = 0;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Family {
    Cell,
    Text,
    Row,
    Column,
}

/// A style as it is written.
#[derive(Debug, Default)]
struct WrittenStyle {
    parent: Option<String>,
    data: Option<String>,
    is_struck: Option<bool>,
    is_without_size: bool,
}

impl OdsStyles {
    /// Reads the styles of those parts; of one name the last counts.
    pub(crate) fn read(parts: &[&[u8]]) -> Self {
        let mut reading = Reading::default();
        for part in parts {
            reading.read(part);
        }
        reading.finish()
    }

    /// The number of a cell's style.
    pub(crate) fn number(&self, name: &str) -> Option<usize> {
        self.numbers.get(name).copied()
    }

    /// Whether any part of a text may be struck through.
    pub(crate) fn strikes_texts(&self) -> bool {
        !self.struck_texts.is_empty()
    }

    pub(crate) fn is_struck_text(&self, name: &str) -> bool {
        self.struck_texts.contains(name)
    }

    pub(crate) fn has_no_height(&self, row_style: &str) -> bool {
        self.without_size
            .contains(&(Family::Row, row_style.to_owned()))
    }

    pub(crate) fn has_no_width(&self, column_style: &str) -> bool {
        self.without_size
            .contains(&(Family::Column, column_style.to_owned()))
    }
}

#[derive(Default)]
struct Reading {
    data: DataStyles,
    styles: HashMap<(Family, String), WrittenStyle>,
    open: Option<(Family, String)>,
}

impl Reading {
    fn read(&mut self, part: &[u8]) {
        let mut reader = Reader::from_reader(part);
        let mut buffer = Vec::new();
        loop {
            match reader.read_event_into(&mut buffer) {
                // The sheets have no styles in them, and may be long.
                Ok(Event::Start(element)) if element.name().as_ref() == "office:body" => return,
                Ok(Event::Start(element)) => self.start(&element),
                Ok(Event::Empty(element)) => {
                    self.start(&element);
                    self.end(element.name().as_ref());
                }
                Ok(Event::Text(text)) => self.data.text(text.as_ref()),
                Ok(Event::End(element)) => self.end(element.name().as_ref()),
                Ok(Event::Eof) | Err(_) => return,
                Ok(_) => {}
            }
            buffer.clear();
        }
    }

    fn start(&mut self, element: &BytesStart<'_>) {
        self.data.start(element);
        match element.name().as_ref() {
            "style:style" => {
                let family = match attribute(element, "style:family").as_deref() {
                    Some("table-cell") => Family::Cell,
                    Some("text") => Family::Text,
                    Some("table-row") => Family::Row,
                    Some("table-column") => Family::Column,
                    _ => return,
                };
                let name = attribute(element, "style:name").unwrap_or_default();
                let style = WrittenStyle {
                    parent: attribute(element, "style:parent-style-name"),
                    data: attribute(element, "style:data-style-name"),
                    ..WrittenStyle::default()
                };
                self.styles.insert((family, name.clone()), style);
                self.open = Some((family, name));
            }
            "style:text-properties" => {
                let line = ["style", "type"].iter().find_map(|kind| {
                    attribute(element, &format!("style:text-line-through-{kind}"))
                });
                if let (Some(style), Some(line)) = (self.open_style(), line) {
                    style.is_struck = Some(line != "none");
                }
            }
            "style:table-row-properties" => self.see_size(element, "style:row-height"),
            "style:table-column-properties" => self.see_size(element, "style:column-width"),
            _ => {}
        }
    }

    fn open_style(&mut self) -> Option<&mut WrittenStyle> {
        self.styles.get_mut(self.open.as_ref()?)
    }

    fn see_size(&mut self, element: &BytesStart<'_>, name: &str) {
        let size = attribute(element, name).unwrap_or_default();
        let number = size.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '%');
        let is_zero = number
            .trim()
            .parse::<f64>()
            .is_ok_and(|number| number == 0.0);
        if let Some(style) = self.open_style() {
            style.is_without_size = is_zero;
        }
    }

    fn end(&mut self, name: &str) {
        self.data.end(name);
        if name == "style:style" {
            self.open = None;
        }
    }

    fn finish(self) -> OdsStyles {
        let mut found = OdsStyles::default();
        let mut cells = vec![CellStyle {
            number: NumberFormat::built_in(9),
            is_struck: false,
        }];
        for ((family, name), style) in &self.styles {
            match family {
                Family::Cell => {
                    let code = self.inherited(*family, style, |style| style.data.clone());
                    let code = code.and_then(|name| self.data.code(&name));
                    found.numbers.insert(name.clone(), cells.len());
                    cells.push(CellStyle {
                        number: code
                            .map_or_else(NumberFormat::default, |code| NumberFormat::parse(&code)),
                        is_struck: self.is_struck(*family, style),
                    });
                }
                Family::Text if self.is_struck(*family, style) => {
                    found.struck_texts.insert(name.clone());
                }
                Family::Row | Family::Column if style.is_without_size => {
                    found.without_size.insert((*family, name.clone()));
                }
                _ => {}
            }
        }
        found.cells = CellStyles::from_iter(cells);
        found
    }

    fn is_struck(&self, family: Family, style: &WrittenStyle) -> bool {
        self.inherited(family, style, |style| style.is_struck) == Some(true)
    }

    /// What a style says, or the nearest of those that it takes from.
    fn inherited<T>(
        &self,
        family: Family,
        style: &WrittenStyle,
        says: impl Fn(&WrittenStyle) -> Option<T>,
    ) -> Option<T> {
        let mut style = style;
        for _ in 0..MAX_PARENTS {
            if let Some(said) = says(style) {
                return Some(said);
            }
            let parent = style.parent.clone()?;
            style = self.styles.get(&(family, parent))?;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::OdsStyles;
    use crate::grid::{CellFormat, Shows, UnitWord, Value};

    const DATA: &str = r#"<a>
        <number:percentage-style style:name="N1"><number:number/><number:text>%</number:text></number:percentage-style>
        <number:number-style style:name="N2"><number:number number:display-factor="1000000"/><number:text> triệu</number:text></number:number-style>
        <number:currency-style style:name="N3"><number:number/><number:text> </number:text><number:currency-symbol>₫</number:currency-symbol></number:currency-style>
        <number:date-style style:name="N4"><number:month/><number:text>/</number:text><number:year/></number:date-style>
        <number:number-style style:name="N5P0"><number:text/></number:number-style>
        <number:text-style style:name="N5"><number:text/><style:map style:condition="value()&gt;0" style:apply-style-name="N5P0"/>
            <style:map style:condition="value()&lt;0" style:apply-style-name="N5P0"/></number:text-style>
        <number:number-style style:name="N6"><number:number/></number:number-style>
        <number:number-style style:name="N7"><number:text>-</number:text><number:number/>
            <style:map style:condition="value()&gt;=0" style:apply-style-name="N6"/></number:number-style>
        <number:text-style style:name="N8"><number:text-content/></number:text-style>
        <number:date-style style:name="N9"><number:day/><number:text>/</number:text><number:month/><number:text>/</number:text><number:year/></number:date-style>
        </a>"#;

    fn format(data: &str, value: &Value) -> CellFormat {
        let content = format!(
            r#"<b><style:style style:name="P" style:family="table-cell" style:data-style-name="{data}"/>
            <style:style style:name="ce1" style:family="table-cell" style:parent-style-name="P"/></b>"#
        );
        let styles = OdsStyles::read(&[DATA.as_bytes(), content.as_bytes()]);
        styles.cells.format(styles.number("ce1").unwrap(), value)
    }

    #[test]
    fn formats_say_the_same_as_in_excel() {
        let number = Value::Number(5.0);
        assert_eq!(format("N1", &number).shows, Shows::Percent);
        let scaled = format("N2", &number);
        assert_eq!(
            (scaled.thousands, scaled.unit),
            (2, Some(UnitWord::Million))
        );
        assert_eq!(format("N3", &number).unit, Some(UnitWord::Dong));
        let day = Value::Date("2024-05-01".parse().unwrap());
        assert_eq!(format("N4", &day).shows, Shows::Month);
        for plain in ["N6", "N7", "N8", "N9", "none"] {
            assert_eq!(format(plain, &number), CellFormat::default(), "{plain}");
            assert_eq!(format(plain, &day), CellFormat::default(), "{plain}");
        }
    }

    #[test]
    fn a_format_without_anything_in_it_shows_nothing() {
        assert_eq!(format("N5", &Value::Number(5.0)).shows, Shows::Nothing);
        assert_eq!(format("N5", &Value::Number(-5.0)).shows, Shows::Nothing);
        assert_eq!(format("N5", &Value::Text("x".into())).shows, Shows::Nothing);
        assert_eq!(format("N5P0", &Value::Number(5.0)).shows, Shows::Nothing);
        assert_eq!(format("N5P0", &Value::Text("x".into())).shows, Shows::Value);
    }

    #[test]
    fn struck_texts_and_rows_without_height_are_found() {
        let part = br#"<a><style:style style:name="T1" style:family="text"><style:text-properties
            style:text-line-through-style="solid"/></style:style>
            <style:style style:name="T2" style:family="text" style:parent-style-name="T1"/>
            <style:style style:name="T3" style:family="text" style:parent-style-name="T1"><style:text-properties
            style:text-line-through-style="none"/></style:style>
            <style:style style:name="ce1" style:family="table-cell"><style:text-properties
            style:text-line-through-type="single"/></style:style>
            <style:style style:name="ro1" style:family="table-row"><style:table-row-properties style:row-height="0cm"/></style:style>
            <style:style style:name="co1" style:family="table-column"><style:table-column-properties style:column-width="0.5in"/></style:style>
            </a>"#;
        let styles = OdsStyles::read(&[part]);
        assert!(styles.is_struck_text("T1") && styles.is_struck_text("T2"));
        assert!(!styles.is_struck_text("T3") && !styles.is_struck_text("ce1"));
        assert!(styles.cells.matters(styles.number("ce1").unwrap()));
        assert!(styles.has_no_height("ro1") && !styles.has_no_width("co1"));
    }
}
