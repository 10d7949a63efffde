use pades::pdf::{Area, Kind};
use pades::sign::{Appearance, Place, Request, sign};
use pades::signer::SoftwareKey;

use crate::annexes::CORNER;
use crate::judges::all_accept;
use crate::papers::{Table, blue, certified, disc, letter, organisations, persons, red, with_empty_field};
use crate::people::Root;

fn refusal(root: &Root, pdf: &[u8], request: &Request<'_>) -> &'static str {
    sign(pdf, request, &root.organisation().signer(), None)
        .map(drop)
        .map_err(|error| error.code())
        .unwrap_err()
}

#[test]
fn the_organisation_does_not_sign_before_the_person() {
    let (root, letter) = (Root::new(), letter(Table::Classic, 0));
    assert_eq!(refusal(&root, &letter, &organisations(&red())), "organisation-before-person");
}

#[test]
fn a_signature_of_an_organisation_is_no_persons_whoever_wrote_it() {
    let (root, letter) = (Root::new(), letter(Table::Classic, 0));
    let (blue, red) = (blue(), red());
    let seal = root.organisation_with_a_number().signer();
    let hidden = |kind, field| Request {
        kind,
        field,
        place: Place::Nowhere,
        appearance: Appearance::None,
        ..persons(&blue)
    };
    let copy = sign(&letter, &Request { place: CORNER, ..hidden(Kind::Copy, "Copy1") }, &seal, None).unwrap();
    assert_eq!(refusal(&root, &copy, &organisations(&red)), "organisation-before-person");
    // Without our word for it, only the certificate tells: as another program would have left it.
    let by_others = |signer: &SoftwareKey| {
        let signed = sign(&letter, &hidden(Kind::Person, "Other1"), signer, None).unwrap();
        let word = signed.windows(9).position(|window| window == b"VNVL_Kind").unwrap();
        let mut signed = signed;
        signed[word] = b'X';
        signed
    };
    let code = |signed: &[u8]| refusal(&root, signed, &hidden(Kind::Organisation, "Seal1"));
    assert_eq!(code(&by_others(&seal)), "organisation-before-person");
    // A person's certificate passes that rule, and meets the next: the word was changed after signing.
    assert_eq!(code(&by_others(&root.person().signer())), "earlier-signature-broken");
}

#[test]
fn a_certified_document_that_permits_no_change_is_left_alone() {
    let root = Root::new();
    for (permits, refused) in [(1, true), (2, false)] {
        let letter = certified(permits);
        let outcome = sign(&letter, &persons(&blue()), &root.person().signer(), None);
        assert_eq!(outcome.is_err_and(|error| error.code() == "locked-by-signature"), refused);
    }
}

#[test]
fn a_letter_with_a_field_made_ready_is_signed_there() {
    let root = Root::new();
    for inline in [false, true] {
        let letter = with_empty_field(inline);
        let picture = blue();
        let request = Request { field: "Ready1", place: Place::Field, ..persons(&picture) };
        let signed = sign(&letter, &request, &root.person().signer(), None).unwrap();
        let sealed = sign(&signed, &organisations(&red()), &root.organisation().signer(), None).unwrap();
        all_accept(&sealed, &root.pem, 2);
        let other = Request { field: "New1", ..persons(&picture) };
        let signed = sign(&letter, &other, &root.person().signer(), None).unwrap();
        all_accept(&signed, &root.pem, 1);
    }
}

#[test]
fn the_persons_picture_is_blue_the_seal_is_red_and_both_are_transparent() {
    let (root, letter) = (Root::new(), letter(Table::Classic, 0));
    assert_eq!(refusal(&root, &letter, &persons(&red())), "wrong-form");
    assert_eq!(refusal(&root, &letter, &persons(&disc([20, 40, 200], 255))), "wrong-form");
    let signed = sign(&letter, &persons(&blue()), &root.person().signer(), None).unwrap();
    assert_eq!(refusal(&root, &signed, &organisations(&blue())), "wrong-form");
}

#[test]
fn a_request_that_cannot_be_met_says_why() {
    let (root, letter) = (Root::new(), letter(Table::Classic, 0));
    let picture = blue();
    let outside = Place::At { page: 1, area: Area::mm(190, 10, 50, 25) };
    let no_page = Place::At { page: 3, area: Area::mm(10, 10, 50, 25) };
    let nowhere = Place::Anchor { name: "khac", area: Area::mm(0, 0, 50, 25) };
    for (place, code) in [
        (outside, "bad-request"),
        (no_page, "no-such-page"),
        (nowhere, "no-such-anchor"),
        (Place::Field, "no-such-anchor"),
    ] {
        assert_eq!(refusal(&root, &letter, &Request { place, ..persons(&picture) }), code);
    }
    let request = Request { field: "a.b", ..persons(&picture) };
    assert_eq!(refusal(&root, &letter, &request), "bad-request");
    let request = Request { appearance: Appearance::Image(b"GIF89a"), ..persons(&picture) };
    assert_eq!(refusal(&root, &letter, &request), "bad-appearance");
    let signed = sign(&letter, &persons(&picture), &root.person().signer(), None).unwrap();
    assert_eq!(refusal(&root, &signed, &persons(&picture)), "field-taken");
}
