//! Embeds the pictures of the pages of help, as `cargo xtask screenshots` left them under `pictures/LANGUAGE/NAME.webp`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("pictures");
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?);
    let mut table = String::from("&[\n");
    for language in ["vi", "en"] {
        let folder = root.join(language);
        println!("cargo:rerun-if-changed={}", folder.display());
        let mut files = fs::read_dir(&folder)?
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<io::Result<Vec<PathBuf>>>()?;
        files.sort();
        for file in files {
            let name = file.file_stem().and_then(|name| name.to_str()).ok_or(io::ErrorKind::InvalidInput)?;
            let path = file.to_str().ok_or(io::ErrorKind::InvalidInput)?;
            writeln!(table, "({name:?}, {language:?}, include_bytes!({path:?}).as_slice()),")
                .map_err(io::Error::other)?;
        }
    }
    table.push(']');
    fs::write(out.join("pictures.rs"), table)
}
