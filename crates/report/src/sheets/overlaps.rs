use crate::error::ReportError;
use crate::input::annual::AnnualReport;
use crate::input::rows::{GrantSide, OverlapRow};
use crate::paper::Paper;
use crate::paper::cell::CellValue;
use crate::paper::column::{ColumnList, ColumnSpec};
use crate::paper::look::Look;
use programme::Words;

/// An overlap behind its number.
type NumberedOverlap<'a> = (i64, &'a OverlapRow);
type OverlapColumn<'a> = ColumnSpec<'a, NumberedOverlap<'a>>;

/// Support that overlaps, what needs a decision first, with both sides and their cells; then the registers.
pub(crate) fn write(page: &mut dyn Paper, report: &AnnualReport<'_>) -> Result<(), ReportError> {
    let words = &report.programme.words;
    let columns = columns(words);
    columns.begin(page, 0)?;
    for row in (1..).zip(&report.overlaps) {
        columns.row(page, &row)?;
    }
    if report.overlaps.is_empty() {
        page.note(words.get("no_overlaps"))?;
    }
    for row in &report.not_compared {
        let [grants, pairs] = [row.grants, row.pairs].map(|count| count.to_string());
        let values = [
            ("enterprise", row.enterprise.as_str()),
            ("grants", &grants),
            ("pairs", &pairs),
        ];
        page.note(&words.render_template("overlaps_not_compared", values))?;
    }
    if report.registers.is_empty() {
        page.note(words.get("no_registers"))?;
    }
    for register in &report.registers {
        let entries = register.entries.to_string();
        let values = [
            ("file", register.file_name.as_str()),
            ("hash", &register.file),
            ("entries", &entries),
        ];
        page.note(&words.render_template("register_line", values))?;
    }
    Ok(())
}

fn columns<'a>(words: &'a Words) -> ColumnList<'a, NumberedOverlap<'a>> {
    let mut columns = vec![
        OverlapColumn::new(words.get("no"), 5, |(number, _)| {
            CellValue::ordinal(*number)
        }),
        OverlapColumn::new(words.get("overlap_class"), 13, |(_, overlap)| {
            // The key is made here, so the words must not be borrowed from it.
            let class = words.get(&format!("class_{}", overlap.class)).to_owned();
            CellValue::Text(class.into(), look(overlap))
        }),
        OverlapColumn::new(words.get("enterprise"), 30, |(_, overlap)| {
            CellValue::text(&overlap.enterprise)
        }),
    ];
    for side in 0..2 {
        let side_of = move |overlap: &'a OverlapRow| -> &'a GrantSide { &overlap.sides[side] };
        columns.extend([
            OverlapColumn::new(words.get("overlap_source"), 14, move |(_, overlap)| {
                CellValue::text(&side_of(overlap).source)
            }),
            OverlapColumn::new(words.get("overlap_what"), 16, move |(_, overlap)| {
                CellValue::text(&side_of(overlap).what)
            }),
            OverlapColumn::new(words.get("overlap_span"), 13, move |(_, overlap)| {
                CellValue::centered(&side_of(overlap).span)
            }),
            OverlapColumn::new(words.get("overlap_money"), 15, move |(_, overlap)| {
                CellValue::money(side_of(overlap).state_budget)
            }),
            OverlapColumn::new(words.get("overlap_place"), 26, move |(_, overlap)| {
                CellValue::text(&side_of(overlap).place)
            }),
        ]);
    }
    columns.extend([
        OverlapColumn::new(words.get("overlap_decision"), 22, |(_, overlap)| {
            let decision = if overlap.waits {
                words.get("decision_waits")
            } else {
                &overlap.decision
            };
            CellValue::Text(decision.into(), look(overlap))
        }),
        OverlapColumn::new(words.get("clause"), 12, |(_, overlap)| {
            CellValue::text(&overlap.clause)
        }),
    ]);
    ColumnList(columns)
}

fn look(overlap: &OverlapRow) -> Look {
    if overlap.waits {
        Look::Pending
    } else {
        Look::Center
    }
}

#[cfg(test)]
mod tests {
    use super::write;
    use crate::input::rows::{GrantSide, NotComparedRow, OverlapRow, RegisterRow};
    use crate::testing::{on_text, programme, report};

    fn side(source: &str, state_budget: Option<i64>) -> GrantSide {
        GrantSide {
            source: source.to_owned(),
            what: "3a1".to_owned(),
            span: "2023".to_owned(),
            state_budget,
            place: "sct.xlsx › B3 › 12".to_owned(),
        }
    }

    #[test]
    fn what_waits_stands_out_and_both_sides_are_shown() {
        let mut report = report(programme());
        let overlap = |class, waits, decision: &str| OverlapRow {
            class,
            enterprise: "Công ty Gốm".to_owned(),
            waits,
            decision: decision.to_owned(),
            sides: [
                side("Sở Công Thương", Some(50_000_000)),
                side("Khuyến công", None),
            ],
            clause: "III.2.b".to_owned(),
        };
        report.overlaps = vec![
            overlap("duplicate", true, ""),
            overlap("combined", false, "không trùng"),
        ];
        report.registers = vec![RegisterRow {
            file_name: "khuyen-cong.xlsx".to_owned(),
            file: "0123456789ab".to_owned(),
            entries: 42,
        }];
        report.not_compared = vec![NotComparedRow {
            enterprise: "Công ty Gốm".to_owned(),
            grants: 1_000,
            pairs: 420_000,
        }];
        insta::assert_snapshot!(on_text(|page| write(page, &report)), @r"
        [TT | Loại | Doanh nghiệp | Nguồn | Nội dung, công cụ | Thời gian | NSNN (đồng) | Tệp, trang, dòng | Nguồn | Nội dung, công cụ | Thời gian | NSNN (đồng) | Tệp, trang, dòng | Quyết định | Căn cứ] kept 0
        #1 | ?Trùng lặp | Công ty Gốm | Sở Công Thương | 3a1 | 2023 | 50000000 | sct.xlsx › B3 › 12 | Khuyến công | 3a1 | 2023 |  | sct.xlsx › B3 › 12 | ?Chờ quyết định | III.2.b
        #2 | Lồng ghép | Công ty Gốm | Sở Công Thương | 3a1 | 2023 | 50000000 | sct.xlsx › B3 › 12 | Khuyến công | 3a1 | 2023 |  | sct.xlsx › B3 › 12 | không trùng | III.2.b
        note: “Công ty Gốm” có 1000 lượt hỗ trợ, nhiều bất thường: 420000 cặp trong đó chưa được so sánh; kiểm tra tệp gốc.
        note: Đã đối chiếu với khuyen-cong.xlsx (mã tệp 0123456789ab): 42 dòng.
        ");
    }

    #[test]
    fn without_overlaps_and_registers_both_are_said() {
        let report = report(programme());
        let text = on_text(|page| write(page, &report));
        let notes: Vec<&str> = text.lines().skip(1).collect();
        insta::assert_snapshot!(notes.join("\n"), @r"
        note: Không có hỗ trợ nào trùng, lặp hoặc lồng ghép.
        note: Chưa có danh sách của chương trình khác để đối chiếu.
        ");
    }
}
