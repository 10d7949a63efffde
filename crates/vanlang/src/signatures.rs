//! The signatures of a PDF on the command line: making them with a key from a file, and what they are worth.

use std::io::Write;
use std::path::{Path, PathBuf};

use base::time::Clock;
use base::{Error, Instant, Result, WhileDoing};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use pades::pdf::{Area, Kind, Limits};
use pades::sign::{Appearance, Place, Request};
use pades::signer::SoftwareKey;
use pades::trust::Trust;
use pades::verify::Answer;
use serde::Serialize;
use serde_json::json;

/// What is asked about a file.
#[derive(Debug, Default)]
pub struct Question {
    /// The certificates that are trusted, PEM.
    pub trust: Vec<PathBuf>,
    /// Revocation lists, PEM or DER.
    pub crls: Vec<PathBuf>,
    /// Whether a signature is only valid when fresh revocation data clears it.
    pub require_revocation: bool,
    /// The moment of checking; now, when it is left out.
    pub at: Option<String>,
}

/// Writes one JSON object a line for each signature, and a last one for the file. Answers whether the file is accepted:
/// it is signed, every signature is valid, and they cover all of it.
///
/// # Errors
/// `Internal` when a file cannot be opened, a certificate cannot be read, or the output is closed; `Invalid` for a moment
/// that cannot be read.
pub fn verify(file: &Path, question: &Question, clock: &dyn Clock, out: &mut dyn Write) -> Result<bool> {
    let bytes = std::fs::read(file).while_doing("opening", file.display())?;
    let at = match &question.at {
        Some(at) => Instant::parse(at).ok_or_else(|| Error::field("at", "form.not_a_time"))?,
        None => clock.now(),
    };
    let at = at.rfc3339().parse().while_doing("reading", "the moment")?;
    let answer = match pades::verify::verify(&bytes, &question.trust()?, at) {
        Ok(verdicts) => Answer::of(verdicts),
        // A file that cannot be read is a file that is not accepted, and the reason belongs to the answer.
        Err(error) => {
            let told = json!({ "accepted": false, "reasons": [error.code()], "detail": error.detail });
            return line(out, &told).map(|()| false);
        }
    };
    for verdict in &answer.signatures {
        line(out, verdict)?;
    }
    line(out, &json!({ "accepted": answer.accepted, "reasons": answer.reasons }))?;
    Ok(answer.accepted)
}

fn line(out: &mut dyn Write, value: &impl Serialize) -> Result<()> {
    let line = serde_json::to_string(value).while_doing("writing", "the answer")?;
    writeln!(out, "{line}").while_doing("writing", "the answer")
}

impl Question {
    fn trust(&self) -> Result<Trust> {
        let read = |path: &PathBuf| std::fs::read(path).while_doing("opening", path.display());
        let roots = self.trust.iter().map(read).collect::<Result<Vec<_>>>()?;
        let mut trust =
            Trust::from_pem(&roots.join(&b'\n')).while_doing("reading", "the trusted certificates")?;
        for path in &self.crls {
            let list = std::fs::read(path).while_doing("opening", path.display())?;
            trust = trust.with_crls(&list).while_doing("reading", path.display())?;
        }
        Ok(if self.require_revocation { trust.require_revocation() } else { trust })
    }
}

/// How a file is signed.
#[derive(Debug, clap::Args)]
pub struct With {
    /// The private key, PKCS #8, PEM or DER.
    #[arg(long)]
    pub key: PathBuf,
    /// The certificate of the key, and after it those that issued it, PEM.
    #[arg(long)]
    pub certificate: PathBuf,
    /// For whom: a person, or the organisation after the person.
    #[arg(long, value_enum, default_value = "person")]
    pub kind: For,
    /// A picture, PNG: the person's signature in blue, the organisation's seal in red.
    #[arg(long)]
    pub image: Option<PathBuf>,
    /// Where a person's picture stands: page, then left, top, width and height in millimetres, as `1,110,220,40,20`.
    #[arg(long, value_delimiter = ',', num_args = 5)]
    pub place: Vec<u16>,
    /// Who signs, as the file tells it.
    #[arg(long, default_value = "")]
    pub name: String,
    /// Why, as the file tells it.
    #[arg(long, default_value = "")]
    pub reason: String,
    /// Name of the signature's field; a new one.
    #[arg(long)]
    pub field: Option<String>,
}

