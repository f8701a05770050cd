use chrono::{Days, FixedOffset, NaiveDate};
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// An operator's settings: the file `tonghop.toml` of a workspace.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The folder of the programme; nothing for the one compiled into the program.
    pub programme: Option<PathBuf>,
    /// The folders of the programmes of other periods, which sit beside it: what a file is about decides.
    pub other_programmes: Vec<PathBuf>,
    /// Who works here, for the record of each run.
    pub operator: String,
    /// The office's offset from UTC.
    pub utc_offset: FixedOffset,
    /// How many days after a quarter its report is due; nothing if the office has set no day.
    pub quarter_deadline_days: Option<u32>,
    /// The most bytes of a submission or of answers; a larger file is not opened.
    pub max_submission_bytes: u64,
    /// The most bytes of a register or of a list of nominees.
    pub max_list_bytes: u64,
    /// Whether others than its owner may read the ledger, as far as the system lets them.
    pub shared_ledger: bool,
}

/// How large a submission may be unless the settings say otherwise, in MiB: departments' workbooks have less than one.
const SUBMISSION_MIB: u32 = 64;
/// How large a list may be, in MiB: one of a million rows has about a hundred.
const LIST_MIB: u32 = 512;
/// No limit may be set higher, in MiB: a file is held in memory while it is read.
const MOST_MIB: u32 = 2_048;

/// The settings cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {message}")]
pub struct SettingsError {
    /// The file.
    pub path: PathBuf,
    /// What is wrong, with the line if there is one.
    pub message: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SettingsFile {
    programme: Option<String>,
    #[serde(default)]
    other_programmes: Vec<String>,
    #[serde(default)]
    operator: String,
    utc_offset: Option<String>,
    quarter_deadline_days: Option<u32>,
    max_submission_mib: Option<u32>,
    max_list_mib: Option<u32>,
    #[serde(default)]
    shared_ledger: bool,
}

impl Settings {
    /// Reads the settings of a workspace.
    ///
    /// # Errors
    /// When the file is missing or says something that is not a setting.
    pub fn read(path: &Path) -> Result<Self, SettingsError> {
        let fault = |message: String| SettingsError {
            path: path.to_owned(),
            message,
        };
        let text = std::fs::read_to_string(path).map_err(|error| fault(error.to_string()))?;
        let written: SettingsFile = toml::from_str(&text).map_err(|error| {
            let line = error
                .span()
                .and_then(|span| text.get(..span.start))
                .map(|t| t.matches('\n').count() + 1);
            fault(format!("line {}: {}", line.unwrap_or(1), error.message()))
        })?;
        let offset = written.utc_offset.unwrap_or_else(|| "+07:00".to_owned());
        let utc_offset = offset
            .parse()
            .map_err(|_| fault(format!("utc_offset = '{offset}': expected one like +07:00")))?;
        let bytes = |name: &str, mib: Option<u32>, usual: u32| match mib.unwrap_or(usual) {
            mib @ 1..=MOST_MIB => Ok(u64::from(mib) << 20),
            mib => Err(fault(format!("{name} = {mib}: expected 1 to {MOST_MIB}"))),
        };
        let folder = path.parent().unwrap_or_else(|| Path::new("."));
        Ok(Self {
            programme: written.programme.map(|programme| folder.join(programme)),
            other_programmes: written
                .other_programmes
                .into_iter()
                .map(|programme| folder.join(programme))
                .collect(),
            operator: written.operator,
            utc_offset,
            quarter_deadline_days: written.quarter_deadline_days,
            max_submission_bytes: bytes(
                "max_submission_mib",
                written.max_submission_mib,
                SUBMISSION_MIB,
            )?,
            shared_ledger: written.shared_ledger,
            max_list_bytes: bytes("max_list_mib", written.max_list_mib, LIST_MIB)?,
        })
    }

    /// The day before which the report of a quarter is due, by the quarter's last day.
    pub fn quarter_deadline(&self, last_day: NaiveDate) -> Option<NaiveDate> {
        last_day.checked_add_days(Days::new(self.quarter_deadline_days?.into()))
    }

    /// The text of a new workspace's settings.
    pub fn blank(programme: Option<&str>) -> String {
        let programme = match programme {
            Some(folder) => format!("programme = {}\n", quoted(folder)),
            None => "# programme = \"programme\"   # thư mục định nghĩa chương trình; để trống: dùng bản có sẵn\n"
                .to_owned(),
        };
        format!(
            "# Cài đặt của thư mục làm việc. / Settings of this workspace.\n\
             {programme}# other_programmes = [\"…\"]   # chương trình của giai đoạn khác / programmes of other periods\n\
             operator = \"\"             # người vận hành, ghi vào nhật ký / who runs it, for the record\n\
             utc_offset = \"+07:00\"     # giờ Việt Nam / local time\n\
             # quarter_deadline_days = 15   # hạn báo cáo quý: số ngày sau khi hết quý / days after a quarter\n\
             # max_submission_mib = 64      # tệp báo cáo, tệp trả lời lớn nhất (MiB) / largest submission or answer\n\
             # max_list_mib = 512           # danh sách lớn nhất (MiB) / largest register or list of nominees\n\
             # shared_ledger = true         # cho người khác trên máy đọc thư mục ledger / let others read the ledger folder\n"
        )
    }
}

/// A TOML string; the backslashes of a path need no thought in single quotes.
fn quoted(text: &str) -> String {
    if text.contains('\'') {
        format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
    } else {
        format!("'{text}'")
    }
}

#[cfg(test)]
mod tests {
    use super::Settings;

    #[test]
    fn blank_settings_are_read() {
        let folder = std::env::temp_dir().join(format!("tonghop-settings-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join("tonghop.toml");
        std::fs::write(&path, Settings::blank(None)).unwrap();
        assert_eq!(Settings::read(&path).unwrap().programme, None);
        std::fs::write(&path, Settings::blank(Some("my programme"))).unwrap();
        assert_eq!(
            Settings::read(&path).unwrap().programme,
            Some(folder.join("my programme"))
        );
        std::fs::write(&path, "operator = \"A\"\ncolour = 3\n").unwrap();
        let message = Settings::read(&path).unwrap_err().to_string();
        assert!(
            message.contains("line 2") && message.contains("colour"),
            "{message}"
        );
        std::fs::write(&path, "max_submission_mib = 8\n").unwrap();
        let settings = Settings::read(&path).unwrap();
        assert_eq!(settings.max_submission_bytes, 8 << 20);
        assert_eq!(settings.max_list_bytes, 512 << 20);
        assert!(!settings.shared_ledger);
        std::fs::write(&path, "shared_ledger = true\n").unwrap();
        assert!(Settings::read(&path).unwrap().shared_ledger);
        std::fs::write(&path, "max_list_mib = 4000\n").unwrap();
        let message = Settings::read(&path).unwrap_err().to_string();
        assert!(message.contains("max_list_mib"), "{message}");
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
