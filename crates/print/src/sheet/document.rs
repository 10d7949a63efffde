//! Official documents and copies.

use super::body::{self, Piece};
use super::{HeadLines, Signer, head, long_date, marked, signer};
use contracts::print::{Annex, Copy, DocumentType, Head, Issue, OfficialDocument, Secrecy, Urgency};
use serde::Serialize;

/// A document as its template reads it.
#[derive(Serialize)]
pub(crate) struct Document {
    /// For the properties of the file.
    name: String,
    author: String,
    original: Option<Original>,
    copy: Option<CopyLines>,
}

#[derive(Serialize)]
struct Original {
    head: HeadLines,
    /// Minutes have no place and date, a regulation issued with a decision no number either.
    with_number: bool,
    with_date: bool,
    about: String,
    title: String,
    subject: String,
    issued_with: Vec<String>,
    authority: String,
    basis: Vec<String>,
    resolves: &'static str,
    address: Address,
    body: Vec<Piece>,
    recipients: Vec<String>,
    signers: Vec<Signer>,
    confirmation: Option<Signer>,
    secrecy: &'static str,
    urgency: Option<Stamp>,
    circulation: String,
    typist: String,
    footer: Vec<String>,
    annexes: Vec<AnnexLines>,
}

/// "Kính gửi", or in a telegram who wires to whom.
#[derive(Serialize)]
struct Address {
    label: String,
    wire: bool,
    to: Vec<String>,
}

#[derive(Serialize)]
struct Stamp {
    text: &'static str,
    width_mm: u8,
}

#[derive(Serialize)]
struct AnnexLines {
    label: String,
    title: String,
    of: Vec<String>,
    landscape: bool,
    body: Vec<Piece>,
}

#[derive(Serialize)]
struct CopyLines {
    form: &'static str,
    head: HeadLines,
    recipients: Vec<String>,
    signers: Vec<Signer>,
}

pub(crate) fn of(document: &OfficialDocument) -> Document {
    Document {
        name: file_title(document),
        author: document.head.agency.clone(),
        original: Some(original(document)),
        copy: None,
    }
}

pub(crate) fn of_copy(copy: &Copy) -> Document {
    let name = copy.original.as_ref().map(file_title).unwrap_or_default();
    Document {
        name: format!("{} {name}", copy.form.name()).trim_end().to_owned(),
        author: copy.head.agency.clone(),
        original: copy.original.as_ref().map(original),
        copy: Some(CopyLines {
            form: copy.form.name(),
            head: head(&copy.head),
            recipients: recipients(&copy.recipients),
            signers: copy.signers.iter().map(signer).collect(),
        }),
    }
}

fn file_title(document: &OfficialDocument) -> String {
    let Head { number, notation, .. } = &document.head;
    let symbol = number.map(|number| format!(" {}/{notation}", super::two_digits(number)));
    let subject = document.subject.trim_end_matches('.');
    format!("{}{} {subject}", document.kind.name(), symbol.unwrap_or_default()).trim_end().to_owned()
}

fn original(document: &OfficialDocument) -> Original {
    use DocumentType as T;
    let kind = document.kind;
    let letter = kind == T::OfficialLetter;
    let issued = document.issued_with.is_some();
    let unnumbered =
        kind == T::PublicLetter && document.head.number.is_none() && document.head.notation.is_empty();
    Original {
        head: head(&document.head),
        with_number: !issued && !unnumbered,
        with_date: !issued && kind != T::Minutes,
        about: if letter && !document.subject.is_empty() { about(&document.subject) } else { String::new() },
        title: if letter { String::new() } else { kind.name().to_uppercase() },
        subject: if letter { String::new() } else { document.subject.clone() },
        issued_with: document.issued_with.as_ref().map(issued_with).unwrap_or_default(),
        authority: if kind == T::Telegram { String::new() } else { document.authority.to_uppercase() },
        basis: marked(&document.basis),
        resolves: match kind {
            T::Decision => "QUYẾT ĐỊNH:",
            T::Resolution => "QUYẾT NGHỊ:",
            _ => "",
        },
        address: address(document),
        body: body::closed(&document.body, if letter { 1 } else { 2 }),
        recipients: recipients(&document.recipients),
        signers: document.signers.iter().map(signer).collect(),
        confirmation: document.confirmation.as_ref().map(signer),
        secrecy: document.secrecy.map_or("", secrecy),
        urgency: document.urgency.map(urgency),
        circulation: document.circulation.to_uppercase(),
        typist: document.typist.clone(),
        footer: document.address.clone(),
        annexes: document.annexes.iter().map(|one| annex(one, document)).collect(),
    }
}

/// "V/v" before the subject, whether or not it was typed.
fn about(subject: &str) -> String {
    let bare = subject.strip_prefix("V/v").or_else(|| subject.strip_prefix("Về việc")).unwrap_or(subject);
    format!("V/v {}", bare.trim_start().trim_end_matches('.'))
}

fn address(document: &OfficialDocument) -> Address {
    let wire = document.kind == DocumentType::Telegram;
    let label = if wire {
        format!("{} điện:", document.authority.to_uppercase())
    } else {
        "Kính gửi:".to_owned()
    };
    let one = document.addressees.len() == 1 && !wire;
    let bare = |line: &String| super::bare(line).to_owned();
    let to = if one { document.addressees.iter().map(bare).collect() } else { marked(&document.addressees) };
    Address { label, wire, to }
}

fn recipients(lines: &[String]) -> Vec<String> {
    marked(lines).into_iter().map(|line| format!("- {line}")).collect()
}

/// `(Kèm theo Quyết định số 15/QĐ-UBND ngày 05 tháng 3 năm 2026 của …)`, its date on one line.
fn issued_with(issue: &Issue) -> Vec<String> {
    let name = if issue.name.is_empty() { "Quyết định" } else { &issue.name };
    let symbol = if issue.symbol.is_empty() { super::symbol(None, "") } else { issue.symbol.clone() };
    let agency = if issue.agency.is_empty() { super::BLANK } else { &issue.agency };
    vec![format!("(Kèm theo {name} số {symbol} "), long_date(issue.date), format!(" của {agency})")]
}

fn annex(annex: &Annex, document: &OfficialDocument) -> AnnexLines {
    let head = &document.head;
    let issue = Issue {
        name: if document.kind == DocumentType::OfficialLetter { "Công văn" } else { document.kind.name() }
            .to_owned(),
        symbol: super::symbol(head.number, &head.notation),
        date: head.date,
        agency: head.agency.clone(),
    };
    AnnexLines {
        label: format!("Phụ lục {}", annex.number).trim_end().to_owned(),
        title: annex.title.to_uppercase(),
        of: issued_with(&issue),
        landscape: annex.landscape,
        body: body::closed(&annex.body, 2),
    }
}

fn secrecy(secrecy: Secrecy) -> &'static str {
    match secrecy {
        Secrecy::Secret => "MẬT",
        Secrecy::TopSecret => "TỐI MẬT",
        Secrecy::Ultra => "TUYỆT MẬT",
    }
}

fn urgency(urgency: Urgency) -> Stamp {
    match urgency {
        Urgency::Urgent => Stamp { text: "KHẨN", width_mm: 20 },
        Urgency::VeryUrgent => Stamp { text: "THƯỢNG KHẨN", width_mm: 40 },
        Urgency::Express => Stamp { text: "HỎA TỐC", width_mm: 30 },
    }
}
