//! Whether two reports are of one case: of support, of a course, of a person who was trained.

use crate::spelling::Spelling;

/// What a value says about two reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Agreement {
    /// Both say the same.
    Equal,
    /// One of them says nothing.
    Unknown,
    /// They say something else.
    Different,
}

/// How two reports compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CaseComparison {
    /// The names: of the enterprise, the course, the person.
    pub subject: Spelling,
    /// The numbers of the document: a contract, a certificate.
    pub number: Agreement,
    /// How many details both have and agree on.
    pub equal: usize,
    /// How many they do not agree on.
    pub different: usize,
    /// How many one of them lacks.
    pub unknown: usize,
    /// The amounts.
    pub amounts: Agreement,
}

/// What follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    /// Two cases.
    Different,
    /// Only a person can say.
    Ask,
    /// One case.
    Same,
}

impl CaseComparison {
    /// Of a case that an earlier report of one reporter has and a later one lacks, and a case that only the later one has.
    ///
    /// A year is told from its beginning in each report, so that a case of the first is in the second, if it was not taken
    /// out: one that is alike is the same with something mended or filled in. `could_be_told`: whether the case had begun
    /// when the earlier report was made, as far as its days are known.
    pub fn of_one_reporter(&self, could_be_told: bool) -> Likeness {
        use Agreement::{Different, Equal, Unknown};
        match (self.subject, self.number, self.different) {
            (Spelling::Different, ..) => Likeness::Different,
            (Spelling::Equal, Equal, 0 | 1) => Likeness::Same,
            (_, Equal, _) => Likeness::Ask,
            // A number that was mended, or a second contract about the same.
            (Spelling::Equal, Different, 0) if self.amounts == Equal => Likeness::Ask,
            (_, Different, _) => Likeness::Different,
            (Spelling::Equal, Unknown, 0) if could_be_told => Likeness::Same,
            (Spelling::Equal, Unknown, 1) if could_be_told && self.amounts == Equal => {
                Likeness::Same
            }
            (Spelling::Near | Spelling::Shortened, Unknown, 0)
                if could_be_told && self.equal > 0 && self.amounts == Equal =>
            {
                Likeness::Same
            }
            (_, Unknown, 0 | 1) => Likeness::Ask,
            (_, Unknown, _) => Likeness::Different,
        }
    }

    /// Of two reports of two reporters on a course, an event or a document of one year: whoever held it together may have told it
    /// twice, and only a person can say.
    pub fn of_two_reporters(&self) -> Likeness {
        use Agreement::{Different, Equal};
        let is_named = matches!(self.subject, Spelling::Equal | Spelling::Shortened);
        let is_told = self.number == Equal || (self.unknown == 0 && self.equal > 0);
        let differs = self.different > 0 || self.number == Different || self.amounts == Different;
        match is_named && is_told && !differs {
            true => Likeness::Ask,
            false => Likeness::Different,
        }
    }

    /// Whether something speaks against their being one: two others that are each one with a third may not be.
    pub fn is_contradiction(&self) -> bool {
        self.different > 0 || matches!(self.subject, Spelling::Different | Spelling::Near)
    }

