//! The administrative units that an address names, read from the widest inwards.
//!
//! Names repeat: 'Đồng Nai' is a province and was a commune of Bù Đăng, 'Long Thành' a district and a commune of it. What
//! stands last is the widest, so an address is read from its end, and each unit is looked for in the one around it.

use crate::address_reader::PartReading;
use crate::gazetteer::Area;
use crate::unit_name::UnitName;

/// Where an address may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct NamedPlace {
    /// The communes of today that it may be in; none if it names no unit that is known.
    pub area: Area,
    /// Whether it says so beyond doubt: by a district, or a commune in its district. A commune alone is weak if others bear
    /// its name, and so is one with a district that it is not in.
    pub is_certain: bool,
}

/// The units that were read so far.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct NamedUnits {
    has_province: bool,
    commune: Area,
    /// The commune is called one: 'xã', 'phường'.
    is_called_commune: bool,
    district: Area,
    /// What a name without a word before it may be, a district or a commune of it.
    either: Area,
}

impl NamedUnits {
    /// Reads the units of an address, its parts given in their order; gives them and the parts that are none, the last first.
    /// A part further in may bear the name of a unit as well, and is a street or a hamlet then.
    pub(crate) fn read<'p>(
        parts: impl DoubleEndedIterator<Item = &'p PartReading>,
    ) -> (Self, Vec<&'p PartReading>) {
        let mut units = Self::default();
        let others = parts.rev().filter(|part| !units.take(&part.unit)).collect();
        (units, others)
    }

    /// Takes a part that names a unit; says whether it does.
    fn take(&mut self, name: &UnitName) -> bool {
        let &UnitName {
            has_unit_word,
            is_district,
            commune,
            district,
            ..
        } = name;
        let has_units =
            !(self.commune.is_empty() && self.district.is_empty() && self.either.is_empty());
        // The province and the country stand outside all units; 'xã Đồng Nai' is none of them.
        if !has_units && !self.has_province && name.is_wider {
            self.has_province = !name.is_country;
            return true;
        }
        // 'Đường 10' is a street, and 'xã Đường 10' a commune.
        if !has_unit_word && name.has_number {
            return false;
        }
        if commune.is_empty() && district.is_empty() {
            // A unit nobody knows: no house stands there.
            return has_unit_word || name.is_wider;
        }
        match () {
            // 'Huyện Long Thành' is not the commune of that name.
            () if is_district && !district.is_empty() => {
                if self.district.is_empty() {
                    self.district = district;
                }
            }
            () if has_unit_word => self.take_commune(
                if commune.is_empty() {
                    district
                } else {
                    commune
                },
                true,
            ),
            // A bare name inside a commune is a street or a hamlet.
            () if !self.commune.is_empty() => return false,
            () if commune.is_empty() => {
                if self.district.is_empty() {
                    self.district = district;
                }
            }
            () if !self.district.is_empty() || district.is_empty() => {
                self.take_commune(commune, false)
            }
            () if !self.either.is_empty() => {
                // Two bare names: the wider one is the district.
                self.district = self.either;
                self.either = Area::default();
                self.take_commune(commune, false);
            }
            () => self.either = commune.or(&district),
        }
        true
    }

    fn take_commune(&mut self, commune: Area, is_called: bool) {
        if self.commune.is_empty() {
            self.commune = commune;
            self.is_called_commune = is_called;
        }
    }

    /// With what the column of the district says beside the address.
    pub(crate) fn with_column(mut self, column: Self) -> Self {
        let own = self.district.or(&self.either);
        if own.is_empty() {
            self.district = column.district;
            self.either = column.either;
        }
        if self.commune.is_empty() {
            self.commune = column.commune;
            self.is_called_commune = column.is_called_commune;
        }
        self
    }

    /// The communes that all that was named allows.
    pub(crate) fn place(&self) -> NamedPlace {
        let district = self.district.or(&self.either);
        let both = self.commune.and(&district);
        let (area, is_certain) = match () {
            () if !both.is_empty() => (both, true),
            () if self.commune.is_empty() => (district, !district.is_empty()),
            () if district.is_empty() => (
                self.commune,
                self.is_called_commune && self.commune.is_one(),
            ),
            // A commune that is not in the district: one of the two is wrong.
            () => (self.commune.or(&district), false),
        };
        NamedPlace { area, is_certain }
    }
}

#[cfg(test)]
mod tests {
    use super::{NamedPlace, NamedUnits};
    use crate::address_parts::partable;
    use crate::address_reader::AddressReader;
    use crate::gazetteer::Gazetteer;
    use crate::testing::LINKAGE;
    use std::sync::LazyLock;

    static GAZETTEER: LazyLock<Gazetteer> = LazyLock::new(|| Gazetteer::new(&LINKAGE));

    fn place(address: &str) -> NamedPlace {
        let parts = AddressReader::new(&GAZETTEER).parts(&partable(address));
        NamedUnits::read(parts.iter().flat_map(|part| part.iter()))
            .0
            .place()
    }

    #[test]
    fn the_province_behind_an_address_narrows_nothing_and_its_namesake_is_a_commune() {
        let district = place("xã Xuân Hòa, huyện Xuân Lộc");
        for address in [
            "xã Xuân Hòa, huyện Xuân Lộc, Đồng Nai",
            "Xã Xuân Hòa, Huyện Xuân Lộc, Tỉnh Đồng Nai, Việt Nam",
            "xã Xuân Hòa - Xuân Lộc - tỉnh Đồng Nai",
            "xã Xuân Hòa, huyện Xuân Lộc, thành phố Đồng Nai",
        ] {
            assert_eq!(place(address), district, "{address}");
        }
        assert!(district.is_certain);
        assert!(place("Đồng Nai").area.is_empty());
        let commune = place("xã Đồng Nai, huyện Bù Đăng, Đồng Nai");
        assert!(commune.is_certain && !commune.area.is_empty());
        assert!(commune.area.and(&district.area).is_empty());
    }

    #[test]
    fn of_two_bare_names_the_wider_one_is_the_district() {
        assert_eq!(
            place("An Phước, Long Thành, Đồng Nai"),
            place("xã An Phước, huyện Long Thành")
        );
        // A third one further in is a street or a hamlet.
        assert_eq!(
            place("Tân Phú, An Phước, Long Thành"),
            place("xã An Phước, huyện Long Thành")
        );
    }

    #[test]
    fn a_commune_that_others_are_called_like_or_in_a_wrong_district_is_weak() {
        // Both Bù Đăng and Chơn Thành had a commune Minh Hưng.
        assert!(!place("xã Minh Hưng").is_certain);
        assert!(place("xã Minh Hưng, huyện Bù Đăng").is_certain);
        assert!(place("xã Bom Bo").is_certain);
        let wrong = place("xã Bom Bo, huyện Xuân Lộc");
        assert!(!wrong.is_certain);
        assert_eq!(
            wrong.area,
            place("xã Bom Bo").area.or(&place("huyện Xuân Lộc").area)
        );
    }

    #[test]
    fn a_unit_that_no_list_has_is_a_unit_all_the_same() {
        let text = "12 Lê Lợi, Phường 7, Thành phố Cà Mau, Tỉnh Cà Mau";
        let parts = AddressReader::new(&GAZETTEER).parts(text);
        let (units, others) = NamedUnits::read(parts.iter().flat_map(|part| part.iter()));
        assert!(units.place().area.is_empty());
        assert_eq!(others, [&parts[0][0]]);
    }
}
