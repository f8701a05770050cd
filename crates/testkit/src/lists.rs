//! Lists of enterprises with known answers, of any size: for measuring and for trying words never seen before.

use crate::habits::{HABITS, Sheet};
use std::fmt::Write as _;

/// Which words the names are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WordSet {
    /// Words of many names.
    Common,
    /// Words that no other data of ours has.
    Unseen,
}

/// How the rows of the left list are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clerk {
    /// Short forms, slips, lost marks and the like.
    Careless,
    /// Habits of other clerks: dots, numbers, cells that hold too much or one another's text.
    OfHabit,
}

/// Two lists as CSV, and which row of the right one each of the left is, as CSV for a scorer.
#[derive(Debug)]
pub struct Lists {
    /// `id,name,tax_code,address,district,representative,phone`.
    pub left: String,
    /// The same columns.
    pub right: String,
    /// `submission_id,register_id,kind,hard_negative,confusable_ids,mst_state`.
    pub truth: String,
}

/// Numbers that look random and are the same in every run (SplitMix64).
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % n.max(1) as u64).unwrap_or(0)
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}

const FORMS: [(&str, &str); 6] = [
    ("Công ty TNHH", "Cty TNHH"),
    ("Công ty TNHH Một thành viên", "Cty TNHH MTV"),
    ("Công ty Cổ phần", "CTCP"),
    ("Doanh nghiệp tư nhân", "DNTN"),
    ("Hợp tác xã", "HTX"),
    ("Công ty Trách nhiệm hữu hạn", "C.ty TNHH"),
];
const COMMON_LINES: &str = "Thương mại,Dịch vụ,Sản xuất,Xây dựng,Vận tải,Đầu tư,Cơ khí,Bao bì,Nhựa,Gỗ,Điện tử,\
Nông sản,Thủy sản,Thực phẩm,May mặc,Hóa chất,Vật liệu xây dựng,Thiết bị,Môi trường,Du lịch";
const UNSEEN_LINES: &str = "Ươm tơ,Đúc gang,Thuộc da,Chưng cất,Đan lát,Rèn dập,Nạo vét,Khảm trai,Sấy lạnh,Ép dầu,\
Tẩy nhuộm,Mạ kẽm,Lò hơi,Dệt len,Nấu rượu,Phay tiện,Ướp lạnh,Chẻ đá,Vót nan,Giặt là";
const COMMON_NAMES: &str = "Minh Phát Đại Thành Hưng Thịnh Phú Quý An Khang Tân Hoàng Long Bảo Ngọc Thanh Hòa Bình Đức Trí \
Kim Sơn Hà Việt Nam Anh Tuấn Dũng Phương Linh Mai Lan Hồng Trung Tín Nghĩa Hải Vân Khoa Lộc Tiến Phong Vũ Quang";
const UNSEEN_NAMES: &str = "Khuyến Thoại Duyệt Nghiêm Oánh Quyền Thưởng Chuyên Ngoạn Khiết Thuật Tuyền Yểng Ruộng Vượng Xuyến \
Ghềnh Thoan Khoát Lượm Nhẫn Sáo Trạc Chước Đoái Ngải Phẩm Rạng Thụy Uẩn Bính Cẩn Diệp Giản Hậu Khải Lãm Mẫn Niệm Phác";
const BRANDS: &str = "VINATEX SAMHO DAEYANG KYOTA POUSUN HUALON";
const UNSEEN_BRANDS: &str = "ZORVEX QUILNA BRUMTA FEXILO DRAKUN WOZELLI";
const FAMILY: &str =
    "Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Mai Trương";
const STREETS: &str = "Nguyễn Huệ,Trần Phú,Lê Lợi,Hùng Vương,Đồng Khởi,Phạm Văn Thuận,Bùi Văn Hòa,Quốc lộ 51,Lý Thái Tổ,\
Võ Thị Sáu,Hà Huy Giáp,Nguyễn Ái Quốc,Phan Đình Phùng,Trương Định,Điểu Xiển";
/// Communes and their districts, as they were.
const COMMUNES: [(&str, &str); 12] = [
    ("Phường Long Bình", "Thành phố Biên Hòa"),
    ("Phường Tam Hiệp", "Thành phố Biên Hòa"),
    ("Phường Hố Nai", "Thành phố Biên Hòa"),
    ("Xã Phước Thiền", "Huyện Nhơn Trạch"),
    ("Xã Long Tân", "Huyện Nhơn Trạch"),
    ("Xã Phước Thái", "Huyện Long Thành"),
    ("Xã An Phước", "Huyện Long Thành"),
    ("Xã Bắc Sơn", "Huyện Trảng Bom"),
    ("Xã Tây Hòa", "Huyện Trảng Bom"),
    ("Xã Gia Canh", "Huyện Định Quán"),
    ("Xã Suối Cao", "Huyện Xuân Lộc"),
    ("Phường Xuân An", "Thành phố Long Khánh"),
];

