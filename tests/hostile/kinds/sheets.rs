//! What is wrong with what the sheets of an .xlsx say.

use super::markup::changed;
use super::{Kind, report, report_of, row};
use testkit::{archive, workbook};

pub(super) const KINDS: &[Kind] = &[
    Kind {
        name: "one enterprise in many rows",
        ending: "xlsx",
        make: one_enterprise,
    },
    Kind {
        name: "far corner",
        ending: "xlsx",
        make: far_corner,
    },
    Kind {
        name: "merges that lie",
        ending: "xlsx",
        make: merges,
    },
    Kind {
        name: "names of sheets",
        ending: "xlsx",
        make: sheet_names,
    },
    Kind {
        name: "sheets that are one part",
        ending: "xlsx",
        make: one_part,
    },
    Kind {
        name: "thousands of sheets",
        ending: "xlsx",
        make: many_sheets,
    },
    Kind {
        name: "addresses that lie",
        ending: "xlsx",
        make: addresses,
    },
    Kind {
        name: "numbers beyond all",
        ending: "xlsx",
        make: numbers,
    },
    Kind {
        name: "days beyond all",
        ending: "xlsx",
        make: days,
    },
    Kind {
        name: "formulas",
        ending: "xlsx",
        make: formulas,
    },
    Kind {
        name: "long texts",
        ending: "xlsx",
        make: long_texts,
    },
    Kind {
        name: "columns hidden far out",
        ending: "xlsx",
        make: columns,
    },
    Kind {
        name: "filters that lie",
        ending: "xlsx",
        make: filters,
    },
    Kind {
        name: "texts that command",
        ending: "xlsx",
        make: commands,
    },
    Kind {
        name: "cells of no form",
        ending: "xlsx",
        make: no_form,
    },
    Kind {
        name: "kinds of cells",
        ending: "xlsx",
        make: cell_kinds,
    },
    Kind {
        name: "sizes that lie",
        ending: "xlsx",
        make: sizes,
    },
    Kind {
        name: "the same row again and again",
        ending: "xlsx",
        make: rows_again,
    },
];

fn one_enterprise(number: u32) -> Vec<u8> {
    let rows: String = (0..250 + number % 7)
        .map(|at| {
            format!(
                "Công ty TNHH Gia Hưng {number} | | 3a1 | {at}/HĐ | 2022-05-01 | dừng | Tốt | {at}\n"
            )
        })
        .collect();
    workbook(&report_of(number, &rows))
}

/// A text in an old font, and a style in the last cell.
fn far_corner(number: u32) -> Vec<u8> {
    let old = report(number).replace(
        "Tốt",
        "S\u{eb} C\u{ab}ng Th\u{ad}\u{ac}ng \u{b8}\u{bb}\u{cb}",
    );
    let far = match number % 2 {
        0 => "@@<row r=\"1048576\"><c r=\"XFD1048576\" s=\"1\"/></row>\n",
        _ => "@XFD1048576 x\n",
    };
    workbook(&format!("{old}{far}"))
}

fn after_rows(number: u32, what: &str) -> Vec<u8> {
    archive(&changed(
        number,
        "sheet2.xml",
        "</sheetData>",
        &format!("</sheetData>{what}"),
    ))
}

fn before_rows(number: u32, what: &str) -> Vec<u8> {
    archive(&changed(
        number,
        "sheet2.xml",
        "<sheetData>",
        &format!("{what}<sheetData>"),
    ))
}

fn among_rows(number: u32, what: &str) -> Vec<u8> {
    archive(&changed(
        number,
        "sheet2.xml",
        "</sheetData>",
        &format!("{what}</sheetData>"),
    ))
}

fn merges(number: u32) -> Vec<u8> {
    let merge = |cells: &str| format!("<mergeCell ref=\"{cells}\"/>");
    let merges = match number % 5 {
        0 => merge("D30:A20"),
        1 => merge("A1:XFD1048576"),
        2 => ["A1:C9", "B2:D4", "B2:D4", "A1:A1"].map(merge).concat(),
        3 => (1..20_000)
            .map(|row| merge(&format!("A{row}:B{row}")))
            .collect(),
        _ => ["", "A1", ":", "A0:B0", "ZZZZ1:ZZZZ9", "A99999999999:B1"]
            .map(merge)
            .concat(),
    };
    after_rows(number, &format!("<mergeCells>{merges}</mergeCells>"))
}

fn sheet_names(number: u32) -> Vec<u8> {
    let long = "Biểu 3 - Danh sách doanh nghiệp được hỗ trợ ".repeat(9);
    let name = match number % 7 {
        0 => long.as_str(),
        1 => "Biểu 3 [x]:*?/\\",
        2 => "Biểu 3\u{1b}[31m\u{7}",
        3 => "tt CHUNG",
        4 => "",
        5 => "\u{202e}3 uểiB",
        _ => "'=1+1'!A1",
    };
    let text = report(number).replace("== Biểu 3", &format!("== {name}"));
    workbook(&text)
}

fn one_part(number: u32) -> Vec<u8> {
    let sheets: String = (0..200 + number % 50)
        .map(|at| {
            format!(
                "<sheet name=\"s{at}\" sheetId=\"{}\" r:id=\"rId2\"/>",
                at + 3
            )
        })
        .collect();
    archive(&changed(
        number,
        "workbook.xml",
        "</sheets>",
        &format!("{sheets}</sheets>"),
    ))
}

fn many_sheets(number: u32) -> Vec<u8> {
    let sheets: String = (0..5_000)
        .map(|at| format!("<sheet name=\"s{at}\" sheetId=\"{at}\" r:id=\"r{at}\"/>"))
        .collect();
    archive(&changed(
        number,
        "workbook.xml",
        "</sheets>",
        &format!("{sheets}</sheets>"),
    ))
}

