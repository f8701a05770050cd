//! No name of the programme is known to Rust: every form, column, list, code, department, indicator and view of the default
//! programme renamed gives the same reports, but for the names.

use crate::acceptance::folder;
use crate::office::{Office, copy_folder, sheet_text, sheets, tonghop};
use programme::tables::{ORIGIN, companion};
use programme::{ColumnType, Programme};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What stands before every name that was renamed: taking it out of an output gives the names of before.
const PREFIX: &str = "zq_";

/// The names of the default programme.
#[derive(Default)]
struct Names {
    /// Forms, registers, lists, views and the tables of columns of several codes.
    tables: BTreeMap<String, String>,
    columns: BTreeSet<String>,
    indicators: BTreeSet<String>,
    /// Of lists and departments.
    codes: BTreeSet<String>,
    targets: BTreeSet<String>,
}

fn renamed(name: &str) -> String {
    format!("{PREFIX}{name}")
}

/// Whether the codes of a list go into the comparison of enterprises: the districts of enterprises, whose codes are read there
/// as the words of their names. Other codes would be other words, and give the sides of a question another order.
fn is_compared_as_words(programme: &Programme, list: &str) -> bool {
    programme.forms.values().any(|form| {
        let district = form.party.as_ref().and_then(|it| it.district.as_ref());
        let column = district.and_then(|name| form.column(name));
        column.is_some_and(|column| column.kind.list() == Some(list))
    })
}

impl Names {
    fn of_default() -> Self {
        let programme = Programme::default_programme().unwrap();
        let mut names = Self::default();
        for form in programme.forms.values().chain(programme.registers.values()) {
            names.tables.insert(form.code.clone(), renamed(&form.code));
            for column in &form.columns {
                names.columns.insert(column.name.clone());
                if let Some((beside, _)) = companion(&column.kind) {
                    names.columns.insert(format!("{}_{beside}", column.name));
                }
                if matches!(column.kind, ColumnType::Codes { .. }) {
                    let table = format!("{}_{}", form.code, column.name);
                    let new = format!("{}_{}", renamed(&form.code), renamed(&column.name));
                    names.tables.insert(table, new);
                }
            }
        }
        // Labels of the form that says who reports; of every table they are columns of ours.
        for ours in ORIGIN {
            names.columns.remove(ours);
        }
        for list in programme.lists.values() {
            names.tables.insert(list.name.clone(), renamed(&list.name));
            names.codes.extend(list.unclassified.clone());
            if !is_compared_as_words(&programme, &list.name) {
                let codes = list.entries.iter().map(|entry| entry.code.clone());
                names.codes.extend(codes);
            }
        }
        for view in &programme.views {
            names.tables.insert(view.name.clone(), renamed(&view.name));
        }
        names
            .codes
            .extend(programme.departments.iter().map(|it| it.code.clone()));
        names
            .indicators
            .extend(programme.indicators.iter().map(|it| it.name.clone()));
        names
            .targets
            .extend(programme.targets.iter().map(|it| it.id.clone()));
        names
    }

    /// A name that stands as a text in TOML or SQL.
    fn any(&self, text: &str) -> String {
        if let Some(table) = self.tables.get(text) {
            return table.clone();
        }
        let known = [&self.columns, &self.indicators, &self.codes, &self.targets];
        if known.iter().any(|names| names.contains(text)) {
            return renamed(text);
        }
        text.to_owned()
    }

    /// SQL, or a part of it. Columns of our tables keep their names: of `funding` (here always `f`), of a table of codes, and
    /// `field` of an indicator's result.
    fn sql(&self, sql: &str, is_listing: bool) -> String {
        let mut out = String::new();
        let mut rest = sql;
        while let Some(first) = rest.chars().next() {
            let is_name = |c: char| c.is_alphanumeric() || c == '_';
            let length = if rest.starts_with("--") {
                rest.find('\n').unwrap_or(rest.len())
            } else if first == '\'' || first == '"' {
                rest[1..].find(first).unwrap() + 2
            } else if is_name(first) {
                rest.find(|c| !is_name(c)).unwrap_or(rest.len())
            } else {
                first.len_utf8()
            };
            let (token, after) = rest.split_at(length);
            let of_ours = out.ends_with("f.") && sql.contains("funding AS f")
                || token == "position" && sql.contains("support_content WHERE position")
                || token == "field" && !is_listing
                || token == "department";
            match first {
                _ if token.starts_with("--") || of_ours => out.push_str(token),
                '\'' | '"' => {
                    let inner = &token[1..token.len() - 1];
                    out.push_str(&format!("{first}{}{first}", self.any(inner)));
                }
                _ if self.tables.contains_key(token) || self.columns.contains(token) => {
                    out.push_str(&self.any(token));
                }
                _ => out.push_str(token),
            }
            rest = after;
        }
        out
    }

