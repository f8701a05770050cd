/// A clause of the plan: where what it says is held, and how a report comes to show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanClause {
    /// The clause, as the plan numbers it.
    pub code: String,
    /// What it says, in short.
    pub text: String,
    /// The files of the programme that hold it, beside the forms.
    pub held: Vec<String>,
    /// The forms and registers on which it is reported, by code.
    pub forms: Vec<String>,
    /// The rules that check it, by code.
    pub rules: Vec<String>,
    /// The sheets of the report that show it.
    pub sheets: Vec<String>,
    /// Why nothing is reported or shown of it, or what is left to others; blank if nothing is.
    pub reason: String,
}
