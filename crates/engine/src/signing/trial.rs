//! A key that is entered signs an empty page at once: what would fail on the first letter fails while somebody is there
//! to put it right.

use pades::Result;
use pades::pdf::{Area, Kind, Limits};
use pades::sign::{Appearance, Place, Request, sign};
use pades::signer::Signer;

/// True when the key is that of the certificate it comes with.
pub(super) fn is_of(signer: &dyn Signer) -> bool {
    sign(&page(), &request(Kind::Person, "TrialKey", None), signer, None).is_ok()
}

/// Signs as the signer will, with its picture.
///
/// # Errors
/// What would fail on a letter.
pub(super) fn run(signer: &dyn Signer, (organisation, picture): (bool, Option<&[u8]>)) -> Result<()> {
    let blank = page();
    if !organisation {
        return sign(&blank, &request(Kind::Person, "TrialPerson", picture), signer, None).map(drop);
    }
    // The organisation signs after a person.
    let signed = sign(&blank, &request(Kind::Person, "TrialPerson", None), signer, None)?;
    sign(&signed, &request(Kind::Organisation, "TrialSeal", picture), signer, None).map(drop)
}

fn request<'a>(kind: Kind, field: &'a str, picture: Option<&'a [u8]>) -> Request<'a> {
    Request {
        kind,
        field,
        place: Place::At { page: 1, area: Area::mm(20, 20, 36, 36) },
        appearance: picture.map_or(Appearance::None, Appearance::Image),
        name: "-",
        reason: "",
        location: "",
        time: jiff::Timestamp::UNIX_EPOCH,
        limits: Limits::default(),
    }
}

/// A PDF with one empty page.
fn page() -> Vec<u8> {
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> >>",
    ];
    let head = "%PDF-1.7\n";
    let (mut body, mut places) = (head.to_owned(), String::new());
    for (n, object) in (1..).zip(objects) {
        places = format!("{places}{:010} 00000 n \n", body.len());
        body = format!("{body}{n} 0 obj\n{object}\nendobj\n");
    }
    let (start, size) = (body.len(), objects.len().saturating_add(1));
    let table = format!("xref\n0 {size}\n0000000000 65535 f \n{places}");
    let end = format!("trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n");
    [body, table, end].concat().into_bytes()
}
