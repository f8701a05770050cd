//! The words with which the names of enterprises begin.

use programme::Programme;
use vietext::fold;

/// Folded legal forms: 'cong ty tnhh', 'htx', 'doanh nghiep tu nhan'.
#[derive(Debug, Default)]
pub(crate) struct LegalForms(Vec<String>);

/// Words between two names that may join them to one: 'Thương mại và Dịch vụ' is one name.
const JOINTS: [&str; 2] = [" va ", " voi "];

/// Words behind which a name names another one: 'Chi nhánh Công ty A', 'Công ty con của Công ty B'.
const OF: [&str; 12] = [
    "nhanh", "cua", "thuoc", "tong", "dien", "la", "doanh", "tai", "con", "vien", "hang", "xuong",
];

/// What is counted, beside the legal forms: '10 doanh nghiệp'.
const COUNTED: [&str; 5] = ["doanh nghiep", "dn", "don vi", "ho", "co so"];

impl LegalForms {
    pub(crate) fn of(programme: &Programme) -> Self {
        let forms = programme.linkage.forms.iter();
        let mut phrases: Vec<String> = forms
            .flat_map(|form| &form.phrases)
            .map(|phrase| fold(phrase))
            .filter(|phrase| phrase.len() > 1)
            .collect();
        phrases.sort_by_key(|phrase| std::cmp::Reverse(phrase.len()));
        phrases.dedup();
        Self(phrases)
    }

    /// Whether a text begins with one of them, and goes on.
    pub(crate) fn begin(&self, text: &str) -> bool {
        self.begin_folded(&fold(text))
    }

    fn begin_folded(&self, folded: &str) -> bool {
        self.0.iter().any(|form| {
            folded
                .strip_prefix(form.as_str())
                .is_some_and(|rest| rest.starts_with(' '))
        })
    }

    /// Whether a text names several enterprises: 'A; B', 'Công ty A và Công ty B', '10 doanh nghiệp ngành gỗ'.
    pub(crate) fn are_several(&self, text: &str) -> bool {
        if !may_name_several(text) {
            return false;
        }
        let folded = fold(text);
        let (first, rest) = folded.split_once(' ').unwrap_or((&folded, ""));
        // 'A', '10 doanh nghiệp', '03 HTX'.
        let is_counted = first
            .parse::<u32>()
            .is_ok_and(|count| count > 1 && count < 1_000);
        let mut counted = self.0.iter().map(String::as_str).chain(COUNTED);
        let follows = |of: &str| {
            let rest = rest.strip_prefix(of);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        };
        if is_counted && counted.any(follows) {
            return true;
        }
        if text.contains([';', '\n']) {
            let parts = text.split([';', '\n']);
            let parts: Vec<&str> = parts.filter(|part| !fold(part).is_empty()).collect();
            let is_long = |part: &&str| part.split_whitespace().count() >= 2;
            if parts.len() > 1
                && (parts.iter().skip(1).any(|part| self.begin(part)) || parts.iter().all(is_long))
            {
                return true;
            }
        }
        // 'Công ty A, Công ty B' and 'Công ty A và Công ty B'.
        let by_comma = || text.split(',').skip(1).any(|part| self.begin(part));
        let by_joint = |joint: &str| {
            let mut places = folded.match_indices(joint);
            places.any(|(at, _)| self.begin_folded(&folded[at + joint.len()..]))
        };
        let is_plural = ["cac ", "mot so ", "nhung "].iter().any(|word| {
            let rest = folded.strip_prefix(word);
            rest.is_some_and(|rest| COUNTED.iter().any(|of| rest.starts_with(of)))
        });
        if is_plural {
            return true;
        }
        // 'Công ty TNHH A Công ty CP B': two names that a line parted.
        let by_form = || {
            let places = folded.match_indices(" cong ty ");
            let mut places = places.filter(|(at, _)| {
                let last = folded[..*at].rsplit(' ').next().unwrap_or_default();
                !OF.contains(&last)
            });
            places.any(|(at, _)| self.begin_folded(&folded[at + 1..]))
        };
        self.begin_folded(&folded) && (by_form() || by_comma() || JOINTS.into_iter().any(by_joint))
    }
}

/// Whether a text has anything that parts two names, or counts them: nearly all names have not, and need no closer look.
fn may_name_several(text: &str) -> bool {
    let bytes = text.as_bytes();
    // What stands before a letter of ASCII.
    let before = |at: usize| text[..at].chars().next_back();
    let parts_names = memchr::memchr3(b';', b'\n', b',', bytes).is_some();
    let parts_names = parts_names || memchr::memchr(b'&', bytes).is_some();
    let is_counted = text.trim_start().starts_with(|c: char| c.is_ascii_digit());
    let has_joint = || {
        let mut places = memchr::memchr2_iter(b'v', b'V', bytes);
        places.any(|at| before(at).is_some_and(char::is_whitespace))
    };
    let is_plural = || {
        let begins = |word: &&str| {
            let mut letters = text.chars().flat_map(char::to_lowercase);
            word.chars().all(|c| letters.next() == Some(c))
        };
        // 'Công ty' and its like are ruled out by their first two letters.
        let second = text.chars().nth(1);
        matches!(
            second,
            Some('á' | 'Á' | 'a' | 'A' | 'ộ' | 'Ộ' | 'o' | 'O' | 'h' | 'H')
        ) && ["các", "cac", "một số", "mot so", "những", "nhung"]
            .iter()
            .any(begins)
    };
    // 'Công ty' stands twice.
    let has_two = || {
        let firms = memchr::memchr2_iter(b't', b'T', bytes).filter(|&at| {
            matches!(&bytes[at..], [b't' | b'T', b'y', ..] | [b'T', b'Y', ..])
                && matches!(before(at), Some(' ' | '\u{a0}'))
        });
        firms.take(2).count() == 2
    };
    parts_names || is_counted || has_joint() || is_plural() || has_two()
}

#[cfg(test)]
mod tests {
    use super::LegalForms;
    use programme::Programme;

    #[test]
    fn several_enterprises_in_one_cell_are_told_from_one_name() {
        let forms = LegalForms::of(&Programme::default_programme().unwrap());
        for several in [
            "Công ty TNHH Minh Khang; HTX Bưởi Tân Triều",
            "Công ty TNHH Minh Khang và Công ty CP Hưng Thịnh",
            "Công ty TNHH Minh Khang, HTX Tân Triều",
            "10 doanh nghiệp ngành gỗ",
            "03 HTX",
            "Các doanh nghiệp khác",
            "Công ty TNHH Cơ khí An Phát Công ty CP Gỗ Bình Minh",
        ] {
            assert!(forms.are_several(several), "{several}");
        }
        for one in [
            "Công ty TNHH Thương mại và Dịch vụ Minh Khang",
            "Công ty CP 28 Quảng Ngãi",
            "Chi nhánh Công ty TNHH Cơ khí An Phát tại Đồng Nai",
            "Công ty TNHH MTV Xổ số thuộc Công ty CP Gỗ Bình Minh",
            "Công ty TNHH MTV 19-5",
            "Hợp tác xã Nông nghiệp và Xây dựng Phú Thịnh",
            "Công ty TNHH Sản xuất, Thương mại, Dịch vụ Hà Nam",
        ] {
            assert!(!forms.are_several(one), "{one}");
        }
    }
}
