//! What persons said of headings that a form does not know.

use model::HeadingMeaning;
use std::collections::BTreeMap;

/// The answers on headings that are known, by department, form and folded heading.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HeadingAnswers(BTreeMap<String, DepartmentAnswers>);

/// The answers on the headings of one department.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct DepartmentAnswers(BTreeMap<String, FormAnswers>);

/// The answers on the headings of one form, by the folded heading.
pub(crate) type FormAnswers = BTreeMap<String, SaidHeading>;

/// What was said of a heading, and by whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SaidHeading {
    pub meaning: HeadingMeaning,
    /// Who said it and when, as it is shown.
    pub said: String,
}

impl HeadingAnswers {
    /// Adds an answer; a later one on the same heading takes its place. `said` is who gave it and when, as it is shown.
    pub fn add(
        &mut self,
        (department, form, heading): (&str, &str, &str),
        meaning: HeadingMeaning,
        said: String,
    ) {
        let department = self.0.entry(department.to_owned()).or_default();
        let form = department.0.entry(form.to_owned()).or_default();
        form.insert(heading.to_owned(), SaidHeading { meaning, said });
    }

    /// Takes an answer back: the heading is asked about again.
    pub fn remove(&mut self, (department, form, heading): (&str, &str, &str)) {
        let department = self.0.get_mut(department);
        if let Some(form) = department.and_then(|it| it.0.get_mut(form)) {
            form.remove(heading);
        }
    }

    /// What is known of a heading of a department's form.
    pub fn get(&self, department: &str, form: &str, heading: &str) -> Option<&HeadingMeaning> {
        let form = self.of(department)?.of_form(form)?;
        form.get(heading).map(|said| &said.meaning)
    }

    pub(crate) fn of(&self, department: &str) -> Option<&DepartmentAnswers> {
        self.0.get(department)
    }
}

impl DepartmentAnswers {
    pub(crate) fn of_form(&self, form: &str) -> Option<&FormAnswers> {
        self.0.get(form)
    }
}

#[cfg(test)]
mod tests {
    use super::HeadingAnswers;
    use model::HeadingMeaning;

    #[test]
    fn of_one_heading_the_last_answer_is_known_until_it_is_taken_back() {
        let mut answers = HeadingAnswers::default();
        let key = ("SXD", "support", "kinh phi");
        let column = |name: &str| HeadingMeaning::Column(name.to_owned());
        answers.add(key, column("state_budget"), String::new());
        answers.add(key, HeadingMeaning::NotOfForm, String::new());
        let get = |answers: &HeadingAnswers, department| {
            answers.get(department, "support", "kinh phi").cloned()
        };
        assert_eq!(get(&answers, "SXD"), Some(HeadingMeaning::NotOfForm));
        assert_eq!(get(&answers, "SCT"), None);
        answers.remove(key);
        assert_eq!(get(&answers, "SXD"), None);
    }
}
