use crate::sql::tables_read;
use std::collections::BTreeSet;

/// A query with a name, which rules, indicators, listings and other views read as a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// Its name, and that of its file in `views/`.
    pub name: String,
    /// Its SQL.
    pub sql: String,
}

/// A view that reads itself, maybe through others.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ViewCircle {
    /// The views on the way, the first again at its end.
    pub way: Vec<String>,
    /// The place in the SQL of the last but one at which it names the first.
    pub at: usize,
}

/// The views in such an order that each comes after those it reads; otherwise by name.
pub(crate) fn in_order(views: Vec<View>) -> Result<Vec<View>, ViewCircle> {
    let mut ordered = Vec::new();
    let mut done = BTreeSet::new();
    for view in &views {
        visit(view, &views, &mut Vec::new(), &mut done, &mut ordered)?;
    }
    Ok(ordered)
}

fn visit<'v>(
    view: &'v View,
    views: &'v [View],
    way: &mut Vec<&'v str>,
    done: &mut BTreeSet<&'v str>,
    ordered: &mut Vec<View>,
) -> Result<(), ViewCircle> {
    if done.contains(view.name.as_str()) {
        return Ok(());
    }
    way.push(&view.name);
    for (at, name) in tables_read(&view.sql) {
        if let Some(from) = way.iter().position(|known| *known == name) {
            let way = way[from..].iter().copied().chain([name]);
            return Err(ViewCircle {
                way: way.map(str::to_owned).collect(),
                at,
            });
        }
        if let Some(read) = views.iter().find(|known| known.name == name) {
            visit(read, views, way, done, ordered)?;
        }
    }
    way.pop();
    done.insert(&view.name);
    ordered.push(view.clone());
    Ok(())
}

/// The views that queries need, in the order of `views`, which is one of dependence, and the names of all tables that they
/// and the queries read.
pub(crate) fn needed<'v>(
    views: &'v [View],
    queries: impl IntoIterator<Item = &'v str>,
) -> (Vec<&'v View>, BTreeSet<&'v str>) {
    let mut names: BTreeSet<&str> = queries
        .into_iter()
        .flat_map(tables_read)
        .map(|(_, name)| name)
        .collect();
    // From the last to the first: what a view reads stands before it.
    let mut needed: Vec<&View> = Vec::new();
    for view in views.iter().rev() {
        if names.contains(view.name.as_str()) {
            names.extend(tables_read(&view.sql).into_iter().map(|(_, name)| name));
            needed.push(view);
        }
    }
    needed.reverse();
    (needed, names)
}

#[cfg(test)]
mod tests {
    use super::{View, ViewCircle, in_order, needed};
    use std::collections::BTreeSet;

    fn views(texts: &[(&str, &str)]) -> Vec<View> {
        let view = |&(name, sql): &(&str, &str)| View {
            name: name.to_owned(),
            sql: sql.to_owned(),
        };
        texts.iter().map(view).collect()
    }

    fn names<'v>(views: impl IntoIterator<Item = &'v View>) -> Vec<&'v str> {
        views.into_iter().map(|view| view.name.as_str()).collect()
    }

    #[test]
    fn each_comes_after_what_it_reads() {
        let ordered = in_order(views(&[
            ("a", "SELECT * FROM c JOIN b ON c.x = b.x"),
            ("b", "SELECT * FROM c"),
            ("c", "SELECT * FROM support"),
        ]))
        .unwrap();
        assert_eq!(names(&ordered), ["c", "b", "a"]);
        let (views, read) = needed(&ordered, ["SELECT 1 FROM b"]);
        assert_eq!(names(views), ["c", "b"]);
        assert_eq!(read, BTreeSet::from(["b", "c", "support"]));
        assert!(needed(&ordered, ["SELECT a FROM support"]).0.is_empty());
    }

    #[test]
    fn a_circle_is_told_with_its_way_and_place() {
        let circle = in_order(views(&[
            ("a", "SELECT * FROM b"),
            ("b", "SELECT * FROM c"),
            ("c", "SELECT 1 FROM b"),
        ]));
        let way = ["b", "c", "b"].map(str::to_owned).to_vec();
        assert_eq!(circle, Err(ViewCircle { way, at: 14 }));
        assert!(in_order(views(&[("a", "SELECT 1 FROM a")])).is_err());
    }
}
