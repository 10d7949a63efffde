//! Updates behind a signature: everything but what a signature permits.

use crate::cases::{Case, none_is_accepted};
use crate::message::message;
use crate::paper::*;
use crate::people::{Authority, Person, person};

type Forge = fn(&mut Paper);

const NEW_TEXT: &str = "BT /F 14 Tf 72 700 Td (Chi 9.000.000 dong) Tj ET";

/// One update each, written as a well-behaved program writes it.
const UPDATES: &[(&str, Forge)] = &[
    ("the text of a page", |paper| paper.update(&[(TEXT_ONE, &stream("", NEW_TEXT))])),
    ("the page's text by another", |paper| {
        let page = paper.page_one().replace("/Contents 5 0 R", "/Contents 17 0 R");
        paper.update(&[(PAGE_ONE, &page)]);
    }),
    ("more text on a page", |paper| {
        let number = paper.number();
        let page = paper.page_one().replace("/Contents 5 0 R", &format!("/Contents [5 0 R {number} 0 R]"));
        paper.update(&[(PAGE_ONE, &page), (number, &stream("", NEW_TEXT))]);
    }),
    ("a page at the end", |paper| {
        let number = paper.number();
        paper.update(&[
            (
                PAGES,
                &format!(
                    "<< /Type /Pages /Kids [3 0 R 4 0 R {number} 0 R] /Count 3 /MediaBox [0 0 595 842] >>"
                ),
            ),
            (number, "<< /Type /Page /Parent 2 0 R /Contents 17 0 R >>"),
        ]);
    }),
    ("a page less", |paper| {
        paper.update(&[(PAGES, "<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 595 842] >>")]);
    }),
    ("pages in another order", |paper| {
        paper.update(&[(PAGES, "<< /Type /Pages /Kids [4 0 R 3 0 R] /Count 2 /MediaBox [0 0 595 842] >>")]);
    }),
    ("another tree of pages", |paper| {
        let number = paper.number();
        let catalog = paper.catalog().replace("/Pages 2 0 R", &format!("/Pages {number} 0 R"));
        let pages = "<< /Type /Pages /Kids [3 0 R 4 0 R 3 0 R] /Count 3 /MediaBox [0 0 595 842] >>";
        paper.update(&[(CATALOG, &catalog), (number, pages)]);
    }),
    ("a smaller page", |paper| {
        paper.update(&[(PAGES, "<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 /MediaBox [0 0 595 400] >>")]);
    }),
    ("a page cropped", |paper| {
        paper.page = "/CropBox [0 0 595 400]".into();
        let page = paper.page_one();
        paper.update(&[(PAGE_ONE, &page)]);
    }),
    ("a page turned", |paper| {
        paper.page = "/Rotate 180".into();
        let page = paper.page_one();
        paper.update(&[(PAGE_ONE, &page)]);
    }),
    ("another picture", |paper| {
        let entries =
            "/Type /XObject /Subtype /Image /Width 2 /Height 2 /ColorSpace /DeviceGray /BitsPerComponent 8";
        paper.update(&[(PICTURE, &stream(entries, "dcba"))]);
    }),
    ("another font", |paper| {
        paper.update(&[(FONT, "<< /Type /Font /Subtype /Type1 /BaseFont /Symbol >>")]);
    }),
    ("other resources", |paper| {
        let page = paper.page_one().replace("/Im 8 0 R", "/Im 17 0 R");
        paper.update(&[(PAGE_ONE, &page)]);
    }),
    ("an object that was missing", |paper| paper.update(&[(DANGLING, &stream("/Type /XObject", NEW_TEXT))])),
    ("the length of a text", |paper| paper.update(&[(LENGTH, "5")])),
    ("a text freed", |paper| paper.update(&[(TEXT_TWO, "")])),
    ("a note over the page", |paper| {
        let number = paper.number();
        paper.annots.push(number);
        let page = paper.page_one();
        let note =
            "<< /Type /Annot /Subtype /FreeText /Rect [0 0 595 842] /Contents (9.000.000) /DA (/F 9 Tf) >>";
        paper.update(&[(PAGE_ONE, &page), (number, note)]);
    }),
    ("a stamp over the page", |paper| {
        let number = paper.number();
        paper.annots.push(number);
        let page = paper.page_one();
        let note = "<< /Type /Annot /Subtype /Stamp /Rect [0 0 595 842] /AP << /N 17 0 R >> >>";
        paper.update(&[(PAGE_ONE, &page), (number, note)]);
    }),
    ("a note on a page that had none", |paper| {
        let number = paper.number();
        let page = format!(
            "<< /Type /Page /Parent 2 0 R /Contents 6 0 R /Resources << /Font << /F 7 0 R >> >> /Annots [{number} 0 R] >>"
        );
        paper.update(&[
            (PAGE_TWO, &page),
            (number, "<< /Type /Annot /Subtype /Square /Rect [0 0 595 842] >>"),
        ]);
    }),
    ("a note written within the page", |paper| {
        let page =
            paper.page_one().replace("/Annots [", "/Annots [<< /Subtype /Square /Rect [0 0 595 842] >> ");
        paper.update(&[(PAGE_ONE, &page)]);
    }),
    ("another link", |paper| {
        paper.update(&[(LINK, "<< /Type /Annot /Subtype /Link /Rect [0 0 595 842] /Dest [4 0 R /Fit] >>")]);
    }),
    ("a note taken away", |paper| {
        paper.annots.retain(|note| *note != LINK);
        let page = paper.page_one();
        paper.update(&[(PAGE_ONE, &page)]);
    }),
    ("notes in another order", |paper| {
        paper.annots.reverse();
        let page = paper.page_one();
        paper.update(&[(PAGE_ONE, &page)]);
    }),
    ("layers", |paper| catalog(paper, "/OCProperties << /OCGs [] /D << /BaseState /OFF >> >>")),
    ("an action when opened", |paper| {
        catalog(paper, "/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>");
    }),
    ("actions of the document", |paper| catalog(paper, "/AA << /WC << /S /JavaScript /JS (1) >> >>")),
    ("files attached", |paper| catalog(paper, "/Names << /EmbeddedFiles << /Names [(a) 17 0 R] >> >>")),
    ("how it is shown", |paper| catalog(paper, "/ViewerPreferences << /HideToolbar true >>")),
    ("numbers of pages", |paper| catalog(paper, "/PageLabels << /Nums [0 << /St 7 >>] >>")),
    ("bookmarks", |paper| catalog(paper, "/Outlines 17 0 R")),
    ("structure", |paper| catalog(paper, "/StructTreeRoot 17 0 R")),
    ("permissions", |paper| catalog(paper, "/Perms << /UR3 17 0 R >>")),
    ("another language", |paper| catalog(paper, "/Lang (en)")),
    ("another title", |paper| paper.update(&[(INFO, "<< /Title (Nghi quyet) /Producer (Mau) >>")])),
    ("the value of a field", |paper| {
        paper.update(&[(
            NAME_FIELD,
            "<< /Type /Annot /Subtype /Widget /FT /Tx /T (HoTen) /V (moi) /Rect [72 600 200 620] /P 3 0 R /AP << /N 12 0 R >> >>",
        )]);
    }),
    ("what a field shows", |paper| {
        paper.update(&[(
            NAME_SHOWN,
            &stream("/Type /XObject /Subtype /Form /BBox [0 0 128 20]", "BT (moi) Tj ET"),
        )]);
    }),
    ("a field over the page", |paper| {
        let number = paper.number();
        paper.fields.push(number);
        paper.annots.push(number);
        let (form, page) = (paper.form(), paper.page_one());
        let field = "<< /Type /Annot /Subtype /Widget /FT /Tx /T (Moi) /V (9.000.000) /Rect [0 0 595 842] >>";
        paper.update(&[(FORM, &form), (PAGE_ONE, &page), (number, field)]);
    }),
    ("an empty signature field that shows something", |paper| {
        new_field(paper, "/T (Moi) /AP << /N 17 0 R >>");
    }),
    ("a signature field with an action", |paper| {
        new_field(paper, "/T (Moi) /AA << /E << /S /JavaScript /JS (1) >> >>");
    }),
    ("a signature field of a name that is taken", |paper| new_field(paper, "/T (HoTen)")),
    ("a signature field without a name", |paper| new_field(paper, "")),
    ("a field signed with a word", |paper| new_field(paper, "/T (Moi) /V (da ky)")),
    ("a field signed with an old object", |paper| new_field(paper, "/T (Moi) /V 17 0 R")),
    ("an empty field that now shows something", |paper| {
        paper.update(&[(
            EMPTY_FIELD,
            "<< /Type /Annot /Subtype /Widget /FT /Sig /T (KySan) /Rect [300 50 400 100] /P 3 0 R /F 132 /AP << /N 17 0 R >> >>",
        )]);
    }),
    ("an empty field moved", |paper| {
        paper.update(&[(
            EMPTY_FIELD,
            "<< /Type /Annot /Subtype /Widget /FT /Sig /T (KySan) /Rect [0 0 595 842] /P 3 0 R /F 132 >>",
        )]);
    }),
    ("a field taken away", |paper| {
        paper.fields.retain(|field| *field != NAME_FIELD);
        let form = paper.form();
        paper.update(&[(FORM, &form)]);
    }),
    ("appearances made anew", |paper| form(paper, "/NeedAppearances true")),
    ("a form of another kind", |paper| form(paper, "/XFA 17 0 R")),
    ("the order of calculation", |paper| form(paper, "/CO [11 0 R]")),
    ("the look of the signature", |paper| {
        let number = shown(paper);
        paper.update(&[(number, &stream("/Type /XObject /Subtype /Form /BBox [0 0 100 50]", NEW_TEXT))]);
    }),
    ("the place of the signature", |paper| {
        let field = signed_field(paper).replace("[50 50 150 100]", "[0 0 595 842]");
        let number = *paper.fields.last().unwrap();
        paper.update(&[(number, &field)]);
    }),
    ("the picture of the signature hung elsewhere", |paper| {
        let number = *paper.fields.last().unwrap();
        let field = signed_field(paper).replace("/AP << /N 21 0 R >>", "/AP << /N 17 0 R >>");
        paper.update(&[(number, &field)]);
    }),
    ("validation data over a text", |paper| {
        catalog(paper, "/DSS << /Certs [5 0 R] >>");
        paper.update(&[(TEXT_ONE, &stream("", NEW_TEXT))]);
    }),
    ("a key twice", |paper| {
        let page = paper.page_one().replace("/Contents 5 0 R", "/Contents 17 0 R /Contents 5 0 R");
        paper.update(&[(PAGE_ONE, &page)]);
    }),
    ("a description with another title", |paper| describe(paper, "<dc:title>Nghi quyet</dc:title>")),
    ("a description with another author", |paper| describe(paper, "<rdf:Description dc:creator='Khac'/>")),
    ("a description that cannot be read", |paper| describe(paper, "<rdf:Description>")),
    ("a description of another kind", |paper| catalog(paper, "/Metadata 17 0 R")),
];

