use std::collections::BTreeSet;
use std::fmt;
use std::io::{Read, Seek};

use asic::Container;
use serde::{Deserialize, Serialize};
use trust::{Certificate, Crl, Directory};
use xmldsig::detached::Signed;

use crate::file::{Line, PACKET, RECEIPT};
use crate::judge::{By, SKEW_MICROS, judge};
use crate::merkle::{Hash, root_of};
use crate::seal::{REFERENCES, Seal};
use crate::{Direction, Entry, sha256};

/// What a whole evidence file proves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Deed {
    /// The envelope.
    pub envelope: String,
    /// SHA-256 of its bytes.
    pub packet: String,
    /// Code of the sender.
    pub from: String,
    /// Code of the recipient.
    pub to: String,
    /// The node that signed the packet; none when it never left one node.
    pub sent_by: Option<String>,
    /// The node that signed the receipt.
    pub received_by: Option<String>,
    /// Hashes of the files.
    pub files: Vec<String>,
    /// The line of the journal.
    pub line: Entry,
    /// Whose seal.
    pub sealed_by: String,
    /// The node that countersigned it.
    pub witness: String,
    /// When it did, in microseconds of the epoch.
    pub witnessed_at: i64,
    /// Whether the directory in the file says that the senders' nodes spoke for their agencies.
    pub directory: bool,
    /// Whether an answer of an authority of time lies beside the seal. It is not checked here: its root is another.
    pub timestamp: bool,
}

/// Why a file proves nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The kind.
    pub cause: Cause,
    /// What exactly, in English.
    pub detail: String,
}

/// The kinds of faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The file is no container, or a signature in it is not right.
    Container,
    /// An object is missing, is there without being explained, or cannot be read.
    Objects,
    /// A certificate is not the authority's, or did not count when it signed.
    Certificate,
    /// A certificate was revoked.
    Revoked,
    /// The packet is not that of the line.
    Packet,
    /// The receipt is not that of the packet, or says no.
    Receipt,
    /// The line does not lead to the root.
    Journal,
    /// The seal is not that of the line, or nobody countersigned it.
    Seal,
    /// A node spoke for an agency whose home it was not.
    Directory,
}

impl Fault {
    pub(crate) fn of(cause: Cause, detail: impl fmt::Display) -> Self {
        Self { cause, detail: detail.to_string() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}", self.cause, self.detail)
    }
}

/// What is read of an envelope.
#[derive(Deserialize)]
struct Envelope {
    id: String,
    from: Party,
    sealed: Sealed,
}
#[derive(Deserialize)]
struct Party {
    code: String,
}
#[derive(Deserialize)]
struct Sealed {
    kind: String,
    #[serde(default)]
    attachments: Vec<Attachment>,
}
#[derive(Deserialize)]
struct Attachment {
    sha256: String,
}
/// What is read of a receipt.
#[derive(Deserialize)]
struct Receipt {
    envelope: String,
    to: String,
    packet: String,
    verdict: String,
    place: Option<i64>,
}

/// Checks an evidence file with the authority's certificate alone.
///
/// # Errors
/// The first fault that was found; then the file proves nothing.
pub fn verify<R: Read + Seek>(source: R, root: &Certificate) -> Result<Deed, Fault> {
    // The directory of a whole country has some 30 MB.
    let limits = asic::Limits { kept: 64 << 20, kept_together: 128 << 20, ..asic::Limits::default() };
    let container = Container::read(source, &limits);
    let file = File { container: container.map_err(|error| Fault::of(Cause::Container, error))? };
    let envelope: Envelope = file.json(PACKET)?;
    let Line { entry, path } = file.json("journal")?;
    let seal: Seal = file.json("seal")?;
    file.explained(&envelope)?;
    let (witness, crl) = file.witness(&seal, root)?;
    sealed(&seal, (&entry, &path))?;
    let packet = sha256(file.bytes(PACKET)?);
    if entry.packet != packet || entry.envelope != envelope.id || entry.kind != envelope.sealed.kind {
        return Err(Fault::of(Cause::Packet, "it is not that of the line"));
    }
    let (from, to) = match entry.direction {
        Direction::Sent => (&entry.agency, &entry.counterpart),
        Direction::Received => (&entry.counterpart, &entry.agency),
    };
    if *from != envelope.from.code {
        return Err(Fault::of(Cause::Packet, "another agency sent it"));
    }
    let sent_by = file.sender(&envelope, to, (&crl, root))?;
    let received_by = file.recipient(&entry, to, (&crl, root))?;
    let own = match entry.direction {
        Direction::Sent => &sent_by,
        Direction::Received => &received_by,
    };
    if sent_by.is_some() != received_by.is_some() || own.as_ref().is_some_and(|by| by.node != seal.node) {
        return Err(Fault::of(Cause::Seal, "it is that of another node"));
    }
    for by in [&sent_by, &received_by].into_iter().flatten() {
        if by.at > witness.at + SKEW_MICROS {
            return Err(Fault::of(Cause::Seal, "it is older than what it seals"));
        }
    }
    let directory = file.directory((from, &sent_by), (to, &received_by), root)?;
    above(directory.as_ref(), &seal.node, &witness.node)?;
    let names = |by: Option<By>| by.map(|by| by.node);
    Ok(Deed {
        packet,
        from: from.clone(),
        to: to.clone(),
        sent_by: names(sent_by),
        received_by: names(received_by),
        files: file.files().map(str::to_owned).collect(),
        line: entry,
        sealed_by: seal.node,
        witness: witness.node,
        witnessed_at: witness.at,
        directory: directory.is_some(),
        timestamp: file.container.objects.contains_key("timestamp"),
        envelope: envelope.id,
    })
}

