//! What the program says to its operator, in Vietnamese and in English. The texts are in `locales/messages.json`, so
//! that a translator needs no Rust; the file is compiled in and parsed once. Words of the outputs (sheets, findings,
//! letters) belong to the programme's folder and are not here.

use model::{Text, clean_line};
use std::collections::BTreeMap;
use std::fmt::Display;
use std::sync::LazyLock;

static MESSAGES: LazyLock<BTreeMap<String, Text>> =
    LazyLock::new(|| parse(SOURCE).unwrap_or_default());

const SOURCE: &str = include_str!("../locales/messages.json");

fn parse(source: &str) -> serde_json::Result<BTreeMap<String, Text>> {
    serde_json::from_str(source)
}

/// The message `key` in `lang`, each `%{name}` replaced by the value of that name. A key that is not in the file gives
/// the key itself, as a message that is poor and never a stop; a test keeps that from happening.
pub(crate) fn render(key: &str, lang: &str, values: &[(&str, &dyn Display)]) -> String {
    MESSAGES
        .get(key)
        .map_or_else(|| key.to_owned(), |text| fill(text.get(lang), values))
}

/// One pass from left to right: a value that itself holds `%{…}`, such as a file's name, is not looked into.
fn fill(template: &str, values: &[(&str, &dyn Display)]) -> String {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("%{") {
        filled.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            filled.push_str("%{");
            rest = after;
            continue;
        };
        match values.iter().find(|(known, _)| *known == name) {
            // A file's name must not look like lines of ours.
            Some((_, value)) => filled.push_str(&clean_line(&value.to_string())),
            None => filled.push_str(&format!("%{{{name}}}")),
        }
        rest = after;
    }
    filled + rest
}

/// `message!("run.total", out.lang, files = 3)`: the message of that key in that language, with its values.
macro_rules! message {
    ($key:expr, $lang:expr $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::catalogue::render(
            $key.as_ref(),
            $lang,
            &[$((stringify!($name), &$value as &dyn std::fmt::Display)),*],
        )
    };
}
pub(crate) use message;

#[cfg(test)]
mod tests {
    use super::{MESSAGES, SOURCE, fill, parse, render};
    use std::collections::{BTreeMap, BTreeSet};
    use std::path::Path;

    /// The values that follow a key in `message!(format!("family.{}", …))`. One list for each family.
    const FAMILIES: [(&str, &[&str]); 9] = [
        (
            "answer_fault.",
            &[
                "not_offered",
                "no_answer",
                "no_person",
                "unclear_day",
                "past_day",
                "far_day",
                "contradicted",
            ],
        ),
        ("check.trial_", &["new", "changed", "gone"]),
        ("severity.", &["hold", "correct", "warn", "info"]),
        (
            "outcome.",
            &["accepted", "partly_held", "refused", "unchanged"],
        ),
        ("overlap.", &["duplicate", "unclear", "repeat", "combined"]),
        ("screen.", &["combined", "ask", "duplicate"]),
        ("verify.", &["missing", "changed", "unfounded", "another"]),
        (
            "report_state.",
            &["issued", "withdrawn", "draft", "unmarked", "unknown"],
        ),
        (
            "diff.",
            &[
                "correction",
                "late",
                "new",
                "set_aside",
                "answer",
                "register",
                "rule",
                "merged",
                "program",
                "others",
                "changed",
                "added",
                "removed",
            ],
        ),
    ];

    fn placeholders(text: &str) -> BTreeSet<&str> {
        text.split("%{")
            .skip(1)
            .map(|rest| rest.split('}').next().unwrap())
            .collect()
    }

