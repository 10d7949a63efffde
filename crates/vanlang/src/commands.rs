//! What the command line can do beside serving.

use base::calendar::Calendar;
use base::{Error, Instant, Result, WhileDoing};
use std::fs::File;
use std::io::{BufReader, Write};
use std::path::{Path, PathBuf};
use xmldsig::Reason;

/// A signed packet is read whole; a larger one than this is not.
const SIGNED_BYTES: u64 = 64 << 20;

/// Which clock counts a deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum ClockKind {
    /// Whole working days.
    Civil,
    /// Working hours.
    Hours,
}

/// The line `vanlang deadline` prints: a date, or an instant.
///
/// # Errors
/// `Invalid` when the time of receipt cannot be read.
pub fn deadline(received: &str, working_days: u32, clock: ClockKind) -> Result<String> {
    let received = Instant::parse(received).ok_or_else(|| Error::field("received", "form.not_a_time"))?;
    let calendar = Calendar::vietnam();
    Ok(match clock {
        ClockKind::Civil => calendar.due_civil(received, working_days).iso(),
        ClockKind::Hours => calendar.due_hours(received, working_days).rfc3339(),
    })
}

/// Writes one JSON object a line for each edXML file. Answers true when none was quarantined.
///
/// # Errors
/// `Internal` when a file cannot be opened or the output is closed.
pub fn inspect_edxml(files: &[PathBuf], out: &mut dyn Write) -> Result<bool> {
    let mut clean = true;
    for path in files {
        let file = File::open(path).while_doing("opening", path.display())?;
        let mut found =
            edxml::inspect(&path.display().to_string(), BufReader::with_capacity(256 * 1024, file));
        if found.signature == "unverifiable" {
            found.signature = signature(path)?;
        }
        clean &= found.verdict != "quarantined";
        let line = serde_json::to_string(&found).while_doing("writing", path.display())?;
        writeln!(out, "{line}").while_doing("writing", path.display())?;
    }
    Ok(clean)
}

/// What the signature of a packet is worth in itself: whether it is that of its certificate over these bytes. Whom the
/// certificate belongs to, and whether that counts, is not said. Profiles of others and large packets stay unverifiable.
fn signature(path: &Path) -> Result<&'static str> {
    let size = std::fs::metadata(path).while_doing("reading", path.display())?.len();
    if size > SIGNED_BYTES {
        return Ok("unverifiable");
    }
    let bytes = std::fs::read(path).while_doing("reading", path.display())?;
    let Ok(text) = String::from_utf8(bytes) else { return Ok("unverifiable") };
    let limits = xmldsig::Limits { bytes: text.len(), ..xmldsig::Limits::default() };
    Ok(match xmldsig::enveloped::verify(&text, &limits).map_err(|error| error.reason) {
        Ok(_) => "valid",
        Err(
            Reason::NotXml
            | Reason::TooLarge
            | Reason::Absent
            | Reason::Profile
            | Reason::Algorithm
            | Reason::Signer,
        ) => "unverifiable",
        Err(
            Reason::Several | Reason::DoubleId | Reason::Certificate | Reason::Digest | Reason::Signature,
        ) => "invalid",
    })
}

#[cfg(test)]
mod tests {
    use super::inspect_edxml;
    use rcgen::{CertificateParams, KeyPair, SigningKey};
    use xmldsig::{Signer, enveloped};

    /// The signature `vanlang edxml inspect` tells of a packet.
    fn told(packet: &str) -> String {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), packet).unwrap();
        let mut out = Vec::new();
        inspect_edxml(&[file.path().to_owned()], &mut out).unwrap();
        let told: serde_json::Value = serde_json::from_slice(&out).unwrap();
        told["signature"].as_str().unwrap().to_owned()
    }

    #[test]
    fn the_signature_of_a_packet_is_judged_where_it_can_be() {
        let packet = String::from_utf8(edxml::sample::packet(2_000).unwrap()).unwrap();
        assert_eq!(told(&packet), "none");
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new(Vec::new()).unwrap().self_signed(&key).unwrap();
        let sign = |message: &[u8]| key.sign(message).map_err(|error| error.to_string());
        let signer = Signer { certificate: certificate.der(), sign: &sign };
        let at = packet.find("</edXML:edXMLHeader>").unwrap();
        let signed = enveloped::sign(&packet, at, &signer, "2026-12-01T02:00:00Z".parse().unwrap()).unwrap();
        assert_eq!(told(&signed), "valid");
        let subject = edxml::sample::document().subject;
        assert_eq!(told(&signed.replacen(&subject, "khác", 1)), "invalid");
        let old = signed.replace("2001/04/xmldsig-more#ecdsa-sha256", "2000/09/xmldsig#dsa-sha1");
        assert_eq!(told(&old), "unverifiable", "an old profile is read and never trusted");
    }
}
