/// A line of the plan's table of who leads which task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// Its number there: lines of one task share it.
    pub number: i64,
    /// The task's code.
    pub task: String,
    /// The clause it stands in.
    pub clause: String,
    /// The departments that lead it, as the plan names them.
    pub leads: Vec<String>,
    /// Those that help with it, and the clause that says so.
    pub helpers: Vec<String>,
    /// The clause that names the helpers; blank if there are none.
    pub helpers_clause: String,
    /// On what ground it is done.
    pub ground: Vec<String>,
}
