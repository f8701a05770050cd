use std::io::{Cursor, Read, Write};
use zip::write::SimpleFileOptions;

/// A member of an archive: its name and what is in it.
pub type Member = (String, Vec<u8>);

/// A zip of members.
///
/// # Panics
/// When the archive cannot be written, which memory always can, or two members have one name.
pub fn archive(members: &[Member]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in members {
        archive
            .start_file(name.as_str(), SimpleFileOptions::default())
            .expect("memory");
        archive.write_all(content).expect("memory");
    }
    archive.finish().expect("memory").into_inner()
}

/// The members of a zip, unzipped; those that cannot be read are left out.
pub fn members(bytes: &[u8]) -> Vec<Member> {
    let Ok(mut archive) = zip::ZipArchive::new(Cursor::new(bytes)) else {
        return Vec::new();
    };
    (0..archive.len())
        .filter_map(|at| {
            let mut member = archive.by_index(at).ok()?;
            let name = member.name().ok()?.into_owned();
            let mut content = Vec::new();
            member.read_to_end(&mut content).ok()?;
            Some((name, content))
        })
        .collect()
}
