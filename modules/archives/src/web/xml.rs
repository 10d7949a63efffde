//! A dossier as XML, after `schema/dossier.xsd`.

use crate::model::{Dossier, Entry};
use base::Date;
use std::fmt::Write;

/// The schema, which goes along.
pub(crate) const SCHEMA: &str = include_str!("../../schema/dossier.xsd");

/// A file of an entry, and where it is in the package; empty when it is not.
pub(crate) struct Packed {
    pub(crate) path: String,
    pub(crate) name: String,
    pub(crate) content_type: String,
    pub(crate) bytes: i64,
    pub(crate) sha256: String,
}

/// An entry with its files; `None` when whoever asked may not have them.
pub(crate) struct Item<'a> {
    pub(crate) entry: &'a Entry,
    pub(crate) files: Option<Vec<Packed>>,
}

/// What stands around the entries.
pub(crate) struct About<'a> {
    /// Code of the agency.
    pub(crate) organ: &'a str,
    /// How long it is kept, in words.
    pub(crate) maintenance: &'a str,
    /// Who may read it, in words.
    pub(crate) rights: &'a str,
    /// When it was taken away, and by whom.
    pub(crate) exported: (&'a str, &'a str),
}

/// Builds elements one after the other.
struct Xml(String);

impl Xml {
    fn element(&mut self, depth: usize, name: &str, value: &str) {
        let pad = "  ".repeat(depth);
        let _infallible = writeln!(self.0, "{pad}<{name}>{}</{name}>", escaped(value));
    }

    /// An element that is left out when there is nothing to say.
    fn known(&mut self, depth: usize, name: &str, value: &str) {
        if !value.is_empty() {
            self.element(depth, name, value);
        }
    }

    fn line(&mut self, depth: usize, text: &str) {
        let _infallible = writeln!(self.0, "{}{text}", "  ".repeat(depth));
    }
}

/// The whole dossier.
pub(crate) fn write(dossier: &Dossier, about: &About<'_>, items: &[Item<'_>]) -> String {
    let mut xml = Xml("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned());
    let (at, by) = about.exported;
    let state = dossier.state.word();
    xml.line(
        0,
        &format!(
            "<Dossier xmlns=\"urn:vanlang:dossier:1\" exportedAt=\"{at}\" exportedBy=\"{}\" state=\"{state}\">",
            escaped(by)
        ),
    );
    xml.line(1, "<FileCode>");
    xml.element(2, "OrganId", about.organ);
    xml.element(2, "FileCatalog", &format!("{:04}", dossier.year));
    xml.element(2, "FileNotation", &dossier.notation);
    xml.line(1, "</FileCode>");
    xml.element(1, "Title", &dossier.title);
    xml.element(1, "Maintenance", about.maintenance);
    xml.element(1, "Rights", about.rights);
    xml.element(1, "Creator", &dossier.keeper_name);
    xml.element(1, "Language", &dossier.language);
    xml.element(1, "StartDate", &dossier.started_on.iso());
    xml.known(1, "EndDate", &iso(dossier.ended_on));
    xml.element(1, "DocTotal", &items.len().to_string());
    let pages: i64 = items.iter().map(|item| item.entry.pages).sum();
    xml.element(1, "PageTotal", &pages.to_string());
    xml.known(1, "Description", &dossier.note);
    xml.line(1, "<Documents>");
    for (n, item) in (1_usize..).zip(items) {
        document(&mut xml, (n, item), &dossier.language);
    }
    xml.line(1, "</Documents>");
    xml.line(0, "</Dossier>");
    xml.0
}

fn document(xml: &mut Xml, (n, item): (usize, &Item<'_>), language: &str) {
    let entry = item.entry;
    let (number, notation) = entry.symbol.split_once('/').unwrap_or((&entry.symbol, ""));
    xml.line(2, &format!("<Document kind=\"{}\">", entry.kind.word()));
    xml.element(3, "DocOrdinal", &n.to_string());
    xml.known(3, "DocumentId", &entry.code);
    xml.known(3, "TypeName", &entry.type_name);
    xml.known(3, "CodeNumber", number);
    xml.known(3, "CodeNotation", notation);
    xml.element(3, "IssuedDate", &entry.dated.iso());
    xml.known(3, "OrganName", &entry.author);
    xml.element(3, "Subject", &entry.subject);
    xml.element(3, "Language", language);
    xml.element(3, "PageAmount", &entry.pages.max(0).to_string());
    xml.known(3, "Description", &entry.note);
    xml.known(3, "ArrivalDate", &iso(entry.arrived_at.map(base::Instant::date)));
    xml.known(3, "ArrivalNumber", &entry.arrival_number.map(|n| n.to_string()).unwrap_or_default());
    if !entry.signer_name.is_empty() {
        xml.line(3, "<SignerInfo>");
        xml.element(4, "Position", &entry.signer_position);
        xml.element(4, "FullName", &entry.signer_name);
        xml.line(3, "</SignerInfo>");
    }
    xml.element(3, "Priority", &entry.urgency.to_string());
    xml.known(3, "DueDate", &iso(entry.due));
    match &item.files {
        None => xml.line(3, "<Files withheld=\"true\"/>"),
        Some(files) => {
            xml.line(3, "<Files>");
            for file in files {
                xml.line(4, &file_element(file));
            }
            xml.line(3, "</Files>");
        }
    }
    xml.line(2, "</Document>");
}

fn file_element(file: &Packed) -> String {
    let path =
        if file.path.is_empty() { String::new() } else { format!(" path=\"{}\"", escaped(&file.path)) };
    format!(
        "<File{path} name=\"{}\" contentType=\"{}\" bytes=\"{}\" sha256=\"{}\"/>",
        escaped(&file.name),
        escaped(&file.content_type),
        file.bytes,
        escaped(&file.sha256)
    )
}

fn iso(day: Option<Date>) -> String {
    day.map(Date::iso).unwrap_or_default()
}

/// Text as XML 1.0 takes it: marks written out, characters it forbids left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(c),
            '\u{fffe}' | '\u{ffff}' => {}
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn marks_are_written_out_and_forbidden_characters_left_out() {
        assert_eq!(escaped("a<b>&\"c\" \u{1}\u{ffff}\nđ"), "a&lt;b&gt;&amp;&quot;c&quot; \nđ");
    }
}