/// For whom a file is signed.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub enum For {
    /// The competent person.
    Person,
    /// The organisation, after the person (Decree 30/2020, articles 17.2 and 32.2d).
    Organisation,
    /// An annex in a file of its own, by the organisation.
    Annex,
    /// A copy or a scan, by the organisation.
    Copy,
}

/// A seal is as large as the real one, in micrometres.
const SEAL_UM: i64 = 36_000;

/// Signs a file into another.
///
/// # Errors
/// `Internal` when a file cannot be read or written, or the signature is refused: the reason's code stands in the text.
pub fn sign(file: &Path, with: &With, clock: &dyn Clock, out: &Path) -> Result<()> {
    let read = |path: &Path| std::fs::read(path).while_doing("opening", path.display());
    let (bytes, key, chain) = (read(file)?, der(&read(&with.key)?), der(&read(&with.certificate)?));
    let certificates: Vec<&[u8]> = chain.iter().map(Vec::as_slice).collect();
    let (own, above) = certificates
        .split_first()
        .ok_or_else(|| Error::internal(format!("{}: no certificate", with.certificate.display())))?;
    let key = key.first().ok_or_else(|| Error::internal(format!("{}: no key", with.key.display())))?;
    let signer = SoftwareKey::new(key, own, above).while_doing("reading", with.key.display())?;
    let image = with.image.as_deref().map(read).transpose()?;
    let (kind, field) = match with.kind {
        For::Person => (Kind::Person, "ChuKyCaNhan"),
        For::Organisation => (Kind::Organisation, "ChuKyCoQuan"),
        For::Annex => (Kind::Annex, "ChuKyPhuLuc"),
        For::Copy => (Kind::Copy, "ChuKySao"),
    };
    let request = Request {
        kind,
        field: with.field.as_deref().unwrap_or(field),
        place: place(with, image.is_some()),
        appearance: image.as_deref().map_or(Appearance::None, Appearance::Image),
        name: &with.name,
        reason: &with.reason,
        location: "",
        time: clock.now().rfc3339().parse().while_doing("reading", "the moment")?,
        limits: Limits::default(),
    };
    let signed = pades::sign::sign(&bytes, &request, &signer, None).while_doing("signing", file.display())?;
    std::fs::write(out, signed).while_doing("writing", out.display())
}

fn place(with: &With, has_image: bool) -> Place<'static> {
    match (with.place.as_slice(), has_image) {
        (&[page, left, top, width, height], _) => Place::At {
            page: u32::from(page),
            area: Area::mm(i64::from(left), i64::from(top), i64::from(width), i64::from(height)),
        },
        (_, true) if matches!(with.kind, For::Organisation) => {
            Place::OverPerson { width_um: SEAL_UM, height_um: SEAL_UM }
        }
        _ => Place::Nowhere,
    }
}

/// The parts of a PEM file, or the whole of another one.
fn der(bytes: &[u8]) -> Vec<Vec<u8>> {
    let text = std::str::from_utf8(bytes).unwrap_or("");
    let parts: Vec<Vec<u8>> = text
        .split("-----BEGIN ")
        .skip(1)
        .filter_map(|part| part.split_once("-----")?.1.split_once("-----END"))
        .filter_map(|(body, _)| STANDARD.decode(body.split_whitespace().collect::<String>()).ok())
        .collect();
    if parts.is_empty() { vec![bytes.to_vec()] } else { parts }
}
