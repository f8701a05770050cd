//! What the unit tests of this crate share: the words, weights and units of the default programme.

use model::{AdministrativeUnit, Linkage};
use std::sync::LazyLock;

/// As the programme's loader reads it.
pub(crate) static LINKAGE: LazyLock<Linkage> = LazyLock::new(|| {
    let mut linkage: Linkage =
        toml::from_str(include_str!("../../../pipelines/_base/linkage.toml")).unwrap();
    let own = include_str!("../../../pipelines/dong-nai-2021-2025/linkage.toml");
    // The programme's file adds places, and nothing else.
    let own: toml::Table = toml::from_str(own).unwrap();
    assert_eq!(own.keys().collect::<Vec<_>>(), ["places"]);
    let places = own["places"].as_array().unwrap().iter();
    linkage
        .places
        .extend(places.map(|place| place.as_str().unwrap().to_owned()));
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
