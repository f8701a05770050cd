use model::FileId;
use sha2::{Digest, Sha256};

/// The id of a file's content: SHA-256, in hexadecimal digits.
pub fn file_id(bytes: &[u8]) -> FileId {
    hexadecimal(&Sha256::digest(bytes))
}

/// The digits of a hash.
pub(crate) fn hexadecimal(hash: &[u8]) -> FileId {
    FileId(hash.iter().map(|byte| format!("{byte:02x}")).collect())
}
