use crate::documents::template::dropdowns::DropdownLists;
use crate::documents::template::input::TemplateInput;
use crate::documents::template::styles::TemplateStyles;
use crate::error::ReportError;
use programme::{Column, ColumnType, Form, Programme, is_short};
use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, DataValidationRule, Format, Formula, Note,
};

/// A column of a blank table: all that stands in it, from the heading down.
pub(crate) struct EntryColumn<'a> {
    /// The form's column; the first one numbers the rows.
    pub column: Option<&'a Column>,
    pub heading: String,
    /// In characters.
    pub width: f64,
    pub heading_note: Option<Note>,
    pub example: String,
    pub example_note: Option<Note>,
    pub entry: Format,
    pub validation: Option<DataValidation>,
}

/// The columns of a form's blank table, from left to right.
///
/// # Errors
/// When a heading is longer than a dropdown's message may be.
pub(crate) fn columns<'a>(
    form: &'a Form,
    input: &TemplateInput<'_>,
    lists: &DropdownLists,
    styles: &TemplateStyles,
) -> Result<Vec<EntryColumn<'a>>, ReportError> {
    let template = &input.programme.report.template;
    let number = EntryColumn {
        column: None,
        heading: input.programme.words.get("row_no").to_owned(),
        width: 6.0,
        heading_note: None,
        example: template.example_mark.clone(),
        example_note: Some(Note::new(&template.example_note).add_author_prefix(false)),
        entry: styles.entry(&ColumnType::Integer),
        validation: None,
    };
    let mut columns = vec![number];
    for column in &form.columns {
        let star = if column.required { " *" } else { "" };
        columns.push(EntryColumn {
            column: Some(column),
            heading: format!("{}{star}", column.heading_on(input.period.last_day())),
            width: width(&column.kind),
            heading_note: heading_note(input.programme, form, column),
            example: input.programme.example(column),
            example_note: None,
            entry: styles.entry(&column.kind),
            validation: validation(column, lists)?,
        });
    }
    Ok(columns)
}

/// The note on a heading, as high as its lines need.
fn heading_note(programme: &Programme, form: &Form, column: &Column) -> Option<Note> {
    let text = advice(programme, form, column);
    let lines = u32::try_from(text.lines().count()).unwrap_or(4);
    (!text.is_empty()).then(|| {
        Note::new(text)
            .add_author_prefix(false)
            .set_width(300)
            .set_height(40 + lines * 30)
    })
}

fn width(kind: &ColumnType) -> f64 {
    match kind {
        ColumnType::Text => 26.0,
        ColumnType::Codes { .. } => 20.0,
        ColumnType::Code { .. } | ColumnType::TaxCode => 16.0,
        ColumnType::Money => 14.0,
        ColumnType::Integer
        | ColumnType::Percent
        | ColumnType::Date
        | ColumnType::Flag
        | ColumnType::Year => 12.0,
    }
}

/// What the rules say of a column, for who fills it in.
fn advice(programme: &Programme, form: &Form, column: &Column) -> String {
    let mut lines: Vec<String> = Vec::new();
    if column.required {
        lines.push(programme.words.get("required").to_owned());
    }
    let of_form = |forms: &[String]| forms.contains(&form.code);
    let rules = programme
        .rules
        .values()
        .filter(|r| of_form(&r.forms) && r.columns.contains(&column.name));
    lines.extend(rules.map(|r| format!("{}: {}. {}", r.code, r.title.vi, r.advice.vi)));
    if let Some(list) = column
        .kind
        .list()
        .and_then(|list| programme.lists.get(list))
    {
        let long = list.entries.iter().filter(|e| !is_short(&e.title)).take(10);
        lines.extend(long.map(|e| format!("{}: {}", e.code, e.title.vi)));
    }
    lines.join("\n")
}

fn validation(
    column: &Column,
    lists: &DropdownLists,
) -> Result<Option<DataValidation>, ReportError> {
    let title = |validation: DataValidation| -> Result<DataValidation, ReportError> {
        let heading: String = column.heading.chars().take(32).collect();
        // A warning, not a wall: what the list lacks may still be right, and the reader judges it.
        Ok(validation
            .set_error_style(DataValidationErrorStyle::Warning)
            .set_error_title(heading)?)
    };
    Ok(match &column.kind {
        ColumnType::Code { list, .. } | ColumnType::Codes { list } => match lists.range(list) {
            Some(range) => Some(title(
                DataValidation::new().allow_list_formula(Formula::new(range)),
            )?),
            None => None,
        },
        ColumnType::Integer => Some(title(
            DataValidation::new().allow_whole_number(DataValidationRule::GreaterThanOrEqualTo(0)),
        )?),
        ColumnType::Money => Some(title(
            DataValidation::new()
                .allow_decimal_number(DataValidationRule::GreaterThanOrEqualTo(0.0)),
        )?),
        // These are read in so many ways of writing that a check would warn of what is right.
        ColumnType::Text
        | ColumnType::Percent
        | ColumnType::Date
        | ColumnType::Flag
        | ColumnType::TaxCode
        | ColumnType::Year => None,
    })
}

#[cfg(test)]
mod tests {
    use super::{advice, validation};
    use crate::documents::template::dropdowns::DropdownLists;
    use crate::testing::programme;
    use programme::{Column, ColumnType};

    fn column(kind: ColumnType) -> Column {
        Column {
            name: "size".to_owned(),
            heading: "Quy mô doanh nghiệp".to_owned(),
            later_headings: Vec::new(),
            kind,
            concept: None,
            required: true,
            personal: false,
            formerly: Vec::new(),
        }
    }

    #[test]
    fn each_type_of_column_has_an_example_that_it_can_read() {
        let list = || "size".to_owned();
        let kinds = [
            ColumnType::Text,
            ColumnType::Integer,
            ColumnType::Money,
            ColumnType::Percent,
            ColumnType::Date,
            ColumnType::Flag,
            ColumnType::TaxCode,
            ColumnType::Year,
            ColumnType::Code {
                list: list(),
                open: false,
            },
            ColumnType::Codes { list: list() },
        ];
        let examples = kinds.map(|kind| programme().example(&column(kind)));
        insta::assert_snapshot!(examples.join(" / "), @" / 25 / 63,5 / 12,5 / 05/03/2025 / x / 10 chữ số / 2025 / HTX-khác / HTX-khác");
    }

    #[test]
    fn a_heading_tells_what_the_rules_say() {
        let form = programme().form("support").unwrap();
        let tax_code = form
            .columns
            .iter()
            .find(|column| column.kind == ColumnType::TaxCode)
            .unwrap();
        insta::assert_snapshot!(advice(programme(), form, tax_code), @r"
        D001: Cùng tên, cùng địa bàn, khác mã số thuế. Đối chiếu mã số thuế.
        D002: Cùng mã số thuế, khác tên. Kiểm tra tên hoặc mã số thuế.
        ");
    }

    #[test]
    fn amounts_and_lists_are_checked_while_they_are_typed() {
        let lists = DropdownLists::on(programme(), Default::default());
        let is_checked = |kind| validation(&column(kind), &lists).unwrap().is_some();
        assert!(is_checked(ColumnType::Money));
        assert!(is_checked(ColumnType::Codes {
            list: "size".to_owned()
        }));
        assert!(!is_checked(ColumnType::Codes {
            list: "no such list".to_owned()
        }));
        assert!(!is_checked(ColumnType::Date));
    }
}
