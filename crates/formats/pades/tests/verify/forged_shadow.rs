//! Tricks with the tables of an update, and attacks on certified documents.

use crate::cases::{Case, none_is_accepted};
use crate::message::{message, stamp};
use crate::paper::*;
use crate::people::{Authority, Person, answer, clock, person};

const CHANGED: &str = "changed-after-signing";
const TRAILER: &str = "/Info 13 0 R /ID [<00112233> <44556677>]";

type Forge = fn(&mut Paper);

fn offset(paper: &Paper, number: u32) -> usize {
    find(&paper.bytes, format!("\n{number} 0 obj\n").as_bytes()) + 1
}

/// Shadow attacks and their like: what is signed stays in the file, and another thing is shown.
const TRICKS: &[(&str, &str, Forge)] = &[
    ("hide and replace: an entry into the signed bytes", CHANGED, |paper| {
        let hidden = offset(paper, HIDDEN);
        paper.table(&[(TEXT_ONE, hidden)], TRAILER);
    }),
    ("hide and replace: an object prepared in the signed bytes", CHANGED, |paper| {
        let prepared = find(&paper.bytes, b"5 0 obj\n<< /Prepared");
        paper.table(&[(TEXT_ONE, prepared)], TRAILER);
    }),
    ("a table that leaves out the signed one", CHANGED, |paper| {
        let first = find(&paper.bytes, b"xref\n0 1");
        let at = paper.bytes.len();
        paper.bytes.extend(format!("{TEXT_ONE} 0 obj\n{}\nendobj\n", stream("", "9.000.000")).as_bytes());
        let others: Vec<(u32, usize)> =
            [20, 21, 22, FORM].iter().map(|number| (*number, last(paper, *number))).collect();
        let own = [others, vec![(TEXT_ONE, at)]].concat();
        paper.table_after(&own, &format!("/Root 1 0 R {TRAILER} /Prev {first}"));
    }),
    ("a table without an earlier one", "no-signature", |paper| {
        let at = paper.bytes.len();
        paper.bytes.extend(b"1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n");
        paper.table_after(&[(CATALOG, at), (PAGES, offset(paper, PAGES))], "/Root 1 0 R");
    }),
    ("tables in a circle", "corrupt-pdf", |paper| {
        let at = paper.bytes.len();
        paper.table_after(&[], &format!("/Root 1 0 R /Prev {at}"));
    }),
    ("another catalog", CHANGED, |paper| {
        let number = paper.number();
        let at = paper.bytes.len();
        paper.bytes.extend(format!("{number} 0 obj\n{}\nendobj\n", paper.catalog()).as_bytes());
        let previous = paper.last_table().unwrap();
        paper.table_after(&[(number, at)], &format!("/Root {number} 0 R {TRAILER} /Prev {previous}"));
    }),
    ("another identity", CHANGED, |paper| {
        let objects = [(99, "null".to_owned())];
        paper.write(&objects, "/Info 13 0 R /ID [<ffffffff> <00112233>]");
    }),
    ("an object no table lists", CHANGED, |paper| {
        paper.bytes.extend(format!("{TEXT_ONE} 0 obj\n{}\nendobj\n", stream("", "9.000.000")).as_bytes());
        paper.update(&[(99, "null")]);
    }),
    ("an object its own table does not find", CHANGED, |paper| {
        let at = paper.bytes.len();
        paper.bytes.extend(format!("{TEXT_ONE} 0 obj\n{}\nendobj\n", stream("", "9.000.000")).as_bytes());
        paper.table(&[(99, at)], TRAILER);
    }),
    ("words between the objects", CHANGED, |paper| {
        paper.bytes.extend(b"BT (9.000.000) Tj ET\n");
        paper.update(&[(99, "null")]);
    }),
    ("a second table no startxref names", CHANGED, |paper| {
        paper.update(&[(99, "null")]);
        paper.bytes.extend(b"xref\n0 0\ntrailer\n<< /Root 1 0 R >>\n");
    }),
    ("a table written loosely", CHANGED, |paper| {
        let table = paper.bytes.len();
        let previous = paper.last_table().unwrap();
        let text = format!(
            "xref\n0 1\n0 65535 f\ntrailer\n<< /Size 30 /Root 1 0 R {TRAILER} /Prev {previous} >>\nstartxref\n{table}\n%%EOF\n"
        );
        paper.bytes.extend(text.as_bytes());
    }),
    ("an object with a comment in its head", CHANGED, |paper| {
        let at = paper.bytes.len();
        paper.bytes.extend(b"99 % 5\n0 obj\nnull\nendobj\n");
        paper.table(&[(99, at)], TRAILER);
    }),
    ("words behind the end", "not-whole-file", |paper| paper.bytes.extend(b"% 9.000.000\n")),
    ("an object behind the end", "not-whole-file", |paper| {
        paper.bytes.extend(b"5 0 obj\n(9.000.000)\nendobj\n");
    }),
    ("one more empty line at the end", "not-whole-file", |paper| paper.bytes.push(b'\n')),
    ("another end of file", "not-whole-file", |paper| paper.bytes.extend(b"%%EOF\n")),
    ("an update that changes nothing", "not-whole-file", |paper| paper.update(&[(99, "null")])),
    ("an object of a later generation", CHANGED, |paper| {
        let at = paper.bytes.len();
        paper.bytes.extend(format!("{TEXT_ONE} 1 obj\n{}\nendobj\n", stream("", "9.000.000")).as_bytes());
        let table = paper.bytes.len();
        let previous = paper.last_table().unwrap();
        paper.bytes.extend(
            format!("xref\n5 1\n{at:010} 00001 n \ntrailer\n<< /Size 30 /Root 1 0 R {TRAILER} /Prev {previous} >>\nstartxref\n{table}\n%%EOF\n").as_bytes(),
        );
    }),
    ("encrypted from now on", "encrypted-pdf", |paper| {
        paper.write(&[(99, "<< /Filter /Standard /V 1 >>".into())], "/Encrypt 99 0 R");
    }),
    ("an offset behind the end of the file", CHANGED, |paper| {
        let far = paper.bytes.len() + 5000;
        paper.table(&[(TEXT_ONE, far)], TRAILER);
    }),
    ("the signature taken away", "no-signature", |paper| {
        let field =
            "<< /Type /Annot /Subtype /Widget /FT /Sig /T (Ky1) /F 132 /Rect [50 50 150 100] /P 3 0 R >>";
        paper.update(&[(22, field)]);
    }),
    ("the signature copied into another field", CHANGED, |paper| {
        paper.update(&[(
            EMPTY_FIELD,
            "<< /Type /Annot /Subtype /Widget /FT /Sig /T (KySan) /Rect [300 50 400 100] /P 3 0 R /F 132 /V 20 0 R >>",
        )]);
    }),
    ("the signature written once more", "byte-range-gap", |paper| {
        let text = String::from_utf8_lossy(&paper.bytes).into_owned();
        let (_, value) = text.split_once("\n20 0 obj\n").unwrap();
        let value = value.split_once("\nendobj").unwrap().0.to_owned();
        paper.update(&[(20, &value), (TEXT_ONE, &stream("", "9.000.000"))]);
    }),
];

