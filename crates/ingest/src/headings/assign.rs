//! Which column of a form each column of a sheet is: all together, by how surely each heading names it and by what stands
//! under it.

use crate::heading_answers::{FormAnswers, SaidHeading};
use crate::headings::heading_text::Named;
use crate::headings::path::HeadingPath;
use crate::headings::under::{Fit, Under};
use model::HeadingMeaning;
use programme::{ColumnType, Form, HeadingWords, Programme};
use std::collections::{BTreeMap, BTreeSet};

/// What is known beside the headings.
pub(crate) struct Assigning<'a> {
    pub programme: &'a Programme,
    pub under: &'a Under,
    /// The year that is reported on, if it is known yet.
    pub year: Option<i32>,
    /// What persons said of the sender's headings of the form.
    pub answers: Option<&'a FormAnswers>,
}

/// A heading that may name a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Claim {
    /// The path among the paths.
    path: usize,
    /// The place of the form's column.
    place: usize,
    strength: i32,
}

/// The form's columns that were found, each with its path among the paths; none for one of several columns.
type Taken = BTreeMap<usize, Option<usize>>;

/// Several columns of a sheet that are one of the form, each for a code that its heading names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CodedColumn {
    pub col: u32,
    /// The form's column of codes, and the code.
    pub place: usize,
    pub code: String,
    /// The form's column of the amounts that stand there; without one it holds marks.
    pub amount: Option<usize>,
}

/// A heading that is not understood and may be a column that the form lacks otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UnsureColumn {
    pub col: u32,
    pub text: String,
    /// The heading as answers are found by it.
    pub key: String,
    /// The form's columns it may be.
    pub places: Vec<usize>,
    /// The one of them that is likelier than the others.
    pub likeliest: Option<usize>,
    /// What a person said it is, and is not for want of room: another heading is that column as surely.
    pub said: Option<HeadingMeaning>,
    /// Whether the form has those columns, and this one may add to them or be what is meant by them.
    pub is_beside: bool,
}

/// A heading of which a person said what it is, and that is taken so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AnsweredColumn {
    pub col: u32,
    pub text: String,
    /// The heading as answers are found by it.
    pub key: String,
    /// The form's column; none if it is none of them.
    pub place: Option<usize>,
    pub answer: SaidHeading,
}

/// What the columns of a sheet are.
#[derive(Debug, Default)]
pub(crate) struct Assigned {
    /// The form's column of each sheet column that was understood.
    pub columns: BTreeMap<u32, usize>,
    pub coded: Vec<CodedColumn>,
    /// Sheet columns whose heading names a form's column that another has already.
    pub duplicates: Vec<(usize, u32)>,
    pub unsure: Vec<UnsureColumn>,
    pub answered: Vec<AnsweredColumn>,
}

/// A claim that is no stronger leaves the column unsure.
const SURE: i32 = 40;

/// What a person said: surer than any other heading but the form's own.
const SAID: i32 = 99;

