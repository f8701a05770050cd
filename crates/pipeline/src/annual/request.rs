use crate::loaded_programme::LoadedProgramme;
use chrono::{FixedOffset, NaiveDate};
use ledger::Submission;
use model::{Moment, PartOfYear, ReportStatus};
use programme::{Occasion, Programme};

/// Which report of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Variant {
    /// Over the whole period up to the year (VI.1.đ), instead of the year.
    pub is_final: bool,
    /// How much of the year it is about (VI.1.d).
    pub part: PartOfYear,
    /// Under the departments and districts of the moment it shows, instead of those of their time.
    pub under_today: bool,
}

impl Variant {
    /// What it is made for.
    pub(crate) fn occasion(self) -> Occasion {
        Occasion::of(self.is_final, self.part)
    }

    /// Its name in the ledger, among the reports of a year: `annual`, `final`, `annual-q3`, `annual-until-2024-09-15`; with
    /// `-under-today` behind it.
    pub(crate) fn name(self) -> String {
        let part = match self.part {
            PartOfYear::Whole => String::new(),
            PartOfYear::Quarter(quarter) => format!("-q{quarter}"),
            PartOfYear::Until(day) => format!("{UNTIL}{day}"),
        };
        let kind = if self.is_final { FINAL } else { ANNUAL };
        let today = if self.under_today { UNDER_TODAY } else { "" };
        format!("{kind}{part}{today}")
    }

    /// The variant of a name; the annual report if there is none so called.
    pub(crate) fn from_name(name: &str) -> Self {
        Self::parse(name).unwrap_or_default()
    }

    fn parse(name: &str) -> Option<Self> {
        let (rest, under_today) = match name.strip_suffix(UNDER_TODAY) {
            Some(rest) => (rest, true),
            None => (name, false),
        };
        let (part, is_final) = match rest.strip_prefix(FINAL) {
            Some(part) => (part, true),
            None => (rest.strip_prefix(ANNUAL)?, false),
        };
        let part = match (part.strip_prefix("-q"), part.strip_prefix(UNTIL)) {
            (Some(quarter), _) => PartOfYear::Quarter(quarter.parse().ok()?),
            (_, Some(day)) => PartOfYear::Until(day.parse().ok()?),
            _ if part.is_empty() => PartOfYear::Whole,
            _ => return None,
        };
        Some(Self {
            is_final,
            part,
            under_today,
        })
    }
}

const ANNUAL: &str = "annual";
const FINAL: &str = "final";
const UNTIL: &str = "-until-";
const UNDER_TODAY: &str = "-under-today";

/// What a report is asked for; with the ledger's content it fixes every byte of the report.
pub(crate) struct ReportRequest {
    pub year: i32,
    pub variant: Variant,
    /// The moment whose knowledge it shows.
    pub as_of: Moment,
    /// Whether it is a draft, or what it is issued under.
    pub status: ReportStatus,
    /// Its number in the ledger if it is made again: what was recorded after it changes nothing of it.
    pub recorded: Option<i64>,
    /// The programme of the year.
    pub programme: LoadedProgramme,
    /// The programmes of earlier periods, whose support is compared with.
    pub earlier: Vec<LoadedProgramme>,
}

impl ReportRequest {
    /// A draft by the one of some programmes whose period holds the year, or by the first if none does; those of
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
            status: ReportStatus::Draft,
            recorded: None,
            programme,
            earlier: programmes,
        }
    }

    /// Whether a submission may count in it: of the report's own year only what its part of the year holds.
    pub(crate) fn holds(&self, submission: &Submission, offset: FixedOffset) -> bool {
        let own = submission
            .period
            .filter(|period| period.calendar_year() == self.year);
        own.is_none_or(|period| self.variant.part.holds(period, submission.at.day(offset)))
    }

    /// The day under whose names and codes the figures of the report's own year stand: that of its moment, or the last of its
    /// part of the year if that came before.
    pub(crate) fn day_of_codes(&self, today: NaiveDate) -> NaiveDate {
        match self.variant.part {
            PartOfYear::Whole => today,
            part => part
                .last_day(self.year)
                .map_or(today, |last| last.min(today)),
        }
    }

    /// The day on which it is settled who had to report for a year: that of the deadline, or the last of the report's part of
    /// the year if that came before.
    pub(crate) fn day_due(&self, programme: &Programme, year: i32) -> NaiveDate {
        let deadline = programme.deadline.in_year(year);
        match year == self.year {
            true => self.day_of_codes(deadline),
            false => deadline,
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

#[cfg(test)]
mod tests {
    use super::{ReportRequest, Variant};
    use crate::loaded_programme::LoadedProgramme;
    use crate::testing::small_programme;
    use model::PartOfYear;

    fn programme(id: &str, first_year: i32, last_year: i32) -> LoadedProgramme {
        let mut loaded = small_programme();
        loaded.programme.id = id.to_owned();
        loaded.programme.first_year = first_year;
        loaded.programme.last_year = last_year;
        loaded
    }

    fn request(year: i32, variant: Variant) -> ReportRequest {
        let programmes = vec![
            programme("present", 2021, 2025),
            programme("next", 2026, 2030),
            programme("before", 2016, 2020),
            programme("first", 2011, 2015),
        ];
        let as_of = "2024-01-01T00:00:00Z".parse().unwrap();
        ReportRequest::new(programmes, year, variant, as_of)
    }

    fn ids(request: &ReportRequest) -> Vec<&str> {
        let all = std::iter::once(&request.programme).chain(&request.earlier);
        all.map(|loaded| loaded.programme.id.as_str()).collect()
    }

    #[test]
    fn the_programme_of_the_year_is_compared_with_those_of_earlier_periods_only() {
        let by = |year| request(year, Variant::default());
        assert_eq!(ids(&by(2023)), ["present", "first", "before"]);
        assert_eq!(ids(&by(2026)), ["next", "first", "before", "present"]);
        assert_eq!(ids(&by(2011)), ["first"]);
    }

    #[test]
    fn a_year_of_no_programme_is_reported_by_the_first() {
        assert_eq!(ids(&request(2040, Variant::default()))[0], "present");
    }

    #[test]
    fn a_final_report_shows_the_period_from_its_first_year() {
        let variant = |is_final| Variant {
            is_final,
            ..Variant::default()
        };
        assert_eq!(request(2024, variant(true)).first_year_shown(), 2021);
        assert_eq!(request(2024, variant(false)).first_year_shown(), 2024);
    }

    #[test]
    fn a_variant_is_found_again_by_its_name() {
        let until = PartOfYear::Until("2024-09-15".parse().unwrap());
        for (is_final, part, under_today, name) in [
            (false, PartOfYear::Whole, false, "annual"),
            (false, PartOfYear::Whole, true, "annual-under-today"),
            (true, PartOfYear::Whole, false, "final"),
            (true, PartOfYear::Whole, true, "final-under-today"),
            (false, PartOfYear::Quarter(3), false, "annual-q3"),
            (false, until, true, "annual-until-2024-09-15-under-today"),
        ] {
            let variant = Variant {
                is_final,
                part,
                under_today,
            };
            assert_eq!(variant.name(), name);
            assert_eq!(Variant::from_name(name), variant);
        }
        assert_eq!(Variant::from_name("unheard of"), Variant::default());
    }
}