fn last(paper: &Paper, number: u32) -> usize {
    let wanted = format!("\n{number} 0 obj\n");
    paper.bytes.windows(wanted.len()).rposition(|window| window == wanted.as_bytes()).unwrap() + 1
}

#[test]
fn no_trick_with_tables_is_accepted() {
    let root = Authority::new();
    let leader = root.person(&person());
    let mut good = Paper::new();
    // Before signing, the forger leaves a second object 5 in the file: no table knows it yet.
    good.bytes.extend(b"5 0 obj\n<< /Prepared true /Length 9 >>\nstream\n9.000.000\nendstream\nendobj\n");
    good.sign(&Spot::default(), |bytes| message(&leader, bytes));
    assert!(answer(&good.bytes, &root.trust()).unwrap().accepted);
    let mut cases = Vec::new();
    for (name, reason, forge) in TRICKS {
        let mut paper = good.clone();
        forge(&mut paper);
        cases.push(Case { name, reason, pdf: paper.bytes, trust: root.trust() });
    }
    none_is_accepted("tables", &cases);
}

/// A document certified with this permission.
fn certified(leader: &Person, level: u8, more: &str) -> Paper {
    let mut paper = Paper::new();
    paper.catalog = "/Perms << /DocMDP 20 0 R >>".into();
    let catalog = paper.catalog();
    paper.update(&[(CATALOG, &catalog)]);
    let certifies = format!(
        "/Reference [<< /Type /SigRef /TransformMethod /DocMDP /TransformParams << /Type /TransformParams /P {level} /V /1.2 >> >> {more}]"
    );
    paper.sign(&Spot { signature: &certifies, ..Spot::default() }, |bytes| message(leader, bytes));
    paper
}

fn fill(paper: &mut Paper) {
    let number = paper.number();
    let field = format!(
        "<< /Type /Annot /Subtype /Widget /FT /Tx /T (HoTen) /V (moi) /Rect [72 600 200 620] /P 3 0 R /AP << /N {number} 0 R >> >>"
    );
    let shown = stream("/Type /XObject /Subtype /Form /BBox [0 0 128 20]", "BT (moi) Tj ET");
    paper.update(&[(NAME_FIELD, &field), (number, &shown)]);
}

