use pades::pdf::{Area, Kind};
use pades::sign::{Appearance, Place, Request, sign};

use crate::judges::all_accept;
use crate::papers::{Table, letter, line_of_text, organisations, persons, red};
use crate::people::Root;

pub(crate) const CORNER: Place<'_> =
    Place::TopRight { width_um: 60_000, height_um: 12_000, margin_um: 8_000 };

#[test]
fn the_clerk_signs_an_annex_and_a_copy_in_the_corner_with_text_and_without_a_picture() {
    let root = Root::new();
    let seal = root.organisation().signer();
    let (text, picture) = (line_of_text(), red());
    for (kind, turned) in [(Kind::Annex, 0), (Kind::Copy, 270), (Kind::Copy, 180)] {
        let annex = letter(Table::Stream, turned);
        let request =
            Request { kind, place: CORNER, appearance: Appearance::Page(&text), ..organisations(&picture) };
        let signed = sign(&annex, &request, &seal, None).unwrap();
        all_accept(&signed, &root.pem, 1);

        let with_picture = Request { appearance: Appearance::Image(&picture), ..request.clone() };
        assert_eq!(sign(&annex, &with_picture, &seal, None).unwrap_err().code(), "wrong-form");
        let below = Place::At { page: 1, area: Area::mm(20, 150, 60, 12) };
        let below = Request { place: below, ..request };
        assert_eq!(sign(&annex, &below, &seal, None).unwrap_err().code(), "wrong-form");
    }
}

#[test]
fn a_signature_stands_where_the_letter_has_an_anchor() {
    let root = Root::new();
    let place = Place::Anchor { name: "ky", area: Area::mm(5, 5, 40, 20) };
    let text = line_of_text();
    let request = Request { place, appearance: Appearance::Page(&text), ..persons(&[]) };
    let signed = sign(&letter(Table::Classic, 0), &request, &root.person().signer(), None).unwrap();
    all_accept(&signed, &root.pem, 1);
    let pdf = pades::pdf::Pdf::open(&signed, &pades::pdf::Limits::default()).unwrap();
    let field = pdf.signature_fields().unwrap().remove(0);
    let left = field.field.get(b"Rect").unwrap().as_array().unwrap()[0].as_float().unwrap();
    // 300 pt and 5 mm.
    assert_eq!((field.page, (left - 314.17).abs() < 0.1), (Some(2), true), "{left}");
}

#[test]
fn an_invisible_signature_is_accepted_too() {
    let root = Root::new();
    let request = Request { place: Place::Nowhere, appearance: Appearance::None, ..persons(&[]) };
    let signed = sign(&letter(Table::Classic, 0), &request, &root.person().signer(), None).unwrap();
    all_accept(&signed, &root.pem, 1);
}
