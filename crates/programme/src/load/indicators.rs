use super::Loader;
use super::letters::LETTER_PLACES;
use crate::definition::IndicatorsFile;
use crate::programme::{Indicator, Programme};
use crate::trial::Trial;
use toml::Spanned;

/// Each key doubles the sums that are kept for a row.
const MOST_KEYS: usize = 6;

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
            self.check_name(file, &indicator.name, "indicator");
            if LETTER_PLACES.contains(&name.as_str()) {
                let message = format!("indicator '{name}' bears the name of a place in the letter");
                self.fault_at(file, &indicator.name, message);
            }
            for (place, key) in indicator.by.iter().enumerate() {
                let before = &indicator.by[..place];
                if before.iter().any(|other| other.get_ref() == key.get_ref()) {
                    self.fault_at(file, key, format!("key '{}' stands twice", key.get_ref()));
                }
                if key.get_ref() != "department" && !programme.lists.contains_key(key.get_ref()) {
                    let message =
                        format!("key '{}' is neither 'department' nor a list", key.get_ref());
                    self.fault_at(file, key, message);
                }
            }
            if indicator.by.len() > MOST_KEYS {
                let message = format!("an indicator has at most {MOST_KEYS} keys");
                self.fault_at(file, &indicator.name, message);
            }
            let sql_file = format!("indicators/{name}.sql");
            let sql = self.text(&sql_file);
            let by: Vec<String> = indicator.by.into_iter().map(Spanned::into_inner).collect();
            match &sql {
                None => self.fault(&sql_file, None, "the file is missing"),
                Some(sql) => {
                    if let Err(fault) = trial.indicator(sql, indicator.measure, &by) {
                        self.fault(&sql_file, Some(fault.at), fault.message);
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