fn catalog(paper: &mut Paper, entry: &str) {
    entry.clone_into(&mut paper.catalog);
    let catalog = paper.catalog();
    paper.update(&[(CATALOG, &catalog)]);
}

fn describe(paper: &mut Paper, what: &str) {
    let number = paper.number();
    let text = format!("<rdf:RDF><pdf:Producer>Mau</pdf:Producer>{what}</rdf:RDF>");
    paper.update(&[(number, &stream("/Type /Metadata /Subtype /XML", &text))]);
    catalog(paper, &format!("/Metadata {number} 0 R"));
}

fn form(paper: &mut Paper, entry: &str) {
    entry.clone_into(&mut paper.form);
    let form = paper.form();
    paper.update(&[(FORM, &form)]);
}

fn new_field(paper: &mut Paper, entries: &str) {
    let number = paper.number();
    paper.fields.push(number);
    paper.annots.push(number);
    let (form, page) = (paper.form(), paper.page_one());
    let field = format!("<< /Type /Annot /Subtype /Widget /FT /Sig /Rect [0 0 595 842] {entries} >>");
    paper.update(&[(FORM, &form), (PAGE_ONE, &page), (number, &field)]);
}

/// The object that shows the signature: the one behind its value.
fn shown(paper: &Paper) -> u32 {
    paper.fields.last().unwrap() - 1
}

