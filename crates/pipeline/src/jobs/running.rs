use crate::error::PipelineError;
use crate::workspace::Workspace;
use ledger::{AsOf, Ledger, Outcome, Submission};
use model::Period;

/// The period that is running: the last that a report came for, the whole year before its quarters. Nothing if none came.
///
/// # Errors
/// When the ledger cannot be read.
pub fn running_period(workspace: &Workspace) -> Result<Option<Period>, PipelineError> {
    let ledger = Ledger::open(&workspace.ledger())?;
    Ok(running(&ledger.submissions(AsOf::NOW)?))
}

/// Of these submissions, whatever became of them since: one that was set aside still says which period is being worked on.
pub(crate) fn running(submissions: &[Submission]) -> Option<Period> {
    let taken = submissions
        .iter()
        .filter(|it| it.outcome != Outcome::Refused);
    let periods = taken.filter_map(|it| it.period);
    periods.max_by_key(|period| (period.last_day(), period.is_whole_year()))
}

#[cfg(test)]
mod tests {
    use super::running;
    use crate::testing::submission;
    use ledger::{Outcome, Submission};

    #[test]
    fn the_last_period_runs_and_a_year_before_its_quarter() {
        let sent = |period| submission(1, "SCT", period);
        let refused = Submission {
            outcome: Outcome::Refused,
            ..sent("2025")
        };
        let shown = |all: &[Submission]| running(all).map(|it| it.to_string());
        assert_eq!(shown(&[]), None);
        assert_eq!(shown(std::slice::from_ref(&refused)), None);
        let all = [sent("2023"), sent("2024-Q2"), refused];
        assert_eq!(shown(&all).as_deref(), Some("2024-Q2"));
        let all = [sent("2024"), sent("2024-Q4"), sent("2024-Q1")];
        assert_eq!(shown(&all).as_deref(), Some("2024"));
    }
}
