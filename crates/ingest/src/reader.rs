//! The sheets of a workbook, read form by form.

use crate::accounts::Accounts;
use crate::decimal_notation::{agreed, column_notations};
use crate::form_changes::form_changes;
use crate::grid::{SheetGrid, Value};
use crate::heading_answers::HeadingAnswers;
use crate::headings::HeadingContext;
use crate::headings::matching::HeadingMatch;
use crate::labelled_values::{LabelledValues, read_labelled_values};
use crate::legal_forms::LegalForms;
use crate::observe::{MAX_NAMED, Narrow, observe};
use crate::reading::{Reading, SheetRows};
use crate::records::TableOrigin;
use crate::repeated_rows::observe_repeated_rows;
use crate::sender::identify_sender;
use crate::sheet_forms::{ClassifiedRows, SheetForms};
use crate::source_table::SourceTable;
use crate::summary_tables::{ask_about_copies, leave_out_summaries};
use crate::table_reader::TableReader;
use crate::value::number::DecimalNotation;
use crate::value::period::year;
use model::{AmountCount, Check, FileId, Observation, Period, RowCount};
use programme::Programme;
use std::collections::BTreeSet;
use vietext::{contains_phrase, fold};

/// Reads the sheets of a department's report.
pub(crate) fn read_report_sheets(
    file: &FileId,
    name: &str,
    sheets: Vec<SheetGrid>,
    programme: &Programme,
    answers: &HeadingAnswers,
) -> Reading {
    let is_ours = |sheet: &SheetGrid| programme.report.is_ours(&fold(&sheet.name));
    let (own, sheets): (Vec<SheetGrid>, Vec<SheetGrid>) = sheets.into_iter().partition(is_ours);
    let mut reading = read_sheets(file, Some((name, answers)), &sheets, programme);
    // What we wrote to the sender comes back with the mended workbook; it is no part of the report.
    reading.sheets.extend(own.iter().map(not_data));
    reading
}

/// Reads the sheets of a list that no department sends.
pub(crate) fn read_list_sheets(
    file: &FileId,
    sheets: &[SheetGrid],
    programme: &Programme,
) -> Reading {
    read_sheets(file, None, sheets, programme)
}

/// Reads sheets; if they come from a sender, the file's name may say from which one, and persons may have said what his
/// headings are.
fn read_sheets(
    file: &FileId,
    sent_as: Option<(&str, &HeadingAnswers)>,
    sheets: &[SheetGrid],
    programme: &Programme,
) -> Reading {
    let context = HeadingContext {
        is_list: sent_as.is_none(),
        ..HeadingContext::of(programme)
    };
    let mut forms: Vec<SheetForms<'_>> = sheets
        .iter()
        .map(|sheet| SheetForms::find(sheet, context))
        .collect();
    let mut reading = Reading::default();
    if forms.iter().all(SheetForms::is_unknown) {
        let names: Vec<&str> = sheets.iter().map(|sheet| sheet.name.as_str()).collect();
        reading
            .observations
            .push(observe(Check::NoForm, names.join(", ")));
        reading.sheets = sheets.iter().map(not_data).collect();
        return reading;
    }
    if let Some((name, answers)) = sent_as {
        let sender = identify_sender(name, &forms, programme);
        reading.department = sender.department;
        reading.period = sender.period;
        reading.observations = sender.observations;
        let year = reading.period.map(Period::calendar_year);
        let department = reading.department.as_deref();
        let context = HeadingContext {
            year,
            answers: department.and_then(|code| answers.of(code)),
            ..context
        };
        forms.iter_mut().for_each(|forms| forms.find_again(context));
    }
    // A workbook has one general form: should more sheets look like it, the first counts.
    let general = forms.iter().position(|forms| forms.labelled.is_some());
    reading.unit = general
        .and_then(|i| {
            let labelled = forms[i].labelled.as_ref()?;
            labelled.value(labelled.form.reporter.as_ref()?.unit.as_ref()?)
        })
        .map(Value::shown)
        .or_else(|| {
            // One of several bodies that an entry stands for is known by what it calls itself.
            let labelled = forms[general?].labelled.as_ref()?;
            let written = labelled.value(&labelled.form.reporter.as_ref()?.department)?;
            let department = programme.department(reading.department.as_ref()?)?;
            let name = written.shown();
            department.unit_named(&name).map(str::to_owned)
        });

    let rows: Vec<Vec<ClassifiedRows<'_>>> = forms
        .iter()
        .map(|forms| forms.classify_rows(programme))
        .collect();
    let workbook = WorkbookReader {
        programme,
        legal_forms: LegalForms::of(programme),
        elsewhere: usual_notation(&forms, &rows),
    };
    let department = reading.department.clone();
    for (i, (forms, rows)) in forms.iter().zip(&rows).enumerate() {
        let origin = TableOrigin {
            file,
            department: department.as_deref(),
            period: reading.period,
            sheet: &forms.sheet.name,
            sheet_number: i + 1,
        };
        let labelled = forms.labelled.as_ref().filter(|_| general == Some(i));
        workbook.read_sheet(forms, rows, labelled, &origin, &mut reading);
    }
    leave_out_summaries(&mut reading, programme);
    ask_about_copies(&mut reading, programme);
    if sent_as.is_some() {
        observe_repeated_rows(&mut reading, programme);
    }
    reading
}