fn signed_field(paper: &Paper) -> String {
    let text = String::from_utf8_lossy(&paper.bytes).into_owned();
    let (_, field) = text.split_once(&format!("\n{} 0 obj\n", paper.fields.last().unwrap())).unwrap();
    field.split_once("\nendobj").unwrap().0.to_owned()
}

fn signed(leader: &Person, spot: &Spot<'_>) -> Paper {
    let mut paper = Paper::new();
    paper.sign(spot, |bytes| message(leader, bytes));
    paper
}

#[test]
fn no_update_but_the_permitted_ones_is_accepted() {
    let root = Authority::new();
    let leader = root.person(&person());
    let good = signed(&leader, &Spot::default());
    let mut cases = Vec::new();
    for (name, forge) in UPDATES {
        let mut paper = good.clone();
        forge(&mut paper);
        cases.push(Case { name, reason: "changed-after-signing", pdf: paper.bytes, trust: root.trust() });
    }
    none_is_accepted("updates", &cases);
}

#[test]
fn a_note_of_who_wrote_the_file_is_permitted() {
    let root = Authority::new();
    let leader = root.person(&person());
    let mut paper = signed(&leader, &Spot::default());
    describe(&mut paper, "<rdf:Description xmp:ModifyDate='2026-11-23'/>");
    paper.update(&[(INFO, "<< /Title (Quyet dinh) /Producer (Khac) /ModDate (D:20261123) >>")]);
    let answer = crate::people::answer(&paper.bytes, &root.trust()).unwrap();
    assert!(answer.accepted, "{answer:#?}");
}

#[test]
fn a_later_signature_does_not_heal_a_forbidden_change() {
    let root = Authority::new();
    let (leader, forger) = (root.person(&person()), root.person(&person()));
    let good = signed(&leader, &Spot::default());
    let mut cases = Vec::new();
    for (name, forge) in UPDATES {
        let mut paper = good.clone();
        forge(&mut paper);
        let spot = Spot { name: "Ky2", rect: "[0 0 0 0]", shown: false, ..Spot::default() };
        paper.sign(&spot, |bytes| message(&forger, bytes));
        cases.push(Case { name, reason: "changed-after-signing", pdf: paper.bytes, trust: root.trust() });
    }
    none_is_accepted("updates, countersigned", &cases);
}
