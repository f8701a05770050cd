//! Texts with places in braces.

use std::collections::BTreeMap;

/// Puts values into the places `{name}` of a message.
pub fn render_template(template: &str, values: &BTreeMap<&str, String>) -> String {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        let (before, after) = rest.split_at(open);
        filled.push_str(before);
        match after.find('}') {
            Some(close) => {
                if let Some(value) = values.get(&after[1..close]) {
                    filled.push_str(value);
                }
                rest = &after[close + 1..];
            }
            None => {
                filled.push_str(after);
                rest = "";
            }
        }
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::render_template;
    use std::collections::BTreeMap;

    #[test]
    fn places_are_filled_once() {
        let values = BTreeMap::from([
            ("found", "{expected}".to_owned()),
            ("expected", "5".to_owned()),
        ]);
        assert_eq!(
            render_template("{found} khác {expected}{none}.", &values),
            "{expected} khác 5."
        );
        assert_eq!(render_template("mở { mãi", &values), "mở { mãi");
    }
}