/// The line lies under the root of the seal, and its times follow each other.
fn sealed(seal: &Seal, (entry, path): (&Entry, &[String])) -> Result<(), Fault> {
    let fault = |what: &str| Fault::of(Cause::Journal, what);
    let hashes = path.iter().map(|text| unhex(text)).collect::<Option<Vec<Hash>>>();
    let hashes = hashes.ok_or_else(|| fault("the path cannot be read"))?;
    let place = |n: i64| u64::try_from(n.checked_sub(seal.first)?).ok();
    let (index, last) = (place(entry.n), place(seal.last));
    let (Some(index), Some(last)) = (index, last) else { return Err(fault("the line is not of the seal")) };
    let leaf = entry.hash().map_err(|error| fault(&error.to_string()))?;
    let root = last.checked_add(1).and_then(|leaves| root_of(leaf, (index, leaves), &hashes));
    if root.is_none() || root != unhex(&seal.root) {
        return Err(fault("the line does not lead to the root"));
    }
    if entry.at > seal.at.saturating_add(SKEW_MICROS) {
        return Err(fault("the line is younger than its seal"));
    }
    Ok(())
}

struct File {
    container: Container,
}

impl File {
    fn bytes(&self, name: &str) -> Result<&[u8], Fault> {
        self.container.content(name).ok_or_else(|| Fault::of(Cause::Objects, format_args!("no {name}")))
    }

    fn json<'a, T: Deserialize<'a>>(&'a self, name: &str) -> Result<T, Fault> {
        let bytes = self.bytes(name)?;
        serde_json::from_slice(bytes)
            .map_err(|error| Fault::of(Cause::Objects, format_args!("{name}: {error}")))
    }

    fn signed(&self, label: &str) -> Option<&Signed> {
        self.container.signatures.get(label)
    }

    fn files(&self) -> impl Iterator<Item = &str> {
        self.container.objects.keys().filter_map(|name| name.strip_prefix("files/"))
    }

    /// Every object and every signature has its place, and the files are those of the envelope.
    fn explained(&self, envelope: &Envelope) -> Result<(), Fault> {
        let objects = [PACKET, "recipients", RECEIPT, "journal", "seal", "crl", "directory", "timestamp"];
        for name in self.container.objects.keys() {
            if !objects.contains(&name.as_str()) && !name.starts_with("files/") {
                return Err(Fault::of(Cause::Objects, format_args!("what is {name}?")));
            }
        }
        for label in self.container.signatures.keys() {
            if !["packet", "receipt", "seal"].contains(&label.as_str()) {
                return Err(Fault::of(Cause::Objects, format_args!("what is signed by {label}?")));
            }
        }
        let named: BTreeSet<&str> =
            envelope.sealed.attachments.iter().map(|file| file.sha256.as_str()).collect();
        if !self.files().eq(named.iter().copied()) {
            return Err(Fault::of(Cause::Objects, "the files are not those of the envelope"));
        }
        for (name, object) in &self.container.objects {
            let hash = name.strip_prefix("files/");
            if hash.is_some_and(|hash| hash != trust::hex(&object.sha256)) {
                return Err(Fault::of(Cause::Packet, format_args!("{name} is another file")));
            }
        }
        Ok(())
    }

    /// Who countersigned the seal, and the list of the revoked that was vouched for with it.
    fn witness(&self, seal: &Seal, root: &Certificate) -> Result<(By, Crl), Fault> {
        let signed = self.signed("seal").ok_or_else(|| Fault::of(Cause::Seal, "nobody countersigned it"))?;
        covers(signed, REFERENCES.iter().copied())
            .ok_or_else(|| Fault::of(Cause::Seal, "something else is signed"))?;
        let crl = Crl::read(self.bytes("crl")?, root).map_err(|error| Fault::of(Cause::Revoked, error))?;
        let witness = judge(signed, &crl, root)?;
        let second = signed.time.as_second();
        if !crl.is_fresh(second) || crl.made > second + SKEW_MICROS / 1_000_000 {
            return Err(Fault::of(Cause::Revoked, "the list of the revoked was not fresh"));
        }
        if witness.at < seal.at.saturating_sub(SKEW_MICROS) {
            return Err(Fault::of(Cause::Seal, "it was signed before it was made"));
        }
        Ok((witness, crl))
    }

