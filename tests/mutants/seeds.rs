//! What is changed: reports, lists, answers, documents of ours that come back, and the programme.

use crate::hostile::clean::files_below;
use crate::office::Office;
use calamine::{Reader, Xlsx};
use fastrand::Rng;
use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::{Path, PathBuf};

/// Where a file comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    Inbox,
    Registers,
    Review,
}

/// A file that is well.
pub(super) struct Seed {
    pub place: Place,
    /// What its name ends in.
    pub ending: String,
    pub bytes: Vec<u8>,
}

/// A file of a programme: its path within the folder of programmes, and its text.
pub(super) struct ProgrammeFile {
    pub path: PathBuf,
    pub text: String,
}

/// So many bytes a file that is changed may have: more would only take longer.
const LARGEST: usize = 24_000;

const REPORT: &str = "== TT chung
Cơ quan báo cáo | Sở Y tế
Kỳ báo cáo | Năm 2022
== Biểu 3
Đơn vị tính: triệu đồng
STT | Tên doanh nghiệp | Mã số thuế | Nội dung hỗ trợ | Số hợp đồng | Bắt đầu | Tình trạng | Mô hình điểm | NSNN | DN đối ứng
1 | Công ty TNHH Gốm Mẫu Sơn | 3600265395 | 3a1 | 1/HĐ | 2022-05-01 | dừng | x | 12.5 | 7
2 | Công ty Cổ phần Xoài Thử | 3600255894 | 3b1 | 2/HĐ | 2022-06-01 | Đang thực hiện | | =5+5 | #REF!
 | Cộng | | | | | | | 12.5 | 7
== Biểu 8
Biểu 8. KINH PHÍ THỰC HIỆN
Đơn vị tính: triệu đồng
STT | Nhiệm vụ | Nguồn kinh phí | Dự toán | Thực hiện | Đã giải ngân
1 | IV.2 | NSNN bảo đảm | 90 | 80 | 40
";

const REGISTER: &str = "STT,Tên doanh nghiệp,Mã số thuế,Địa chỉ,Nội dung hỗ trợ,Từ ngày,Đến ngày,Số tiền (đồng)
1,Cty TNHH GỐM MẪU SƠN,3600265395,\"Long Tân, Nhơn Trạch\",Áp dụng hệ thống quản lý ISO 9001:2015,01/02/2022,01/06/2022,100000
2,\"Công ty \"\"Xoài\"\" Thử\",3600255894,Trảng Bom,Hỗ trợ khác,2022-02-01,2022-06-01,\"1.000.000\"
";

/// Support of two departments for one enterprise, with a heading that is not clear and an amount out of its kind.
fn asked(department: &str, heading: &str) -> String {
    format!(
        "== TT chung\nCơ quan báo cáo | {department}\nKỳ báo cáo | Năm 2022\n== Biểu 3\nĐơn vị tính: triệu đồng\n\
         Tên doanh nghiệp | Mã số thuế | Nội dung hỗ trợ | Bắt đầu | Tình trạng | {heading}\n\
         Công ty TNHH Gốm Mẫu Sơn | 3600265395 | 3a1 | 2022-03-01 | Đang thực hiện | 10\n\
         Công ty TNHH Mẫu Hai | 3600000001 | 3a1 | 2022-03-01 | Đang thực hiện | 9000000\n"
    )
}

const ANSWERS: [&str; 6] = [
    "cùng một hỗ trợ, báo cáo hai lần",
    "hai hỗ trợ khác nhau",
    "đúng đơn vị",
    "NSNN",
    "cần xác minh",
    "không thuộc biểu",
];

/// A workspace in which questions wait and registers are known.
pub(super) fn workspace() -> Office {
    let office = Office::new();
    office.drop_workbook("a.xlsx", &asked("Sở Công Thương", "NSNN"));
    office.drop_workbook("b.xlsx", &asked("Sở Khoa học và Công nghệ", "NSNN"));
    office.drop_workbook("c.xlsx", &asked("Sở Y tế", "Kinh phí"));
    std::fs::write(office.path("registers/dnnvv.csv"), REGISTER).unwrap();
    let (code, run) = office.run();
    assert!([3, 4].contains(&code) && run["review"].is_string(), "{run}");
    let templates = ["templates", "-w", office.dir(), "--period", "2024-Q1"];
    crate::office::tonghop(&templates).ending(0);
    office
}

/// The review workbook of a workspace, with one answer to all that it asks.
fn answered(review: &[u8], answer: &str) -> Vec<u8> {
    let mut workbook = Xlsx::new(Cursor::new(review)).unwrap();
    let mut text = String::new();
    for sheet in workbook.sheet_names() {
        let range = workbook.worksheet_range(&sheet).unwrap();
        text.push_str(&format!("== {sheet}\n"));
        let mut places = [None; 3];
        let (last, width) = range.end().unwrap_or_default();
        for row in 0..=last {
            let mut cells: Vec<String> = (0..=width)
                .map(|col| range.get_value((row, col)).map(ToString::to_string))
                .map(|cell| cell.unwrap_or_default().replace(['|', '\n'], " "))
                .collect();
            let heading = |word: &str| cells.iter().position(|cell| cell == word);
            if heading("Trả lời").is_some() {
                places = ["Trả lời", "Lý do", "Người trả lời"].map(heading);
            } else {
                for (place, said) in places.iter().zip([answer, "Đã hỏi Sở", "Phòng Quản lý"])
                {
                    if let Some(place) = place {
                        cells[*place] = said.to_owned();
                    }
                }
            }
            text.push_str(&(cells.join(" | ") + "\n"));
        }
    }
    testkit::workbook(&text)
}