#[derive(Clone)]
pub(crate) struct Enterprise {
    form: usize,
    lines: Vec<String>,
    name: String,
    suffix: String,
    pub(crate) tax_code: String,
    house: String,
    commune: usize,
    person: String,
    phone: String,
}

impl Enterprise {
    pub(crate) fn new(dice: &mut Dice, word_set: WordSet) -> Self {
        let (lines, names, brands) = match word_set {
            WordSet::Common => (COMMON_LINES, COMMON_NAMES, BRANDS),
            WordSet::Unseen => (UNSEEN_LINES, UNSEEN_NAMES, UNSEEN_BRANDS),
        };
        let lines: Vec<&str> = lines.split(',').map(str::trim).collect();
        let names: Vec<&str> = names.split_whitespace().collect();
        let brands: Vec<&str> = brands.split_whitespace().collect();
        let mut own: Vec<String> = (0..dice.below(4))
            .map(|_| dice.pick(&lines).to_owned())
            .collect();
        own.dedup();
        let mut name = format!("{} {}", dice.pick(&names), dice.pick(&names));
        if dice.chance(35) {
            let _ = write!(name, " {}", dice.pick(&names));
        }
        if dice.chance(8) {
            name = format!("{}{}", dice.pick(&brands), dice.below(90));
        }
        let mut enterprise = Self {
            form: dice.below(FORMS.len()),
            lines: own,
            name,
            suffix: String::new(),
            tax_code: tax_code(dice),
            house: String::new(),
            commune: 0,
            person: person(dice),
            phone: phone(dice),
        };
        enterprise.moves(dice);
        enterprise
    }

    fn moves(&mut self, dice: &mut Dice) {
        let streets: Vec<&str> = STREETS.split(',').map(str::trim).collect();
        self.house = format!("{} {}", 1 + dice.below(900), dice.pick(&streets));
        self.commune = dice.below(COMMUNES.len());
    }

    pub(crate) fn address(&self) -> String {
        format!("{}, {}", self.house, COMMUNES[self.commune].0)
    }

    pub(crate) fn district(&self) -> &'static str {
        COMMUNES[self.commune].1
    }

    pub(crate) fn full_name(&self, short: bool) -> String {
        let form = if short {
            FORMS[self.form].1
        } else {
            FORMS[self.form].0
        };
        format!(
            "{form} {} {} {}",
            self.lines.join(" "),
            self.name,
            self.suffix
        )
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
    }
}

fn tax_code(dice: &mut Dice) -> String {
    loop {
        let digits: Vec<u64> = format!("36{:07}", dice.below(10_000_000))
            .bytes()
            .map(|b| u64::from(b - b'0'))
            .collect();
        let sum: u64 = digits
            .iter()
            .zip([31, 29, 23, 19, 17, 13, 7, 5, 3])
            .map(|(digit, weight)| digit * weight)
            .sum();
        let check = 10 - sum % 11;
        if !sum.is_multiple_of(11) && check < 10 {
            return digits
                .iter()
                .chain([&check])
                .map(ToString::to_string)
                .collect();
        }
    }
}

fn person(dice: &mut Dice) -> String {
    let families: Vec<&str> = FAMILY.split_whitespace().collect();
    let names: Vec<&str> = COMMON_NAMES.split_whitespace().collect();
    format!(
        "{} {} {}",
        dice.pick(&families),
        dice.pick(&names),
        dice.pick(&names)
    )
}

fn phone(dice: &mut Dice) -> String {
    format!("09{:08}", dice.below(100_000_000))
}

