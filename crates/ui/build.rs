//! Puts the stylesheets into one file and embeds it with the icons and, when `npm run build` was run in
//! `web/`, the script and the fonts. Every file is served under a name that carries a hash of its bytes.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

const STYLES: &[&str] = &[
    "tokens",
    "base",
    "shell",
    "furniture",
    "controls",
    "messages",
    "queue",
    "timeline",
    "tables",
    "facts",
    "charts",
    "sheet",
    "compose",
    "overlays",
    "public",
    "narrow",
    "print",
];

fn main() -> io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?);
    for watched in ["build.rs", "src/styles", "src/icons.svg", "src/app", "dist"] {
        // A watched file that does not exist would make every build start anew.
        if root.join(watched).exists() {
            println!("cargo:rerun-if-changed={watched}");
        }
    }
    let fonts = fonts(root)?;
    let css = stylesheet(root, &fonts)?;
    fs::write(out.join("app.css"), &css)?;

    let mut table = String::from("&[\n");
    row(&mut table, "app.css", &out.join("app.css"))?;
    row(&mut table, "icons.svg", &root.join("src/icons.svg"))?;
    for name in ["app.svg", "app-192.png", "app-512.png", "app-maskable.png"] {
        row(&mut table, name, &root.join("src/app").join(name))?;
    }
    for name in ["app.js", "compose.js", "sw.js"] {
        let script = root.join("dist").join(name);
        if script.exists() {
            row(&mut table, name, &script)?;
        }
    }
    for (name, path) in &fonts {
        row(&mut table, name, path)?;
    }
    table.push(']');
    fs::write(out.join("assets.rs"), table)
}

/// The built fonts and their licence, by name, in order.
fn fonts(root: &Path) -> io::Result<Vec<(String, PathBuf)>> {
    let Ok(entries) = fs::read_dir(root.join("dist/fonts")) else {
        return Ok(Vec::new());
    };
    let mut fonts = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if let Some(name) = path.file_name().and_then(|name| name.to_str()) {
            fonts.push((format!("fonts/{name}"), path));
        }
    }
    fonts.sort();
    Ok(fonts)
}

/// All styles in order. The `@font-face` rules come only with their files, so that no page asks for a
/// font that is not there.
fn stylesheet(root: &Path, fonts: &[(String, PathBuf)]) -> io::Result<String> {
    let read = |name: &str| fs::read_to_string(root.join("src/styles").join(name));
    let mut css = String::new();
    if !fonts.is_empty() {
        css = read("fonts.css")?;
        for (name, path) in fonts {
            let from = format!("/assets/{name}");
            css = css.replace(&from, &format!("/assets/{}", hashed(name, &fs::read(path)?)));
        }
    }
    for name in STYLES {
        css.push_str(&read(&format!("{name}.css"))?);
    }
    Ok(css)
}

fn row(table: &mut String, name: &str, path: &Path) -> io::Result<()> {
    let bytes = fs::read(path)?;
    let file = path.display().to_string();
    let kind = match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("png") => "image/png",
        Some("svg") => "image/svg+xml",
        Some("woff2") => "font/woff2",
        _ => "text/plain; charset=utf-8",
    };
    let address = format!("/assets/{}", hashed(name, &bytes));
    writeln!(
        table,
        "    Asset {{ name: {name:?}, address: {address:?}, bytes: include_bytes!({file:?}), kind: {kind:?} }},"
    )
    .map_err(io::Error::other)
}

/// `app.css` becomes `app.<hash>.css`.
fn hashed(name: &str, bytes: &[u8]) -> String {
    let (stem, end) = name.rsplit_once('.').unwrap_or((name, "txt"));
    format!("{stem}.{:016x}.{end}", fnv(bytes))
}

/// FNV-1a, 64 bits: enough to tell one build's file from another's.
fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
