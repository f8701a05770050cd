use crate::support::answer_index::previous_line;
use crate::support::comparison::LeftOutLine;
use crate::support::overlap_line::OverlapLine;
use crate::support::registers::RegisterLine;
use crate::support::support_line::SupportLine;
use programme::Programme;
use report::{GrantSide, NotComparedRow, OverlapRow, RegisterRow};
use std::ops::RangeInclusive;

/// The overlaps in which a department's support of some years has a part, those that need a decision first.
pub(crate) fn overlap_rows(
    programme: &Programme,
    years: RangeInclusive<i32>,
    overlaps: &[OverlapLine],
) -> Vec<OverlapRow> {
    let is_shown = |line: &SupportLine| {
        line.department.is_some() && line.year().is_some_and(|year| years.contains(&year))
    };
    let mut shown: Vec<&OverlapLine> = overlaps
        .iter()
        .filter(|overlap| is_shown(&overlap.left) || is_shown(&overlap.right))
        .collect();
    shown.sort_by_key(|overlap| (overlap.class, &overlap.enterprise));
    shown
        .into_iter()
        .map(|overlap| overlap_row(programme, overlap))
        .collect()
}

fn overlap_row(programme: &Programme, overlap: &OverlapLine) -> OverlapRow {
    let side = |line: &SupportLine| GrantSide {
        source: line.source(programme),
        what: line.what(),
        span: line.days(),
        state_budget: line.state_budget,
        place: line.place(),
    };
    OverlapRow {
        class: overlap.class.name(),
        enterprise: overlap.enterprise.clone(),
        waits: overlap.waits,
        decision: overlap
            .decision
            .map_or_else(String::new, |_| previous_line(programme, &overlap.previous)),
        sides: [side(&overlap.left), side(&overlap.right)],
        clause: overlap.clause.clone(),
    }
}

/// An enterprise of which not all pairs were compared, as the report names it.
pub(crate) fn not_compared_row(left_out: &LeftOutLine) -> NotComparedRow {
    NotComparedRow {
        enterprise: left_out.enterprise.clone(),
        grants: left_out.grants,
        pairs: left_out.pairs,
    }
}

/// A register as the report names it.
pub(crate) fn register_row(register: &RegisterLine) -> RegisterRow {
    RegisterRow {
        file_name: register.file.clone(),
        file: register.sha256.short().to_owned(),
        entries: register.entries.values().sum(),
    }
}

#[cfg(test)]
mod tests {
    use super::overlap_rows;
    use crate::support::support_line::SupportLine;
    use crate::testing::{overlap, programme, support_line};
    use link::OverlapClass;

    #[test]
    fn what_needs_a_decision_comes_first_and_other_years_are_left_out() {
        let of = |department, year| SupportLine {
            period: model::Period::year(year),
            ..support_line(department, department)
        };
        let overlaps = [
            overlap(OverlapClass::Combined, [of("SXD", 2023), of("SCT", 2022)]),
            overlap(OverlapClass::Duplicate, [of("SYT", 2023), of("SCT", 2023)]),
            overlap(OverlapClass::Duplicate, [of("SCT", 2022), of("SXD", 2023)]),
            overlap(OverlapClass::Duplicate, [of("SCT", 2021), of("SXD", 2022)]),
        ];
        let rows = overlap_rows(programme(), 2023..=2023, &overlaps);
        let shown: Vec<(&str, &str)> = rows
            .iter()
            .map(|row| (row.class, row.enterprise.as_str()))
            .collect();
        let expected = [
            ("duplicate", "SCT"),
            ("duplicate", "SYT"),
            ("combined", "SXD"),
        ];
        assert_eq!(shown, expected);
        assert_eq!(rows[0].sides[1].source, "Sở Xây dựng");
        assert_eq!(rows[0].decision, "");
    }
}