/// A small letter without its marks; other characters stay.
fn plain(c: char) -> char {
    const MARKED: [(&str, char); 7] = [
        ("áàảãạăắằẳẵặâấầẩẫậ", 'a'),
        ("éèẻẽẹêếềểễệ", 'e'),
        ("íìỉĩị", 'i'),
        ("óòỏõọôốồổỗộơớờởỡợ", 'o'),
        ("úùủũụưứừửữự", 'u'),
        ("ýỳỷỹỵ", 'y'),
        ("đ", 'd'),
    ];
    MARKED
        .iter()
        .find(|(letters, _)| letters.contains(c))
        .map_or(c, |(_, bare)| *bare)
}

fn without_marks(text: &str) -> String {
    text.to_lowercase().chars().map(plain).collect()
}

fn with_slip(text: &str, dice: &mut Dice) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    let at = letters.len() / 2 + dice.below(letters.len() / 2 - 1);
    if letters[at].is_alphabetic() && letters[at + 1].is_alphabetic() {
        letters.swap(at, at + 1);
    } else {
        letters.insert(at, 'x');
    }
    letters.into_iter().collect()
}

fn line(
    id: &str,
    name: &str,
    code: &str,
    of: &Enterprise,
    dice: &mut Dice,
    full: bool,
    written_address: Option<&str>,
) -> String {
    let (commune, district) = COMMUNES[of.commune];
    let address = match () {
        () if written_address.is_some() => written_address.unwrap_or_default().to_owned(),
        () if full => format!("Số {}, {commune}, {district}, Tỉnh Đồng Nai", of.house),
        () if dice.chance(12) => String::new(),
        () => format!("{}, {commune}, {district}", of.house),
    };
    let person = if dice.chance(80) {
        of.person.clone()
    } else {
        String::new()
    };
    let phone = if dice.chance(65) {
        of.phone.clone()
    } else {
        String::new()
    };
    format!("{id},\"{name}\",{code},\"{address}\",{district},{person},{phone}\n")
}

/// The kinds of rows of the left list, those with a partner first, and how many of a hundred.
const KINDS: [(&str, usize); 17] = [
    ("clean", 8),
    ("no_marks", 8),
    ("short", 8),
    ("slip", 8),
    ("no_form", 6),
    ("word_order", 5),
    ("moved", 4),
    ("renamed", 3),
    ("code_slip", 4),
    ("capitals", 6),
    ("new", 14),
    ("sibling_number", 5),
    ("sibling_place", 5),
    ("sibling_form", 4),
    ("same_person", 4),
    ("other_district", 4),
    ("other_line", 4),
];

/// The place of the first of [`KINDS`] without a partner.
const FIRST_STRANGER: usize = 10;

/// Makes a left list of so many rows against a right one.
pub fn lists(seed: u64, left: usize, right: usize, word_set: WordSet) -> Lists {
    lists_of(seed, left, right, word_set, Clerk::Careless)
}

/// The same, with the left list written by a clerk.
pub fn lists_of(seed: u64, left: usize, right: usize, word_set: WordSet, clerk: Clerk) -> Lists {
    let kinds: Vec<(&str, usize)> = match clerk {
        Clerk::Careless => KINDS.to_vec(),
        // The same strangers.
        Clerk::OfHabit => HABITS
            .iter()
            .chain(&KINDS[FIRST_STRANGER..])
            .copied()
            .collect(),
    };
    let mut dice = Dice(seed);
    let mut made = Lists {
        left: "id,name,tax_code,address,district,representative,phone\n".to_owned(),
        right: "id,name,tax_code,address,district,representative,phone\n".to_owned(),
        truth: "submission_id,register_id,kind,hard_negative,confusable_ids,mst_state\n".to_owned(),
    };
    let mut known: Vec<Enterprise> = Vec::with_capacity(left);
    let every = (right / left.max(1)).max(1);
    for i in 0..right {
        let enterprise = Enterprise::new(&mut dice, word_set);
        let code = if dice.chance(94) {
            enterprise.tax_code.clone()
        } else {
            String::new()
        };
        let name = if dice.chance(50) {
            enterprise.full_name(false).to_uppercase()
        } else {
            enterprise.full_name(false)
        };
        made.right.push_str(&line(
            &format!("R{i:07}"),
            &name,
            &code,
            &enterprise,
            &mut dice,
            true,
            None,
        ));
        if i % every == 0 && known.len() < left {
            known.push(enterprise);
        }
    }
    for (i, of) in known.iter().enumerate() {
        let partner = format!("R{:07}", i * every);
        let mut draw = dice.below(kinds.iter().map(|(_, share)| share).sum());
        let kind = kinds.iter().find(|(_, share)| {
            let hit = draw < *share;
            draw = draw.saturating_sub(*share);
            hit
        });
        let kind = kind.map_or("clean", |(kind, _)| *kind);
        push_left(
            &mut made,
            &format!("S{i:06}"),
            kind,
            of,
            &partner,
            word_set,
            &mut dice,
        );
    }
    made
}

