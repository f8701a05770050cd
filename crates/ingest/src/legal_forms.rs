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
        // What parts two names, or a number of them; nearly all names have neither.
        let parts_names = |c: char| matches!(c, ';' | '\n' | ',' | '&');
        let is_counted = text.trim_start().starts_with(|c: char| c.is_ascii_digit());
        let mut pairs = text.chars().zip(text.chars().skip(1));
        let has_joint = pairs.any(|(c, next)| c.is_whitespace() && matches!(next, 'v' | 'V'));
        let head: String = text.chars().take(6).flat_map(char::to_lowercase).collect();
        let may_be_plural = ["các", "cac", "một số", "mot so", "những", "nhung"]
            .iter()
            .any(|word| head.starts_with(word));
        // 'Công ty' stands twice.
        let mut ends = text
            .match_indices([' ', '\u{a0}'])
            .map(|(at, blank)| &text[at + blank.len()..]);
        let is_firm =
            |rest: &str| rest.starts_with("ty") || rest.starts_with("TY") || rest.starts_with("Ty");
        let has_two = ends.by_ref().any(is_firm) && ends.any(is_firm);
        if !has_two && !has_joint && !is_counted && !may_be_plural && !text.contains(parts_names) {
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
