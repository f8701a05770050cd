//! What is wrong with workbooks of OpenDocument.

use super::{Kind, report};
use testkit::{Member, archive, ods_parts};

pub(super) const KINDS: &[Kind] = &[
    Kind {
        name: "one text millions of times",
        ending: "ods",
        make: repeated,
    },
    Kind {
        name: "covered cells without end",
        ending: "ods",
        make: covered,
    },
    Kind {
        name: "spans of half a sheet",
        ending: "ods",
        make: spans,
    },
    Kind {
        name: "days beyond all",
        ending: "ods",
        make: days,
    },
    Kind {
        name: "a long name of a sheet",
        ending: "ods",
        make: long_name,
    },
    Kind {
        name: "rows and columns repeated",
        ending: "ods",
        make: grid,
    },
    Kind {
        name: "values that lie",
        ending: "ods",
        make: values,
    },
    Kind {
        name: "groups in groups",
        ending: "ods",
        make: groups,
    },
    Kind {
        name: "behind a password",
        ending: "ods",
        make: password,
    },
    Kind {
        name: "bytes changed",
        ending: "ods",
        make: changed,
    },
    Kind {
        name: "tables in tables",
        ending: "ods",
        make: tables,
    },
];

fn replaced(number: u32, from: &str, to: &str) -> Vec<Member> {
    let mut parts = ods_parts(&report(number));
    let content = &mut parts[1].1;
    let text = String::from_utf8(content.clone()).unwrap();
    assert!(text.contains(from), "{from}");
    *content = text.replacen(from, to, 1).into_bytes();
    parts
}

/// A report with another table behind its own.
fn with_table(number: u32, rows: &str) -> Vec<u8> {
    let table = format!("<table:table table:name=\"K\">{rows}</table:table></office:spreadsheet>");
    archive(&replaced(number, "</office:spreadsheet>", &table))
}

fn repeated(number: u32) -> Vec<u8> {
    let times = 90_000_000 + number;
    with_table(
        number,
        &format!(
            "<table:table-row table:number-rows-repeated=\"{}\"><table:table-cell office:value-type=\"string\" table:number-columns-repeated=\"{times}\"><text:p>một</text:p></table:table-cell></table:table-row>",
            1 + number % 3
        ),
    )
}

fn covered(number: u32) -> Vec<u8> {
    let many = 1_000_000_000 + number;
    with_table(
        number,
        &format!(
            "<table:table-row><table:table-cell office:value-type=\"string\" table:number-columns-spanned=\"{many}\" table:number-rows-spanned=\"{many}\"><text:p>x</text:p></table:table-cell><table:covered-table-cell table:number-columns-repeated=\"{many}\" office:value-type=\"float\" office:value=\"1\"/></table:table-row>"
        ),
    )
}

fn spans(number: u32) -> Vec<u8> {
    let rows = 500_000 + number;
    with_table(
        number,
        &format!(
            "<table:table-row><table:table-cell table:number-rows-spanned=\"{rows}\" table:number-columns-spanned=\"16384\" office:value-type=\"string\"><text:p>x</text:p></table:table-cell></table:table-row>"
        ),
    )
}

fn days(number: u32) -> Vec<u8> {
    let days = [
        "0202-05-03",
        "-0001-01-01",
        "99999-12-31",
        "2022-13-45",
        "2022-05-01T99:99:99",
        "",
    ];
    let day = days[usize::try_from(number).unwrap() % days.len()];
    let value = format!("date-value=\"{day}\"");
    archive(&replaced(number, "date-value=\"2022-05-01\"", &value))
}

fn long_name(number: u32) -> Vec<u8> {
    let name = "table:name=\"Biểu 3 - Danh sách doanh nghiệp được hỗ trợ nâng cao năng suất, chất lượng [x]:*?/\\\"";
    archive(&replaced(number, "table:name=\"Biểu 3\"", name))
}

fn grid(number: u32) -> Vec<u8> {
    let times = 1_048_576 - number;
    with_table(
        number,
        &format!(
            "<table:table-row table:number-rows-repeated=\"{times}\"><table:table-cell table:number-columns-repeated=\"16384\" office:value-type=\"float\" office:value=\"7\"/></table:table-row>"
        ),
    )
}

fn values(number: u32) -> Vec<u8> {
    let value = ["1e999", "NaN", "", "-", "0x10", "5,5"][usize::try_from(number).unwrap() % 6];
    archive(&replaced(
        number,
        "office:value=\"5\"",
        &format!("office:value=\"{value}\""),
    ))
}

fn groups(number: u32) -> Vec<u8> {
    let depth = usize::try_from(20_000 + number).unwrap();
    let rows = format!(
        "{}<table:table-row/>{}",
        "<table:table-row-group>".repeat(depth),
        "</table:table-row-group>".repeat(depth)
    );
    with_table(number, &rows)
}

fn password(number: u32) -> Vec<u8> {
    let mut parts = ods_parts(&report(number));
    let manifest = &mut parts[2].1;
    let text = String::from_utf8(manifest.clone()).unwrap();
    let encrypted = "<manifest:file-entry manifest:full-path=\"content.xml\"><manifest:encryption-data manifest:checksum=\"x\"/></manifest:file-entry></manifest:manifest>";
    *manifest = text.replace("</manifest:manifest>", encrypted).into_bytes();
    parts[1].1.iter_mut().for_each(|byte| *byte ^= 0x5a);
    archive(&parts)
}

fn changed(number: u32) -> Vec<u8> {
    let mut random = fastrand::Rng::with_seed(number.into());
    let mut parts = ods_parts(&report(number));
    let content = &mut parts[1].1;
    for _ in 0..=number % 20 {
        let at = random.usize(..content.len());
        content[at] ^= 1 << random.u8(..8);
    }
    archive(&parts)
}

fn tables(number: u32) -> Vec<u8> {
    let row = "<table:table-row><table:table-cell office:value-type=\"string\"><text:p>x</text:p><table:table table:name=\"y\"><table:table-row><table:table-cell office:value-type=\"float\" office:value=\"1\"/></table:table-row></table:table></table:table-cell></table:table-row>";
    with_table(
        number,
        &row.repeat(usize::try_from(9 + number % 9).unwrap()),
    )
}