/// All that is changed, by where it comes in and its format.
pub(super) struct Seeds {
    kinds: Vec<Vec<Seed>>,
}

impl Seeds {
    /// Those of the repository, and of a workspace that was run.
    pub(super) fn of(office: &Office) -> Self {
        let mut kinds: BTreeMap<(Place, String), Vec<Seed>> = BTreeMap::new();
        for seed in seeds(office) {
            let kind = (seed.place, seed.ending.clone());
            kinds.entry(kind).or_default().push(seed);
        }
        Self {
            kinds: kinds.into_values().collect(),
        }
    }

    pub(super) fn draw(&self, random: &mut Rng) -> &Seed {
        let kind = random.choice(&self.kinds).unwrap();
        random.choice(kind).unwrap()
    }
}

fn seeds(office: &Office) -> Vec<Seed> {
    let mut seeds = Vec::new();
    let mut add = |place: Place, ending: &str, bytes: Vec<u8>| {
        let ending = ending.to_owned();
        seeds.push(Seed {
            place,
            ending,
            bytes,
        });
    };
    for (ending, bytes) in [
        ("xlsx", testkit::workbook(REPORT)),
        ("xlsm", testkit::workbook(REPORT)),
        ("xlsb", testkit::xlsb(REPORT)),
        ("xls", testkit::xls(REPORT)),
        ("ods", testkit::ods(REPORT)),
    ] {
        // Small ones of each format more often than the others.
        for _ in 0..8 {
            add(Place::Inbox, ending, bytes.clone());
        }
    }
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for folder in [
        "tests/cases/reading/inputs",
        "tests/cases/domain/inputs",
        "samples/inbox",
    ] {
        let mut files = files_below(&repository.join(folder));
        files.sort();
        for file in files {
            let bytes = std::fs::read(&file).unwrap();
            let ending = file.extension().and_then(|ending| ending.to_str());
            // Years of the good neighbours are theirs.
            let is_theirs = file.to_string_lossy().contains("_2023");
            let is_workbook = ending.is_some_and(|it| !["zip", "fods"].contains(&it));
            if bytes.len() <= LARGEST && is_workbook && !is_theirs {
                add(Place::Inbox, ending.unwrap_or_default(), bytes);
            }
        }
    }
    for _ in 0..12 {
        add(Place::Registers, "csv", REGISTER.as_bytes().to_vec());
    }
    let as_sheet = REGISTER.replace(',', "|");
    let as_sheet =
        format!("== DNNVV\nDANH SÁCH DOANH NGHIỆP ĐƯỢC HỖ TRỢ THEO ĐỀ ÁN HỖ TRỢ DNNVV\n{as_sheet}");
    for (ending, bytes) in [
        ("xlsx", testkit::workbook(&as_sheet)),
        ("xls", testkit::xls(&as_sheet)),
        ("ods", testkit::ods(&as_sheet)),
    ] {
        for _ in 0..3 {
            add(Place::Registers, ending, bytes.clone());
        }
    }
    let read = |folder: &str| {
        let mut files = files_below(&office.path(folder));
        files.sort();
        files.retain(|file| file.extension().is_some_and(|ending| ending == "xlsx"));
        files
            .into_iter()
            .map(|file| std::fs::read(file).unwrap())
            .collect::<Vec<_>>()
    };
    for review in read("review") {
        for answer in ANSWERS {
            for _ in 0..3 {
                add(Place::Review, "xlsx", answered(&review, answer));
            }
        }
        add(Place::Review, "xlsx", review);
    }
    for folder in ["returned", "templates"] {
        for bytes in read(folder).into_iter().take(4) {
            add(Place::Inbox, "xlsx", bytes);
        }
    }
    seeds
}

/// The files of the default programme and of its base.
pub(super) fn programme() -> Vec<ProgrammeFile> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../pipelines");
    let mut files: Vec<PathBuf> = ["dong-nai-2021-2025", "_base"]
        .iter()
        .flat_map(|name| files_below(&folder.join(name)))
        .collect();
    files.sort();
    files
        .iter()
        .map(|file| ProgrammeFile {
            path: file.strip_prefix(&folder).unwrap().to_owned(),
            text: std::fs::read_to_string(file).unwrap(),
        })
        .collect()
}

/// The moment at which mutants come in: later than what lies in the workspace.
pub(super) const LATER: &str = "2023-12-25T09:00:00+07:00";
