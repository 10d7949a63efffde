//! Files of a document with what the scanner said of them: what may not be opened has no link.

use crate::rules::text::file_kind;
use base::{Result, T};
use kernel::Raw;
use maud::{Markup, html};
use platform::files::FileOf;
use platform::scans::{self, Mark};
use ui::Tone;

/// A file's address, empty when it may not be opened, and the note beside its name.
pub(crate) struct Marked {
    pub(crate) href: String,
    pub(crate) note: String,
    pub(crate) mark: Mark,
}

/// The files of the thing at an address, in their order.
pub(crate) fn links(cx: &Raw<'_>, page: &str, files: &[FileOf]) -> Result<Vec<Marked>> {
    let t = cx.t();
    let marks = scans::marks(cx, files.iter().map(|file| file.sha256.as_str()))?;
    let one = |(file, mark): (&FileOf, Mark)| {
        let kb = file.bytes / 1024 + 1;
        let kind = file_kind(&file.name, &file.content_type);
        let plain = t.fill("documents.file_note", &[("kind", &kind), ("kb", &kb)]);
        Marked {
            href: if mark.opens() { format!("{page}/files/{}", file.id) } else { String::new() },
            note: mark.key().map_or_else(|| plain.clone(), |key| format!("{plain} · {}", t.text(key))),
            mark,
        }
    };
    Ok(files.iter().zip(marks).map(one).collect())
}

/// Says above a document that a file of it is harmful.
pub(crate) fn warning(t: T, files: &[Marked]) -> Markup {
    if !files.iter().any(|file| file.mark.is_bad()) {
        return html! {};
    }
    let rest = html! { (t.text("documents.infected.what_now")) };
    ui::banner(Tone::Late, "shieldx", html! { b { (t.text("documents.infected.warning")) } }, rest)
}