impl Assigning<'_> {
    fn words(&self) -> &HeadingWords {
        &self.programme.heading_words
    }

    /// Assigns the columns of a form.
    pub(crate) fn assign(&self, form: &Form, paths: &[HeadingPath]) -> Assigned {
        let mut assigned = Assigned {
            coded: self.coded(form, paths),
            ..Assigned::default()
        };
        let coded: BTreeSet<u32> = assigned.coded.iter().map(|coded| coded.col).collect();
        let mut claims: Vec<Claim> = paths
            .iter()
            .enumerate()
            .filter(|(_, path)| !coded.contains(&path.col) && !path.own.is_number)
            .flat_map(|(i, path)| self.claims(form, i, path))
            .collect();
        // The surest first; of equals the leftmost.
        claims.sort_by_key(|claim| (std::cmp::Reverse(claim.strength), claim.path, claim.place));
        let mut taken = Taken::new();
        for coded in &assigned.coded {
            taken.extend(coded.amount.map(|amount| (amount, None)));
            taken.insert(coded.place, None);
        }
        for claim in claims.iter().filter(|claim| claim.strength > SURE) {
            let col = paths[claim.path].col;
            if assigned.columns.contains_key(&col) || taken.contains_key(&claim.place) {
                continue;
            }
            assigned.columns.insert(col, claim.place);
            taken.insert(claim.place, Some(claim.path));
        }
        for (i, path) in paths.iter().enumerate() {
            if assigned.columns.contains_key(&path.col) || coded.contains(&path.col) {
                continue;
            }
            if self.is_of_no_form(form, path) {
                continue;
            }
            let own: Vec<&Claim> = claims.iter().filter(|claim| claim.path == i).collect();
            let rival = own.iter().find_map(|claim| {
                let kept = (*taken.get(&claim.place)?)?;
                (claim.strength > SURE).then_some((claim, kept))
            });
            if let Some((claim, kept)) = rival {
                if is_same_heading(&paths[kept], path) {
                    assigned.duplicates.push((claim.place, path.col));
                    continue;
                }
                // Two headings in other words for one column of amounts: which one counts is not for us to say.
                if form.columns[claim.place].kind == ColumnType::Money
                    && self.under.holds_amounts(path.col)
                {
                    assigned.unsure.push(UnsureColumn {
                        likeliest: None,
                        ..self.unsure(form, path, vec![claim.place], &own)
                    });
                    continue;
                }
            }
            let missing = |place: &usize| !taken.contains_key(place);
            let mut places: Vec<usize> = own.iter().map(|c| c.place).filter(missing).collect();
            if places.is_empty()
                && (self.may_be_funds(path) || self.may_be_only_funds(form, path, &taken))
            {
                places = self.funds(form).into_iter().filter(missing).collect();
            }
            places.sort_unstable();
            places.dedup();
            if places.is_empty() {
                assigned.unsure.extend(self.beside(form, path, &own));
            } else {
                assigned.unsure.push(self.unsure(form, path, places, &own));
            }
        }
        keep_leftmost(&mut assigned);
        assigned.answered = self.answered(form, paths, &assigned.columns);
        assigned
    }

    /// What a person said of a heading, and the form's column that it is. An answer that names a column which the form has
    /// no more is none.
    pub(crate) fn said(
        &self,
        form: &Form,
        path: &HeadingPath,
    ) -> Option<(Option<usize>, &SaidHeading)> {
        let said = self.answers?.get(&path.key())?;
        match &said.meaning {
            HeadingMeaning::NotOfForm => Some((None, said)),
            HeadingMeaning::Column(name) => {
                let place = form.place_once_called(name)?;
                // What was said of a year's amounts is not said of the next year's report, which may repeat them.
                let is_number = form.columns[place].kind.is_number();
                (!is_number || !self.is_of_another_year(path)).then_some((Some(place), said))
            }
        }
    }

    fn is_of_no_form(&self, form: &Form, path: &HeadingPath) -> bool {
        matches!(self.said(form, path), Some((None, _)))
    }

    /// The headings that are taken for what a person said.
    pub(crate) fn answered(
        &self,
        form: &Form,
        paths: &[HeadingPath],
        columns: &BTreeMap<u32, usize>,
    ) -> Vec<AnsweredColumn> {
        let answered = paths.iter().filter_map(|path| {
            let (place, said) = self.said(form, path)?;
            (columns.get(&path.col).copied() == place).then(|| AnsweredColumn {
                col: path.col,
                text: path.shown(),
                key: path.key(),
                place,
                answer: said.clone(),
            })
        });
        answered.collect()
    }

    /// Columns beside the table that may be some that it lacks: a small table of its own, or the form's own parted by a blank
    /// column.
    pub(crate) fn unsure_beside(
        &self,
        form: &Form,
        beside: &[HeadingPath],
        assigned: &Assigned,
    ) -> Vec<UnsureColumn> {
        let has = |place: usize| assigned.columns.values().any(|&other| other == place);
        let may_be = |(i, path): (usize, &HeadingPath)| {
            let claims = self.claims(form, i, path);
            let places: Vec<usize> = claims
                .iter()
                .filter(|claim| claim.strength > SURE && !has(claim.place))
                .map(|claim| claim.place)
                .collect();
            let claims: Vec<&Claim> = claims.iter().collect();
            (!places.is_empty()).then(|| self.unsure(form, path, places, &claims))
        };
        beside.iter().enumerate().filter_map(may_be).collect()
    }

    /// Columns of amounts beside the table under headings that the table has, too: a second half of it, which is not read.
    pub(crate) fn repeated_beside(
        &self,
        form: &Form,
        beside: &[HeadingPath],
        assigned: &Assigned,
    ) -> Vec<(usize, u32)> {
        let has = |place: usize| assigned.columns.values().any(|&other| other == place);
        let repeats = |(i, path): (usize, &HeadingPath)| {
            let claims = self.claims(form, i, path).into_iter();
            let mut of_money = claims.filter(|claim| {
                let is_money = form.columns[claim.place].kind == ColumnType::Money;
                is_money && claim.strength > SURE && has(claim.place)
            });
            let claim = of_money
                .next()
                .filter(|_| self.under.holds_amounts(path.col))?;
            Some((claim.place, path.col))
        };
        beside.iter().enumerate().filter_map(repeats).collect()
    }

    /// A column of amounts beside the form's own that may be part of one, or what is meant by it: 'NSNN › Trung ương', 'Lũy
    /// kế NSNN', 'Viện trợ'.
    fn beside(&self, form: &Form, path: &HeadingPath, claims: &[&Claim]) -> Option<UnsureColumn> {
        let words = self.words();
        let is_known_otherwise = words.is_plainly_other(&path.own.words);
        if is_known_otherwise
            || !self.under.holds_amounts(path.col)
            || self.is_of_another_year(path)
        {
            return None;
        }
        let is_money = |place: &usize| form.columns[*place].kind == ColumnType::Money;
        // Parts of an amount stand under its name.
        if let Some(place) = self.money_over(form, path) {
            return Some(self.unsure(form, path, vec![place], claims));
        }
        let claimed = claims.iter().map(|claim| claim.place).filter(is_money);
        let mut places: Vec<usize> = claimed.collect();
        let is_change = words.is_changing(&path.own.words);
        if places.is_empty() && (is_change || self.may_be_funds(path)) {
            places = self.funds(form);
        }
        (!places.is_empty()).then(|| UnsureColumn {
            likeliest: None,
            is_beside: true,
            ..self.unsure(form, path, places, claims)
        })
    }

    /// The form's column of money that a group over a column of the sheet names.
    fn money_over(&self, form: &Form, path: &HeadingPath) -> Option<usize> {
        path.groups.iter().find_map(|group| {
            let names = group.names(form, self.words());
            let kind = |place: usize| &form.columns[place].kind;
            let mut named = (0..names.len()).filter(|place| names[*place] > Some(Named::InPart));
            // 'Doanh nghiệp' is who is supported as well as whose money it is.
            let is_other = named.clone().any(|place| !kind(place).is_number());
            named.find(|place| !is_other && *kind(*place) == ColumnType::Money)
        })
    }

    /// Whether a column holds money of which its heading does not say whose.
    fn may_be_funds(&self, path: &HeadingPath) -> bool {
        let says = self.words().is_money(&path.own.words)
            || (path.own.is_filler && path.groups.iter().any(|g| self.words().is_money(&g.words)));
        says && self.under.holds_amounts(path.col) && !self.is_of_another_year(path)
    }

    /// Whether a column of amounts stands where none of the form's funds was understood: it may be any of them.
    fn may_be_only_funds(&self, form: &Form, path: &HeadingPath, taken: &Taken) -> bool {
        let mut funds = self.funds(form).into_iter();
        self.under.holds_amounts(path.col)
            && !self.is_of_another_year(path)
            && funds.all(|place| !taken.contains_key(&place))
    }

    /// The form's columns of funds: those whose money is reported, not an enterprise's turnover.
    fn funds(&self, form: &Form) -> Vec<usize> {
        let is_funds = |name: &String| self.words().concept(name).is_some_and(|it| it.funds);
        let columns = form.columns.iter().enumerate();
        columns
            .filter(|(_, column)| column.concept.as_ref().is_some_and(is_funds))
            .map(|(place, _)| place)
            .collect()
    }

    fn is_of_another_year(&self, path: &HeadingPath) -> bool {
        self.year
            .is_some_and(|reported| path.years().any(|year| year != reported))
    }

    /// Which columns of the form the headings over one column may name.
    fn claims(&self, form: &Form, i: usize, path: &HeadingPath) -> Vec<Claim> {
        if let Some((place, _)) = self.said(form, path) {
            let claim = |place| Claim {
                path: i,
                place,
                strength: SAID,
            };
            return place.map(claim).into_iter().collect();
        }
        let named = self.named(form, path);
        let columns = form.columns.iter().zip(named).enumerate();
        // Amounts under an amount's name describe nothing: 'NSNN › Huyện' is no district.
        let is_amount = self.under.holds_amounts(path.col) && self.money_over(form, path).is_some();
        columns
            .filter(|(_, (column, _))| !is_amount || column.kind.is_number())
            .filter_map(|(place, (column, named))| {
                let sure = match named? {
                    Named::Own => 100,
                    Named::Known => 90,
                    Named::ByWords => 80,
                    Named::Nearly => 60,
                    Named::InPart => 10,
                };
                let fits = match self.under.fit(path.col, &column.kind) {
                    Fit::Yes => 5,
                    Fit::Unknown => 0,
                    Fit::No => -45,
                };
                Some(Claim {
                    path: i,
                    place,
                    strength: sure + fits,
                })
            })
            .collect()
    }

    /// How the headings over a column name each of the form's.
    fn named(&self, form: &Form, path: &HeadingPath) -> Vec<Option<Named>> {
        let words = self.words();
        let own = path.own.names(form, words);
        // 'Trong đó', 'Năm 2024' say nothing themselves: the group above them is the heading. Another part is named after
        // its group: 'Kinh phí thực hiện' over 'Doanh nghiệp'.
        let by_group = |place: usize| {
            let groups = if path.own.is_filler {
                &path.groups
            } else {
                &path.joined
            };
            groups
                .iter()
                .find_map(|group| group.names(form, words)[place])
        };
        let is_of_another_year = self.is_of_another_year(path);
        let is_of_some_year = self.year.is_none() && path.years().next().is_some();
        form.columns
            .iter()
            .enumerate()
            .map(|(place, column)| {
                let sure = |named: &Named| *named > Named::InPart;
                let named = own[place]
                    .filter(sure)
                    .or_else(|| by_group(place).filter(sure))
                    .or(own[place])?;
                if !column.kind.is_number() {
                    return Some(named);
                }
                // An amount of another year or kind is not the one that is reported.
                if is_of_another_year {
                    return None;
                }
                let concept = column.concept.as_ref().and_then(|it| words.concept(it));
                let mut groups = path.groups.iter();
                let is_other = groups.any(|group| words.is_other(concept, &group.words));
                Some(if is_other || is_of_some_year {
                    Named::InPart
                } else {
                    named
                })
            })
            .collect()
    }

    /// Columns that are one of the form's, each for a code: 'Nội dung hỗ trợ › 3a1 | 3b1' over marks, 'Dự toán › NSNN bảo đảm |
    /// NSNN hỗ trợ' over amounts.
    fn coded(&self, form: &Form, paths: &[HeadingPath]) -> Vec<CodedColumn> {
        for (place, column) in form.columns.iter().enumerate() {
            let Some(list) = column
                .kind
                .list()
                .and_then(|it| self.programme.lists.get(it))
            else {
                continue;
            };
            let mut coded = Vec::new();
            for path in paths {
                let Some(group) = path.groups.first() else {
                    continue;
                };
                let Some(found) = list.find(&path.own.text).filter(|it| it.words.is_none()) else {
                    continue;
                };
                let names = group.names(form, self.words());
                let named = |place: usize| names[place].is_some_and(|it| it > Named::InPart);
                let money = form
                    .columns
                    .iter()
                    .enumerate()
                    .find(|(other, column)| column.kind == ColumnType::Money && named(*other));
                let amount = match money {
                    Some((other, _)) => Some(other),
                    None if named(place) => None,
                    None => continue,
                };
                coded.push(CodedColumn {
                    col: path.col,
                    place,
                    code: found.code.to_owned(),
                    amount,
                });
            }
            if coded.len() >= 2 {
                return coded;
            }
        }
        Vec::new()
    }

    /// A heading that may be these of the form's columns, as surely as it claims them.
    fn unsure(
        &self,
        form: &Form,
        path: &HeadingPath,
        places: Vec<usize>,
        claims: &[&Claim],
    ) -> UnsureColumn {
        let strength = |place: usize| {
            let of_place = claims.iter().filter(|claim| claim.place == place);
            of_place.map(|claim| claim.strength).max()
        };
        let most = places.iter().filter_map(|&place| strength(place)).max();
        let mut strongest = places
            .iter()
            .filter(|&&place| places.len() == 1 || strength(place) == most);
        let likeliest = strongest.next().copied();
        UnsureColumn {
            col: path.col,
            text: path.shown(),
            key: path.key(),
            likeliest: likeliest.filter(|_| strongest.next().is_none()),
            said: self.said(form, path).map(|(_, said)| said.meaning.clone()),
            places,
            is_beside: false,
        }
    }
}