    fn sources(folder: &Path, texts: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, texts);
            } else if path.file_name().unwrap() != "catalogue.rs" {
                texts.push(std::fs::read_to_string(path).unwrap());
            }
        }
    }

    /// The calls of `message!` in the sources: their arguments.
    fn calls() -> Vec<String> {
        let mut texts = Vec::new();
        sources(
            Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")),
            &mut texts,
        );
        // Without what stands in parentheses of its own: another message may be a value of this one.
        let arguments = |rest: &str| {
            let mut depth = 1;
            let mut arguments = String::new();
            for c in rest.chars() {
                match c {
                    '(' => depth += 1,
                    ')' => depth -= 1,
                    c if depth == 1 => arguments.push(c),
                    _ => {}
                }
                if depth == 0 {
                    break;
                }
            }
            arguments
        };
        texts
            .iter()
            .flat_map(|text| {
                text.match_indices("message!(")
                    .map(|(at, call)| arguments(&text[at + call.len()..]))
            })
            .collect()
    }

    /// Texts between quotes that look like a key: lower case words with a dot between.
    fn keys_in(text: &str) -> Vec<&str> {
        let is_key = |text: &&str| {
            text.split_once('.').is_some_and(|(family, name)| {
                !family.is_empty()
                    && (name == "{}" || (!name.is_empty() && !name.starts_with('{')))
                    && text
                        .chars()
                        .all(|c| c.is_ascii_lowercase() || "._{}".contains(c))
            })
        };
        text.split('"').skip(1).step_by(2).filter(is_key).collect()
    }

    fn used() -> BTreeSet<String> {
        let mut texts = Vec::new();
        sources(
            Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")),
            &mut texts,
        );
        let mut used = BTreeSet::new();
        for key in texts.iter().flat_map(|text| keys_in(text)) {
            match key.strip_suffix("{}") {
                None => {
                    used.insert(key.to_owned());
                }
                Some(family) => {
                    let (_, names) = FAMILIES
                        .iter()
                        .find(|(known, _)| *known == family)
                        .unwrap_or_else(|| panic!("{key}: a family without its list"));
                    used.extend(names.iter().map(|name| format!("{family}{name}")));
                }
            }
        }
        used
    }

    #[test]
    fn the_file_has_each_key_once_in_both_languages_with_the_same_places() {
        let messages = parse(SOURCE).unwrap();
        // A map would keep the last of two silently.
        let keys = SOURCE
            .lines()
            .filter(|line| line.ends_with("\": {"))
            .count();
        assert_eq!(keys, messages.len());
        for (key, text) in &messages {
            assert!(!text.vi.is_empty() && !text.en.is_empty(), "{key}");
            assert_eq!(placeholders(&text.vi), placeholders(&text.en), "{key}");
        }
    }

    #[test]
    fn no_key_is_missing_and_none_is_unused() {
        let known: BTreeSet<String> = MESSAGES.keys().cloned().collect();
        let used = used();
        let missing: Vec<&String> = used.difference(&known).collect();
        let unused: Vec<&String> = known.difference(&used).collect();
        assert_eq!((missing, unused), (vec![], vec![]));
    }

    #[test]
    fn each_call_gives_the_values_its_message_has_places_for() {
        let mut by_key: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for call in calls() {
            // Only calls that name one key; the others choose among keys with the values of one call.
            let [key] = keys_in(&call)[..] else { continue };
            let given = call
                .split(',')
                .filter_map(|part| part.split_once(" = "))
                .map(|(name, _)| name.trim().to_owned())
                .collect();
            by_key.insert(key.to_owned(), given);
        }
        assert!(by_key.len() > 30, "only {} calls were read", by_key.len());
        for (key, given) in &by_key {
            let wanted = placeholders(&MESSAGES[key].en);
            let given: BTreeSet<&str> = given.iter().map(String::as_str).collect();
            assert_eq!(given, wanted, "{key}");
        }
    }

    #[test]
    fn a_message_is_filled_in_the_language_asked_for() {
        let said = |lang| render("report.path", lang, &[("path", &"a.xlsx")]);
        assert_eq!(
            (said("vi"), said("en")),
            ("Báo cáo: a.xlsx".into(), "Report: a.xlsx".into())
        );
        assert_eq!(render("no.such", "en", &[]), "no.such");
    }

    #[test]
    fn what_stands_in_a_value_is_not_a_place() {
        assert_eq!(
            fill(
                "%{file}: %{rows} rows",
                &[("file", &"%{rows}.xlsx"), ("rows", &3)]
            ),
            "%{rows}.xlsx: 3 rows"
        );
        assert_eq!(fill("100%{ of %{it", &[]), "100%{ of %{it");
        assert_eq!(fill("%{none}", &[("other", &1)]), "%{none}");
    }
}
