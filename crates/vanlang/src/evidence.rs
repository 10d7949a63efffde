//! Evidence on the command line: of a delivery as one file, and what such a file is worth.

use crate::app::{self, Settings, files_folder};
use crate::upkeep;
use asic::Container;
use base::time::{Clock, SystemClock};
use base::{Error, Id, Refusal, Result, WhileDoing};
use engine::files::Store;
use kernel::{Context, Database, Scope, System};
use platform::evidence::Line;
use serde_json::json;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use trust::Certificate;

/// Which delivery.
#[derive(Debug, Clone, clap::Args)]
pub struct Which {
    /// The tenant.
    #[arg(long)]
    pub tenant: String,
    /// The envelope.
    #[arg(long)]
    pub envelope: uuid::Uuid,
    /// Code of the other agency, when the envelope went to several.
    #[arg(long)]
    pub counterpart: Option<String>,
}

/// Writes the evidence of a delivery and answers the file's name. It works while the server runs, too.
///
/// # Errors
/// `NotFound` for an unknown tenant or envelope; `Refused` when it is not sealed yet, or several deliveries are meant;
/// `Internal` when something cannot be read or written.
pub async fn export(settings: &Settings, which: &Which, output: Option<PathBuf>) -> Result<PathBuf> {
    let found = settings.tenants.iter().find(|one| one.name == which.tenant).ok_or(Error::NotFound)?;
    let db = upkeep::open(settings, found).await?;
    let data = &settings.server.data;
    let files = Store::open(&files_folder(data, &found.name), &app::master(settings)?).await?;
    let cx = || {
        let texts = app::texts(&crate::modules::all())?;
        Ok::<Context, Error>(app::founding(texts, &found.name, &SystemClock))
    };
    let (asking, envelope) = (cx()?, which.envelope);
    let look = move |db: &dyn Database| {
        kernel::engine::read::<System, Vec<Line>>(db, &asking, |cx| platform::evidence::find(cx, envelope))
    };
    let lines = db.read(Scope::Everything, look).await?;
    let line = only(&lines, which.counterpart.as_deref())?;
    let output = output.unwrap_or_else(|| PathBuf::from(format!("{envelope}.asice")));
    let out = File::create_new(&output).while_doing("making", output.display())?;
    // What this installation knows of the others, where it is a node.
    let directory = std::fs::read(data.join("node").join("directory")).ok();
    let written = engine::evidence::export((&db, &files), cx()?, (line, directory), out).await;
    if written.is_err() {
        // Half a file proves nothing.
        std::fs::remove_file(&output).while_doing("removing", output.display())?;
    }
    db.close().await?;
    written.map(|()| output)
}

fn only(lines: &[Line], counterpart: Option<&str>) -> Result<Id<Line>> {
    let fits = |line: &&Line| counterpart.is_none_or(|code| line.counterpart == code);
    let mut fitting = lines.iter().filter(fits);
    match (fitting.next(), fitting.next()) {
        (None, _) => Err(Error::NotFound),
        (Some(line), None) => Ok(line.id),
        _ => Err(Refusal::new("platform.evidence.refuse.several").into()),
    }
}

/// Writes one line of JSON about an evidence file. Answers true when it is whole.
///
/// # Errors
/// `Internal` when a file or a certificate cannot be read, or the output is closed.
pub fn verify(file: &Path, (root, stamps): (&Path, Option<&Path>), out: &mut dyn Write) -> Result<bool> {
    let source = || File::open(file).while_doing("opening", file.display());
    let (told, whole) = match proof::verify(source()?, &certificate(root)?) {
        Ok(deed) => {
            let stamped = match stamps {
                Some(roots) if deed.timestamp => stamp(source()?, roots)?,
                _ => json!(null),
            };
            let whole = stamped != json!(false);
            (
                json!({ "verdict": if whole { "whole" } else { "broken" }, "stamped_at": stamped, "deed": deed }),
                whole,
            )
        }
        Err(fault) => (json!({ "verdict": "broken", "cause": fault.cause, "detail": fault.detail }), false),
    };
    writeln!(out, "{told}").while_doing("writing", "the verdict")?;
    Ok(whole)
}

/// When an authority of time had the seal: a moment, or false when the stamp is not right.
fn stamp(source: File, roots: &Path) -> Result<serde_json::Value> {
    let container = Container::read(source, &asic::Limits::default()).while_doing("reading", "the file")?;
    let bytes = |name| container.content(name).ok_or(Error::NotFound);
    let pem = std::fs::read(roots).while_doing("opening", roots.display())?;
    let trusted = pades::trust::Trust::from_pem(&pem).while_doing("reading", roots.display())?;
    let now = SystemClock.now().rfc3339().parse().while_doing("telling", "the time")?;
    let checked = pades::timestamp::checked(bytes("timestamp")?, bytes("seal")?, (&trusted, now));
    Ok(checked.map_or(json!(false), |at| json!(at.to_string())))
}

/// The one certificate of a PEM file.
fn certificate(path: &Path) -> Result<Certificate> {
    use base64::Engine;
    let text = std::fs::read_to_string(path).while_doing("opening", path.display())?;
    let inside =
        text.split_once("-----BEGIN CERTIFICATE-----").and_then(|(_, rest)| rest.split_once("-----END"));
    let (inside, _) =
        inside.ok_or_else(|| Error::internal(format!("no certificate in {}", path.display())))?;
    let inside: String = inside.split_whitespace().collect();
    let der = base64::engine::general_purpose::STANDARD.decode(inside);
    let der = der.while_doing("reading", path.display())?;
    Certificate::read(&der).while_doing("reading", path.display())
}