/// Whether two columns are named by the same words, from the widest group down.
fn is_same_heading(one: &HeadingPath, other: &HeadingPath) -> bool {
    let (groups, others) = (one.groups.iter(), other.groups.iter());
    one.own.words == other.own.words && groups.map(|it| &it.words).eq(others.map(|it| &it.words))
}

/// Of columns with the same heading the leftmost counts.
fn keep_leftmost(assigned: &mut Assigned) {
    for (place, col) in &mut assigned.duplicates {
        let kept = assigned.columns.iter().find(|(_, other)| *other == place);
        if let Some(kept) = kept.map(|(&kept, _)| kept).filter(|kept| *kept > *col) {
            assigned.columns.remove(&kept);
            assigned.columns.insert(*col, *place);
            *col = kept;
        }
    }
    assigned.duplicates.sort_unstable();
}

#[cfg(test)]
mod tests {
    use crate::grid::Merged;
    use crate::headings::{HeadingContext, find_headings};
    use crate::limits::Purpose;
    use crate::workbook::open;
    use programme::Programme;

    /// Which columns of the first sheet are which, and which are asked about with what they may be.
    fn assigned(text: &str, year: Option<i32>) -> (String, Vec<String>) {
        assigned_under(text, year, None)
    }

    /// The same where cells of the heading are merged.
    fn assigned_under(
        text: &str,
        year: Option<i32>,
        merged: Option<[&str; 2]>,
    ) -> (String, Vec<String>) {
        let programme = Programme::default_programme().unwrap();
        let bytes = testkit::workbook(text);
        let mut opened = open(&bytes, "a.xlsx", Purpose::Report).ok().unwrap();
        opened.sheets[0].merged.extend(merged.map(|cells| {
            let [first, last] = cells.map(|cell| cell.parse().unwrap());
            Merged { first, last }
        }));
        let context = HeadingContext {
            year,
            ..HeadingContext::of(&programme)
        };
        let headings = find_headings(&opened.sheets[0], context);
        let heading = &headings[0];
        let explained = heading.explained(&opened.sheets[0]);
        let columns = explained.split_once(": ").unwrap().1.to_owned();
        let unsure = heading.unsure.iter().map(|unsure| {
            let places = unsure.places.iter();
            let names: Vec<&str> = places
                .map(|&place| heading.form.columns[place].name.as_str())
                .collect();
            format!("{}: {}", unsure.text, names.join(" "))
        });
        (columns, unsure.collect())
    }

