use std::collections::BTreeMap;
use std::io::{Read, Seek, SeekFrom};

use ring::digest::{Context, SHA256};
use xmldsig::detached::{self, Signed};
use zip::{CompressionMethod, ZipArchive};

use crate::{Error, MANIFEST, MEDIA_TYPE, MIMETYPE, Result, is_name, label};

/// Bytes of the end of a directory without a comment.
const END: u64 = 22;
/// Bytes before the name of an entry, and the longest name.
const HEAD: u64 = 30;
const NAME: u64 = 255;
/// Bytes read at once.
const CHUNK: usize = 64 << 10;

/// What a container may hold at most.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Entries.
    pub entries: usize,
    /// Bytes of all entries together, unpacked.
    pub bytes: u64,
    /// Bytes up to which an object is kept.
    pub kept: u64,
    /// Bytes of all objects that are kept.
    pub kept_together: u64,
}

impl Default for Limits {
    /// A document with some hundred files, of 8 GB together.
    fn default() -> Self {
        Self { entries: 1_000, bytes: 8 << 30, kept: 16 << 20, kept_together: 64 << 20 }
    }
}

/// An object of a container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// Its SHA-256.
    pub sha256: [u8; 32],
    /// Its size.
    pub bytes: u64,
    /// Its bytes, when it is small.
    pub content: Option<Vec<u8>>,
}

/// A container that was read, its signatures right for its objects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Container {
    /// The objects by name.
    pub objects: BTreeMap<String, Object>,
    /// What was signed, by the label of the signature.
    pub signatures: BTreeMap<String, Signed>,
}

impl Container {
    /// Reads a container.
    ///
    /// # Errors
    /// For everything that is not exactly a container, beyond the limits, or whose signatures are not right.
    pub fn read<R: Read + Seek>(mut source: R, limits: &Limits) -> Result<Self> {
        let directory = directory(&mut source)?;
        let order = order(&mut ZipArchive::new(&mut source)?, directory, limits)?;
        for entry in &order {
            entry.is_named_twice(&mut source)?;
        }
        let mut zip = ZipArchive::new(source)?;
        let mut objects = BTreeMap::new();
        let mut files = BTreeMap::new();
        let mut room = Room { bytes: limits.bytes, kept: limits.kept_together };
        for Entry { index, name, .. } in order.into_iter().skip(1) {
            let object = object(&mut zip, index, (&mut room, limits))?;
            match label(&name) {
                Some(label) => drop(files.insert(label.to_owned(), object)),
                None => drop(objects.insert(name, object)),
            }
        }
        objects.remove(MANIFEST).ok_or_else(|| Error::Layout("no manifest".to_owned()))?;
        if let Some(name) = objects.keys().find(|name| name.starts_with("META-INF/")) {
            return Err(Error::Layout(format!("{name} is not of a container")));
        }
        let mut signatures = BTreeMap::new();
        for (label, file) in files {
            let signed =
                signed(&file, &objects).map_err(|why| Error::Signature(format!("{label}: {why}")))?;
            signatures.insert(label, signed);
        }
        Ok(Self { objects, signatures })
    }

    /// The bytes of a small object.
    pub fn content(&self, name: &str) -> Option<&[u8]> {
        self.objects.get(name)?.content.as_deref()
    }
}

/// An entry of the ZIP.
struct Entry {
    start: u64,
    end: u64,
    index: usize,
    name: String,
}

impl Entry {
    /// It has the same name where it lies as in the directory: programs that read one or the other see the same.
    fn is_named_twice<R: Read + Seek>(&self, source: &mut R) -> Result<()> {
        source.seek(SeekFrom::Start(self.start))?;
        let mut head = Vec::new();
        source.by_ref().take(HEAD + NAME).read_to_end(&mut head)?;
        let length = head.get(26..28).and_then(|bytes| Some(u16::from_le_bytes(bytes.try_into().ok()?)));
        let name = head.get(30..).unwrap_or_default();
        if name.starts_with(self.name.as_bytes()) && length.map(usize::from) == Some(self.name.len()) {
            return Ok(());
        }
        Err(Error::Layout(format!("{} has another name too", self.name)))
    }
}

/// What may still be read, and still be kept.
struct Room {
    bytes: u64,
    kept: u64,
}

/// Where the directory lies, by the last bytes of the file, which say nothing else. `None` beyond 4 GB.
fn directory<R: Read + Seek>(source: &mut R) -> Result<Option<u64>> {
    let beside = || Error::Layout("something after the directory".to_owned());
    let size = source.seek(SeekFrom::End(0))?;
    let end_at = size.checked_sub(END).ok_or_else(|| Error::Damaged("too short".to_owned()))?;
    source.seek(SeekFrom::Start(end_at))?;
    let mut end = Vec::new();
    source.take(END).read_to_end(&mut end)?;
    let number = |at: usize| {
        let bytes = end.get(at..at + 4)?.try_into().ok()?;
        Some(u32::from_le_bytes(bytes))
    };
    if !end.starts_with(b"PK\x05\x06") || !end.ends_with(&[0, 0]) {
        return Err(beside());
    }
    match (number(12), number(16)) {
        (Some(_), Some(u32::MAX)) => Ok(None),
        (Some(bytes), Some(start)) if u64::from(start) + u64::from(bytes) == end_at => Ok(Some(start.into())),
        _ => Err(beside()),
    }
}