fn push_left(
    made: &mut Lists,
    id: &str,
    kind: &str,
    of: &Enterprise,
    partner: &str,
    word_set: WordSet,
    dice: &mut Dice,
) {
    let mut row = of.clone();
    let other = Enterprise::new(dice, word_set);
    let mut name = None;
    let mut is_same = true;
    let lives_at = format!(
        "Số {}, {}, {}",
        of.house,
        COMMUNES[of.commune].0,
        of.district()
    );
    let cells = Sheet {
        form: FORMS[of.form].0,
        lines: &of.lines,
        name: &of.name,
        address: &lives_at,
        person: &of.person,
    }
    .written(kind);
    match kind {
        _ if cells.is_some() => {}
        "no_marks" => name = Some(without_marks(&of.full_name(false))),
        "short" => name = Some(of.full_name(true)),
        "slip" => name = Some(with_slip(&of.full_name(false), dice)),
        "no_form" => {
            name = Some(
                format!("{} {}", of.lines.join(" "), of.name)
                    .trim()
                    .to_owned(),
            )
        }
        "word_order" => row.lines.reverse(),
        "capitals" => name = Some(of.full_name(true).to_uppercase()),
        "moved" => row.moves(dice),
        "renamed" => row.name.clone_from(&other.name),
        "clean" | "code_slip" => {}
        "new" => {
            row = other.clone();
            is_same = false;
        }
        stranger => {
            is_same = false;
            let (person, phone, house) = (of.person.clone(), of.phone.clone(), of.house.clone());
            row = Enterprise {
                form: of.form,
                lines: of.lines.clone(),
                name: of.name.clone(),
                ..other.clone()
            };
            match stranger {
                "sibling_number" => row.suffix = (2 + dice.below(8)).to_string(),
                "sibling_place" => {
                    row.suffix = dice
                        .pick(&["Đồng Nai", "Long Thành", "Miền Nam", "Việt Nam"])
                        .to_owned()
                }
                "sibling_form" => row.form = (of.form + 2) % 4 + 1,
                "same_person" => {
                    row = Enterprise {
                        person,
                        phone,
                        house,
                        commune: of.commune,
                        ..other
                    }
                }
                "other_line" => {
                    row.lines = other
                        .lines
                        .iter()
                        .cloned()
                        .chain(["Kho bãi".to_owned()])
                        .collect()
                }
                _ => row.commune = (of.commune + 6) % COMMUNES.len(),
            }
        }
    }
    let code = match (kind, is_same) {
        ("code_slip", _) => {
            let mut digits = of.tax_code.clone().into_bytes();
            let at = dice.below(9);
            digits[at] =
                b'0' + (digits[at] - b'0' + 1 + u8::try_from(dice.below(8)).unwrap_or(0)) % 10;
            String::from_utf8(digits).unwrap_or_default()
        }
        (_, true) if dice.chance(40) => of.tax_code.clone(),
        (_, false) if dice.chance(72) => row.tax_code.clone(),
        _ => String::new(),
    };
    let state = match () {
        () if code.is_empty() => "absent",
        () if kind == "code_slip" => "bad",
        () => "valid",
    };
    let address = cells.as_ref().map(|(_, address)| address.clone());
    let name = cells.map(|(name, _)| name).or(name);
    let name = name.unwrap_or_else(|| row.full_name(dice.chance(40)));
    made.left.push_str(&line(
        id,
        &name,
        &code,
        &row,
        dice,
        false,
        address.as_deref(),
    ));
    let hard = u8::from(!is_same && kind != "new");
    let (partner, confusable) = if is_same {
        (partner, "")
    } else {
        ("", partner)
    };
    let _ = writeln!(
        made.truth,
        "{id},{partner},{kind},{hard},{confusable},{state}"
    );
}