    /// The texts that stand after some keys, alone or in a list.
    fn values(&self, text: &str, keys: &[&str]) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(" = ") {
            let (before, after) = rest.split_at(at + 3);
            out.push_str(before);
            let key = before[..at].rsplit([' ', '\n', '{', '(']).next().unwrap();
            let end = match after.chars().next() {
                Some('"') if after.starts_with("\"\"\"") => 0,
                Some('"') => after[1..].find('"').unwrap() + 2,
                Some('[') if after.starts_with("[\"") => after.find(']').unwrap() + 1,
                _ => 0,
            };
            let (value, after) = after.split_at(end);
            if keys.contains(&key) {
                let parts: Vec<String> = value
                    .split('"')
                    .enumerate()
                    .map(|(i, part)| match i % 2 {
                        1 => part
                            .split('|')
                            .map(|name| self.any(name))
                            .collect::<Vec<_>>()
                            .join("|"),
                        _ => part.to_owned(),
                    })
                    .collect();
                out.push_str(&parts.join("\""));
            } else {
                out.push_str(value);
            }
            rest = after;
        }
        out + rest
    }

    /// A form or register.
    fn form(&self, text: &str) -> String {
        let party = [
            "name",
            "tax_code",
            "district",
            "address",
            "phone",
            "representative",
        ];
        let grant = [
            "content",
            "content_list",
            "tool",
            "tool_list",
            "start",
            "end",
            "money",
            "own_money",
            "contract_value",
            "earlier",
        ];
        let others = [
            "code",
            "codes",
            "key",
            "list",
            "column",
            "number",
            "details",
            "department",
            "period",
            "unit",
            "nil_return",
        ];
        let mut text = self.values(text, &[party.as_slice(), &grant, &others].concat());
        if text.contains("layout = \"pairs\"") {
            for label in ["department", "period"] {
                text = text.replace(&format!("\"{label}\""), &format!("\"{}\"", renamed(label)));
            }
        }
        text
    }

    /// Lists and departments: what was a code before is one more way of writing it.
    fn with_old_codes(&self, text: &str, spellings: &str) -> String {
        let mut out = String::new();
        for (i, entry) in text.split("\ncode = \"").enumerate() {
            if i == 0 {
                out.push_str(entry);
                continue;
            }
            let (code, rest) = entry.split_once('"').unwrap();
            if !self.codes.contains(code) {
                out.push_str(&format!("\ncode = \"{entry}"));
                continue;
            }
            out.push_str(&format!("\ncode = \"{}\"", renamed(code)));
            let (own, others) = rest.split_at(rest.find("\n[[").unwrap_or(rest.len()));
            let field = format!("\n{spellings} = [");
            if own.contains(&field) {
                out.push_str(&own.replacen(&field, &format!("{field}\"{code}\", "), 1));
            } else {
                out.push_str(&format!("{field}\"{code}\"]{own}"));
            }
            out.push_str(others);
        }
        out
    }

    fn rules(&self, text: &str) -> String {
        let text = self.values(text, &["forms", "columns"]);
        let mut parts = text.split("'''");
        let mut out = String::new();
        while let Some(toml) = parts.next() {
            for line in toml.split_inclusive('\n') {
                if line.starts_with("message = ") {
                    let mut line = line.to_owned();
                    for column in &self.columns {
                        line = line.replace(
                            &format!("{{{column}}}"),
                            &format!("{{{}}}", renamed(column)),
                        );
                    }
                    out.push_str(&line);
                } else if let Some(case) = ["pass = {", "fail = {"]
                    .iter()
                    .find(|case| line.starts_with(**case))
                {
                    out.push_str(case);
                    // Names before '=' and codes after it: as SQL has them.
                    out.push_str(&self.sql(&line[case.len()..], true));
                } else {
                    out.push_str(line);
                }
            }
            if let Some(sql) = parts.next() {
                out.push_str(&format!("'''{}'''", self.sql(sql, false)));
            }
        }
        out
    }

    fn report(&self, text: &str) -> String {
        let mut text = self.values(
            text,
            &[
                "headline",
                "totals",
                "planned",
                "indicator",
                "over",
                "rows",
                "each",
                "list",
                "done",
                "group",
                "per",
                "of",
                "by",
                "why",
            ],
        );
        // What a figure of the letter is narrowed to: names before '=', codes after it, as SQL has them.
        let narrowed = text.split_inclusive('\n').map(|line| {
            match line
                .split_once("where = {")
                .filter(|_| line.starts_with("  { place"))
            {
                Some((before, rest)) => {
                    let (inside, after) = rest.split_once('}').unwrap();
                    format!("{before}where = {{{}}}{after}", self.sql(inside, true))
                }
                None => line.to_owned(),
            }
        });
        text = narrowed.collect();
        for indicator in &self.indicators {
            text = text.replace(
                &format!("{{{indicator}}}"),
                &format!("{{{}}}", renamed(indicator)),
            );
        }
        // What the letter says of the rows of a listing.
        let of_rows = text.split_inclusive('\n').map(|line| {
            let mut line = line.to_owned();
            if line.starts_with("  { listing") {
                for column in self.columns.iter().filter(|it| *it != "department") {
                    let place = format!("{{{column}}}");
                    line = line.replace(&place, &format!("{{{}}}", renamed(column)));
                }
            }
            line
        });
        text = of_rows.collect();
        // The columns of listings; sheets have names too.
        let lines = text.split_inclusive('\n').map(|line| {
            if line.starts_with("  { name = \"") && !line.contains("\"department\"") {
                self.values(line, &["name"])
            } else {
                line.to_owned()
            }
        });
        lines.collect()
    }

    /// One file of the programme, with its path.
    fn file(&self, path: &str, text: &str) -> (String, String) {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let (stem, ending) = name.rsplit_once('.').unwrap();
        let moved = || format!("{folder}/{}.{ending}", self.any(stem));
        match (folder, name) {
            ("forms" | "registers", _) => (moved(), self.form(text)),
            ("indicators", "indicators.toml") => {
                (path.to_owned(), self.values(text, &["name", "by"]))
            }
            ("indicators" | "views", _) => (moved(), self.sql(text, false)),
            ("listings", _) => (path.to_owned(), self.sql(text, true)),
            ("rules", _) => (path.to_owned(), self.rules(text)),
            (_, "counts_when.toml") => {
                let text = self.values(text, &["money", "column"]);
                (path.to_owned(), self.rules(&text))
            }
            (_, "catalogue.toml") => {
                let text = self.values(
                    text,
                    &[
                        "parent",
                        "parent_list",
                        "unclassified",
                        "successor",
                        "split_into",
                        // What a reading of a list tells, and by which tools.
                        "codes",
                        "tools",
                    ],
                );
                let lists =
                    text.split_inclusive('\n')
                        .map(|line| match line.strip_prefix("name = \"") {
                            Some(_) => self.values(line, &["name"]),
                            None => line.to_owned(),
                        });
                (
                    path.to_owned(),
                    self.with_old_codes(&lists.collect::<String>(), "variants"),
                )
            }
            (_, "clauses.toml") => (path.to_owned(), self.values(text, &["forms"])),
            (_, "assignment.toml") => {
                let text = self.values(text, &["task", "leads", "helpers"]);
                (path.to_owned(), text)
            }
            (_, "departments.toml") => {
                let text = self.values(text, &["successor", "split_into"]);
                (path.to_owned(), self.with_old_codes(&text, "names"))
            }
            (_, "programme.toml") => {
                let keys = ["focal_department", "indicator", "source", "task", "tasks"];
                let text = self.values(text, &keys);
                let ids =
                    text.split_inclusive('\n')
                        .map(|line| match line.contains("id = \"dong-nai") {
                            true => line.to_owned(),
                            false => self.values(line, &["id"]),
                        });
                (path.to_owned(), ids.collect())
            }
            (_, "report.toml") => (path.to_owned(), self.report(text)),
            _ => (path.to_owned(), text.to_owned()),
        }
    }
}

