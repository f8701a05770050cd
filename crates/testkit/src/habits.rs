//! How other clerks write the cells of a list: habits beside the slips and short forms that lists are made with otherwise.

/// What a clerk has before him.
pub(crate) struct Sheet<'s> {
    /// The legal form in full.
    pub form: &'s str,
    /// The lines of business.
    pub lines: &'s [String],
    /// The proper name.
    pub name: &'s str,
    /// The address in full.
    pub address: &'s str,
    /// Who stands for it.
    pub person: &'s str,
}

/// The habits, and how many of a hundred rows that have a partner are written so.
pub(crate) const HABITS: [(&str, usize); 9] = [
    ("dotted", 9),
    ("run_together", 8),
    ("numbered", 7),
    ("round", 6),
    ("with_address", 7),
    ("swapped", 6),
    ("with_owner", 6),
    ("form_behind", 6),
    ("workshop", 5),
];

impl Sheet<'_> {
    /// The cell of the name and that of the address, as a habit writes them; none for what is no habit.
    pub(crate) fn written(&self, habit: &str) -> Option<(String, String)> {
        let lines = self.lines.join(" ");
        let plain = joined(&[self.form, &lines, self.name]);
        let address = self.address.to_owned();
        let cells = match habit {
            "dotted" => {
                let dotted: Vec<String> = self.lines.iter().map(|line| dotted(line)).collect();
                let name = joined(&[
                    "C.Ty",
                    &dotted_form(self.form),
                    &dotted.join(" "),
                    self.name,
                ]);
                (name, address)
            }
            "run_together" => {
                let form = run_together(self.form);
                (joined(&[&form, &lines, self.name]), address)
            }
            "numbered" => (format!("12. {plain}"), address),
            "round" => (format!("{plain} (đợt 2)"), address),
            "with_address" => (format!("{plain} - {address}"), String::new()),
            "swapped" => (address, plain),
            "with_owner" => (format!("{plain} ({})", self.person), address),
            "form_behind" => (format!("{} - TNHH", joined(&[&lines, self.name])), address),
            "workshop" => (joined(&["Cơ sở sản xuất", &lines, self.name]), address),
            _ => return None,
        };
        Some(cells)
    }
}

fn joined(parts: &[&str]) -> String {
    let parts = parts.iter().filter(|part| !part.is_empty());
    parts.copied().collect::<Vec<_>>().join(" ")
}

/// 'Dịch vụ' as 'D.vụ'.
fn dotted(line: &str) -> String {
    let words: Vec<&str> = line.split(' ').collect();
    let Some((last, before)) = words.split_last() else {
        return String::new();
    };
    let letters: String = before
        .iter()
        .filter_map(|word| word.chars().next())
        .flat_map(|letter| [letter, '.'])
        .collect();
    format!("{letters}{last}")
}

/// The form without the words for a company, its letters with dots: 'T.N.H.H'.
fn dotted_form(form: &str) -> String {
    let form = form.strip_prefix("Công ty ").unwrap_or(form);
    let letters = initials(form).to_uppercase();
    let letters: Vec<String> = letters.chars().map(String::from).collect();
    letters.join(".")
}

/// 'Công ty TNHH' as 'Cttnhh'.
fn run_together(form: &str) -> String {
    let letters = initials(form).to_lowercase();
    let mut chars = letters.chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string());
    first.unwrap_or_default() + chars.as_str()
}

/// The first letters of words; words of capitals whole.
fn initials(form: &str) -> String {
    let of_word = |word: &str| -> String {
        match word.chars().all(char::is_uppercase) {
            true => word.to_owned(),
            false => word.chars().take(1).collect(),
        }
    };
    form.split(' ').map(of_word).collect()
}

#[cfg(test)]
mod tests {
    use super::{HABITS, Sheet};

    #[test]
    fn each_habit_has_its_cells() {
        let lines = ["Dịch vụ".to_owned(), "Nhựa".to_owned()];
        let sheet = Sheet {
            form: "Công ty TNHH",
            lines: &lines,
            name: "Kỳ Lộ",
            address: "2 Lê Lợi, Xã Long Tân",
            person: "Lý An",
        };
        let cells = |habit| sheet.written(habit).unwrap();
        assert_eq!(cells("dotted").0, "C.Ty T.N.H.H D.vụ Nhựa Kỳ Lộ");
        assert_eq!(cells("run_together").0, "Cttnhh Dịch vụ Nhựa Kỳ Lộ");
        assert_eq!(cells("swapped").0, sheet.address);
        assert_eq!(cells("with_address").1, "");
        assert!(
            HABITS
                .iter()
                .all(|(habit, _)| sheet.written(habit).is_some())
        );
        assert_eq!(sheet.written("clean"), None);
    }
}