    const HEAD: &str = "== T\nTên doanh nghiệp|Nội dung hỗ trợ|Tình trạng";

    #[test]
    fn what_stands_under_a_heading_decides_between_columns_of_one_name() {
        let text = "== T\nDoanh nghiệp|Nội dung hỗ trợ|Tình trạng|NSNN|Doanh nghiệp\nCông ty A|3a1|dừng|5|6\n";
        assert_eq!(
            assigned(text, None).0,
            "A=enterprise B=content C=status D=state_budget E=enterprise_budget"
        );
    }

    #[test]
    fn of_years_side_by_side_the_one_reported_on_counts() {
        let text =
            format!("{HEAD}|NSNN||\n|||Năm 2022|Năm 2023|Tăng/giảm\nCông ty A|3a1|dừng|5|6|1\n");
        let (columns, unsure) = assigned(&text, Some(2023));
        assert!(columns.ends_with("E=state_budget"), "{columns}");
        assert_eq!(unsure, [""; 0]);
    }

    #[test]
    fn money_that_does_not_say_whose_it_is_is_asked_about() {
        let (_, unsure) = assigned(&format!("{HEAD}|Kinh phí\nCông ty A|3a1|dừng|5\n"), None);
        assert_eq!(
            unsure,
            ["Kinh phí: state_budget enterprise_budget other_budget"]
        );
        let (_, unsure) = assigned(
            &format!("{HEAD}|NSNN dự kiến\nCông ty A|3a1|dừng|5\n"),
            None,
        );
        assert_eq!(unsure, ["NSNN dự kiến: state_budget"]);
    }

