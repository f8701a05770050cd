//! What stands below the table.

use crate::columns::Holds;
use crate::features::Feature;
use crate::grid::Cell;
use crate::sheet::Sheet;

impl Sheet<'_> {
    pub(crate) fn notes(&mut self) {
        let name = self.name_place();
        if self.layout.of(Feature::Unit) == "below the table" {
            self.set(0, Cell::text("Đơn vị tính: triệu đồng"));
            self.row += 1;
        }
        match self.layout.of(Feature::Notes) {
            "text" => {
                self.row += 1;
                self.set(0, Cell::text("Ghi chú: Số liệu tính đến ngày 30/11/2024."));
                self.row += 1;
            }
            "of which, with amounts" => self.note_with_amounts("Trong đó: đã quyết toán"),
            "left over, with amounts" => self.note_with_amounts("Kinh phí còn lại"),
            "last year, with amounts" => self.note_with_amounts("Cùng kỳ năm trước"),
            "amount in a sentence" => {
                let text = "Số tiền bằng chữ: Một trăm hai mươi triệu đồng chẵn.";
                self.set(name, Cell::text(text));
                self.row += 1;
            }
            "numbered explanations" => {
                self.row += 1;
                let at = self.place(Holds::Numbering).unwrap_or(name);
                let texts = [
                    "Số liệu chưa bao gồm chi phí quản lý",
                    "Một số nhiệm vụ chuyển tiếp sang năm sau",
                ];
                for (number, text) in (1..).zip(texts) {
                    if at == name {
                        self.set(name, Cell::text(format!("{number}. {text}")));
                    } else {
                        self.set(at, Cell::number(number.to_string()));
                        self.set(name, Cell::text(text));
                    }
                    self.row += 1;
                }
            }
            _ => {}
        }
    }

    /// Writes a small table beside the large one.
    pub(crate) fn side(&mut self) {
        let rows: &[[&str; 2]] = match self.layout.of(Feature::Side) {
            "sums by source" => &[
                ["Nguồn", "Số tiền"],
                ["Ngân sách", "450.5"],
                ["Doanh nghiệp", "320"],
            ],
            "codes explained" => &[
                ["Ký hiệu", "Giải thích"],
                ["3a1", "Áp dụng hệ thống quản lý"],
                ["3b2", "Chứng nhận sản phẩm"],
            ],
            _ => return,
        };
        let at = self.columns.len() + 1;
        let first = self.heading_rows.first().copied().unwrap_or(0);
        for (row, texts) in (first..).zip(rows) {
            self.row = row;
            for (at, text) in (at..).zip(texts) {
                let cell = match text.parse::<f64>() {
                    Ok(_) => Cell::number(*text),
                    Err(_) => Cell::text(*text),
                };
                self.set(at, cell);
            }
        }
    }

    fn note_with_amounts(&mut self, text: &str) {
        let name = self.name_place();
        self.some_amounts(25_500_000);
        self.set(name, Cell::text(text));
        self.row += 1;
    }

    pub(crate) fn signatures(&mut self) {
        let kind = self.layout.of(Feature::Signatures);
        if kind == "none" {
            return;
        }
        let (left, right) = (self.name_place(), self.columns.len() - 1);
        let left = if left == right { 0 } else { left };
        self.row += 1;
        if kind == "two with date" {
            self.set(right, Cell::text("Đồng Nai, ngày 25 tháng 11 năm 2024"));
            self.row += 1;
        }
        self.set(left, Cell::text("NGƯỜI LẬP BIỂU").bold());
        self.set(right, Cell::text("KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC").bold());
        self.row += 4;
        self.set(left, Cell::text("Trần Thị Thu Hà"));
        self.set(right, Cell::text("Nguyễn Minh Quang"));
        self.row += 1;
    }
}