    /// Of two reports on persons or clubs, whoever made them: nothing says that the one must be in the other, and one may have
    /// several certificates.
    pub fn of_anyone(&self) -> Likeness {
        use Agreement::{Different, Equal};
        let has_all = self.equal > 0 && self.different == 0 && self.unknown == 0;
        match (self.subject, self.number) {
            (Spelling::Different, _) => Likeness::Different,
            (_, Equal) if self.different == 0 => Likeness::Same,
            (_, Equal) => Likeness::Ask,
            (Spelling::Equal, _) if self.different == 0 && self.equal > 0 => Likeness::Same,
            (Spelling::Equal, Different) if self.equal == 0 && self.different > 0 => {
                Likeness::Different
            }
            (Spelling::Equal, _) if self.different > 1 && self.equal == 0 => Likeness::Different,
            (Spelling::Equal, _) => Likeness::Ask,
            (Spelling::Shortened, _) if has_all => Likeness::Same,
            (Spelling::Shortened, _) if self.equal > 0 => Likeness::Ask,
            // With marks that differ it is mostly another person.
            (Spelling::Near, _) if has_all => Likeness::Ask,
            (Spelling::Shortened | Spelling::Near, _) => Likeness::Different,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Agreement, CaseComparison, Likeness};
    use crate::spelling::Spelling;

    const ALIKE: CaseComparison = CaseComparison {
        subject: Spelling::Equal,
        number: Agreement::Unknown,
        equal: 1,
        different: 0,
        unknown: 1,
        amounts: Agreement::Equal,
    };

    #[test]
    fn a_case_with_its_number_filled_in_or_one_detail_mended_is_the_same() {
        assert_eq!(ALIKE.of_one_reporter(true), Likeness::Same);
        let mended = CaseComparison {
            different: 1,
            ..ALIKE
        };
        assert_eq!(mended.of_one_reporter(true), Likeness::Same);
        let numbered = CaseComparison {
            number: Agreement::Equal,
            amounts: Agreement::Different,
            ..mended
        };
        assert_eq!(numbered.of_one_reporter(true), Likeness::Same);
    }

    #[test]
    fn what_began_after_the_earlier_report_or_has_other_amounts_is_asked() {
        assert_eq!(ALIKE.of_one_reporter(false), Likeness::Ask);
        let other = CaseComparison {
            different: 1,
            amounts: Agreement::Different,
            ..ALIKE
        };
        assert_eq!(other.of_one_reporter(true), Likeness::Ask);
    }

    #[test]
    fn another_number_is_another_case_unless_all_else_is_the_same() {
        let renumbered = CaseComparison {
            number: Agreement::Different,
            ..ALIKE
        };
        assert_eq!(renumbered.of_one_reporter(true), Likeness::Ask);
        let other = CaseComparison {
            different: 1,
            ..renumbered
        };
        assert_eq!(other.of_one_reporter(true), Likeness::Different);
    }

    #[test]
    fn two_details_that_differ_are_two_cases_without_a_number() {
        let other = CaseComparison {
            different: 2,
            ..ALIKE
        };
        assert_eq!(other.of_one_reporter(true), Likeness::Different);
    }

    #[test]
    fn what_two_report_is_asked_if_the_day_and_the_amounts_agree() {
        let told = CaseComparison {
            equal: 2,
            unknown: 0,
            ..ALIKE
        };
        assert_eq!(told.of_two_reporters(), Likeness::Ask);
        assert_eq!(ALIKE.of_two_reporters(), Likeness::Different, "no day");
        let numbered = CaseComparison {
            number: Agreement::Equal,
            ..ALIKE
        };
        assert_eq!(numbered.of_two_reporters(), Likeness::Ask);
        let larger = CaseComparison {
            amounts: Agreement::Different,
            ..told
        };
        assert_eq!(larger.of_two_reporters(), Likeness::Different);
    }

    #[test]
    fn a_second_certificate_is_no_second_person() {
        let second = CaseComparison {
            number: Agreement::Different,
            ..ALIKE
        };
        assert_eq!(second.of_anyone(), Likeness::Same);
    }

    #[test]
    fn one_name_elsewhere_is_asked_and_with_another_certificate_another_person() {
        let elsewhere = CaseComparison {
            equal: 0,
            different: 1,
            ..ALIKE
        };
        assert_eq!(elsewhere.of_anyone(), Likeness::Ask);
        let another = CaseComparison {
            number: Agreement::Different,
            ..elsewhere
        };
        assert_eq!(another.of_anyone(), Likeness::Different);
        let name_only = CaseComparison {
            equal: 0,
            unknown: 2,
            ..ALIKE
        };
        assert_eq!(name_only.of_anyone(), Likeness::Ask);
    }

    #[test]
    fn a_near_name_is_one_only_by_its_certificate() {
        let near = CaseComparison {
            subject: Spelling::Near,
            unknown: 0,
            ..ALIKE
        };
        assert_eq!(near.of_anyone(), Likeness::Ask);
        let certified = CaseComparison {
            number: Agreement::Equal,
            ..near
        };
        assert_eq!(certified.of_anyone(), Likeness::Same);
        let other = CaseComparison { unknown: 1, ..near };
        assert_eq!(other.of_anyone(), Likeness::Different);
    }

    #[test]
    fn a_shortened_name_is_one_if_all_details_agree() {
        let shortened = CaseComparison {
            subject: Spelling::Shortened,
            unknown: 0,
            ..ALIKE
        };
        assert_eq!(shortened.of_anyone(), Likeness::Same);
        let partly = CaseComparison {
            unknown: 1,
            ..shortened
        };
        assert_eq!(partly.of_anyone(), Likeness::Ask);
    }
}
