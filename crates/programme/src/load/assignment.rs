use super::Loader;
use crate::assignment::Assignment;
use crate::definition::{AssignmentFile, ProgrammeFile};
use crate::programme::Programme;
use toml::Spanned;

impl Loader<'_> {
    /// The table of who leads which task, of a programme that has one.
    pub(super) fn assignments(
        &mut self,
        head: Option<&ProgrammeFile>,
        programme: &Programme,
    ) -> Vec<Assignment> {
        let file = "assignment.toml";
        if self.source.text(file).is_none() {
            return Vec::new();
        }
        let Some(written) = self.read::<AssignmentFile>(file) else {
            return Vec::new();
        };
        let list = head.and_then(|head| head.funding_lists.as_ref());
        let tasks = list.and_then(|lists| programme.lists.get(lists.task.get_ref()));
        let mut assignments = Vec::new();
        for line in written.assignment {
            if tasks.is_none_or(|tasks| tasks.entry(line.task.get_ref()).is_none()) {
                let message = format!(
                    "'{}' is not a code of the list of tasks that [funding_lists] names",
                    line.task.get_ref()
                );
                self.fault_at(file, &line.task, message);
            }
            for code in line.leads.iter().chain(&line.helpers) {
                if programme.department(code.get_ref()).is_none() {
                    let message = format!("department '{}' is not defined", code.get_ref());
                    self.fault_at(file, code, message);
                }
            }
            let codes = |written: Vec<Spanned<String>>| {
                written.into_iter().map(Spanned::into_inner).collect()
            };
            assignments.push(Assignment {
                number: line.number,
                task: line.task.into_inner(),
                clause: line.clause,
                leads: codes(line.leads),
                helpers: codes(line.helpers),
                helpers_clause: line.helpers_clause,
                ground: line.ground,
            });
        }
        assignments
    }
}
