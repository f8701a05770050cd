use crate::export::exported_table::ExportedFile;
use programme::tables::rule_query;
use programme::{Indicator, Measure, Programme, RuleKind, Scope, SheetKind, View};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The programme's queries that run on what is exported.
pub(crate) struct Queries<'p> {
    /// Each after those that it reads.
    pub views: Vec<&'p View>,
    pub indicators: Vec<&'p Indicator>,
    /// Name and SQL.
    pub listings: BTreeMap<&'p str, &'p str>,
    pub rules: Vec<RuleQuery>,
    /// The names of those that read a column that stays here.
    pub omitted: Vec<String>,
}

/// The query of a rule for its forms, or for one of them.
pub(crate) struct RuleQuery {
    pub code: String,
    /// The code, and the form if the query is for one of several: `C001.support`.
    pub name: String,
    pub scope: Scope,
    pub sql: String,
}

impl<'p> Queries<'p> {
    /// All that read none of some columns, which are not exported.
    pub(crate) fn of(programme: &'p Programme, left_out: &BTreeSet<String>) -> Self {
        let mut missing = left_out.clone();
        let mut omitted = Vec::new();
        let mut views = Vec::new();
        for view in &programme.views {
            if names_any(&view.sql, &missing) {
                missing.insert(view.name.clone());
                omitted.push(format!("views/{}", view.name));
            } else {
                views.push(view);
            }
        }
        let mut runs = |sql: &str, name: String| {
            let runs = !names_any(sql, &missing);
            omitted.extend((!runs).then_some(name));
            runs
        };
        let indicators = programme.indicators.iter();
        let indicators = indicators
            .filter(|it| runs(&it.sql, format!("indicators/{}", it.name)))
            .collect();
        let mut listings = BTreeMap::new();
        for sheet in &programme.report.sheets {
            if let SheetKind::Listing { query, sql, .. } = &sheet.kind
                && !listings.contains_key(query.as_str())
                && runs(sql, format!("listings/{query}"))
            {
                listings.insert(query.as_str(), sql.as_str());
            }
        }
        let mut rules = Vec::new();
        for rule in programme.rules.values() {
            let for_each = matches!(rule.kind, RuleKind::Where(_));
            for form in &rule.forms {
                let Some(sql) = rule_query(&rule.kind, form) else {
                    continue;
                };
                let name = match for_each {
                    true => format!("{}.{form}", rule.code),
                    false => rule.code.clone(),
                };
                if runs(&sql, format!("rules/{name}")) {
                    rules.push(RuleQuery {
                        code: rule.code.clone(),
                        name,
                        scope: rule.scope,
                        sql,
                    });
                }
                if !for_each {
                    break;
                }
            }
        }
        Self {
            views,
            indicators,
            listings,
            rules,
            omitted,
        }
    }

    /// Their texts, a file each.
    pub(crate) fn files(&self) -> Vec<ExportedFile> {
        let file = |path: String, sql: &str| ExportedFile {
            path,
            bytes: format!("{}\n", sql.trim_end()).into_bytes(),
        };
        let views = self
            .views
            .iter()
            .map(|it| file(path("views", &it.name), &it.sql));
        let indicators = self.indicators.iter();
        let indicators = indicators.map(|it| file(path("indicators", &it.name), &it.sql));
        let listings = self.listings.iter();
        let listings = listings.map(|(name, sql)| file(path("listings", name), sql));
        let rules = self
            .rules
            .iter()
            .map(|it| file(path("rules", &it.name), &it.sql));
        views
            .chain(indicators)
            .chain(listings)
            .chain(rules)
            .collect()
    }

    /// What they are and over what they run, for whoever runs them.
    pub(crate) fn described(&self) -> Value {
        let measure = |measure: Measure| match measure {
            Measure::Sum => "sum",
            Measure::CountDistinct => "count_distinct",
        };
        let scope = |scope: Scope| match scope {
            Scope::Submission => "submission",
            Scope::Year => "year",
        };
        json!({
            "views": self.views.iter().map(|it| json!({ "name": it.name, "sql": path("views", &it.name) })).collect::<Vec<_>>(),
            "indicators": self.indicators.iter().map(|it| json!({
                "name": it.name, "sql": path("indicators", &it.name), "measure": measure(it.measure), "by": it.by, "unit": it.unit,
                "title": it.title.vi, "clause": it.clause,
            })).collect::<Vec<_>>(),
            "listings": self.listings.keys().map(|name| json!({ "name": name, "sql": path("listings", name) })).collect::<Vec<_>>(),
            "rules": self.rules.iter().map(|it| json!({
                "code": it.code, "name": it.name, "sql": path("rules", &it.name), "scope": scope(it.scope),
            })).collect::<Vec<_>>(),
            "omitted": self.omitted,
        })
    }
}

fn path(folder: &str, name: &str) -> String {
    format!("sql/{folder}/{name}.sql")
}

/// Whether a query has one of some names in it, as a word.
fn names_any(sql: &str, names: &BTreeSet<String>) -> bool {
    let mut words = sql.split(|sign: char| !sign.is_alphanumeric() && sign != '_');
    !names.is_empty() && words.any(|word| names.contains(word))
}

#[cfg(test)]
mod tests {
    use super::Queries;
    use crate::testing::programme;
    use std::collections::BTreeSet;

    #[test]
    fn what_reads_a_column_that_stays_is_named_and_left_out_with_what_reads_it() {
        let all = Queries::of(programme(), &BTreeSet::new());
        assert!(all.omitted.is_empty());
        let left_out = BTreeSet::from(["other_budget".to_owned()]);
        let some = Queries::of(programme(), &left_out);
        assert!(some.omitted.contains(&"views/support_money".to_owned()));
        assert!(some.omitted.contains(&"indicators/case_money".to_owned()));
        assert!(some.indicators.iter().any(|it| it.name == "people_trained"));
        assert!(some.indicators.len() < all.indicators.len());
    }
}
