//! A workbook with a table in some layout.

use crate::layouts::layout::{COLUMNS, TableLayout};
use crate::layouts::meant::MeantCase;

impl TableLayout {
    /// The places of the columns, from left to right.
    fn columns(&self) -> Vec<usize> {
        let mut left: Vec<usize> = (0..COLUMNS.len()).collect();
        self.order
            .iter()
            .map(|index| left.remove(index.index(left.len())))
            .collect()
    }

    /// The workbook as text for the kit.
    pub(crate) fn workbook(&self, cases: &[MeantCase]) -> String {
        let columns = self.columns();
        let money = |text: &str| {
            if self.unit_in_headings {
                format!("{text} ({})", self.unit_words())
            } else {
                text.to_owned()
            }
        };
        let (mut groups, mut headings) = (Vec::new(), Vec::new());
        if self.ordinal {
            groups.push(self.text("STT"));
            headings.push(String::new());
        }
        for &column in &columns {
            let heading = self.heading(column);
            if COLUMNS[column].0 == "money" {
                groups.extend([self.text("Kinh phí"), String::new(), String::new()]);
                headings.extend(
                    [heading.as_str(), "DN đối ứng", "Nguồn khác"]
                        .map(|text| self.text(&money(text))),
                );
            } else {
                groups.push(self.text(&heading));
                headings.push(String::new());
            }
        }
        if self.extra_column {
            groups.push(self.text("Đánh giá của phòng chuyên môn"));
            headings.push(String::new());
        }
        let wide = groups.len();
        let mut rows: Vec<Vec<String>> = Vec::new();
        for i in 0..self.above {
            rows.push(vec![self.text(
                [
                    "DANH SÁCH DOANH NGHIỆP ĐƯỢC HỖ TRỢ",
                    "Kèm theo công văn",
                    "Lần 1",
                    "",
                ][i],
            )]);
        }
        if !self.unit_in_headings {
            rows.push(vec![
                self.text(&format!("Đơn vị tính: {}", self.unit_words())),
            ]);
        }
        if self.grouped {
            rows.push(groups);
            rows.push(headings);
        } else {
            rows.push(
                groups
                    .iter()
                    .zip(&headings)
                    .map(|(g, h)| if h.is_empty() { g } else { h }.clone())
                    .collect(),
            );
        }
        if self.numbering_row {
            rows.push((1..=wide).map(|n| format!("'({n})")).collect());
        }
        for (i, case) in cases.iter().enumerate() {
            if self.ordinal && i.is_multiple_of(self.sections) {
                let roman = ["I", "II", "III", "IV"][i / self.sections];
                rows.push(vec![format!("'{roman}"), self.text("Nhóm doanh nghiệp")]);
            }
            let mut row: Vec<String> = if self.ordinal {
                vec![(i + 1).to_string()]
            } else {
                Vec::new()
            };
            row.extend(columns.iter().flat_map(|&column| self.cells(column, case)));
            rows.push(row);
            if self.blanks {
                rows.push(Vec::new());
            }
        }
        if self.total {
            let sums: Vec<u32> = (0..3)
                .map(|i| cases.iter().map(|case| case.money[i]).sum())
                .collect();
            let mut row: Vec<String> = if self.ordinal {
                vec![String::new()]
            } else {
                Vec::new()
            };
            for &column in &columns {
                match COLUMNS[column].0 {
                    "enterprise" => row.push(self.text("Tổng cộng")),
                    "money" => row.extend(sums.iter().map(|&sum| self.money(sum))),
                    _ => row.push(String::new()),
                }
            }
            rows.push(row);
        }
        if self.signature {
            rows.push(Vec::new());
            rows.push(vec![
                self.text("Người lập biểu"),
                String::new(),
                String::new(),
                self.text("Giám đốc"),
            ]);
        }
        if self.second_form {
            rows.push(Vec::new());
            rows.push(["KHÓ KHĂN, KIẾN NGHỊ"].map(|text| self.text(text)).to_vec());
            rows.push(
                ["Khó khăn, vướng mắc", "Kiến nghị"]
                    .map(|text| self.text(text))
                    .to_vec(),
            );
            rows.push(
                ["Thiếu thông tin", "Mở lớp tập huấn"]
                    .map(|text| self.text(text))
                    .to_vec(),
            );
        }
        let general = [
            ["Cơ quan báo cáo", "Sở Công Thương"],
            ["Kỳ báo cáo", "Năm 2023"],
        ];
        let mut text = "== TT chung\n".to_owned();
        for [label, value] in general {
            text += &format!("{} | {}\n", self.text(label), self.text(value));
        }
        text += "== Trang tính 2\n";
        for row in rows {
            text += &"|".repeat(self.left);
            text += &row.join("|");
            text.push('\n');
        }
        text
    }
}
