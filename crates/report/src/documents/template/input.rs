use model::Period;
use programme::tables::Tables;
use programme::{Department, Programme};

/// What a department's blank workbook is made from.
#[derive(Debug)]
pub struct TemplateInput<'a> {
    /// The programme.
    pub programme: &'a Programme,
    /// The department.
    pub department: &'a Department,
    /// What it will report about.
    pub period: Period,
    /// Its running cases, by form.
    pub running: Tables,
    /// Whether they are of the same year, so that their amounts go on.
    pub same_year: bool,
}
