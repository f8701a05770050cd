//! What is wrong with the XML of a workbook's parts.

use super::{Kind, report};
use testkit::{Member, archive, xlsx_parts};

pub(super) const KINDS: &[Kind] = &[
    Kind {
        name: "entities of entities",
        ending: "xlsx",
        make: laughs,
    },
    Kind {
        name: "entity of a file",
        ending: "xlsx",
        make: external,
    },
    Kind {
        name: "deep elements",
        ending: "xlsx",
        make: deep,
    },
    Kind {
        name: "a long attribute",
        ending: "xlsx",
        make: long_attribute,
    },
    Kind {
        name: "many attributes",
        ending: "xlsx",
        make: many_attributes,
    },
    Kind {
        name: "another encoding",
        ending: "xlsx",
        make: encodings,
    },
    Kind {
        name: "elements not closed",
        ending: "xlsx",
        make: unclosed,
    },
    Kind {
        name: "parts with bytes changed",
        ending: "xlsx",
        make: bytes_changed,
    },
    Kind {
        name: "relations that lead away",
        ending: "xlsx",
        make: relations,
    },
    Kind {
        name: "styles that lie",
        ending: "xlsx",
        make: styles,
    },
    Kind {
        name: "shared texts that lie",
        ending: "xlsx",
        make: shared_texts,
    },
    Kind {
        name: "what reaches out",
        ending: "xlsm",
        make: reaching,
    },
];

/// The parts of a report with a text replaced in those whose name ends so.
pub(super) fn changed(number: u32, part: &str, from: &str, to: &str) -> Vec<Member> {
    let mut parts = xlsx_parts(&report(number));
    let mut is_changed = false;
    for (name, content) in &mut parts {
        let text = String::from_utf8(content.clone()).unwrap();
        if name.ends_with(part) && text.contains(from) {
            is_changed = true;
            *content = text.replacen(from, to, 1).into_bytes();
        }
    }
    assert!(is_changed, "{part}: {from}");
    parts
}

const XML_PARTS: [&str; 4] = [
    "workbook.xml",
    "sheet2.xml",
    "styles.xml",
    "[Content_Types].xml",
];