    /// Who signed the packet.
    fn sender(
        &self,
        envelope: &Envelope,
        to: &str,
        (crl, root): (&Crl, &Certificate),
    ) -> Result<Option<By>, Fault> {
        let fault = |what: &str| Fault::of(Cause::Packet, what);
        let recipients = self.container.content("recipients");
        let Some(signed) = self.signed("packet") else {
            return if recipients.is_none() { Ok(None) } else { Err(fault("it is not signed")) };
        };
        let recipients = recipients.and_then(|bytes| std::str::from_utf8(bytes).ok());
        if !recipients.is_some_and(|codes| codes.lines().any(|code| code == to)) {
            return Err(fault("it was for others"));
        }
        let files: BTreeSet<String> =
            envelope.sealed.attachments.iter().map(|file| format!("files/{}", file.sha256)).collect();
        let all = [PACKET, "recipients"].into_iter().chain(files.iter().map(String::as_str));
        covers(signed, all).ok_or_else(|| fault("something else is signed"))?;
        judge(signed, crl, root).map(Some)
    }

    /// Who signed the receipt.
    fn recipient(
        &self,
        entry: &Entry,
        to: &str,
        (crl, root): (&Crl, &Certificate),
    ) -> Result<Option<By>, Fault> {
        let fault = |what: &str| Fault::of(Cause::Receipt, what);
        let Some(bytes) = self.container.content(RECEIPT) else {
            return match self.signed("receipt") {
                None if entry.receipt.is_empty() => Ok(None),
                _ => Err(fault("it is missing")),
            };
        };
        let signed = self.signed("receipt").ok_or_else(|| fault("it is not signed"))?;
        covers(signed, [RECEIPT].into_iter()).ok_or_else(|| fault("something else is signed"))?;
        let receipt: Receipt = self.json(RECEIPT)?;
        if receipt.envelope != entry.envelope || receipt.packet != entry.packet || receipt.to != to {
            return Err(fault("it is about another packet"));
        }
        if receipt.verdict != "taken" {
            return Err(fault("it says no"));
        }
        let fits = match entry.direction {
            Direction::Sent => entry.receipt == sha256(bytes),
            Direction::Received => entry.receipt.is_empty() && receipt.place == Some(entry.seq),
        };
        if !fits {
            return Err(fault("it is not that of the line"));
        }
        judge(signed, crl, root).map(Some)
    }

    /// The directory in the file, which says that those who signed spoke for their agencies.
    fn directory(
        &self,
        (from, sent_by): (&str, &Option<By>),
        (to, received_by): (&str, &Option<By>),
        root: &Certificate,
    ) -> Result<Option<Directory>, Fault> {
        if !self.container.objects.contains_key("directory") {
            return Ok(None);
        }
        let bytes = self.bytes("directory")?;
        let directory = Directory::read(bytes, root, &trust::Limits::default());
        let directory = directory.map_err(|error| Fault::of(Cause::Directory, error))?;
        for (code, by) in [(from, sent_by), (to, received_by)] {
            if by.as_ref().is_some_and(|by| !directory.may_speak(&by.node, code)) {
                return Err(Fault::of(Cause::Directory, format_args!("another node is home of {code}")));
            }
        }
        Ok(Some(directory))
    }
}

/// The witness stands above. Nobody countersigns their own seal but the topmost node, and that it is only a directory
/// can say.
fn above(directory: Option<&Directory>, node: &str, witness: &str) -> Result<(), Fault> {
    let Some(directory) = directory else {
        let other = node != witness;
        return if other { Ok(()) } else { Err(Fault::of(Cause::Seal, "the node countersigned its own")) };
    };
    let entry = directory.snapshot().node(node);
    let entry = entry.ok_or_else(|| Fault::of(Cause::Directory, format_args!("{node} is not in it")))?;
    if entry.above.as_deref().unwrap_or(node) == witness {
        return Ok(());
    }
    Err(Fault::of(Cause::Directory, format_args!("{witness} is not above {node}")))
}

/// The signature is over exactly these.
fn covers<'a>(signed: &Signed, names: impl Iterator<Item = &'a str>) -> Option<()> {
    let wanted: BTreeSet<&str> = names.collect();
    let found: BTreeSet<&str> = signed.references.iter().map(|reference| reference.name.as_str()).collect();
    (wanted == found).then_some(())
}

fn unhex(text: &str) -> Option<Hash> {
    let mut hash = [0; 32];
    if text.len() != 64 || !text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
        return None;
    }
    for (byte, at) in hash.iter_mut().zip((0..).step_by(2)) {
        *byte = u8::from_str_radix(text.get(at..at + 2)?, 16).ok()?;
    }
    Some(hash)
}
