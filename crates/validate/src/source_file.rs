use model::FileId;

/// A workbook, as findings name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Its content.
    pub id: FileId,
    /// Its name when it came in.
    pub name: String,
}