/// How the tables of a workbook write numbers, if those that show it agree.
fn usual_notation(
    forms: &[SheetForms<'_>],
    rows: &[Vec<ClassifiedRows<'_>>],
) -> Option<DecimalNotation> {
    let headings = forms.iter().flat_map(|forms| &forms.headings);
    let shown = headings
        .zip(rows.iter().flatten())
        .flat_map(|(heading, rows)| column_notations(heading, rows, None).into_values())
        .collect();
    agreed(&shown)
}

/// A sheet's rows, none of them data so far.
fn not_data(sheet: &SheetGrid) -> SheetRows {
    let seen = u32::try_from(sheet.rows.len())
        .unwrap_or(u32::MAX)
        .saturating_add(sheet.left_out);
    SheetRows {
        name: sheet.name.clone(),
        forms: Vec::new(),
        rows: RowCount {
            seen,
            not_data: seen,
            ..RowCount::default()
        },
        amounts: AmountCount::default(),
    }
}

/// Whether a sheet is called as one that shows how to fill in the form, or as a draft or an old copy of it.
fn is_template(name: &str) -> bool {
    let folded = fold(name);
    let is_known = matches!(
        folded.as_str(),
        "mau" | "bieu mau" | "mau bieu" | "vi du" | "huong dan" | "mau trong" | "bo" | "huy" | "cu"
    );
    // 'Nháp' is a draft, 'nhập' is where data are typed in: folded they are one.
    let lower = name.to_lowercase();
    is_known
        || lower
            .split(|c: char| !c.is_alphanumeric())
            .any(|word| word == "nháp")
        || ["ban cu", "khong dung", "khong tinh", "bo di"]
            .iter()
            .any(|words| folded.ends_with(words))
}

/// Whether a line above a table says that it shows how to fill in the form: '(Số liệu minh họa)'.
fn is_of_examples(text: &str) -> bool {
    let folded = fold(text);
    ["minh hoa", "cach ghi", "so lieu vi du", "so lieu gia dinh"]
        .iter()
        .any(|words| contains_phrase(&folded, words))
}

/// The one year that the sheet's name, or a title of the form above its heading, names if it is not the one reported on.
fn other_year(
    forms: &SheetForms<'_>,
    heading: &HeadingMatch<'_>,
    period: Option<Period>,
) -> Option<i32> {
    let reported = period?.calendar_year();
    let titles = forms.sheet.rows[..heading.first].iter().rev().take(3);
    let titles = titles
        .flat_map(|row| row.texts().map(|(_, text)| fold(text)))
        .filter(|title| heading.form.is_named(title) || is_title_of_year(title));
    let mut named = std::iter::once(fold(&forms.sheet.name)).chain(titles);
    named.find_map(|text| {
        let years: BTreeSet<i32> = text.split(' ').filter_map(year).collect();
        match years.first() {
            Some(&year) if years.len() == 1 && year != reported => Some(year),
            _ => None,
        }
    })
}

/// Whether a folded line is the year alone, or a title that ends in it: 'Danh sách đề nghị hỗ trợ năm 2025'. Sentences that
/// cite a document name other years.
fn is_title_of_year(title: &str) -> bool {
    let Some((rest, last)) = title.rsplit_once(' ') else {
        return false;
    };
    let cites = ["ke hoach so", "quyet dinh", "can cu", "kem theo", "ngay"];
    year(last).is_some()
        && (rest == "nam" || rest.ends_with(" nam"))
        && !cites.iter().any(|words| rest.contains(words))
}

/// What holds for all sheets of a workbook.
struct WorkbookReader<'a> {
    programme: &'a Programme,
    legal_forms: LegalForms,
    /// How the workbook's tables write numbers, if they agree.
    elsewhere: Option<DecimalNotation>,
}

impl WorkbookReader<'_> {
    /// Reads the forms of a sheet; `labelled` is the general form if this sheet holds the workbook's.
    fn read_sheet<'a>(
        &'a self,
        forms: &'a SheetForms<'a>,
        rows: &[ClassifiedRows<'a>],
        labelled: Option<&LabelledValues<'_>>,
        origin: &'a TableOrigin<'a>,
        reading: &mut Reading,
    ) {
        let sheet = forms.sheet;
        let mut counted = not_data(sheet);
        if let Some(labelled) = labelled {
            let observations = &mut reading.observations;
            let (table, nil_return) =
                read_labelled_values(sheet, labelled, origin, self.programme, observations);
            reading.nil_return = nil_return;
            reading.changes = form_changes(sheet, self.programme);
            // The general form is one record, whatever rows its labels take.
            counted.rows.not_data -= 1;
            counted.rows.accepted += 1;
            counted.forms.push(table.form.clone());
            reading.tables.push(table);
        }
        let mut above = 0;
        let mut accounts = Accounts::default();
        for (heading, rows) in forms.headings.iter().zip(rows) {
            let mut reader = TableReader {
                source: SourceTable {
                    sheet,
                    heading,
                    origin,
                    programme: self.programme,
                    legal_forms: &self.legal_forms,
                },
                elsewhere: self.elsewhere,
                observations: Vec::new(),
                unsure_headings: Vec::new(),
            };
            if heading.form.own_workbook {
                // Nominees are no support given: they come in a workbook of their own and are screened, not counted.
                let observation = reader.source.observe(Check::NominationInReport, "");
                reading.observations.push(observation);
            } else {
                if let Some(year) = other_year(forms, heading, reading.period) {
                    let observation = reader
                        .source
                        .observe(Check::SheetOfAnotherYear, year.to_string());
                    reading.observations.push(observation);
                }
                let titles = sheet.rows[above..heading.first].iter();
                let mut titles = titles.flat_map(|row| row.texts().map(|(_, text)| text));
                let template = Some(sheet.name.as_str()).filter(|name| is_template(name));
                if let Some(name) = template.or_else(|| titles.find(|text| is_of_examples(text))) {
                    let observation = reader.source.observe(Check::TemplateSheet, name);
                    reading.observations.push(observation);
                }
                let read = reader.read(above, rows);
                counted.rows.not_data -= read.data;
                counted.rows.accepted += read.data;
                counted.forms.push(read.table.form.clone());
                accounts.add_table(sheet, heading, &read.rows);
                reading.observations.append(&mut reader.observations);
                reading.unsure_headings.append(&mut reader.unsure_headings);
                reading.tables.push(read.table);
            }
            above = heading.last + 1;
        }
        if !forms.headings.is_empty() {
            self.account_for_rest(forms, accounts, &mut counted, reading);
        }
        self.observe_sheet(forms, reading);
        reading.sheets.push(counted);
    }

    /// Names the numbers that stand on a sheet beside its tables, or in rows that are no data.
    fn account_for_rest(
        &self,
        forms: &SheetForms<'_>,
        mut accounts: Accounts,
        counted: &mut SheetRows,
        reading: &mut Reading,
    ) {
        let sheet = forms.sheet;
        for &place in forms.labelled.iter().flat_map(|labelled| &labelled.rows) {
            accounts.skip(sheet.rows[place].index);
        }
        for heading in forms.headings.iter().filter(|it| it.form.own_workbook) {
            // Nominees are told as a whole.
            for row in &sheet.rows[heading.first..] {
                accounts.skip(row.index);
            }
        }
        accounts.add_rest(sheet);
        counted.amounts = accounts.count;
        if !accounts.outside.is_empty() {
            let shown: Vec<String> = accounts
                .outside
                .iter()
                .take(MAX_NAMED)
                .map(ToString::to_string)
                .collect();
            let observation =
                observe(Check::NumbersOutside, shown.join(", ")).on_sheet(&sheet.name);
            reading.observations.push(Observation {
                cells: accounts.outside,
                ..observation
            });
        }
    }

    /// Observes a sheet on which nothing was found, and one that could not be read to its end.
    fn observe_sheet(&self, forms: &SheetForms<'_>, reading: &mut Reading) {
        let sheet = forms.sheet;
        if forms.headings.is_empty() && forms.labelled.is_none() && !sheet.rows.is_empty() {
            let observation = match &forms.named {
                Some(form) => {
                    observe(Check::SheetWithoutHeading, self.form_title(form)).on_form(form)
                }
                None => observe(Check::SheetUnknown, sheet.name.as_str()),
            };
            reading.observations.push(observation.on_sheet(&sheet.name));
        }
        if let Some(cut) = &sheet.cut {
            let observation = observe(Check::SheetCut, cut.as_str());
            reading.observations.push(observation.on_sheet(&sheet.name));
        }
    }

    fn form_title(&self, form: &str) -> String {
        self.programme.form(form).map_or_else(String::new, |form| {
            format!("{} ({})", form.sheet, form.title.vi)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::read_report_sheets;
    use crate::heading_answers::HeadingAnswers;
    use crate::limits::Purpose;
    use crate::reading::Reading;
    use crate::workbook::open;
    use model::FileId;
    use programme::Programme;

    const GENERAL: &str = "== TT chung\nCơ quan báo cáo|Sở Công Thương\nKỳ báo cáo|Năm 2023\n";

    fn read_text(text: &str) -> Reading {
        let programme = Programme::default_programme().unwrap();
        let bytes = testkit::workbook(text);
        let name = "SCT_2023.xlsx";
        let opened = open(&bytes, name, Purpose::Report).ok().unwrap();
        read_report_sheets(
            &FileId("0".repeat(64)),
            name,
            opened.sheets,
            &programme,
            &HeadingAnswers::default(),
        )
    }

    /// Sheets with their rows, tables and observations, a line each.
    fn shown(reading: &Reading) -> String {
        let mut lines = Vec::new();
        for sheet in &reading.sheets {
            let (rows, forms) = (&sheet.rows, sheet.forms.join(","));
            lines.push(format!(
                "{} [{forms}] seen {} accepted {} not data {}",
                sheet.name, rows.seen, rows.accepted, rows.not_data
            ));
        }
        for o in &reading.observations {
            let cells: Vec<String> = o.cells.iter().map(ToString::to_string).collect();
            let (found, expected) = (&o.found, &o.expected);
            let cells = cells.join(" ");
            lines.push(format!("{:?} [{cells}] '{found}' '{expected}'", o.check));
        }
        lines.join("\n")
    }

    #[test]
    fn a_total_that_differs_is_told_and_one_of_a_section_is_not() {
        let rows = "Đơn vị tính: đồng\nSTT|Tên doanh nghiệp|Nội dung hỗ trợ|Bắt đầu|Tình trạng|NSNN\n\
                    'I|Nhóm một\n1|Công ty A|3a1|2023-05-01|dừng|5\n|Cộng nhóm I||||5\n\
                    'II|Nhóm hai\n1|Công ty B|3a1|2023-05-01|dừng|7\n|Cộng nhóm II||||7\n|Tổng cộng||||13\n";
        insta::assert_snapshot!(shown(&read_text(&format!("{GENERAL}== Biểu 3\n{rows}"))), @r"
        TT chung [general] seen 2 accepted 1 not data 1
        Biểu 3 [support] seen 9 accepted 2 not data 7
        TotalDiffers [F9] '13' '12'
        ");
    }

    #[test]
    fn what_stands_in_columns_beyond_the_form_is_kept_by_its_heading() {
        let rows = "Khó khăn, vướng mắc|Kiến nghị|Đánh giá\nThiếu|Thêm|tốt\nÍt|Nhiều\n";
        let reading = read_text(&format!("{GENERAL}== Biểu 9\n{rows}"));
        let table = reading
            .tables
            .iter()
            .find(|t| t.form == "proposal")
            .unwrap();
        let kept = table.frame.column("aside").unwrap();
        assert_eq!(kept.get(0).unwrap().str_value(), "{\"Đánh giá\":\"tốt\"}");
        assert_eq!(kept.null_count(), 1);
    }

    #[test]
    fn amounts_without_a_unit_wait_and_the_columns_are_named() {
        let rows = "Tên doanh nghiệp|Nội dung hỗ trợ|Bắt đầu|Tình trạng|NSNN\nCông ty A|3a1|2023-05-01|dừng|5\n";
        insta::assert_snapshot!(shown(&read_text(&format!("{GENERAL}== Biểu 3\n{rows}"))), @r"
        TT chung [general] seen 2 accepted 1 not data 1
        Biểu 3 [support] seen 2 accepted 1 not data 1
        UnitMissing [E1] '' ''
        ");
    }

    #[test]
    fn sheets_that_are_no_form_are_told_apart() {
        let text = format!("{GENERAL}== Biểu 3\nx|y\n== Khác\ny\n== Trống\n");
        insta::assert_snapshot!(shown(&read_text(&text)), @r"
        TT chung [general] seen 2 accepted 1 not data 1
        Biểu 3 [] seen 1 accepted 0 not data 1
        Khác [] seen 1 accepted 0 not data 1
        Trống [] seen 0 accepted 0 not data 0
        SheetWithoutHeading [] 'Biểu 3 (Danh sách doanh nghiệp được hỗ trợ)' ''
        SheetUnknown [] 'Khác' ''
        ");
        insta::assert_snapshot!(shown(&read_text("== A\nx\n== B\ny\n")), @r"
        A [] seen 1 accepted 0 not data 1
        B [] seen 1 accepted 0 not data 1
        NoForm [] 'A, B' ''
        ");
    }

    #[test]
    fn a_list_of_nominees_in_a_report_is_not_counted() {
        let rows = "Tên doanh nghiệp|Mã số thuế|Nội dung hỗ trợ\nCông ty A|3600265395|3a1\n";
        insta::assert_snapshot!(shown(&read_text(&format!("{GENERAL}== T\n{rows}"))), @r"
        TT chung [general] seen 2 accepted 1 not data 1
        T [] seen 2 accepted 0 not data 2
        NominationInReport [] '' ''
        ");
    }

    /// What is told of a sheet of support, each with its first cell.
    fn told(name: &str, above: &str, rows: &str) -> Vec<String> {
        let heading = "STT|Tên doanh nghiệp|Nội dung hỗ trợ|Bắt đầu|Tình trạng|NSNN";
        let text = format!("{GENERAL}== {name}\n{above}\n{heading}\n{rows}");
        let reading = read_text(&text);
        let told = reading.observations.iter();
        told.map(|it| {
            let cell = it
                .cells
                .first()
                .map(ToString::to_string)
                .unwrap_or_default();
            format!("{:?} {cell}", it.check)
        })
        .collect()
    }

    const UNIT: &str = "ĐVT: triệu đồng";
    const TWO: &str = "1|Công ty A|3a1|2023-05-01|dừng|5\n2|Công ty B|3a1|2023-05-01|dừng|7\n";

    #[test]
    fn another_unit_within_a_table_or_in_a_note_below_it_is_asked_about() {
        assert_eq!(told("Biểu 3", UNIT, TWO), [""; 0]);
        let between = "1|Công ty A|3a1|2023-05-01|dừng|5\nĐơn vị tính: nghìn đồng\n2|Công ty B|3a1|2023-05-01|dừng|7000\n";
        assert_eq!(told("Biểu 3", UNIT, between), ["UnitMissing A4"]);
        let below = format!("{TWO}Ghi chú: số liệu tính bằng nghìn đồng\n");
        assert_eq!(told("Biểu 3", UNIT, &below), ["UnitMissing A5"]);
        let same = format!("{TWO}Ghi chú: số liệu tính bằng triệu đồng\n");
        assert_eq!(told("Biểu 3", UNIT, &same), [""; 0]);
        for unit in [
            "ĐVT: trăm triệu đồng",
            "ĐVT: triệu đồng; riêng NSNN: nghìn đồng",
        ] {
            assert_eq!(told("Biểu 3", unit, TWO), ["UnitMissing F2"], "{unit}");
        }
    }

    #[test]
    fn rows_under_a_title_that_says_they_do_not_count_are_asked_about() {
        for (title, is_asked) in [
            ("Doanh nghiệp không đủ điều kiện", true),
            ("Đề nghị hỗ trợ đợt sau", true),
            ("Năm 2022", true),
            ("Năm 2023", false),
            ("Doanh nghiệp ngành gỗ", false),
        ] {
            let rows =
                format!("'I|{title}\n{TWO}'II|Nhóm khác\n3|Công ty C|3a1|2023-05-01|dừng|1\n");
            let expected: &[&str] = if is_asked {
                &["RowRemoved A4", "RowRemoved A5"]
            } else {
                &[]
            };
            assert_eq!(told("Biểu 3", UNIT, &rows), expected, "{title}");
        }
    }

    #[test]
    fn a_mark_that_a_row_goes_is_asked_about_though_it_is_a_status_of_the_list() {
        let rows = format!("{TWO}3|Công ty C|3a1|2023-05-01|hủy|1\n");
        assert_eq!(told("Biểu 3", UNIT, &rows), ["RowRemoved E5"]);
    }

    #[test]
    fn drafts_and_titles_of_another_year_are_asked_about() {
        for name in ["Nháp", "Biểu 3 (bản cũ)"] {
            assert_eq!(told(name, UNIT, TWO), ["TemplateSheet "], "{name}");
        }
        assert_eq!(told("Nhập liệu", UNIT, TWO), [""; 0]);
        let above = format!("(Số liệu minh họa cách ghi)\n{UNIT}");
        assert_eq!(told("Biểu 3", &above, TWO), ["TemplateSheet "]);
        for title in ["Năm 2022", "DANH SÁCH DOANH NGHIỆP ĐỀ NGHỊ HỖ TRỢ NĂM 2024"] {
            let above = format!("{title}\n{UNIT}");
            assert_eq!(
                told("Biểu 3", &above, TWO),
                ["SheetOfAnotherYear "],
                "{title}"
            );
        }
        for title in [
            "Năm 2023",
            "(Kèm theo Quyết định số 5 ngày 01 tháng 3 năm 2022)",
        ] {
            let above = format!("{title}\n{UNIT}");
            assert_eq!(told("Biểu 3", &above, TWO), [""; 0], "{title}");
        }
    }

    #[test]
    fn totals_and_parents_that_are_described_as_records_are_asked_about() {
        let total = format!("{TWO}|Tổng cộng (2 DN)|3a1|2023-05-01|dừng|12\n");
        assert_eq!(told("Biểu 3", UNIT, &total), ["RowUnclear B5"]);
        // A sum by chance under a name of its own is a record.
        let record = format!("{TWO}3|Công ty C|3a1|2023-05-01|dừng|12\n");
        assert_eq!(told("Biểu 3", UNIT, &record), [""; 0]);
        let parent = "1|Nhóm gỗ|3a1|2023-05-01|dừng|9\n'1.1|Công ty A|3a1|2023-05-01|dừng|5\n'1.2|Công ty B|3a1|2023-05-01|dừng|7\n";
        assert_eq!(told("Biểu 3", UNIT, parent), ["RowUnclear A3"]);
    }

    #[test]
    fn a_second_half_of_a_table_beside_it_is_named() {
        let heading = "Tên doanh nghiệp|Nội dung hỗ trợ|Bắt đầu|Tình trạng|NSNN";
        let row = "Công ty A|3a1|2023-05-01|dừng|5";
        let text = format!("{GENERAL}== Biểu 3\n{UNIT}\n{heading}||{heading}\n{row}||{row}\n");
        let told: Vec<String> = read_text(&text)
            .observations
            .iter()
            .map(|it| format!("{:?} {}", it.check, it.found))
            .collect();
        assert!(told.contains(&"HeadingTwice E, K".to_owned()), "{told:?}");
    }
}
