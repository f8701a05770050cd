use super::Loader;
use model::{AdministrativeUnit, Linkage};

impl Loader<'_> {
    /// Words and weights of matching, and the administrative units old and new.
    pub(super) fn linkage(&mut self) -> Linkage {
        let Some(mut linkage) = self.read::<Linkage>("linkage.toml") else {
            return Linkage::default();
        };
        let file = "units.tsv";
        let Some(text) = self.source.text(file).map(str::to_owned) else {
            self.fault(file, None, "the file is missing");
            return linkage;
        };
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            let parts: Vec<&str> = line.trim_end().split('\t').collect();
            match parts.as_slice() {
                // The heading.
                _ if at == 0 => {}
                [province, district, ward, now] if !ward.is_empty() && !now.is_empty() => {
                    let [province, district, ward, now] =
                        [province, district, ward, now].map(|part| (*part).to_owned());
                    linkage.units.push(AdministrativeUnit {
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
        linkage
    }
}
