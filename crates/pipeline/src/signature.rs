//! Signatures as minisign makes them: Ed25519, in a text file of four lines beside the file that is signed, so that anyone
//! can check one with the tool of that name and without this program.

use crate::error::{KeyError, PipelineError};
pub(crate) use minisign::PublicKey;
use minisign::{KeyPair, PublicKeyBox, SecretKey, SecretKeyBox, SignatureBox};
use serde::Serialize;
use std::io::Cursor;
use std::path::{Path, PathBuf};

/// Who signs.
pub(crate) struct Signer {
    secret: SecretKey,
    public: PublicKey,
}

/// What a signature beside a file comes to.
#[derive(Debug, Clone, Serialize)]
pub struct SignatureProof {
    /// The signature's file.
    pub path: PathBuf,
    /// Whether it is that of these bytes by this key.
    pub is_right: bool,
    /// The key's number, as minisign shows it.
    pub key: String,
    /// What the signer said with it, if it is right.
    pub comment: Option<String>,
    /// Whether the key was given from outside the workspace; else it is the one that the settings or the log name.
    pub is_key_given: bool,
}

/// A new pair of keys.
#[derive(Debug, Serialize)]
pub struct NewKey {
    /// The secret key, for whoever signs alone.
    pub secret: PathBuf,
    /// The public key, for everyone.
    pub public: PathBuf,
    /// Its number.
    pub key: String,
    /// Its text, for the settings of a workspace.
    pub text: String,
}

/// Where the signature of a file is.
pub(crate) fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".minisig");
    name.into()
}

/// Makes a pair of keys: `DIR/tonghop.key`, protected by a password if one is given, and `DIR/tonghop.pub`.
///
/// # Errors
/// When there is one already, or the files cannot be written.
pub fn new_key(folder: &Path, password: Option<String>) -> Result<NewKey, PipelineError> {
    let (secret, public) = (folder.join("tonghop.key"), folder.join("tonghop.pub"));
    if let Some(there) = [&secret, &public].into_iter().find(|path| path.exists()) {
        return Err(KeyError::Exists(there.clone()).into());
    }
    let unusable = |error: minisign::PError| unusable(&secret, &error);
    let pair = match password {
        Some(password) => KeyPair::generate_encrypted_keypair(Some(password)),
        None => KeyPair::generate_unencrypted_keypair(),
    }
    .map_err(unusable)?;
    let secret_text = pair.sk.to_box(None).map_err(unusable)?.into_string();
    let public_text = pair.pk.to_box().map_err(unusable)?.into_string();
    std::fs::create_dir_all(folder).map_err(PipelineError::file(folder))?;
    write_private(&secret, &secret_text)?;
    std::fs::write(&public, &public_text).map_err(PipelineError::file(&public))?;
    Ok(NewKey {
        key: number(pair.pk.keynum()),
        text: pair.pk.to_base64(),
        secret,
        public,
    })
}

/// Writes a file that nobody else may read.
fn write_private(path: &Path, text: &str) -> Result<(), PipelineError> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let write = || -> std::io::Result<()> {
        let mut file = options.open(path)?;
        std::io::Write::write_all(&mut file, text.as_bytes())?;
        file.sync_all()
    };
    write().map_err(PipelineError::file(path))
}

/// Whether a key file asks for a password.
///
/// # Errors
/// When it cannot be read or is no key.
pub fn needs_password(path: &Path) -> Result<bool, PipelineError> {
    Ok(secret_box(path)?.into_unencrypted_secret_key().is_err())
}

fn secret_box(path: &Path) -> Result<SecretKeyBox, PipelineError> {
    let text = std::fs::read_to_string(path).map_err(PipelineError::file(path))?;
    SecretKeyBox::from_string(&text).map_err(|error| unusable(path, &error))
}

fn unusable(path: &Path, error: &minisign::PError) -> PipelineError {
    let (path, why) = (path.to_owned(), error.to_string());
    KeyError::Unusable { path, why }.into()
}

impl Signer {
    /// Opens a secret key that lies outside a workspace.
    ///
    /// # Errors
    /// When it lies inside, is no key, or the password is not its own.
    pub(crate) fn open(
        path: &Path,
        password: Option<&str>,
        workspace: &Path,
    ) -> Result<Self, PipelineError> {
        let whole = |path: &Path| path.canonicalize().map_err(PipelineError::file(path));
        if whole(path)?.starts_with(whole(workspace)?) {
            return Err(KeyError::Inside(path.to_owned()).into());
        }
        let kept = secret_box(path)?;
        let secret = match password {
            Some(password) => kept.into_secret_key(Some(password.to_owned())),
            None => kept.into_unencrypted_secret_key(),
        }
        .map_err(|error| unusable(path, &error))?;
        let public = PublicKey::from_secret_key(&secret).map_err(|error| unusable(path, &error))?;
        Ok(Self { secret, public })
    }

    /// The public key as the settings hold it.
    pub(crate) fn public_text(&self) -> String {
        self.public.to_base64()
    }

    /// The key's number.
    pub(crate) fn key(&self) -> String {
        number(self.public.keynum())
    }

