//! What is no workbook, or is one of ours that was changed.

use super::{Kind, report};
use testkit::{archive, workbook, xlsx_parts};

pub(super) const KINDS: &[Kind] = &[
    Kind {
        name: "not a workbook",
        ending: "xlsx",
        make: something_else,
    },
    Kind {
        name: "text in columns",
        ending: "csv",
        make: text,
    },
    Kind {
        name: "bytes of no kind",
        ending: "xls",
        make: random,
    },
    Kind {
        name: "blanks",
        ending: "xlsx",
        make: blanks,
    },
    Kind {
        name: "a document of ours",
        ending: "xlsx",
        make: ours,
    },
    Kind {
        name: "answers that nobody gave",
        ending: "xlsx",
        make: answers,
    },
    Kind {
        name: "protected",
        ending: "xlsx",
        make: protected,
    },
    Kind {
        name: "a page called a workbook",
        ending: "xls",
        make: page,
    },
    Kind {
        name: "a Word document",
        ending: "docx",
        make: word,
    },
];

fn something_else(number: u32) -> Vec<u8> {
    let start: &[u8] = match number % 7 {
        0 => b"%PDF-1.7\n",
        1 => b"\x89PNG\r\n\x1a\n",
        2 => b"MZ\x90\0",
        3 => b"{\\rtf1 ",
        4 => b"Rar!\x1a\x07",
        5 => b"7z\xbc\xaf\x27\x1c",
        _ => b"\x7fELF",
    };
    [start, number.to_string().as_bytes()].concat()
}

fn text(number: u32) -> Vec<u8> {
    let text = format!("id;name\r\n{number};=cmd|' /C calc'!A0\r\n\"\"\"\"\"\r\n");
    match number % 4 {
        0 => text.into_bytes(),
        1 => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        2 => [b"\xef\xbb\xbf", text.as_bytes()].concat(),
        _ => [text.as_bytes(), &[0xff, 0, 0xfe]].concat(),
    }
}

fn random(number: u32) -> Vec<u8> {
    let mut random = fastrand::Rng::with_seed(number.into());
    let start: &[u8] = match number % 3 {
        0 => b"PK\x03\x04",
        1 => b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        _ => b"",
    };
    let rest = std::iter::repeat_with(|| random.u8(..)).take(5_000);
    start.iter().copied().chain(rest).collect()
}

fn blanks(number: u32) -> Vec<u8> {
    b" ".repeat(usize::try_from(number).unwrap())
}

fn ours(number: u32) -> Vec<u8> {
    let mark = [
        "annual-report",
        "review",
        "feedback",
        "template",
        "screening",
        "x",
    ];
    let mark = mark[usize::try_from(number).unwrap() % mark.len()];
    let mut parts = xlsx_parts(&report(number));
    let properties = format!(
        "<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\"><cp:keywords>tonghop:{mark}</cp:keywords></cp:coreProperties>"
    );
    parts.push(("docProps/core.xml".to_owned(), properties.into_bytes()));
    archive(&parts)
}

fn answers(number: u32) -> Vec<u8> {
    let rows: String = ["Chồng lấn hỗ trợ", "Doanh nghiệp", "Tiêu đề cột", "Báo cáo thay thế", "Số tiền"]
        .iter()
        .map(|sheet| {
            format!(
                "== {sheet}\n\n\n\nTT | Câu hỏi | Cơ quan | Biểu | Trả lời | Lý do | Người trả lời | Có hiệu lực đến\n\
                 {number} | ? | ? | ? | cùng một hỗ trợ, báo cáo hai lần | =1+1 | \u{202e} | 0000-00-00 | {}\n",
                "f".repeat(64)
            )
        })
        .collect();
    workbook(&rows)
}

fn protected(number: u32) -> Vec<u8> {
    let mut bytes = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    bytes.resize(1_024 + usize::try_from(number).unwrap(), 0);
    bytes.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    bytes
}

fn page(number: u32) -> Vec<u8> {
    format!("<html><table><tr><td>{number}<script>alert(1)</script></table>").into_bytes()
}

fn word(number: u32) -> Vec<u8> {
    let mut parts = xlsx_parts(&report(number));
    for (_, content) in &mut parts[..2] {
        let text = String::from_utf8(content.clone()).unwrap();
        let text = text.replace("xl/workbook.xml", "word/document.xml");
        *content = text
            .replace("spreadsheetml.sheet", "wordprocessingml.document")
            .into_bytes();
    }
    archive(&parts)
}
