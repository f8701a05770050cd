//! As much of SQL as is needed to say which tables a query reads, and where a name stands in it.

/// A part of a query that is no blank and no comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SqlToken<'a> {
    /// A keyword, or a name that stands without quotes.
    Word(&'a str),
    /// A name in double quotes.
    Quoted(&'a str),
    Mark(char),
    /// A text in single quotes; what stands in it is no SQL.
    Text,
}

/// The tokens of a query, each with its place in bytes.
fn tokens(sql: &str) -> Vec<(usize, SqlToken<'_>)> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(first) = sql[at..].chars().next() {
        let rest = &sql[at..];
        let length = if first.is_whitespace() {
            first.len_utf8()
        } else if rest.starts_with("--") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if first == '\'' {
            let end = rest[1..].find('\'').map_or(rest.len(), |end| end + 2);
            tokens.push((at, SqlToken::Text));
            end
        } else if first == '"' {
            let end = rest[1..].find('"').map_or(rest.len() - 1, |end| end);
            tokens.push((at, SqlToken::Quoted(&rest[1..=end])));
            (end + 2).min(rest.len())
        } else if first.is_alphabetic() || first == '_' {
            let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_'));
            let end = end.unwrap_or(rest.len());
            tokens.push((at, SqlToken::Word(&rest[..end])));
            end
        } else {
            tokens.push((at, SqlToken::Mark(first)));
            first.len_utf8()
        };
        at += length;
    }
    tokens
}

/// The names of the tables that a query reads, each with its place: what follows FROM and JOIN, also in its subqueries.
pub(crate) fn tables_read(sql: &str) -> Vec<(usize, &str)> {
    let mut read = Vec::new();
    // How deep in brackets it stands, at which depths a list of tables is open, and whether a table comes next.
    let (mut depth, mut lists, mut is_next) = (0usize, Vec::new(), false);
    for (at, token) in tokens(sql) {
        match token {
            SqlToken::Word(word) if is_word(word, &["from", "join"]) => {
                lists.push(depth);
                is_next = true;
                continue;
            }
            SqlToken::Word(word)
                if is_word(
                    word,
                    &[
                        "where", "group", "having", "order", "limit", "union", "select",
                    ],
                ) =>
            {
                lists.retain(|&list| list != depth);
            }
            SqlToken::Word(name) | SqlToken::Quoted(name) if is_next => read.push((at, name)),
            SqlToken::Mark(',') => {
                is_next = lists.contains(&depth);
                continue;
            }
            SqlToken::Mark('(') => depth += 1,
            SqlToken::Mark(')') => {
                depth = depth.saturating_sub(1);
                lists.retain(|&list| list <= depth);
            }
            SqlToken::Word(_) | SqlToken::Quoted(_) | SqlToken::Mark(_) | SqlToken::Text => {}
        }
        is_next = false;
    }
    read
}

/// The names of the columns that a query adds up with SUM, without their tables'.
pub(crate) fn columns_summed(sql: &str) -> Vec<&str> {
    let tokens = tokens(sql);
    let mut columns = Vec::new();
    for (place, (_, token)) in tokens.iter().enumerate() {
        if !matches!(token, SqlToken::Word(word) if is_word(word, &["sum"])) {
            continue;
        }
        // `(column`, `(table.column`, `(DISTINCT column`, and all that a longer expression names.
        let inside = tokens[place + 1..].iter().map(|(_, token)| token);
        columns.extend(
            inside
                .take_while(|token| **token != SqlToken::Mark(')'))
                .filter_map(|token| match token {
                    SqlToken::Word(name) | SqlToken::Quoted(name) => Some(*name),
                    SqlToken::Mark(_) | SqlToken::Text => None,
                }),
        );
    }
    columns
}

fn is_word(word: &str, words: &[&str]) -> bool {
    words.iter().any(|known| word.eq_ignore_ascii_case(known))
}

/// The place in a query that a message about it is about: the line that it says, else the first name of the query that it
/// names, else the query's first token.
pub(crate) fn place_of_fault(sql: &str, message: &str) -> usize {
    // sqlparser counts from 1; polars' own messages say no place.
    let line = message.split("Line: ").nth(1).and_then(|rest| {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        rest[..digits].parse::<usize>().ok()
    });
    if let Some(line) = line {
        let before = sql.split_inclusive('\n').take(line.saturating_sub(1));
        return before.map(str::len).sum();
    }
    let tokens = tokens(sql);
    let named = message.split(['"', '\'', '`', '\n']).skip(1).step_by(2);
    let place = |name: &str| {
        tokens.iter().find_map(|(at, token)| match token {
            SqlToken::Word(word) | SqlToken::Quoted(word) if *word == name => Some(*at),
            SqlToken::Word(_) | SqlToken::Quoted(_) | SqlToken::Mark(_) | SqlToken::Text => None,
        })
    };
    named
        .filter_map(place)
        .chain(tokens.first().map(|(at, _)| *at))
        .next()
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{columns_summed, place_of_fault, tables_read};

    fn names(sql: &str) -> Vec<&str> {
        tables_read(sql).into_iter().map(|(_, name)| name).collect()
    }

    #[test]
    fn tables_are_read_after_from_join_and_commas() {
        assert_eq!(
            names("SELECT a, b FROM x AS p, \"y\" q LEFT JOIN z ON p.a = q.a, w WHERE a IN (1, 2)"),
            ["x", "y", "z", "w"]
        );
        assert_eq!(
            names("SELECT * FROM (SELECT a, b FROM inner_one) AS t, other ORDER BY a, b"),
            ["inner_one", "other"]
        );
        assert_eq!(
            names("WITH l AS (SELECT 1 FROM a) SELECT * FROM l UNION ALL SELECT c, d FROM m"),
            ["a", "l", "m"]
        );
    }

    #[test]
    fn what_is_no_sql_is_passed_over() {
        let sql = "-- FROM a\nSELECT 'x FROM b' /* JOIN c */ FROM d -- the end";
        assert_eq!(names(sql), ["d"]);
        assert_eq!(tables_read(sql)[0].0, sql.find("d --").unwrap());
        assert!(names("SELECT 'mở").is_empty());
        assert_eq!(names("SELECT 1 FROM \"mở"), ["mở"]);
    }

    #[test]
    fn columns_that_are_added_up_are_named() {
        let sql = "SELECT SUM(s.spent) AS a, sum ( DISTINCT \"end\" ), MAX(b), 'SUM(c)' FROM t";
        let names = columns_summed(sql);
        assert!(names.contains(&"spent") && names.contains(&"end"));
        assert!(!names.contains(&"b") && !names.contains(&"c") && !names.contains(&"a"));
    }

    #[test]
    fn a_fault_stands_where_its_name_does() {
        let sql = "-- support\nSELECT record\nFROM budget\nWHERE spend > 1";
        let line = |message: &str| sql[..place_of_fault(sql, message)].matches('\n').count() + 1;
        assert_eq!(
            line("unable to find column \"spend\"; valid columns: [\"record\"]"),
            4
        );
        assert_eq!(line("relation 'budget' was not found"), 3);
        assert_eq!(line("sql parser error: found EOF at Line: 3, Column: 6"), 3);
        assert_eq!(line("something else"), 2);
    }
}
