//! The words with which the names of enterprises begin.

use programme::Programme;
use vietext::fold;

/// Folded legal forms: 'cong ty tnhh', 'htx', 'doanh nghiep tu nhan'.
#[derive(Debug, Default)]
pub(crate) struct LegalForms(Vec<String>);

/// Words between two names that may join them to one: 'Thương mại và Dịch vụ' is one name.
const JOINTS: [&str; 2] = ["va", "voi"];

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
        let folded = fold(text);
        let mut words = folded.split(' ');
        // 'A', '10 doanh nghiệp', '03 HTX'.
        let counted = words
            .next()
            .and_then(|word| word.parse::<u32>().ok())
            .is_some_and(|count| count > 1 && count < 1_000);
        if counted {
            let rest: Vec<&str> = words.collect();
            let rest = rest.join(" ");
            let mut counted = self.0.iter().map(String::as_str).chain(COUNTED);
            if counted.any(|of| {
                rest.strip_prefix(of)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
            }) {
                return true;
            }
        }
        let parts: Vec<&str> = text
            .split([';', '\n'])
            .filter(|part| !fold(part).is_empty())
            .collect();
        if parts.len() > 1 && parts.iter().skip(1).any(|part| self.begin(part)) {
            return true;
        }
        if parts.len() > 1
            && parts
                .iter()
                .all(|part| part.split_whitespace().count() >= 2)
        {
            return true;
        }
        // 'Công ty A, Công ty B' and 'Công ty A và Công ty B'.
        let by_comma = text.split(',').skip(1).any(|part| self.begin(part));
        let words: Vec<&str> = folded.split(' ').collect();
        let by_joint = (1..words.len())
            .any(|at| JOINTS.contains(&words[at]) && self.begin_folded(&words[at + 1..].join(" ")));
        self.begin_folded(&folded) && (by_comma || by_joint)
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
        ] {
            assert!(forms.are_several(several), "{several}");
        }
        for one in [
            "Công ty TNHH Thương mại và Dịch vụ Minh Khang",
            "Công ty CP 28 Quảng Ngãi",
            "Công ty TNHH MTV 19-5",
            "Hợp tác xã Nông nghiệp và Xây dựng Phú Thịnh",
            "Công ty TNHH Sản xuất, Thương mại, Dịch vụ Hà Nam",
        ] {
            assert!(!forms.are_several(one), "{one}");
        }
    }
}
