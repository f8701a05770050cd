use programme::ColumnType;
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, ProtectionOptions, Worksheet};

/// The formats of a blank workbook.
pub(crate) struct TemplateStyles {
    pub plain: Format,
    pub bold: Format,
    pub heading: Format,
    pub small: Format,
    pub example: Format,
}

impl TemplateStyles {
    pub(crate) fn new() -> Self {
        let plain = Format::new()
            .set_font_name("Times New Roman")
            .set_font_size(11);
        let line = plain
            .clone()
            .set_border(FormatBorder::Thin)
            .set_border_color(Color::RGB(0xA9_B4_C0));
        Self {
            bold: plain.clone().set_bold(),
            heading: line
                .clone()
                .set_bold()
                .set_text_wrap()
                .set_background_color(Color::RGB(0xDD_E7_F0))
                .set_align(FormatAlign::Center)
                .set_align(FormatAlign::VerticalCenter),
            small: line
                .clone()
                .set_italic()
                .set_font_size(9)
                .set_align(FormatAlign::Center),
            example: line.set_italic().set_font_color(Color::RGB(0x8A_93_9E)),
            plain,
        }
    }

    /// The format of the cells that are filled in.
    pub(crate) fn entry(&self, kind: &ColumnType) -> Format {
        let entry = self
            .plain
            .clone()
            .set_border(FormatBorder::Thin)
            .set_border_color(Color::RGB(0xD5_DB_E1));
        let entry = entry
            .set_unlocked()
            .set_text_wrap()
            .set_align(FormatAlign::Top);
        match kind {
            ColumnType::Money => entry.set_num_format("#,##0.######"),
            ColumnType::Integer => entry.set_num_format("#,##0"),
            ColumnType::Date => entry.set_num_format("dd/mm/yyyy"),
            // A code keeps its leading zeros only as text.
            ColumnType::TaxCode | ColumnType::Text => entry.set_num_format("@"),
            ColumnType::Percent
            | ColumnType::Flag
            | ColumnType::Year
            | ColumnType::Code { .. }
            | ColumnType::Codes { .. } => entry,
        }
    }
}

/// Locks what is not filled in. What a person needs to fill a table in stays allowed, and there is no password: it
/// keeps headings from being changed by accident only.
pub(crate) fn protect(sheet: &mut Worksheet) {
    sheet.protect_with_options(&ProtectionOptions {
        insert_rows: true,
        delete_rows: true,
        format_cells: true,
        format_rows: true,
        format_columns: true,
        sort: true,
        use_autofilter: true,
        ..ProtectionOptions::default()
    });
}