fn addresses(number: u32) -> Vec<u8> {
    let cell = |row: &str, at: &str| format!("<row r=\"{row}\"><c r=\"{at}\"><v>7</v></c></row>");
    let rows = [
        cell("0", "A0"),
        cell("-1", "A-1"),
        cell("3", "ZZZZZZZ3"),
        cell("4294967296", "A4294967296"),
        cell("1048577", "XFE1048577"),
        cell("2", "$B$2"),
        cell("9", "Á9"),
        cell("", ""),
    ];
    let from = usize::try_from(number).unwrap() % rows.len();
    among_rows(number, &[&rows[from..], &rows[..from]].concat().concat())
}

fn numbers(number: u32) -> Vec<u8> {
    let value = match number % 8 {
        0 => "9".repeat(100_000),
        1 => "1e308".to_owned(),
        2 => "NaN".to_owned(),
        3 => "-INF".to_owned(),
        4 => format!("0.{}", "3".repeat(100_000)),
        5 => "1e-400".to_owned(),
        6 => "9223372036854775808".to_owned(),
        _ => "0x7fffffff".to_owned(),
    };
    archive(&changed(
        number,
        "sheet2.xml",
        "<v>5</v>",
        &format!("<v>{value}</v>"),
    ))
}

fn days(number: u32) -> Vec<u8> {
    let days = [
        "-1",
        "0",
        "60",
        "2958466",
        "1e15",
        "-693594",
        "0.99999999999",
        "1e300",
    ];
    let day = days[usize::try_from(number).unwrap() % days.len()];
    let rows = format!("<row r=\"9\"><c r=\"E9\" s=\"1\"><v>{day}</v></c></row>");
    among_rows(number, &rows)
}

fn formulas(number: u32) -> Vec<u8> {
    let long = "+A1".repeat(14_000);
    let formula = match number % 5 {
        0 => long.as_str(),
        1 => "cmd|' /C calc'!A0",
        2 => "WEBSERVICE(&quot;http://127.0.0.1:9/&quot;)",
        3 => "HYPERLINK(&quot;http://127.0.0.1:9/&quot;,&quot;x&quot;)",
        _ => "[1]Sheet1!A1",
    };
    let kind = [
        "",
        " t=\"shared\" si=\"4294967295\"",
        " t=\"array\" ref=\"A1:XFD1048576\"",
    ];
    let kind = kind[usize::try_from(number / 5).unwrap() % 3];
    let cell = format!("<row r=\"9\"><c r=\"G9\"><f{kind}>{formula}</f></c></row>");
    among_rows(number, &cell)
}

fn long_texts(number: u32) -> Vec<u8> {
    let (letter, times) = match number % 3 {
        0 => ("ấ", 40_000),
        1 => ("x", 1_000_000),
        _ => ("\u{1f600}", 33_000),
    };
    workbook(&report_of(number, &row(number, &letter.repeat(times))))
}

fn columns(number: u32) -> Vec<u8> {
    let columns = match number % 3 {
        0 => "<col min=\"1\" max=\"4294967295\" hidden=\"1\"/>".to_owned(),
        1 => "<col min=\"16384\" max=\"2\" hidden=\"1\"/>".to_owned(),
        _ => "<col min=\"1\" max=\"16384\" hidden=\"1\" style=\"1\"/>".repeat(2_000),
    };
    before_rows(number, &format!("<cols>{columns}</cols>"))
}

fn filters(number: u32) -> Vec<u8> {
    let cells = ["A1:XFD1048576", "D9:A1", "", "A0:A0", "A1:B4294967295"];
    let cells = cells[usize::try_from(number).unwrap() % cells.len()];
    let hidden = "<row r=\"1048576\" hidden=\"1\"/><row r=\"4000000000\" hidden=\"1\"/>";
    let filter = format!(
        "{hidden}</sheetData><autoFilter ref=\"{cells}\"><filterColumn colId=\"4294967295\"/></autoFilter>"
    );
    archive(&changed(number, "sheet2.xml", "</sheetData>", &filter))
}

fn commands(number: u32) -> Vec<u8> {
    let rows: String = crate::hostile::EVIL
        .iter()
        .map(|text| row(number, text))
        .collect();
    workbook(&report_of(number, &rows))
}

fn no_form(number: u32) -> Vec<u8> {
    let row = "xin chào | a | b | c | d\n".repeat(2_000);
    workbook(&format!("== S{number}\n{row}"))
}

fn cell_kinds(number: u32) -> Vec<u8> {
    let kinds = ["d", "b", "e", "zzz", "str", "n", "inlineStr", ""];
    let rows: String = (9..)
        .zip(kinds)
        .map(|(row, kind)| {
            format!("<row r=\"{row}\"><c r=\"H{row}\" t=\"{kind}\"><v>{number}-99-99T99:99</v></c></row>")
        })
        .collect();
    among_rows(number, &rows)
}

fn sizes(number: u32) -> Vec<u8> {
    let sizes = [
        "A1:XFD1048576",
        "XFD1048576:A1",
        "A1:A4294967295",
        "",
        "A1:ZZZZZZ9",
    ];
    let size = sizes[usize::try_from(number).unwrap() % sizes.len()];
    before_rows(number, &format!("<dimension ref=\"{size}\"/>"))
}

fn rows_again(number: u32) -> Vec<u8> {
    let again =
        format!("<row r=\"4\"><c r=\"H4\"><v>{number}</v></c><c r=\"H4\"><v>6</v></c></row>");
    among_rows(number, &again.repeat(500))
}
