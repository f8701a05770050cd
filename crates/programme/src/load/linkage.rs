use super::{Loader, kept};
use model::{AdministrativeUnit, Linkage};
use toml::Value;
use toml::de::DeTable;

impl Loader<'_> {
    /// Words and weights of matching, and the administrative units old and new.
    ///
    /// The programme's own file adds to the lists of the base's and replaces its single values, also those of its tables.
    pub(super) fn linkage(&mut self) -> Linkage {
        let file = "linkage.toml";
        let layers = self.layers(file);
        let mut linkage = match layers.as_slice() {
            [] => {
                self.fault(file, None, "the file is missing");
                return Linkage::default();
            }
            [only] if self.is_kept => self.kept_linkage(only),
            [only] => self.read::<Linkage>(only),
            [base, own, ..] => self.merged_linkage(base, own),
        }
        .unwrap_or_default();
        for file in self.layers("units.tsv") {
            linkage.units.extend(self.units(&file));
        }
        linkage
    }

    fn kept_linkage(&mut self, file: &str) -> Option<Linkage> {
        let mut written: toml::Table = self.read(file)?;
        kept::complete_linkage(&mut written);
        written.try_into().ok()
    }

    fn merged_linkage(&mut self, base: &str, own: &str) -> Option<Linkage> {
        // Read alone first: its faults then have their lines.
        self.read::<Linkage>(base)?;
        let mut merged: toml::Table = self.read(base)?;
        let added: toml::Table = self.read(own)?;
        let text = self.text(own).unwrap_or_default();
        let places = DeTable::parse(&text).ok()?;
        let place = |key: &str| {
            let keys = places.get_ref().iter();
            keys.map(|(known, _)| known)
                .find(|known| known.get_ref() == key)
                .map(|known| known.span().start)
        };
        for (key, value) in added {
            match merged.get_mut(&key).map(|known| merge(known, value)) {
                Some(true) => {}
                Some(false) => self.fault(
                    own,
                    place(&key),
                    format!("'{key}' is of another type in {base}"),
                ),
                None => self.fault(own, place(&key), format!("'{key}' is not a key of {base}")),
            }
        }
        match merged.try_into() {
            Ok(linkage) => Some(linkage),
            Err(error) => {
                self.fault(own, None, error.message().trim().to_owned());
                None
            }
        }
    }

    /// The communes of before and after a change, one a line.
    fn units(&mut self, file: &str) -> Vec<AdministrativeUnit> {
        let text = self.text(file).unwrap_or_default();
        let mut units = Vec::new();
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            let parts: Vec<&str> = line.trim_end().split('\t').collect();
            match parts.as_slice() {
                // The heading.
                _ if at == 0 => {}
                [province, district, ward, now] if !ward.is_empty() && !now.is_empty() => {
                    let [province, district, ward, now] =
                        [province, district, ward, now].map(|part| (*part).to_owned());
                    units.push(AdministrativeUnit {
                        province,
                        district,
                        ward,
                        now,
                    });
                }
                _ => self.fault(
                    file,
                    Some(at),
                    "expected four parts: province, district, commune, commune of today",
                ),
            }
            at += line.len();
        }
        units
    }
}

/// Puts a value over a known one: a list is added to, a table taken key by key, all else replaced. Whether the types fit.
fn merge(known: &mut Value, value: Value) -> bool {
    match (known, value) {
        (Value::Array(known), Value::Array(more)) => {
            known.extend(more);
            true
        }
        (Value::Table(known), Value::Table(more)) => {
            for (key, value) in more {
                match known.get_mut(&key) {
                    Some(known) => {
                        if !merge(known, value) {
                            return false;
                        }
                    }
                    None => {
                        known.insert(key, value);
                    }
                }
            }
            true
        }
        (known, value) => {
            let fits = known.same_type(&value);
            if fits {
                *known = value;
            }
            fits
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Programme, Source};

    fn linkage(own: &str) -> Result<model::Linkage, String> {
        let source = Source::default_programme().with("linkage.toml", own);
        match Programme::load(&source) {
            Ok(programme) => Ok(programme.linkage),
            Err(errors) => Err(errors.to_string()),
        }
    }

    #[test]
    fn own_lists_are_added_and_own_values_replace() {
        let base = linkage("").unwrap();
        let own = linkage("match_at = 99\nplaces = [\"Vũng Tàu\"]\n[weights]\nphone_equal = 1\n")
            .unwrap();
        assert_eq!(own.match_at, 99);
        assert_eq!(own.places[..base.places.len()], base.places);
        assert_eq!(own.places.last().unwrap(), "Vũng Tàu");
        assert_eq!((own.weights["phone_equal"], own.bias), (1, base.bias));
        assert_eq!(own.weights["person_equal"], base.weights["person_equal"]);
    }

    #[test]
    fn what_does_not_fit_the_base_is_named_with_its_line() {
        assert_eq!(
            linkage("bias = 1\nbiass = 2\n").unwrap_err(),
            "linkage.toml:2: 'biass' is not a key of _base/linkage.toml"
        );
        assert_eq!(
            linkage("\nplaces = \"Huế\"\n").unwrap_err(),
            "linkage.toml:2: 'places' is of another type in _base/linkage.toml"
        );
    }

    #[test]
    fn a_line_of_units_that_is_cut_is_named() {
        let source =
            Source::default_programme().with("units.tsv", "a\tb\tc\td\nx\ty\tz\tw\nx\ty\n");
        assert_eq!(
            Programme::load(&source).unwrap_err().to_string(),
            "units.tsv:3: expected four parts: province, district, commune, commune of today"
        );
        let one = source.with("units.tsv", "a\tb\tc\td\nx\ty\tz\tw\n");
        assert_eq!(Programme::load(&one).unwrap().linkage.units.len(), 1);
    }
}
