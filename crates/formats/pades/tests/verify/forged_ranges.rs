//! Signatures that do not cover what they must: universal forgery, wrapping, and their like.

use crate::cases::{Case, none_is_accepted};
use crate::message::message;
use crate::paper::{FORM, PAGE_ONE, Paper, Ranges, SPACE, Spot, find, honest, stream};
use crate::people::{Authority, Person, person};

/// The forger holds a key of his own here: the range is wrong, and what it covers is really signed.
const WRONG: &[(&str, Ranges)] = &[
    ("begins behind the head", |a, b, n| (format!("[8 {} {b} {}]", a - 8, n - b), vec![8..a, b..n])),
    ("leaves out more before", |a, b, n| (format!("[0 {} {b} {}]", a - 9, n - b), vec![0..a - 9, b..n])),
    ("leaves out more behind", |a, b, n| (format!("[0 {a} {} {}]", b + 2, n - b - 2), vec![0..a, b + 2..n])),
    ("covers a part of the string", |a, b, n| (format!("[0 {} {b} {}]", a + 1, n - b), vec![0..a + 1, b..n])),
    ("overlaps itself", |a, b, n| (format!("[0 {} {a} {}]", b + 4, n - a), vec![0..b + 4, a..n])),
    ("is one part", |a, _, _| (format!("[0 {a}]"), vec![0..a, 0..0])),
    ("is three parts", |a, b, n| (format!("[0 {a} {b} 4 {} {}]", b + 4, n - b - 4), vec![0..a, b..n])),
    ("has no second part", |a, b, _| (format!("[0 {a} {b} 0]"), vec![0..a, b..b])),
    ("ends before the file's last revision does", |a, b, n| {
        (format!("[0 {a} {b} {}]", n - b - 9), vec![0..a, b..n - 9])
    }),
    ("is larger than the file", |a, b, n| (format!("[0 {a} {b} {n}]"), vec![0..a, b..n])),
    ("is larger than any file", |a, b, n| (format!("[0 {a} {b} {}]", i64::MAX), vec![0..a, b..n])),
    ("is negative", |a, b, n| (format!("[0 {a} {b} -{}]", n - b), vec![0..a, b..n])),
    ("runs backwards", |a, b, n| (format!("[{b} {} 0 {a}]", n - b), vec![b..n, 0..a])),
    ("has fractions", |a, b, n| (format!("[0 {a}.0 {b}.0 {}.0]", n - b), vec![0..a, b..n])),
    ("is nothing", |_, _, _| ("null".into(), Vec::new())),
    ("is empty", |_, _, _| ("[]".into(), Vec::new())),
    ("covers nothing", |_, b, n| (format!("[0 0 {b} {}]", n - b), vec![0..0, b..n])),
];

#[test]
fn no_range_but_the_whole_revision_is_accepted() {
    let root = Authority::new();
    let leader = root.person(&person());
    let mut cases = Vec::new();
    let mut add = |name, reason, pdf| cases.push(Case { name, reason, pdf, trust: root.trust() });
    for (name, range) in WRONG {
        let mut paper = Paper::new();
        paper.sign(&Spot { range: *range, ..Spot::default() }, |bytes| message(&leader, bytes));
        add(*name, "byte-range-gap", paper.bytes);
    }
    let with = |before_contents, signature| {
        let mut paper = Paper::new();
        let spot = Spot { signature, before_contents, ..Spot::default() };
        paper.sign(&spot, |bytes| message(&leader, bytes));
        paper.bytes
    };
    add("a second range", "byte-range-gap", with("/ByteRange [0 1 2 3]", ""));
    add("a second value before", "byte-range-gap", with("", "/Contents <00>"));
    for (name, change) in CHANGED {
        let mut paper = Paper::new();
        paper.sign(&Spot::default(), |bytes| message(&leader, bytes));
        change(&mut paper);
        add(*name, "byte-range-gap", paper.bytes);
    }
    add("moved behind with new pages before", "byte-range-gap", wrapped(&leader, false));
    add("moved behind a wrapping string", "byte-range-gap", wrapped(&leader, true));
    add("a direct value", "byte-range-gap", direct(&leader));
    add("a value within a stream of objects", "byte-range-gap", packed(&leader));
    none_is_accepted("ranges", &cases);
}

type Change = fn(&mut Paper);

/// Universal signature forgery: the entries a reader would need are missing, empty or of another kind.
const CHANGED: &[(&str, Change)] = &[
    ("no range at all", |paper| paper.replace("/ByteRange", "/ByteRang3")),
    ("no value at all", |paper| paper.replace("/Contents <", "/Content5 <")),
    ("a value that is nothing", |paper| instead(paper, b"null")),
    ("a value that is a list", |paper| instead(paper, b"[]")),
    ("a value that is a word", |paper| instead(paper, b"/Nothing")),
    ("a value that is text", |paper| instead(paper, b"(abc)")),
];

fn instead(paper: &mut Paper, value: &[u8]) {
    let at = find(&paper.bytes, b"/Contents <") + 10;
    paper.bytes[at..at + SPACE + 2].fill(b' ');
    paper.bytes[at..at + value.len()].copy_from_slice(value);
}

