use super::Loader;
use crate::definition::IndicatorsFile;
use crate::tables::Trial;
use crate::{Indicator, Programme};
use toml::Spanned;

impl Loader<'_> {
    pub(super) fn indicators(&mut self, trial: &Trial, programme: &Programme) -> Vec<Indicator> {
        let file = "indicators/indicators.toml";
        let Some(written) = self.read::<IndicatorsFile>(file) else {
            return Vec::new();
        };
        let mut indicators: Vec<Indicator> = Vec::new();
        for indicator in written.indicator {
            let name = indicator.name.get_ref().clone();
            if indicators.iter().any(|other| other.name == name) {
                self.fault_at(
                    file,
                    &indicator.name,
                    format!("indicator '{name}' is defined twice"),
                );
            }
            for key in &indicator.by {
                if key.get_ref() != "department" && !programme.lists.contains_key(key.get_ref()) {
                    let message =
                        format!("key '{}' is neither 'department' nor a list", key.get_ref());
                    self.fault_at(file, key, message);
                }
            }
            let sql_file = format!("indicators/{name}.sql");
            let sql = self.text(&sql_file);
            let by: Vec<String> = indicator.by.into_iter().map(Spanned::into_inner).collect();
            match &sql {
                None => self.fault(&sql_file, None, "the file is missing"),
                Some(sql) => {
                    if let Err(message) = trial.indicator(sql, indicator.measure, &by) {
                        self.fault(&sql_file, None, message);
                    }
                }
            }
            indicators.push(Indicator {
                name,
                title: indicator.title,
                clause: indicator.clause,
                unit: indicator.unit,
                measure: indicator.measure,
                by,
                sql: sql.unwrap_or_default(),
            });
        }
        indicators
    }
}
