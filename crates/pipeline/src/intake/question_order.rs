//! In which order questions stand, and which may be answered together: what changes most comes first.

use model::Vnd;
use programme::Programme;
use report::ReviewRow;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// What an answer may change.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct QuestionEffect {
    /// The number of enterprises that are supported, which stands at the head of a report (II.1.b).
    pub enterprises: u64,
    /// The money of the state, in đồng.
    pub money: i64,
}

impl QuestionEffect {
    fn and(self, other: Self) -> Self {
        Self {
            enterprises: self.enterprises.saturating_add(other.enterprises),
            money: self.money.saturating_add(other.money),
        }
    }

    fn words(self, programme: &Programme) -> String {
        let words = &programme.words;
        let (count, amount) = (self.enterprises.to_string(), Vnd(self.money).to_string());
        let enterprises = (self.enterprises > 0)
            .then(|| words.render_template("effect_enterprises", [("count", &*count)]));
        let money =
            (self.money > 0).then(|| words.render_template("effect_money", [("amount", &*amount)]));
        let all: Vec<String> = enterprises.into_iter().chain(money).collect();
        all.join("; ")
    }
}

/// A question with what its place depends on.
pub(crate) struct PlacedQuestion {
    pub row: ReviewRow,
    pub effect: QuestionEffect,
    /// Its grounds, for those that may be answered together with others on the same grounds.
    pub grounds: Option<String>,
}

impl PlacedQuestion {
    /// One that is looked at by itself.
    pub(crate) fn alone(row: ReviewRow, effect: QuestionEffect) -> Self {
        Self {
            row,
            effect,
            grounds: None,
        }
    }
}

/// Puts questions in order: those of a group beside each other, the groups by all that their answers change, in a group what
/// changes most first; otherwise in the order they come in. What is known again by the same keys is asked once.
pub(crate) fn in_order(programme: &Programme, asked: Vec<PlacedQuestion>) -> Vec<ReviewRow> {
    let mut groups: Vec<Vec<PlacedQuestion>> = Vec::new();
    let mut by_grounds: BTreeMap<(String, Vec<String>), usize> = BTreeMap::new();
    let mut known = std::collections::BTreeSet::new();
    for question in asked {
        if !known.insert(question.row.keys.clone()) {
            continue;
        }
        let next = groups.len();
        let place = match &question.grounds {
            Some(grounds) => *by_grounds
                .entry((grounds.clone(), question.row.answers.clone()))
                .or_insert(next),
            None => next,
        };
        match groups.get_mut(place) {
            Some(group) => group.push(question),
            None => groups.push(vec![question]),
        }
    }
    let whole = |group: &Vec<PlacedQuestion>| {
        let effects = group.iter().map(|question| question.effect);
        Reverse(effects.fold(QuestionEffect::default(), QuestionEffect::and))
    };
    groups.sort_by_key(whole);
    let mut rows = Vec::new();
    let mut number = 0;
    for mut group in groups {
        group.sort_by_key(|question| Reverse(question.effect));
        let name = match group.len() {
            1 => String::new(),
            count => {
                number += 1;
                let (number, count) = (number.to_string(), count.to_string());
                let values = [("number", &*number), ("count", &*count)];
                programme.words.render_template("group_of", values)
            }
        };
        rows.extend(group.into_iter().map(|question| ReviewRow {
            effect: question.effect.words(programme),
            group: name.clone(),
            ..question.row
        }));
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::{PlacedQuestion, QuestionEffect, in_order};
    use crate::testing::programme;
    use report::{ReviewRow, ReviewSubject};

    fn question(key: &str, grounds: &str, enterprises: u64, money: i64) -> PlacedQuestion {
        PlacedQuestion {
            row: ReviewRow {
                question: key.to_owned(),
                subject: ReviewSubject::Single(Default::default()),
                evidence: String::new(),
                answers: vec!["có".to_owned()],
                proposal: String::new(),
                previous: String::new(),
                keys: [key; 6].map(str::to_owned),
                carried: None,
                effect: String::new(),
                group: String::new(),
            },
            effect: QuestionEffect { enterprises, money },
            grounds: (!grounds.is_empty()).then(|| grounds.to_owned()),
        }
    }

    #[test]
    fn what_changes_most_comes_first_and_equal_grounds_stand_together() {
        let asked = vec![
            question("a", "", 0, 50),
            question("b", "x", 0, 30),
            question("c", "", 1, 0),
            question("d", "x", 0, 40),
            question("e", "y", 0, 60),
            question("b", "x", 0, 30),
        ];
        let rows = in_order(programme(), asked);
        let shown: Vec<String> = rows
            .iter()
            .map(|row| format!("{} {} {}", row.question, row.group, row.effect))
            .collect();
        insta::assert_snapshot!(shown.join("\n"), @r"
        c  1 doanh nghiệp
        d 1 (2 câu) NSNN 40 đ
        b 1 (2 câu) NSNN 30 đ
        e  NSNN 60 đ
        a  NSNN 50 đ
        ");
    }
}