fn note(paper: &mut Paper) {
    let number = paper.number();
    paper.annots.push(number);
    let page = paper.page_one();
    paper.update(&[(PAGE_ONE, &page), (number, "<< /Type /Annot /Subtype /FreeText /Rect [0 0 595 842] >>")]);
}

const INVISIBLE: Spot<'_> = Spot {
    name: "Ky2",
    rect: "[0 0 0 0]",
    kind: "Sig",
    sub_filter: "ETSI.CAdES.detached",
    signature: "",
    field: "",
    existing: None,
    range: honest,
    before_contents: "",
    shown: false,
};

#[test]
fn a_certified_document_permits_what_it_says_and_no_more() {
    let root = Authority::new();
    let leader = root.person(&person());
    let lock =
        "<< /TransformMethod /FieldMDP /TransformParams << /Action /Include /Fields [(HoTen) (KySan)] >> >>";
    let sign = |paper: &mut Paper, spot: &Spot<'_>| paper.sign(spot, |bytes| message(&leader, bytes));
    let mut cases = Vec::new();
    let mut add = |name, mut paper: Paper, change: &dyn Fn(&mut Paper)| {
        assert!(
            answer(&paper.bytes, &root.trust()).unwrap().accepted,
            "{name}: the certified one is refused"
        );
        change(&mut paper);
        cases.push(Case { name, reason: CHANGED, pdf: paper.bytes, trust: root.trust() });
    };
    let with = |level| certified(&leader, level, "");
    add("level 1: filled in", with(1), &fill);
    add("level 1: filled in, then signed", with(1), &|paper| {
        fill(paper);
        sign(paper, &INVISIBLE);
    });
    add("level 1: signed", with(1), &|paper| sign(paper, &INVISIBLE));
    add("level 1: signed in the field that was there", with(1), &|paper| {
        sign(
            paper,
            &Spot { name: "KySan", rect: "[300 50 400 100]", existing: Some(EMPTY_FIELD), ..Spot::default() },
        );
    });
    add("level 2: a note, evil", with(2), &note);
    add("level 3: a note, evil", with(3), &note);
    add("level 2: a visible signature, sneaky", with(2), &|paper| {
        sign(paper, &Spot { name: "Ky2", rect: "[0 0 595 842]", ..Spot::default() });
    });
    add("level 3: a visible signature, sneaky", with(3), &|paper| {
        sign(paper, &Spot { name: "Ky2", rect: "[0 0 595 842]", ..Spot::default() });
    });
    add("level 2: another text", with(2), &|paper| paper.update(&[(TEXT_ONE, &stream("", "9.000.000"))]));
    add("level 2: shown but not said", with(2), &|paper| {
        paper.update(&[(
            NAME_SHOWN,
            &stream("/Type /XObject /Subtype /Form /BBox [0 0 128 20]", "BT (moi) Tj ET"),
        )]);
    });
    add("level 2: the certification withdrawn", with(2), &|paper| {
        paper.catalog.clear();
        let catalog = paper.catalog();
        paper.update(&[(CATALOG, &catalog)]);
    });
    add("level 2: a locked field filled in", certified(&leader, 2, lock), &fill);
    add("level 2: a locked field signed", certified(&leader, 2, lock), &|paper| {
        sign(
            paper,
            &Spot { name: "KySan", rect: "[300 50 400 100]", existing: Some(EMPTY_FIELD), ..Spot::default() },
        );
    });
    let mut plain = Paper::new();
    sign(&mut plain, &Spot::default());
    add("no level: filled in", plain.clone(), &fill);
    add("no level: filled in, then signed", plain, &|paper| {
        fill(paper);
        sign(paper, &INVISIBLE);
    });
    none_is_accepted("certified documents", &cases);
}

#[test]
fn what_a_certification_permits_is_accepted_once_it_is_signed() {
    let root = Authority::new();
    let (leader, watch) = (root.person(&person()), root.person(&clock()));
    let mut paper = certified(&leader, 2, "");
    fill(&mut paper);
    let filled = answer(&paper.bytes, &root.trust()).unwrap();
    // The certification holds; but nobody has signed what was filled in.
    assert!(!filled.accepted && filled.signatures[0].reasons.is_empty(), "{filled:#?}");
    paper.sign(&INVISIBLE, |bytes| message(&leader, bytes));
    let signed = answer(&paper.bytes, &root.trust()).unwrap();
    assert!(signed.accepted, "{signed:#?}");
    assert_eq!(signed.signatures[0].certifies, Some(2));

    let mut paper = certified(&leader, 1, "");
    let document = Spot { kind: "DocTimeStamp", sub_filter: "ETSI.RFC3161", ..INVISIBLE };
    paper.sign(&document, |bytes| stamp(&watch, bytes, "20261123023000Z"));
    let stamped = answer(&paper.bytes, &root.trust()).unwrap();
    assert!(stamped.accepted, "{stamped:#?}");
}
