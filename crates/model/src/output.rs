/// What we write ourselves. Each file of ours carries its mark, so that one that is dropped among the senders' files is known
/// whatever it is called and whoever has saved it again.
///
/// ```
/// use model::OutputKind;
/// assert_eq!(OutputKind::AnnualReport.mark(), "tonghop:annual-report");
/// assert!(OutputKind::Template.is_awaited() && !OutputKind::Screening.is_awaited());
/// ```
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, strum::IntoStaticStr, strum::VariantArray,
)]
#[strum(serialize_all = "kebab-case")]
pub enum OutputKind {
    /// The consolidated workbook, and the page for a browser that shows the same.
    AnnualReport,
    /// The letter that goes with it.
    Letter,
    /// What is known of nominees.
    Screening,
    /// A sender's own sheets with what is to be mended.
    Feedback,
    /// A blank workbook for a department.
    Template,
    /// Questions for a person.
    Review,
}

impl OutputKind {
    /// Every kind.
    pub const ALL: &'static [Self] = <Self as strum::VariantArray>::VARIANTS;

    /// The word among a document's properties: plain letters, so that each program keeps it as it is.
    pub fn mark(self) -> String {
        format!("tonghop:{}", <&str>::from(self))
    }

    /// Whether it is sent out to come back filled in, mended or answered; any other is never taken in.
    pub fn is_awaited(self) -> bool {
        matches!(self, Self::Feedback | Self::Template | Self::Review)
    }

    /// What it is called, for who dropped it.
    pub fn title(self) -> &'static str {
        match self {
            Self::AnnualReport => "báo cáo tổng hợp (consolidated report)",
            Self::Letter => "công văn kèm báo cáo tổng hợp (letter of the report)",
            Self::Screening => "kết quả rà soát đề xuất (screening result)",
            Self::Feedback => "phiếu phản hồi (feedback)",
            Self::Template => "biểu mẫu (template)",
            Self::Review => "câu hỏi chờ quyết định (questions)",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::OutputKind;

    #[test]
    fn no_mark_begins_another() {
        for one in OutputKind::ALL {
            let others = OutputKind::ALL.iter().filter(|other| *other != one);
            for other in others {
                assert!(!other.mark().starts_with(&one.mark()), "{one:?} {other:?}");
            }
        }
    }
}
