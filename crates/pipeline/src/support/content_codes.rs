use programme::{CodeList, ColumnType, Form, GrantColumns, Programme, TextMeaning};
use std::collections::BTreeSet;

/// Separates the codes of a set of contents or tools.
pub(crate) const SEPARATOR: &str = ";";

/// Stands in place of contents where a text is about something else than any of them; no code is written so.
pub(crate) const NONE_OF_THEM: &str = "-";

/// The codes of the contents and tools that the texts of a form's rows name. Mapping a text is slow and few texts serve
/// many cases, so each is mapped once.
pub(crate) struct ContentCodes<'p, 't> {
    contents: Option<&'p CodeList>,
    tools: Option<&'p CodeList>,
    /// Whether contents are free texts; else they are codes already.
    is_text: bool,
    known_contents: foldhash::HashMap<(&'t str, &'t str), String>,
    known_tools: foldhash::HashMap<(&'t str, &'t str), String>,
}

impl<'p, 't> ContentCodes<'p, 't> {
    pub(crate) fn new(programme: &'p Programme, form: &Form, grant: &GrantColumns) -> Self {
        let column = form.column(&grant.content);
        let list = |name: &Option<String>| programme.lists.get(name.as_ref()?);
        Self {
            contents: list(&grant.content_list),
            tools: list(&grant.tool_list),
            is_text: column.is_some_and(|column| column.kind == ColumnType::Text),
            known_contents: Default::default(),
            known_tools: Default::default(),
        }
    }

    /// The codes of the contents that a text names, or a tool in the column beside it; blank if no content is known of it,
    /// [`NONE_OF_THEM`] if it is about something else.
    pub(crate) fn contents(&mut self, text: &'t str, tool: &'t str) -> String {
        let beside = if self.is_text { tool } else { "" };
        let map = || match self.contents {
            Some(list) if self.is_text => {
                let named = format!("{beside} · {text}");
                let held = self.tools.map(|tools| tools.held(&named));
                match list.read_text(text, &held.unwrap_or_default()) {
                    TextMeaning::Codes(codes) => {
                        codes.into_iter().collect::<Vec<_>>().join(SEPARATOR)
                    }
                    TextMeaning::NoneOfList => NONE_OF_THEM.to_owned(),
                    TextMeaning::Unknown => String::new(),
                }
            }
            list => {
                let codes: BTreeSet<&str> = text.split(SEPARATOR).collect();
                let unclassified = list.and_then(|list| list.unclassified.as_deref());
                let is_known = |code: &&str| !code.is_empty() && Some(*code) != unclassified;
                let known: Vec<&str> = codes.into_iter().filter(is_known).collect();
                known.join(SEPARATOR)
            }
        };
        let known = self.known_contents.entry((text, beside));
        known.or_insert_with(map).clone()
    }

    /// The codes of the tools that are named in the column for them, or beside the contents if these are a free text.
    pub(crate) fn tools(&mut self, tool: &'t str, content: &'t str) -> String {
        let beside = if self.is_text { content } else { "" };
        let map = || {
            let text = format!("{tool} · {beside}");
            let mut held = self.tools.map(|list| list.held(&text)).unwrap_or_default();
            // A tool that is part of another's work is the other as well.
            let parents = held
                .iter()
                .filter_map(|code| self.tools?.entry(code)?.parent.as_deref());
            held.extend(parents.collect::<Vec<_>>());
            held.into_iter().collect::<Vec<_>>().join(SEPARATOR)
        };
        let known = self.known_tools.entry((tool, beside));
        known.or_insert_with(map).clone()
    }
}