/// The entries in the order they lie in, without a gap from the first byte to the directory and from there to the end.
fn order<R: Read + Seek>(
    zip: &mut ZipArchive<R>,
    directory: Option<u64>,
    limits: &Limits,
) -> Result<Vec<Entry>> {
    let layout = |what: &str| Error::Layout(what.to_owned());
    if zip.len() > limits.entries {
        return Err(Error::TooLarge);
    }
    if zip.offset() != 0 || !zip.comment().is_empty() || zip.has_duplicate_names() {
        return Err(layout("something beside the entries"));
    }
    let mut entries = Vec::with_capacity(zip.len());
    for index in 0..zip.len() {
        let file = zip.by_index_raw(index)?;
        let name =
            std::str::from_utf8(file.name_raw()).map_err(|_| layout("a name that is not text"))?.to_owned();
        let packed = matches!(file.compression(), CompressionMethod::Stored | CompressionMethod::Deflated);
        if file.encrypted() || !packed || file.is_dir() || !is_name(&name) {
            return Err(Error::Layout(format!("the entry {name:?}")));
        }
        let start = file.data_start().ok_or_else(|| layout("an entry without a place"))?;
        let end = start.checked_add(file.compressed_size()).ok_or(Error::TooLarge)?;
        entries.push(Entry { start: file.header_start(), end, index, name });
    }
    entries.sort_unstable_by_key(|entry| entry.start);
    let mut at = 0;
    for entry in &entries {
        if entry.start != at {
            return Err(layout("a gap between entries"));
        }
        at = entry.end;
    }
    if at != zip.central_directory_start() || directory.is_some_and(|directory| at != directory) {
        return Err(layout("a gap before the directory"));
    }
    let first = entries.first().map(|entry| (entry.index, entry.name.as_str()));
    let Some((index, MIMETYPE)) = first else { return Err(layout("it does not begin with its type")) };
    if content(zip, index)? != MEDIA_TYPE.as_bytes() {
        return Err(layout("another type"));
    }
    Ok(entries)
}

/// The bytes of the first entry, which is stored as it is.
fn content<R: Read + Seek>(zip: &mut ZipArchive<R>, index: usize) -> Result<Vec<u8>> {
    let file = zip.by_index(index)?;
    if file.compression() != CompressionMethod::Stored {
        return Err(Error::Layout("the type is packed".to_owned()));
    }
    let mut bytes = Vec::new();
    file.take(64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn object<R: Read + Seek>(
    zip: &mut ZipArchive<R>,
    index: usize,
    (room, limits): (&mut Room, &Limits),
) -> Result<Object> {
    let mut file = zip.by_index(index)?;
    let mut digest = Context::new(&SHA256);
    let mut content = Some(Vec::new());
    let mut chunk = vec![0; CHUNK];
    let mut bytes = 0_u64;
    loop {
        let n = file.read(&mut chunk).map_err(|error| Error::Damaged(error.to_string()))?;
        let read = chunk.get(..n).unwrap_or_default();
        if read.is_empty() {
            break;
        }
        let n = u64::try_from(n).map_err(|_| Error::TooLarge)?;
        room.bytes = room.bytes.checked_sub(n).ok_or(Error::TooLarge)?;
        bytes += n;
        digest.update(read);
        if bytes > limits.kept.min(room.kept) {
            content = None;
        }
        if let Some(content) = &mut content {
            content.extend_from_slice(read);
        }
    }
    if content.is_some() {
        room.kept -= bytes;
    }
    let mut sha256 = [0; 32];
    sha256.copy_from_slice(digest.finish().as_ref());
    Ok(Object { sha256, bytes, content })
}

fn signed(file: &Object, objects: &BTreeMap<String, Object>) -> std::result::Result<Signed, String> {
    let text = file.content.as_deref().ok_or("it is too large")?;
    let text = std::str::from_utf8(text).map_err(|error| error.to_string())?;
    let signed = detached::verify(text, &xmldsig::Limits::default()).map_err(|error| error.to_string())?;
    for reference in &signed.references {
        let object = objects.get(&reference.name).ok_or_else(|| format!("{} is missing", reference.name))?;
        if object.sha256 != reference.sha256 {
            return Err(format!("{} is another", reference.name));
        }
    }
    Ok(signed)
}
