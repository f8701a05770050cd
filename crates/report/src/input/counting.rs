use programme::CountingChoice;

/// What a choice of what counts is about in the years shown.
#[derive(Debug)]
pub struct CountingLine<'a> {
    /// The choice.
    pub choice: &'a CountingChoice,
    /// The sheets of its forms in the blank workbook.
    pub forms: String,
    /// How many records it is about.
    pub records: usize,
    /// Their money, in đồng; none if they name none.
    pub money: Option<i64>,
}

/// A record that a choice of what counts is about.
#[derive(Debug)]
pub struct CountingRow<'a> {
    /// The choice.
    pub choice: &'a CountingChoice,
    /// The department.
    pub department: String,
    /// Its file's name.
    pub file_name: String,
    /// The sheet.
    pub sheet: String,
    /// The row, counted from 1.
    pub row: i64,
    /// What the row is about.
    pub subject: String,
    /// Its money, in đồng; none if it names none.
    pub amount: Option<i64>,
}

impl CountingRow<'_> {
    /// Where it stands, for an order that a reader can follow.
    pub fn place(&self) -> (&str, &str, &str, i64) {
        (&self.department, &self.file_name, &self.sheet, self.row)
    }
}