    #[test]
    fn codes_side_by_side_are_one_column() {
        let text =
            "== T\nTên doanh nghiệp|Nội dung hỗ trợ||Tình trạng\n|3a1|3b1|\nCông ty A|x||dừng\n";
        let (columns, _) = assigned(text, None);
        assert!(columns.contains("B=content 3a1 C=content 3b1"), "{columns}");
    }

    #[test]
    fn parts_of_an_amount_under_its_name_are_asked_about() {
        for (own, values, asked) in [
            (
                "Trung ương|Địa phương",
                "45|5",
                &["NSNN › Trung ương", "NSNN › Địa phương"][..],
            ),
            ("Tổng số|Trong đó: NSTW", "50|7", &["NSNN › Tổng số"]),
            ("Tỉnh|Huyện", "45|5", &["NSNN › Huyện"]),
            ("Trong kỳ|Lũy kế", "7|50", &["NSNN › Lũy kế"]),
            // A plan beside it leaves it as it is.
            ("Dự toán|Thực hiện", "60|50", &[]),
        ] {
            let text = format!("{HEAD}|NSNN|\n|||{own}\nCông ty A|3a1|dừng|{values}\n");
            let (_, unsure) = assigned_under(&text, Some(2023), Some(["D1", "E1"]));
            let unsure: Vec<&str> = unsure
                .iter()
                .filter_map(|it| Some(it.split_once(": state_budget")?.0))
                .collect();
            assert_eq!(unsure, asked, "{own}");
        }
    }