/// Signature wrapping: the second part is moved to the end, other objects and a table of the forger's come between, and
/// the range follows. Everything that is signed is there, and the last `startxref` names the forger's table.
fn wrapped(leader: &Person, string: bool) -> Vec<u8> {
    let mut paper = Paper::new();
    paper.sign(&Spot::default(), |bytes| message(leader, bytes));
    let table = paper.last_table().unwrap();
    let at = |number: u32| find(&paper.bytes, format!("\n{number} 0 obj\n<< /Type /").as_bytes()) + 1;
    let last = |number: u32| {
        let wanted = format!("\n{number} 0 obj\n");
        paper.bytes.windows(wanted.len()).rposition(|window| window == wanted.as_bytes()).unwrap() + 1
    };
    let value = at(20);
    let others: Vec<(u32, usize)> = [21, 22, FORM, PAGE_ONE].map(|number| (number, last(number))).to_vec();
    let end = find(&paper.bytes, b"/Contents <") + 11 + SPACE + 1;
    let tail = paper.bytes.split_off(end);
    let first = end - SPACE - 2;
    let old = format!("{:80}", honest(first, end, end + tail.len()).0);
    paper.bytes.extend(b" >>\nendobj\n");
    let text = paper.bytes.len();
    paper
        .bytes
        .extend(format!("5 0 obj\n{}\nendobj\n", stream("", "BT /F 9 Tf (9.000.000 dong) Tj ET")).as_bytes());
    paper.bytes.resize(table, b' ');
    // The table is as long with any offsets, so it is written twice: first to see where the tail begins.
    let write = |paper: &mut Paper, moved: usize| {
        let offsets: Vec<(u32, usize)> =
            others.iter().map(|(number, at)| (*number, moved + at - end)).collect();
        let own = [vec![(20, value), (5, text)], offsets].concat();
        paper.table(&own, "/Info 13 0 R /ID [<00112233> <44556677>]");
        paper.bytes.extend(if string { &b"99 0 obj << /X <"[..] } else { &b"99 0 obj << /X 1"[..] });
    };
    let mut draft = paper.clone();
    write(&mut draft, 0);
    write(&mut paper, draft.bytes.len());
    let moved = paper.bytes.len();
    paper.bytes.extend(&tail);
    let new = format!("{:80}", format!("[0 {first} {moved} {}]", tail.len()));
    paper.replace(&old, &new);
    paper.bytes
}

/// The signature is written within its field, so that no object of its own holds it.
fn direct(leader: &Person) -> Vec<u8> {
    let mut paper = Paper::new();
    let number = paper.number();
    paper.fields.push(number);
    let value = format!(
        "<< /FT /Sig /T (Ky) /V << /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /ByteRange {:80} /Contents <{}> >> >>",
        "@",
        "0".repeat(SPACE)
    );
    let before = paper.bytes.len();
    let form = paper.form();
    paper.update(&[(number, &value), (9, &form)]);
    paper.seal_at(before, &|bytes| message(leader, bytes));
    paper.bytes
}

/// The dictionary lies within a stream of objects, where no place in the file is its own.
fn packed(leader: &Person) -> Vec<u8> {
    let mut paper = Paper::new();
    let (field, value, holder) = (paper.number(), paper.number(), paper.number());
    paper.fields.push(field);
    let signature = format!(
        "<< /Type /Sig /SubFilter /ETSI.CAdES.detached /ByteRange {:80} /Contents <{}> >>",
        "@",
        "0".repeat(SPACE)
    );
    let before = paper.bytes.len();
    let at = paper.bytes.len();
    let head = format!("{value} 0 ");
    let body = format!("{head}{signature}");
    let object = format!(
        "{holder} 0 obj\n<< /Type /ObjStm /N 1 /First {} /Length {} >>\nstream\n{body}\nendstream\nendobj\n",
        head.len(),
        body.len()
    );
    paper.bytes.extend(object.as_bytes());
    let at_field = paper.bytes.len();
    paper.bytes.extend(format!("{field} 0 obj\n<< /FT /Sig /T (Ky) /V {value} 0 R >>\nendobj\n").as_bytes());
    let at_form = paper.bytes.len();
    paper.bytes.extend(format!("9 0 obj\n{}\nendobj\n", paper.form()).as_bytes());
    let previous = paper.last_table().unwrap();
    let at_table = paper.bytes.len();
    let table = paper.number();
    let mut rows = Vec::new();
    let used = |kind: u8, one: usize, two: u8| {
        [&[kind][..], &u32::try_from(one).unwrap().to_be_bytes(), &[two]].concat()
    };
    let packed_in = usize::try_from(holder).unwrap();
    for row in [
        used(1, at_form, 0),
        used(1, at_field, 0),
        used(2, packed_in, 0),
        used(1, at, 0),
        used(1, at_table, 0),
    ] {
        rows.extend(row);
    }
    let size = rows.len();
    let text = format!(
        "{table} 0 obj\n<< /Type /XRef /W [1 4 1] /Index [9 1 {field} 4] /Size {} /Root 1 0 R /Prev {previous} /Length {size} >>\nstream\n",
        paper.next
    );
    paper.bytes.extend(text.as_bytes());
    paper.bytes.extend(rows);
    paper.bytes.extend(format!("\nendstream\nendobj\nstartxref\n{at_table}\n%%EOF\n").as_bytes());
    paper.seal_at(before, &|bytes| message(leader, bytes));
    paper.bytes
}
