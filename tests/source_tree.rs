//! The sources of the workspace as a tree of modules: for each file, the paths it takes from other files of its crate
//! and the types it declares. Reads Rust loosely, by its tokens: enough for the graph of files, and no more.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A module by its path within its crate; the root is empty.
pub(crate) type ModulePath = Vec<String>;

/// One file.
#[derive(Debug, Default)]
pub(crate) struct Module {
    /// The file, from the crate's `src`.
    pub file: PathBuf,
    /// What `use` brings in, by the name it has here.
    imports: BTreeMap<String, Vec<String>>,
    /// Every path that is written out, those of `use` too.
    paths: Vec<Vec<String>>,
    /// Types that other files can see: `pub` or `pub(crate)` struct, enum, union, trait or alias.
    pub types: Vec<String>,
}

/// A name that one file takes from another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Taken {
    pub by: ModulePath,
    pub from: ModulePath,
    pub name: String,
}

/// The modules of one crate.
#[derive(Debug, Default)]
pub(crate) struct CrateTree {
    pub name: String,
    pub modules: BTreeMap<ModulePath, Module>,
}

/// The crates of the workspace, by name.
pub(crate) fn crates() -> Vec<CrateTree> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../crates"));
    let mut found: Vec<CrateTree> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("src").is_dir())
        .map(|path| CrateTree::read(&path))
        .collect();
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

impl CrateTree {
    fn read(folder: &Path) -> Self {
        let mut tree = Self {
            name: folder.file_name().unwrap().to_str().unwrap().to_owned(),
            ..Self::default()
        };
        let src = folder.join("src");
        let root = ["lib.rs", "main.rs"].map(|name| src.join(name));
        let root = root.iter().find(|path| path.exists()).unwrap();
        tree.add(Vec::new(), &src, root);
        tree
    }

    /// A tree of texts by file name, for tests.
    fn from_texts(texts: &[(&[&str], &str)]) -> Self {
        let mut tree = Self::default();
        for (path, text) in texts {
            let path: ModulePath = path.iter().map(|part| (*part).to_owned()).collect();
            let (module, _) = Module::parse(text);
            tree.modules.insert(path, module);
        }
        tree
    }

    fn add(&mut self, path: ModulePath, src: &Path, file: &Path) {
        let text = std::fs::read_to_string(file).unwrap();
        let (mut module, children) = Module::parse(&text);
        module.file = file.strip_prefix(src).unwrap().to_owned();
        self.modules.insert(path.clone(), module);
        for child in children {
            let path = [path.as_slice(), std::slice::from_ref(&child)].concat();
            let stem = src.join(path.iter().collect::<PathBuf>());
            let files = [stem.with_extension("rs"), stem.join("mod.rs")];
            let file = files.iter().find(|file| file.exists()).unwrap();
            self.add(path, src, file);
        }
    }

    /// Every name that one file takes from another, through whatever re-exports.
    pub(crate) fn taken(&self) -> BTreeSet<Taken> {
        let mut taken = BTreeSet::new();
        for (by, module) in &self.modules {
            for path in &module.paths {
                if let Some((from, name)) = self.resolve(by, path, 0)
                    && from != *by
                {
                    let by = by.clone();
                    taken.insert(Taken { by, from, name });
                }
            }
        }
        taken
    }

    /// The file in which a path ends and the name it has there; none for other crates, and for a path to a module.
    fn resolve(&self, at: &ModulePath, path: &[String], depth: u8) -> Option<(ModulePath, String)> {
        let (first, mut rest) = path.split_first()?;
        let mut module = match first.as_str() {
            "crate" => Vec::new(),
            "self" => at.clone(),
            "super" => at[..at.len().checked_sub(1)?].to_vec(),
            _ => {
                rest = path;
                at.clone()
            }
        };
        let is_relative = rest.len() == path.len();
        while let Some((segment, after)) = rest.split_first() {
            if segment == "super" {
                module.pop();
                rest = after;
                continue;
            }
            let child = [module.as_slice(), std::slice::from_ref(segment)].concat();
            if self.modules.contains_key(&child) {
                (module, rest) = (child, after);
                continue;
            }
            if let Some(target) = self.modules.get(&module)?.imports.get(segment) {
                let target = [target, after].concat();
                return (depth < 16)
                    .then(|| self.resolve(&module, &target, depth + 1))
                    .flatten();
            }
            // A relative path that begins with neither a child nor an import is another crate's, or a type's own.
            return (!is_relative || module != *at).then(|| (module, segment.clone()));
        }
        None
    }
}

impl Module {
    /// The file, and the modules it declares.
    fn parse(text: &str) -> (Self, Vec<String>) {
        let tokens = without_tests(&tokens(text));
        let (mut module, mut children) = (Self::default(), Vec::new());
        let mut at = 0;
        while at < tokens.len() {
            let word = tokens[at].as_str();
            let next = |offset: usize| tokens.get(at + offset).map_or("", String::as_str);
            if word == "mod" && next(2) == ";" {
                children.push(next(1).to_owned());
                at += 3;
            } else if word == "use" && next(1) != "<" {
                let end = at + tokens[at..].iter().position(|token| token == ";").unwrap();
                module.take_use(&tokens[at + 1..end]);
                at = end;
            } else if is_name(word) && next(1) == "::" {
                let mut path = vec![word.to_owned()];
                at += 1;
                while tokens.get(at).is_some_and(|token| token == "::")
                    && tokens.get(at + 1).is_some_and(|token| is_name(token))
                {
                    path.push(tokens[at + 1].clone());
                    at += 2;
                }
                module.paths.push(path);
            } else {
                if word == "pub" {
                    let at = if next(1) == "(" { at + 4 } else { at + 1 };
                    let kind = tokens.get(at).map_or("", String::as_str);
                    if ["struct", "enum", "union", "trait", "type"].contains(&kind) {
                        module.types.push(tokens[at + 1].clone());
                    }
                }
                at += 1;
            }
        }
        (module, children)
    }