/// The default programme with all its names changed.
fn write_renamed(folder: &Path) {
    let names = Names::of_default();
    let original = serde_json::to_value(programme::Source::default_programme()).unwrap();
    for (path, text) in original.as_object().unwrap() {
        let (path, text) = match path.strip_prefix("_base/") {
            Some(_) => (path.clone(), text.as_str().unwrap().to_owned()),
            None => names.file(path, text.as_str().unwrap()),
        };
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

/// A text with the names of before, and without the hashes that the programme's files go into.
fn with_old_names(text: &str) -> String {
    let text = without_codes(&text.replace(PREFIX, ""));
    let mut out = String::new();
    let mut run = String::new();
    for c in text.chars().chain(['\n']) {
        if c.is_ascii_digit() || ('a'..='f').contains(&c) {
            run.push(c);
            continue;
        }
        match run.len() {
            12 | 16 | 64 => out.push_str("(hash)"),
            _ => out.push_str(&run),
        }
        run.clear();
        out.push(c);
    }
    // The line end that closed the last run.
    out.pop();
    out
}

/// A text without the codes that persons compare by eye, eight groups of four digits: they are of hashes over names as well.
fn without_codes(text: &str) -> String {
    const LENGTH: usize = 8 * 5 - 1;
    let is_code = |code: &str| {
        let is_in_place = |(at, byte): (usize, u8)| match at % 5 {
            4 => byte == b' ',
            _ => byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte),
        };
        code.bytes().enumerate().all(is_in_place)
    };
    let mut out = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let code = rest.get(..LENGTH).filter(|code| is_code(code));
        out.push_str(code.map_or(&rest[..first.len_utf8()], |_| "(code)"));
        rest = &rest[code.map_or(first.len_utf8(), str::len)..];
    }
    out
}