fn of(parts: &[&'static str], number: u32) -> &'static str {
    parts[usize::try_from(number).unwrap() % parts.len()]
}

fn laughs(number: u32) -> Vec<u8> {
    let entities: String = (1..10)
        .map(|level| {
            let before = format!("&l{};", level - 1).repeat(10);
            format!("<!ENTITY l{level} \"{before}\">")
        })
        .collect();
    let document = format!("?><!DOCTYPE l [<!ENTITY l0 \"lol\">{entities}]>");
    let part = of(&XML_PARTS, number);
    let mut parts = changed(number, part, "?>", &document);
    for (name, content) in &mut parts {
        if name.ends_with(part) {
            let text = String::from_utf8(content.clone()).unwrap();
            let text = text.replace("Tốt", "&l9;").replace("Biểu 3", "&l9;");
            *content = text.replace("Times New Roman", "&l9;").into_bytes();
        }
    }
    archive(&parts)
}

fn external(number: u32) -> Vec<u8> {
    let file = match number % 2 {
        0 => "file:///etc/passwd",
        _ => "http://127.0.0.1:9/x",
    };
    let document = format!("?><!DOCTYPE l [<!ENTITY e SYSTEM \"{file}\">]>");
    let mut parts = changed(number, "sheet2.xml", "?>", &document);
    let sheet = &mut parts.last_mut().unwrap().1;
    let text = String::from_utf8(sheet.clone()).unwrap();
    *sheet = text.replace("Tốt", "&e;").into_bytes();
    archive(&parts)
}

fn deep(number: u32) -> Vec<u8> {
    let depth = 50_000;
    let (open, close) = match number % 3 {
        0 => ("<row r=\"9\">", "</row>"),
        1 => ("<is>", "</is>"),
        _ => ("<a>", "</a>"),
    };
    let nest = format!("<sheetData>{}{}", open.repeat(depth), close.repeat(depth));
    archive(&changed(number, "sheet2.xml", "<sheetData>", &nest))
}

fn long_attribute(number: u32) -> Vec<u8> {
    let long = "A1:".repeat(600_000);
    let element = match number % 3 {
        0 => format!("<dimension ref=\"{long}\"/><sheetData>"),
        1 => format!("<sheetData><row r=\"{long}\"/>"),
        _ => format!("<sheetData><row r=\"9\"><c r=\"{long}\"><v>1</v></c></row>"),
    };
    archive(&changed(number, "sheet2.xml", "<sheetData>", &element))
}

fn many_attributes(number: u32) -> Vec<u8> {
    let attributes: String = (0..50_000).map(|at| format!(" a{at}=\"\"")).collect();
    let part = of(&["sheet2.xml", "workbook.xml"], number);
    let (from, to) = match part {
        "sheet2.xml" => ("<sheetData>", format!("<sheetData{attributes}>")),
        _ => ("<sheets>", format!("<sheets{attributes}>")),
    };
    archive(&changed(number, part, from, &to))
}

fn encodings(number: u32) -> Vec<u8> {
    let part = of(&XML_PARTS, number);
    let mut parts = xlsx_parts(&report(number));
    let (_, content) = parts
        .iter_mut()
        .find(|(name, _)| name.ends_with(part))
        .unwrap();
    let text = String::from_utf8(content.clone()).unwrap();
    *content = match number / 4 % 4 {
        0 => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        1 => text.replace("UTF-8", "UTF-16").into_bytes(),
        2 => text.replace("UTF-8", "x-unknown").into_bytes(),
        _ => text.replace("sheet", "sheet\0").into_bytes(),
    };
    archive(&parts)
}

fn unclosed(number: u32) -> Vec<u8> {
    let (from, to) = match number % 4 {
        0 => ("</row>", ""),
        1 => ("</is>", "</si>"),
        2 => ("</sheetData>", "<![CDATA["),
        _ => ("</worksheet>", "<!--"),
    };
    archive(&changed(number, "sheet2.xml", from, to))
}

fn bytes_changed(number: u32) -> Vec<u8> {
    let mut random = fastrand::Rng::with_seed(number.into());
    let mut parts = xlsx_parts(&report(number));
    for (_, content) in &mut parts {
        for _ in 0..random.usize(..9) {
            let at = random.usize(..content.len());
            match random.u8(..3) {
                0 => content[at] ^= 1 << random.u8(..8),
                1 => drop(content.remove(at)),
                _ => content.insert(at, random.u8(..)),
            }
        }
    }
    archive(&parts)
}

fn relations(number: u32) -> Vec<u8> {
    let target = of(
        &[
            "../../../../../../etc/passwd",
            "file:///etc/passwd",
            "worksheets/../worksheets/../worksheets/sheet2.xml",
            "_rels/workbook.xml.rels",
            "worksheets/",
            "",
            "\\\\127.0.0.1\\share\\x.xml",
            "worksheets/sheet1.xml",
        ],
        number,
    );
    archive(&changed(
        number,
        "workbook.xml.rels",
        "worksheets/sheet2.xml",
        target,
    ))
}

fn styles(number: u32) -> Vec<u8> {
    let wide = format!(
        "<numFmts count=\"4000000000\"><numFmt numFmtId=\"{}\" formatCode=\"{}\"/></numFmts><cellXfs",
        number,
        "[$-42A]0.0;".repeat(90_000)
    );
    let many = format!(
        "<cellXfs count=\"9\">{}",
        "<xf numFmtId=\"14\"/>".repeat(70_000)
    );
    let (from, to) = match number % 4 {
        0 => ("<cellXfs", wide.as_str()),
        1 => ("<cellXfs count=\"2\">", many.as_str()),
        2 => ("numFmtId=\"14\"", "numFmtId=\"99999999999999999999\""),
        _ => (
            "<xf/>",
            "<xf fontId=\"4294967295\" fillId=\"-1\" xfId=\"65536\"/>",
        ),
    };
    archive(&changed(number, "styles.xml", from, to))
}

fn shared_texts(number: u32) -> Vec<u8> {
    let cell = match number % 3 {
        0 => "<sheetData><row r=\"9\"><c r=\"A9\" t=\"s\"><v>4294967295</v></c></row>",
        1 => "<sheetData><row r=\"9\"><c r=\"A9\" t=\"s\"><v>-1</v></c></row>",
        _ => "<sheetData><row r=\"9\"><c r=\"A9\" t=\"s\"><v>x</v></c></row>",
    };
    let mut parts = changed(number, "sheet2.xml", "<sheetData>", cell);
    let relation = "<Relationship Id=\"rIdT\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings\" Target=\"sharedStrings.xml\"/></Relationships>";
    for (name, content) in &mut parts {
        if name.ends_with("workbook.xml.rels") {
            let text = String::from_utf8(content.clone()).unwrap();
            *content = text.replace("</Relationships>", relation).into_bytes();
        }
    }
    let texts = format!(
        "<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" count=\"{number}\" uniqueCount=\"100000000000\"><si><t>a</t></si><si><r><rPh/></r></si></sst>"
    );
    parts.push(("xl/sharedStrings.xml".to_owned(), texts.into_bytes()));
    archive(&parts)
}

/// Links, connections, queries and macros: nothing of them may be fetched, run or go out.
fn reaching(number: u32) -> Vec<u8> {
    let links = "</sheetData><hyperlinks><hyperlink ref=\"A1\" r:id=\"rId1\"/></hyperlinks><oleObjects/><webPublishItems/>";
    let mut parts = changed(number, "sheet2.xml", "</sheetData>", links);
    let relations = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink\" Target=\"http://127.0.0.1:9/\" TargetMode=\"External\"/></Relationships>";
    for (name, content) in [
        ("xl/worksheets/_rels/sheet2.xml.rels", relations),
        (
            "xl/externalLinks/externalLink1.xml",
            "<externalLink><ddeLink ddeService=\"cmd\" ddeTopic=\"/C calc\"/></externalLink>",
        ),
        (
            "xl/connections.xml",
            "<connections><connection id=\"1\" type=\"4\"><webPr url=\"http://127.0.0.1:9/\"/></connection></connections>",
        ),
        ("xl/vbaProject.bin", "\u{1}VBA"),
    ] {
        parts.push((name.to_owned(), content.as_bytes().to_vec()));
    }
    parts.push(("xl/media/number".to_owned(), number.to_le_bytes().to_vec()));
    archive(&parts)
}
