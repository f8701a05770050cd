use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A file by its content: the SHA-256 of its bytes in 64 lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FileId(pub String);

impl FileId {
    /// The first twelve digits: enough to tell files apart on a page.
    pub fn short(&self) -> &str {
        self.0.get(..12).unwrap_or(&self.0)
    }
}

impl fmt::Display for FileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A cell of a sheet, counted from zero, shown as `B5`.
///
/// ```
/// let cell: model::CellRef = "AB12".parse().unwrap();
/// assert_eq!((cell.row, cell.col), (11, 27));
/// assert_eq!(cell.to_string(), "AB12");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CellRef {
    /// Row, the first being 0.
    pub row: u32,
    /// Column, A being 0.
    pub col: u32,
}

impl CellRef {
    /// Appends the letters of its column to a text.
    pub fn push_letters(self, text: &mut String) {
        let mut letters = [0u8; 7];
        let mut at = letters.len();
        let mut rest = u64::from(self.col) + 1;
        while rest > 0 {
            at -= 1;
            letters[at] = b'A' + u8::try_from((rest - 1) % 26).unwrap_or(0);
            rest = (rest - 1) / 26;
        }
        text.push_str(std::str::from_utf8(&letters[at..]).unwrap_or_default());
    }
}

impl fmt::Display for CellRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut letters = String::with_capacity(3);
        self.push_letters(&mut letters);
        write!(f, "{letters}{}", u64::from(self.row) + 1)
    }
}

impl FromStr for CellRef {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let split = text.find(|c: char| c.is_ascii_digit()).ok_or(())?;
        let (letters, digits) = text.split_at(split);
        if letters.is_empty()
            || letters.len() > 6
            || !letters.bytes().all(|b| b.is_ascii_uppercase())
        {
            return Err(());
        }
        let col = letters
            .bytes()
            .fold(0u32, |col, b| col * 26 + u32::from(b - b'A') + 1)
            - 1;
        let row: u32 = digits.parse().map_err(|_| ())?;
        Ok(Self {
            row: row.checked_sub(1).ok_or(())?,
            col,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::CellRef;

    #[test]
    fn columns_count_as_letters() {
        for (col, letters) in [
            (0, "A"),
            (25, "Z"),
            (26, "AA"),
            (51, "AZ"),
            (52, "BA"),
            (701, "ZZ"),
            (702, "AAA"),
            (16383, "XFD"),
        ] {
            let cell = CellRef { row: 4, col };
            assert_eq!(cell.to_string(), format!("{letters}5"));
            assert_eq!(cell.to_string().parse(), Ok(cell));
        }
    }
}
