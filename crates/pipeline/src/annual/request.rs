use crate::loaded_programme::LoadedProgramme;
use model::Moment;

/// Which report of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Variant {
    /// Over the whole period up to the year (VI.1.đ), instead of the year.
    pub is_final: bool,
    /// Under the departments and districts of the moment it shows, instead of those of their time.
    pub under_today: bool,
}

impl Variant {
    const NAMES: [(Self, &'static str); 4] = [
        (
            Self {
                is_final: false,
                under_today: false,
            },
            "annual",
        ),
        (
            Self {
                is_final: false,
                under_today: true,
            },
            "annual-under-today",
        ),
        (
            Self {
                is_final: true,
                under_today: false,
            },
            "final",
        ),
        (
            Self {
                is_final: true,
                under_today: true,
            },
            "final-under-today",
        ),
    ];

    /// Its name in the ledger.
    pub(crate) fn name(self) -> &'static str {
        Self::NAMES
            .iter()
            .find(|(variant, _)| *variant == self)
            .map_or("annual", |(_, name)| name)
    }

    /// The variant of a name; the annual report if there is none so called.
    pub(crate) fn from_name(name: &str) -> Self {
        let known = Self::NAMES.iter().find(|(_, known)| *known == name);
        known.map_or_else(Self::default, |(variant, _)| *variant)
    }
}

/// What a report is asked for; with the ledger's content it fixes every byte of the report.
pub(crate) struct ReportRequest {
    pub year: i32,
    pub variant: Variant,
    /// The moment whose knowledge it shows.
    pub as_of: Moment,
    /// The programme of the year.
    pub programme: LoadedProgramme,
    /// The programmes of earlier periods, whose support is compared with.
    pub earlier: Vec<LoadedProgramme>,
}

impl ReportRequest {
    /// A report by the one of some programmes whose period holds the year, or by the first if none does; those of
    /// earlier periods are compared with, those of later ones are not.
    pub(crate) fn new(
        mut programmes: Vec<LoadedProgramme>,
        year: i32,
        variant: Variant,
        as_of: Moment,
    ) -> Self {
        let holds = |loaded: &LoadedProgramme| loaded.programme.years().contains(&year);
        let programme = programmes.swap_remove(programmes.iter().position(holds).unwrap_or(0));
        programmes.retain(|other| other.programme.last_year < programme.programme.first_year);
        programmes.sort_by_key(|other| other.programme.first_year);
        Self {
            year,
            variant,
            as_of,
            programme,
            earlier: programmes,
        }
    }

    /// The first year shown: the report's own, or in a final report the programme's first.
    pub(crate) fn first_year_shown(&self) -> i32 {
        if self.variant.is_final {
            self.programme.programme.first_year
        } else {
            self.year
        }
    }
}