/// What an office wrote for people: files by name, each as text. Widths and heights, which follow from the lengths of names,
/// are no part of it.
fn written(office: &Office) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut folders = ["reports", "returned", "templates", "review", "screened"]
        .map(|folder| office.path(folder))
        .to_vec();
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else {
            continue;
        };
        for path in entries.map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path
                .strip_prefix(office.dir())
                .unwrap()
                .to_string_lossy()
                .into_owned();
            let bytes = std::fs::read(&path).unwrap();
            let text = match path.extension().and_then(|ending| ending.to_str()) {
                Some("xlsx") => sheets(&bytes)
                    .iter()
                    .filter(|sheet| *sheet != "Bìa" || cover_is_data())
                    .map(|sheet| format!("== {sheet}\n{}", sheet_text(&bytes, sheet)))
                    .collect(),
                Some("docx") => document_text(&bytes),
                Some("html") => page_text(&String::from_utf8(bytes).unwrap()),
                _ => String::from_utf8(bytes).unwrap(),
            };
            files.insert(with_old_names(&name), with_old_names(&text));
        }
    }
    files
}

/// Whether the first page's own figures are data of the programme. As long as they are named in Rust, the first page of
/// another programme lacks them, and is not compared.
fn cover_is_data() -> bool {
    let report = "/../../pipelines/dong-nai-2021-2025/report.toml";
    let report = std::fs::read_to_string(env!("CARGO_MANIFEST_DIR").to_owned() + report);
    report.unwrap().contains("[[cover.line]]")
}

/// A page for a browser, a line an element.
fn page_text(page: &str) -> String {
    let page = page.replace("><", ">\n<");
    match (page.split_once("<dl"), page.split_once("</dl>")) {
        (Some((before, _)), Some((_, after))) if !cover_is_data() => format!("{before}{after}"),
        _ => page,
    }
}

fn document_text(bytes: &[u8]) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    std::io::read_to_string(archive.by_name("word/document.xml").unwrap()).unwrap()
}

