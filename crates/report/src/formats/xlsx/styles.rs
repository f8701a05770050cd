use crate::paper::look::Look;
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

/// The formats of the report: Times New Roman throughout (NĐ 30/2020/NĐ-CP, Phụ lục I), thin lines in grey.
pub(crate) struct Styles {
    pub plain: Format,
    pub centered: Format,
    pub bold: Format,
    pub italic: Format,
    pub title: Format,
    pub subtitle: Format,
    pub unit: Format,
    pub heading: Format,
    pub text: Format,
    pub text_bold: Format,
    pub center: Format,
    pub right: Format,
    pub number: Format,
    pub number_bold: Format,
    pub total_text: Format,
    pub total: Format,
    pub share: Format,
    pub share_total: Format,
    pub date: Format,
    pub link: Format,
    pub note: Format,
    /// Of the rows of a table of data: without lines, which its own style draws, and without wrapping.
    pub data: Format,
    pub data_number: Format,
    pub good: Format,
    pub pending: Format,
}

const INK: Color = Color::RGB(0x1F_2A_37);
const HEAD: Color = Color::RGB(0xDD_E7_F0);
const TOTAL: Color = Color::RGB(0xF1_F4_F7);
const LINE: Color = Color::RGB(0xA9_B4_C0);

impl Styles {
    /// The format of a look.
    pub(crate) fn format(&self, look: Look) -> &Format {
        match look {
            Look::Text => &self.text,
            Look::TextBold => &self.text_bold,
            Look::Center => &self.center,
            Look::Right => &self.right,
            Look::Number => &self.number,
            Look::NumberBold => &self.number_bold,
            Look::TotalText => &self.total_text,
            Look::Total => &self.total,
            Look::Share => &self.share,
            Look::ShareTotal => &self.share_total,
            Look::Good => &self.good,
            Look::Pending => &self.pending,
        }
    }

    pub(crate) fn new() -> Self {
        let plain = Format::new()
            .set_font_name("Times New Roman")
            .set_font_size(12)
            .set_align(FormatAlign::VerticalCenter);
        let cell = plain
            .clone()
            .set_border(FormatBorder::Thin)
            .set_border_color(LINE)
            .set_font_size(11);
        let text = cell.clone().set_text_wrap().set_align(FormatAlign::Top);
        let number = cell
            .clone()
            // A dash for 0: a reader sees at once where nothing is.
            .set_num_format("#,##0;-#,##0;–")
            .set_align(FormatAlign::Right)
            .set_align(FormatAlign::Top);
        Self {
            bold: plain.clone().set_bold(),
            centered: plain.clone().set_align(FormatAlign::Center),
            italic: plain.clone().set_italic(),
            title: plain
                .clone()
                .set_bold()
                .set_font_size(14)
                .set_font_color(INK)
                .set_align(FormatAlign::Center),
            subtitle: plain.clone().set_align(FormatAlign::Center).set_text_wrap(),
            unit: plain
                .clone()
                .set_italic()
                .set_font_size(11)
                .set_align(FormatAlign::Right),
            heading: cell
                .clone()
                .set_bold()
                .set_text_wrap()
                .set_background_color(HEAD)
                .set_align(FormatAlign::Center)
                .set_align(FormatAlign::VerticalCenter),
            text_bold: text.clone().set_bold(),
            right: text.clone().set_align(FormatAlign::Right),
            center: text.clone().set_align(FormatAlign::Center),
            number_bold: number.clone().set_bold(),
            total_text: text.clone().set_bold().set_background_color(TOTAL),
            total: number.clone().set_bold().set_background_color(TOTAL),
            share: number.clone().set_num_format("0.0%"),
            share_total: number
                .clone()
                .set_num_format("0.0%")
                .set_bold()
                .set_background_color(TOTAL),
            date: text
                .clone()
                .set_num_format("dd/mm/yyyy")
                .set_align(FormatAlign::Center),
            link: plain.clone().set_font_color(Color::RGB(0x1D_4E_89)),
            note: plain.clone().set_italic().set_font_size(10),
            data: plain.clone().set_font_size(11),
            data_number: plain
                .clone()
                .set_font_size(11)
                .set_num_format("#,##0;-#,##0;–"),
            good: text
                .clone()
                .set_font_color(Color::RGB(0x1B_6E_3C))
                .set_bold()
                .set_align(FormatAlign::Center),
            pending: text
                .clone()
                .set_font_color(Color::RGB(0x9A_5B_00))
                .set_align(FormatAlign::Center),
            text,
            number,
            plain,
        }
    }
}