    /// Signs bytes together with a comment of one line; gives the text of the signature's file.
    ///
    /// # Errors
    /// When the machine has no random numbers.
    pub(crate) fn sign(&self, bytes: &[u8], comment: &str) -> Result<String, PipelineError> {
        let comment = comment.replace(['\n', '\r'], " ");
        let signed = minisign::sign(
            Some(&self.public),
            &self.secret,
            Cursor::new(bytes),
            Some(&comment),
            Some("signature by a minisign key; check: minisign -Vm FILE -p KEY.pub"),
        );
        Ok(signed
            .map_err(|error| unusable(Path::new("minisign"), &error))?
            .into_string())
    }
}

/// The public key in a file as minisign writes it, or in a text of its one line.
pub(crate) fn public_key(text: &str) -> Option<PublicKey> {
    let of_file = PublicKeyBox::from_string(text)
        .ok()
        .and_then(|kept| kept.into_public_key().ok());
    of_file.or_else(|| PublicKey::from_base64(text.trim()).ok())
}

/// What the signature beside a file comes to by a key; none if there is none.
///
/// # Errors
/// When it cannot be read.
pub(crate) fn check(
    path: &Path,
    bytes: &[u8],
    (public, is_key_given): (&PublicKey, bool),
) -> Result<Option<SignatureProof>, PipelineError> {
    let path = beside(path);
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        // What is no text is no signature.
        Err(error) if error.kind() == std::io::ErrorKind::InvalidData => String::new(),
        Err(error) => return Err(PipelineError::file(&path)(error)),
    };
    let signed = SignatureBox::from_string(&text).ok();
    let is_right = signed.as_ref().is_some_and(|signed| {
        minisign::verify(public, signed, Cursor::new(bytes), true, false, false).is_ok()
    });
    let comment = signed.filter(|_| is_right);
    Ok(Some(SignatureProof {
        path,
        is_right,
        key: number(public.keynum()),
        comment: comment.and_then(|signed| signed.trusted_comment().ok()),
        is_key_given,
    }))
}

/// A key's number as minisign shows it: 16 hexadecimal digits, the last byte first.
fn number(bytes: &[u8]) -> String {
    let digits = bytes.iter().rev().map(|byte| format!("{byte:02X}"));
    digits.collect()
}

#[cfg(test)]
mod tests {
    use super::{Signer, check, needs_password, new_key, public_key};
    use crate::error::PipelineError;
    use std::path::Path;

    #[test]
    fn what_was_signed_is_proved_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let (keys, workspace) = (folder.path().join("keys"), folder.path().join("work"));
        std::fs::create_dir(&workspace).unwrap();
        let key = new_key(&keys, None).unwrap();
        assert!(!needs_password(&key.secret).unwrap());
        let signer = Signer::open(&key.secret, None, &workspace).unwrap();
        assert_eq!(
            (signer.key(), signer.public_text()),
            (key.key.clone(), key.text.clone())
        );
        let report = workspace.join("report.xlsx");
        let signature = signer.sign(b"report", "1/BC\nlog 7").unwrap();
        std::fs::write(workspace.join("report.xlsx.minisig"), &signature).unwrap();
        let public = public_key(&std::fs::read_to_string(&key.public).unwrap()).unwrap();
        let proof = |bytes: &[u8]| {
            let found = check(&report, bytes, (&public, true)).unwrap();
            found.map(|proof| (proof.is_right, proof.comment))
        };
        assert_eq!(
            proof(b"report"),
            Some((true, Some("1/BC log 7".to_owned())))
        );
        assert_eq!(proof(b"Report"), Some((false, None)));
        for changed in [signature.replace("1/BC", "2/BC"), "no signature".to_owned()] {
            std::fs::write(workspace.join("report.xlsx.minisig"), changed).unwrap();
            assert_eq!(proof(b"report"), Some((false, None)));
        }
        let other = new_key(&folder.path().join("others"), None).unwrap();
        std::fs::write(workspace.join("report.xlsx.minisig"), &signature).unwrap();
        let other = public_key(&other.text).unwrap();
        let by_other = check(&report, b"report", (&other, true)).unwrap().unwrap();
        assert!(!by_other.is_right);
        assert!(
            check(Path::new("none"), b"report", (&public, true))
                .unwrap()
                .is_none()
        );
    }

    #[test]
    fn a_key_with_a_password_is_opened_by_it_alone_and_never_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let (keys, workspace) = (folder.path().join("keys"), folder.path().join("work"));
        std::fs::create_dir(&workspace).unwrap();
        let key = new_key(&keys, Some("mật khẩu".to_owned())).unwrap();
        assert!(needs_password(&key.secret).unwrap());
        for (password, opens) in [
            (Some("mật khẩu"), true),
            (Some("khác"), false),
            (None, false),
        ] {
            assert_eq!(
                Signer::open(&key.secret, password, &workspace).is_ok(),
                opens
            );
        }
        let before = std::fs::read(&key.secret).unwrap();
        assert!(matches!(new_key(&keys, None), Err(PipelineError::Key(_))));
        assert_eq!(std::fs::read(&key.secret).unwrap(), before);
    }

    #[test]
    fn a_secret_key_inside_the_workspace_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let key = new_key(&folder.path().join("work/keys"), None).unwrap();
        let opened = Signer::open(&key.secret, None, &folder.path().join("work"));
        assert!(matches!(opened, Err(PipelineError::Key(_))));
    }
}