/// Goes through a year with a programme: what was said and what was written.
fn year_of(office: &Office) -> (String, BTreeMap<String, String>) {
    let inbox = folder("2022");
    copy_folder(&inbox.join("inbox"), &office.path("inbox"));
    copy_folder(&inbox.join("registers"), &office.path("registers"));
    // A list of nominees, one of whom was supported.
    office.drop_workbook(
        "de-xuat.xlsx",
        "== Đề xuất DN\nĐơn vị tính: triệu đồng\n\
         Tên doanh nghiệp | Mã số thuế | Nội dung hỗ trợ | Công cụ/Tiêu chuẩn áp dụng | NSNN đề nghị | Đơn vị đề xuất\n\
         Công ty TNHH Mẫu Một | 3600265395 | 3a1 | ISO 9001 | 10 | Sở Công Thương\n",
    );
    let nominees = office.path("de-xuat.xlsx");
    std::fs::rename(office.path("inbox/de-xuat.xlsx"), &nominees).unwrap();
    let now = "2022-12-20T03:00:00Z";
    let dir = office.dir();
    let mut said = String::new();
    for command in [
        vec!["run", "-w", dir, "--now", now, "--format", "json"],
        vec!["report", "-w", dir, "--year", "2022", "--now", now],
        vec![
            "report",
            "-w",
            dir,
            "--year",
            "2022",
            "--now",
            now,
            "--under-today",
        ],
        vec![
            "report", "-w", dir, "--year", "2022", "--now", now, "--final",
        ],
        vec!["templates", "-w", dir, "--period", "2023-Q1"],
        vec![
            "screen",
            "-w",
            dir,
            nominees.to_str().unwrap(),
            "--now",
            now,
            "--format",
            "json",
        ],
        vec!["status", "-w", dir, "--period", "2022", "--format", "json"],
    ] {
        let answer = tonghop(&command);
        said.push_str(&format!(
            "{command:?}: {}\n{}{}\n",
            answer.code, answer.stdout, answer.stderr
        ));
    }
    (with_old_names(&said.replace(dir, "")), written(office))
}

#[test]
fn a_programme_whose_names_are_all_others_makes_the_same_reports() {
    let (as_it_is, with_new_names) = (Office::new(), Office::new());
    let renamed = with_new_names.path("renamed");
    write_renamed(&renamed);
    let checked = tonghop(&["check", renamed.to_str().unwrap()]);
    assert_eq!(checked.code, 0, "{}{}", checked.stdout, checked.stderr);
    with_new_names.set("programme = \"renamed\"\n");

    let (said, files) = year_of(&as_it_is);
    let (said_renamed, files_renamed) = year_of(&with_new_names);
    if let Some(folder) = std::env::var_os("KEEP_RENAMED") {
        let folder = Path::new(&folder);
        for (name, files) in [
            ("a", (&said, &files)),
            ("b", (&said_renamed, &files_renamed)),
        ] {
            for (path, text) in std::iter::once((&"said".to_owned(), files.0)).chain(files.1) {
                let path = folder.join(name).join(path);
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(path, text).unwrap();
            }
        }
    }
    assert!(files.len() > 15, "{:?}", files.keys());
    assert!(
        files.keys().eq(files_renamed.keys()),
        "{:?}\n{:?}",
        files.keys(),
        files_renamed.keys()
    );
    for (name, text) in &files {
        let renamed = &files_renamed[name];
        if name.ends_with("figures.json") {
            // The ids of figures stand in another order: those of departments, a key of ours, kept their names.
            let [text, renamed]: [serde_json::Value; 2] =
                [text, renamed].map(|text| serde_json::from_str(text).unwrap());
            assert!(text == renamed, "{name}");
        } else {
            same_lines(name, text, renamed);
        }
    }
    same_lines("what was said", &said, &said_renamed);
    // It was not the default programme that made both.
    assert!(
        std::fs::read_to_string(with_new_names.path("reports/figures.json"))
            .unwrap()
            .contains("zq_enterprises_supported/2021-2022")
    );
}

#[track_caller]
fn same_lines(name: &str, expected: &str, found: &str) {
    for (line, (expected, found)) in expected.lines().zip(found.lines()).enumerate() {
        assert_eq!(expected, found, "{name}, line {}", line + 1);
    }
    assert_eq!(expected.lines().count(), found.lines().count(), "{name}");
}