    #[test]
    fn other_money_beside_the_forms_own_is_asked_about_unless_it_is_plainly_other() {
        let funds = "NSNN|DN đối ứng|Nguồn khác";
        for (heading, is_asked) in [
            ("Lũy kế NSNN", true),
            ("NSNN bổ sung", true),
            ("Kinh phí bổ sung", true),
            ("Điều chỉnh (+/-)", true),
            ("NSNN năm trước", false),
            ("Dự toán NSNN", false),
            ("Vốn vay", false),
            ("Lợi nhuận", false),
        ] {
            let text = format!("{HEAD}|{funds}|{heading}\nCông ty A|3a1|dừng|5|6|7|8\n");
            let (columns, unsure) = assigned(&text, Some(2023));
            assert!(columns.contains("F=other_budget"), "{columns}");
            assert_eq!(!unsure.is_empty(), is_asked, "{heading}: {unsure:?}");
        }
    }

    #[test]
    fn a_share_dollars_or_ten_millions_are_no_amount_of_the_form() {
        for heading in [
            "NSNN (%)",
            "NSNN ($)",
            "NSNN (10 triệu đồng)",
            "NSNN (chục triệu đồng)",
        ] {
            let (columns, unsure) =
                assigned(&format!("{HEAD}|{heading}\nCông ty A|3a1|dừng|5\n"), None);
            assert!(!columns.contains("state_budget"), "{heading}: {columns}");
            assert_eq!(unsure.len(), 1, "{heading}");
        }
        for heading in ["NSNN (1.000 đồng)", "NSNN (triệu đồng)", "NSNN (5)"] {
            let (columns, _) = assigned(&format!("{HEAD}|{heading}\nCông ty A|3a1|dừng|5\n"), None);
            assert!(columns.contains("state_budget"), "{heading}: {columns}");
        }
    }
}