    /// The leaves of `a::{b, c::{self, d as e}}`.
    fn take_use(&mut self, tree: &[String]) {
        let (mut prefixes, mut path): (Vec<Vec<String>>, Vec<String>) = (Vec::new(), Vec::new());
        let mut alias = None;
        let mut tokens = tree.iter();
        let mut leaf = |path: &mut Vec<String>, alias: &mut Option<String>| {
            if path.last().is_some_and(|name| name == "self") && path.len() > 1 {
                path.pop();
            }
            if let Some(name) = alias.take().or_else(|| path.last().cloned())
                && path.len() > 1
            {
                self.imports.insert(name, path.clone());
                self.paths.push(path.clone());
            }
            path.clear();
        };
        while let Some(token) = tokens.next() {
            match token.as_str() {
                "{" => {
                    let outer = prefixes.last().cloned().unwrap_or_default();
                    prefixes.push([outer, std::mem::take(&mut path)].concat());
                }
                "," | "}" => {
                    if !path.is_empty() {
                        path = [prefixes.last().cloned().unwrap_or_default(), path].concat();
                        leaf(&mut path, &mut alias);
                    }
                    if token == "}" {
                        prefixes.pop();
                    }
                }
                "as" => alias = tokens.next().cloned(),
                "::" => {}
                name => path.push(name.to_owned()),
            }
        }
        if !path.is_empty() {
            leaf(&mut path, &mut alias);
        }
    }
}

fn is_name(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Names, `::` and single signs, without comments, texts and white space.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if let Some(length) = literal(rest) {
            length
        } else if first.is_alphanumeric() || first == '_' {
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
            let end = end.unwrap_or(rest.len());
            tokens.push(rest[..end].to_owned());
            end
        } else if rest.starts_with("::") {
            tokens.push("::".to_owned());
            2
        } else {
            if !first.is_whitespace() {
                tokens.push(first.to_string());
            }
            first.len_utf8()
        };
        rest = &rest[length..];
    }
    tokens
}

/// The length of the text or character that begins here; none where none begins. A lifetime is no character.
fn literal(rest: &str) -> Option<usize> {
    let raw = rest.trim_start_matches(['b', 'c']);
    if let Some(raw) = raw.strip_prefix('r')
        && raw.trim_start_matches('#').starts_with('"')
    {
        let fences = raw.len() - raw.trim_start_matches('#').len();
        let begin = rest.len() - raw.len() + fences + 1;
        let close = format!("\"{}", "#".repeat(fences));
        return Some(
            rest[begin..]
                .find(&close)
                .map_or(rest.len(), |end| begin + end + close.len()),
        );
    }
    let quote = raw.chars().next().filter(|c| ['"', '\''].contains(c))?;
    let prefix = rest.len() - raw.len();
    if prefix > 1 || (prefix == 1 && !rest.starts_with(['b', 'c'])) {
        return None;
    }
    let inside = &raw[1..];
    let mut escaped = false;
    for (number, (at, c)) in inside.char_indices().enumerate() {
        if quote == '\'' && number == 1 && !inside.starts_with('\\') && c != '\'' {
            return None;
        }
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return Some(prefix + 1 + at + c.len_utf8()),
            _ => {}
        }
    }
    Some(rest.len())
}

/// Without what is compiled for tests only: the item after `#[cfg(test)]`, to its `;` or its closing brace.
fn without_tests(tokens: &[String]) -> Vec<String> {
    const MARK: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];
    let mut kept = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if tokens[at..].iter().take(MARK.len()).eq(MARK) {
            let mut depth = 0;
            at += MARK.len();
            while at < tokens.len() {
                let token = tokens[at].as_str();
                at += 1;
                depth += i32::from(token == "{") - i32::from(token == "}");
                if depth == 0 && (token == ";" || token == "}") {
                    break;
                }
            }
        } else {
            kept.push(tokens[at].clone());
            at += 1;
        }
    }
    kept
}

#[test]
fn a_name_is_traced_to_the_file_that_declares_it() {
    let tree = CrateTree::from_texts(&[
        (
            &[],
            "mod low; mod high; pub use low::{Depth as D, deeper::Deepest}; pub struct Root;",
        ),
        (
            &["low"],
            "mod deeper; pub struct Depth; pub(crate) enum Kind { A(super::Root) }",
        ),
        (
            &["low", "deeper"],
            "use super::Kind; pub(super) trait Deepest { fn kind() -> Kind; }",
        ),
        (
            &["high"],
            r##"
            use crate::{D, low::{self, deeper}};
            use std::collections::BTreeMap;
            // crate::comment::Never
            fn taken<'a>(q: char) -> D { low::Kind::of(deeper::work(), '"', "crate::text::Never", r#""crate::raw"#) }
            #[cfg(test)]
            mod tests { use crate::tests::Never; }
            "##,
        ),
    ]);
    let taken: Vec<String> = tree
        .taken()
        .iter()
        .map(|taken| {
            format!(
                "{} < {} {}",
                taken.by.join("::"),
                taken.from.join("::"),
                taken.name
            )
        })
        .collect();
    assert_eq!(
        taken,
        [
            " < low Depth",
            " < low::deeper Deepest",
            "high < low Depth",
            "high < low Kind",
            "high < low::deeper work",
            "low <  Root",
            "low::deeper < low Kind",
        ]
    );
    let types: Vec<&String> = tree.modules.values().flat_map(|m| &m.types).collect();
    assert_eq!(types, ["Root", "Depth", "Kind", "Deepest"]);
}
