//! What the scenarios have in common: people who bring documents out and take them in.

use base::{AgencyId, Date};
use kernel::{FromRow, Sql};
use platform::organisations::{self, NewAgency, Tier};
use serde_json::Value;
use std::fmt::Write;
use testkit::{Attachment, Page, Person, TENANTS, Town};

/// Rows of a tenant's database.
pub(crate) fn rows<R: FromRow + Send + 'static>(town: &Town, tenant: &str, sql: &'static str) -> Vec<R> {
    let sql = Sql::new(sql, file!());
    town.read(tenant, move |cx| cx.rows(&sql, &[]))
}

/// Rows of all tenants.
pub(crate) fn rows_everywhere<R: FromRow + Send + 'static>(town: &Town, sql: &'static str) -> Vec<R> {
    TENANTS.iter().flat_map(|(tenant, _)| rows(town, tenant, sql)).collect()
}

/// The id under which a tenant's directory knows an agency.
pub(crate) fn id_in(town: &Town, tenant: &str, place: &str) -> String {
    let code = town.agency(place).data.code;
    town.read(tenant, move |cx| Ok(organisations::by_code(cx, code)?.unwrap().id)).to_string()
}

/// Opens a page and sends one of its forms.
pub(crate) fn press(person: &Person<'_>, page: &str, act: &str, fields: &[(&str, &str)]) -> Page {
    person.get(page).ok();
    person.post(&format!("{page}/{act}"), fields)
}

