//! Addresses, taken apart.

use crate::address_parts::partable;
use crate::address_reader::{AddressReader, LocalPlace};
use crate::named_units::{NamedPlace, NamedUnits};

/// An address: the house, the places below the commune, and the commune.
#[derive(Debug, Clone, Default)]
pub(crate) struct ParsedAddress {
    /// The house or lot; 0 for none.
    pub house: u64,
    /// Street, hamlet, quarter, industrial zone: hashes, sorted.
    pub locals: Vec<u64>,
    /// Which communes of today it may be in.
    pub place: NamedPlace,
}

/// How two addresses compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AddressComparison {
    /// One is missing, or says too little.
    Unknown,
    /// The same house, lot or small place.
    Same,
    /// Different houses.
    Different,
}

impl ParsedAddress {
    /// Reads an address and a district; either may be blank.
    pub(crate) fn parse(address: &str, district: &str, reader: &mut AddressReader<'_>) -> Self {
        let mut parsed = Self::default();
        let parts = reader.parts(&partable(address));
        let (units, others) = NamedUnits::read(parts.iter().flat_map(|part| part.iter()));
        // The widest stands last, and was read first.
        for part in others.iter().rev() {
            parsed.add_local(&part.local);
        }
        let district = reader.parts(&partable(district));
        let (column, _) = NamedUnits::read(district.iter().flat_map(|part| part.iter()));
        parsed.place = units.with_column(column).place();
        parsed.locals.sort_unstable();
        parsed.locals.dedup();
        parsed
    }

    /// A part of the address below the commune. A house is the first number of the address.
    fn add_local(&mut self, part: &LocalPlace) {
        let is_first = self.house == 0 && self.locals.is_empty();
        let rest = match part.house.filter(|_| is_first) {
            Some((house, rest)) => {
                self.house = house;
                rest
            }
            None => part.whole,
        };
        if rest != 0 {
            self.locals.push(rest);
        }
    }

    pub(crate) fn compare(&self, other: &Self) -> AddressComparison {
        let shared = self
            .locals
            .iter()
            .filter(|local| other.locals.binary_search(local).is_ok())
            .count();
        match (self.house, other.house) {
            // Without a house on both sides one shared street or hamlet says little: half a village shares it. Two
            // small places that agree, and none that does not, are a place.
            (0, 0) | (0, _) | (_, 0) => {
                let fewer = self.locals.len().min(other.locals.len());
                match () {
                    () if fewer < 2 => AddressComparison::Unknown,
                    () if shared >= 2 && shared == fewer => AddressComparison::Same,
                    () if shared == 0 => AddressComparison::Different,
                    () => AddressComparison::Unknown,
                }
            }
            // Number 12 is in every street: the street must agree as well.
            (a, b) if a == b && shared > 0 => AddressComparison::Same,
            _ if self.locals.is_empty() || other.locals.is_empty() => AddressComparison::Unknown,
            _ => AddressComparison::Different,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{AddressComparison, ParsedAddress};
    use crate::address_reader::AddressReader;
    use crate::gazetteer::Gazetteer;
    use crate::testing::LINKAGE;
    use std::sync::LazyLock;

    static GAZETTEER: LazyLock<Gazetteer> = LazyLock::new(|| Gazetteer::new(&LINKAGE));

    fn parsed(address: &str) -> ParsedAddress {
        ParsedAddress::parse(address, "", &mut AddressReader::new(&GAZETTEER))
    }

    fn compared(a: &str, b: &str) -> AddressComparison {
        parsed(a).compare(&parsed(b))
    }

    #[test]
    fn one_house_in_one_street_is_the_same_however_it_is_written() {
        for other in [
            "12/3 Lê Lợi, P. Trảng Dài, TP Biên Hòa, Đồng Nai",
            "SỐ 12/3 ĐƯỜNG LÊ LỢI",
            "So 12/3, duong Le Loi, phuong Trang Dai",
        ] {
            let same = compared("Số 12/3, đường Lê Lợi, phường Trảng Dài", other);
            assert_eq!(same, AddressComparison::Same, "{other}");
        }
    }

    #[test]
    fn another_house_in_the_same_street_is_different() {
        assert_eq!(
            compared("12 Lê Lợi", "14 Lê Lợi"),
            AddressComparison::Different
        );
    }

    #[test]
    fn the_same_number_in_another_street_is_different() {
        assert_eq!(
            compared("12 Lê Lợi", "12 Võ Thị Sáu"),
            AddressComparison::Different
        );
    }

    #[test]
    fn a_street_without_a_house_says_nothing() {
        assert_eq!(
            compared("đường Lê Lợi", "12 Lê Lợi"),
            AddressComparison::Unknown
        );
        assert_eq!(compared("", "12 Lê Lợi"), AddressComparison::Unknown);
    }

    #[test]
    fn two_small_places_that_agree_are_a_place() {
        assert_eq!(
            compared("Tổ 9, KP 3, Trảng Dài", "tổ 9, khu phố 3"),
            AddressComparison::Same
        );
        assert_eq!(
            compared("Tổ 9, KP 3", "Tổ 8, KP 2"),
            AddressComparison::Different
        );
        assert_eq!(
            compared("Tổ 9, KP 3", "Tổ 9, KP 2"),
            AddressComparison::Unknown
        );
    }

    #[test]
    fn the_number_of_a_hamlet_or_a_zone_is_no_house() {
        assert_eq!(parsed("Tổ 9, Trảng Dài").house, 0);
        assert_eq!(parsed("KCN Nhơn Trạch 2").house, 0);
        assert_ne!(parsed("Lô C74, KCN Nhơn Trạch 2").house, 0);
    }

    #[test]
    fn the_province_and_the_country_are_no_small_places() {
        let whole = parsed("12 Lê Lợi, Trảng Dài, Đồng Nai, Việt Nam");
        assert_eq!(whole.locals, parsed("12 Lê Lợi").locals);
    }

    #[test]
    fn a_commune_of_before_the_merger_is_in_that_of_today() {
        let old = parsed("Ấp 1, xã Đoàn Kết, huyện Bù Đăng");
        let new = parsed("Ấp 1, xã Bù Đăng");
        assert!(!new.place.area.is_empty());
        assert_eq!(old.place.area, new.place.area);
    }

    #[test]
    fn the_district_tells_communes_of_one_name_apart() {
        // Both Bù Đăng and Chơn Thành had a commune Minh Hưng.
        let alone = parsed("xã Minh Hưng").place.area;
        let of_bu_dang = parsed("xã Minh Hưng, huyện Bù Đăng").place.area;
        let of_chon_thanh = parsed("xã Minh Hưng, huyện Chơn Thành").place.area;
        assert_eq!(of_bu_dang.or(&of_chon_thanh), alone);
        assert!(of_bu_dang.and(&of_chon_thanh).is_empty());
    }

    #[test]
    fn a_name_with_a_number_is_a_commune_only_if_it_says_so() {
        assert!(parsed("Đường 10").place.area.is_empty());
        assert!(!parsed("xã Đường 10").place.area.is_empty());
    }

    #[test]
    fn a_bare_name_in_the_district_column_is_the_district_or_the_ward_of_that_name() {
        let mut reader = AddressReader::new(&GAZETTEER);
        let mut column = |district| ParsedAddress::parse("", district, &mut reader).place.area;
        // There were communes of that name in other districts.
        let (commune, district) = GAZETTEER.unit("tan phu");
        assert_ne!(commune.and(&district), commune);
        assert_eq!(column("Tân Phú"), commune.or(&district));
        assert_eq!(column("Huyện Tân Phú"), district);
    }
}
