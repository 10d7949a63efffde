//! What people of the stories do again and again.

use testkit::{Attachment, Person, Town};

/// A paper letter on the clerk's desk, registered. Answers its page.
pub(crate) fn letter(town: &Town, place: &str, (symbol, dated): (&str, &str)) -> String {
    letter_with(town, place, (symbol, dated), b"%PDF-1.7 letter")
}

/// The same with the bytes of its file; none without.
pub(crate) fn letter_with(town: &Town, place: &str, (symbol, dated): (&str, &str), bytes: &[u8]) -> String {
    let clerk = town.clerk(place);
    clerk.get("/documents/incoming/new").ok();
    let fields = [
        ("from_name", "Sở Nội vụ"),
        ("symbol", symbol),
        ("promulgated", dated),
        ("type_name", "Công văn"),
        ("subject", "Rà soát công tác lưu trữ"),
        ("pages", "3"),
    ];
    let files = [Attachment { field: "files", name: "van ban.pdf", bytes }];
    let files = if bytes.is_empty() { &[][..] } else { &files[..] };
    let page = clerk.post_files("/documents/incoming", &fields, files);
    page.sees("Đã vào sổ");
    page.path
}

/// The clerk notes that nothing more is to be done about a letter.
pub(crate) fn settled(town: &Town, place: &str, page: &str) {
    let clerk = town.clerk(place);
    clerk.get(page).ok();
    clerk.post(&format!("{page}/note"), &[("note", "Đã lưu.")]).sees("Hoàn thành");
}

/// Opens a dossier that no catalogue foresees. Answers its page.
pub(crate) fn dossier(person: &Person<'_>, notation: &str, fields: &[(&str, &str)]) -> String {
    let mut all = vec![("notation", notation), ("title", "Công tác lưu trữ"), ("started_on", "2017-01-02")];
    all.retain(|(name, _)| fields.iter().all(|(other, _)| other != name));
    all.extend_from_slice(fields);
    let page = person.post("/archives/dossiers", &all);
    page.ok().sees("Đã mở hồ sơ");
    page.path
}

/// Files a letter into dossiers of a person.
pub(crate) fn filed(person: &Person<'_>, letter: &str, dossiers: &[&str]) {
    let address = format!("/archives/file?incoming={}", id(letter));
    person.get(&address).ok();
    let chosen: Vec<(&str, &str)> = dossiers.iter().map(|page| ("dossiers", id(page))).collect();
    person.post(&address, &chosen).sees("Đã đưa văn bản vào");
}

/// The id at the end of a page's address.
pub(crate) fn id(page: &str) -> &str {
    page.rsplit('/').next().unwrap()
}