/// The head of a unit writes a document, whose content is thereby answered for. Answers its page.
pub(crate) fn drafted(
    town: &Town,
    place: &str,
    (subject, more): (&str, &[(&str, &str)]),
    files: &[Attachment<'_>],
) -> String {
    let head = town.head(place);
    head.get("/documents/outgoing/new").ok();
    let mut fields = vec![
        ("type_code", "CV"),
        ("subject", subject),
        ("body", "Đề nghị các cơ quan, đơn vị thực hiện và báo cáo kết quả."),
        ("act", "submit"),
    ];
    fields.retain(|(name, _)| more.iter().all(|(other, _)| other != name));
    fields.extend_from_slice(more);
    let page = head.post_files("/documents/outgoing", &fields, files);
    page.sees("Chờ kiểm tra thể thức");
    page.path
}

/// Format, signature, number: a submitted document leaves. Answers its symbol.
pub(crate) fn brought_out(town: &Town, place: &str, page: &str) -> String {
    press(&town.clerk(place), page, "approve-format", &[]).sees("Chờ lãnh đạo duyệt");
    press(&town.leader(place), page, "approve", &[]).sees("Chờ phát hành");
    press(&town.clerk(place), page, "issue", &[]).sees("Đã phát hành");
    told(&town.clerk(place), page)["symbol"].as_str().unwrap().to_owned()
}

/// From the form of a draft, as the officer sees it, to a document that has left. Answers page and symbol.
pub(crate) fn carried(town: &Town, place: &str, draft: &Page, fields: &[(&str, &str)]) -> (String, String) {
    let page = draft.path.trim_end_matches("/edit").to_owned();
    let officer = town.officer(place);
    officer.get(&draft.path).ok();
    officer.post(&format!("{page}/submit"), fields).sees("Chờ duyệt nội dung");
    press(&town.head(place), &page, "approve-content", &[]).sees("Chờ kiểm tra thể thức");
    let symbol = brought_out(town, place, &page);
    (page, symbol)
}

/// What the API tells of a page's document.
pub(crate) fn told(person: &Person<'_>, page: &str) -> Value {
    person.api(page, None).ok().json()
}

/// The page of the newest document an agency has received whose subject reads so.
pub(crate) fn arrived(town: &Town, place: &str, subject: &str) -> String {
    let list = town.clerk(place).api("/documents/incoming", None).ok().json();
    let items = list["items"].as_array().unwrap();
    let found = items.iter().find(|one| one["subject"].as_str().unwrap().contains(subject));
    let found = found.unwrap_or_else(|| panic!("{place} has received nothing about {subject}: {list}"));
    format!("/documents/incoming/{}", found["id"].as_str().unwrap())
}

/// The clerk registers, the leader directs, the head assigns: the officer of unit VX has it.
pub(crate) fn taken_in(town: &Town, place: &str, page: &str) {
    press(&town.clerk(place), page, "accept", &[]).sees("Đã vào sổ");
    let unit = format!("unit:{}", town.unit(place, "VX"));
    press(&town.leader(place), page, "direct", &[("lead", &unit)]).sees("chủ trì");
    let officer = town.officer(place);
    press(&town.head(place), page, "assign", &[("person", &officer.id.unwrap().to_string())])
        .sees(&officer.name);
}

/// Where each recipient of an issued document stands: code, status, reason; replaced ones too.
pub(crate) fn recipients(person: &Person<'_>, page: &str) -> Vec<(String, String, String)> {
    let list = person.api(&format!("{page}/recipients"), None).ok().json();
    let word = |one: &Value, name: &str| one[name].as_str().unwrap_or_default().to_owned();
    let items = list["items"].as_array().unwrap();
    items.iter().map(|one| (word(one, "code"), word(one, "status"), word(one, "reason"))).collect()
}

/// Adds districts to the province, and communes to every district until there are so many in all.
pub(crate) fn settle_province(town: &Town, districts: usize, communes: usize) {
    let province = town.agency("Phú Thọ").id;
    let old = ["Việt Trì", "Thanh Thủy"].map(|place| (town.agency(place).id, town.agency(place).data.code));
    town.act("phutho", move |cx| {
        let mut all: Vec<(AgencyId, String)> =
            old.iter().map(|(id, code)| (*id, (*code).to_owned())).collect();
        for n in old.len()..districts {
            let code = format!("000.00.{}.H44", 50 + n);
            let name = format!("Ủy ban nhân dân huyện thứ {n}");
            let new = agency((&code, &name), Tier::District, province);
            all.push((organisations::add_agency(cx, &new)?, code));
        }
        for n in 6..communes {
            let (parent, code) = &all[n % districts];
            let own = code.replace("000.00.", &format!("{n:03}.50."));
            let new = agency((&own, &format!("Ủy ban nhân dân xã thứ {n}")), Tier::Commune, *parent);
            organisations::add_agency(cx, &new)?;
        }
        cx.record_plain("testkit.founded", ("agency", province));
        Ok(())
    });
}

/// An agency that works in the tenant it is entered in.
pub(crate) fn agency((code, name): (&str, &str), tier: Tier, parent: AgencyId) -> NewAgency {
    NewAgency {
        code_102: code.to_owned(),
        code_qd20: code.split('.').rev().collect::<Vec<_>>().join("."),
        name: name.to_owned(),
        symbol: "UBND".to_owned(),
        place: name.trim_start_matches("Ủy ban nhân dân ").to_owned(),
        tier,
        kind: "committee".to_owned(),
        parent: Some(parent),
        local: true,
        valid_from: Date::new(2010, 1, 1).unwrap(),
    }
}

/// Locks an agency of the tenant `phutho`, or unlocks it.
pub(crate) fn lock(town: &Town, code: &'static str, locked: bool) {
    town.act("phutho", move |cx| {
        let mut agency = organisations::by_code(cx, code)?.unwrap();
        agency.locked = locked;
        organisations::edit_agency(cx, &agency)?;
        cx.record_plain("testkit.locked", ("agency", agency.id));
        Ok(())
    });
}

/// A PDF of one page that reads a line; `size` pads it.
pub(crate) fn pdf(line: &str, size: usize) -> Vec<u8> {
    let stream = format!("BT /F1 14 Tf 72 770 Td ({line}) Tj ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{stream}\nendstream", stream.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman >>".to_owned(),
    ];
    let mut out = "%PDF-1.4\n".to_owned();
    let mut places = Vec::new();
    for (n, object) in (1..).zip(&objects) {
        places.push(out.len());
        write!(out, "{n} 0 obj\n{object}\nendobj\n").unwrap();
    }
    while out.len() < size {
        out += "% Hùng Lô, Kim Đức, Bạch Hạc, Thanh Đình, Chu Hóa, Hy Cương, Tân Đức\n";
    }
    let start = out.len();
    write!(out, "xref\n0 {}\n0000000000 65535 f \n", places.len() + 1).unwrap();
    out.extend(places.iter().map(|place| format!("{place:010} 00000 n \n")));
    let size = places.len() + 1;
    write!(out, "trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n").unwrap();
    out.into_bytes()
}

/// A DOCX with one paragraph.
pub(crate) fn docx(line: &str) -> Vec<u8> {
    let types = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Types \
        xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" \
        ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Override \
        PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.\
        wordprocessingml.document.main+xml\"/></Types>";
    let rels = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Relationships \
        xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" \
        Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" \
        Target=\"word/document.xml\"/></Relationships>";
    let document = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><w:document \
         xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body><w:p><w:r>\
         <w:t>{line}</w:t></w:r></w:p></w:body></w:document>"
    );
    zip(&[("[Content_Types].xml", types), ("_rels/.rels", rels), ("word/document.xml", &document)])
}

/// A ZIP of entries as they are.
fn zip(entries: &[(&str, &str)]) -> Vec<u8> {
    let (mut out, mut index) = (Vec::new(), Vec::new());
    let four = |n: usize| u32::try_from(n).unwrap().to_le_bytes();
    let two = |n: usize| u16::try_from(n).unwrap().to_le_bytes();
    for (name, content) in entries {
        let place = out.len();
        let mut facts = [20_u8, 0, 0, 0, 0, 0, 0, 0, 0x21, 0].to_vec();
        facts.extend(crc32(content.as_bytes()).to_le_bytes());
        facts.extend([four(content.len()), four(content.len())].concat());
        facts.extend([two(name.len()), two(0)].concat());
        out.extend([b"PK\x03\x04", facts.as_slice(), name.as_bytes(), content.as_bytes()].concat());
        let rest = [two(0).as_slice(), &two(0), &two(0), &four(0), &four(place), name.as_bytes()].concat();
        index.extend([b"PK\x01\x02\x14\x00", facts.as_slice(), &rest].concat());
    }
    let (start, length, n) = (out.len(), index.len(), entries.len());
    out.extend(index);
    let end = [two(0).as_slice(), &two(0), &two(n), &two(n), &four(length), &four(start), &two(0)].concat();
    out.extend([b"PK\x05\x06", end.as_slice()].concat());
    out
}

fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, _| if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
    !bytes.iter().fold(!0, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), step))
}
