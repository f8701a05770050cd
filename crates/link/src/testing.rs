//! What the unit tests of this crate share: the words, weights and units of the default programme.

use model::{AdministrativeUnit, Linkage};
use std::sync::LazyLock;

/// As the programme's loader reads it.
pub(crate) static LINKAGE: LazyLock<Linkage> = LazyLock::new(|| {
    let mut linkage: Linkage = toml::from_str(include_str!(
        "../../../pipelines/dong-nai-2021-2025/linkage.toml"
    ))
    .unwrap();
    let units = include_str!("../../../pipelines/dong-nai-2021-2025/units.tsv");
    for line in units.lines().skip(1) {
        let [province, district, ward, now] = line
            .split('\t')
            .map(str::to_owned)
            .collect::<Vec<_>>()
            .try_into()
            .unwrap();
        linkage.units.push(AdministrativeUnit {
            province,
            district,
            ward,
            now,
        });
    }
    linkage
});
