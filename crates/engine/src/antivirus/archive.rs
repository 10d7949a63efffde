//! How much an archive unpacks to. Limits of our own: clamd answers OK to what is too much for it to read. Sizes an
//! archive gives of itself are not believed; what it holds is unpacked and counted, and never kept.

use std::io::{self, Read, Seek, SeekFrom};
use zip::ZipArchive;

/// An office file has some hundreds.
const ENTRIES: usize = 10_000;
/// An archive that lists more is not even opened: the list in memory would be larger than the archive. What is packed into
/// it unpacked counts too, so it is more than [`ENTRIES`].
const LISTED: usize = 100_000;
/// How an entry of the list begins.
const CENTRAL: &[u8] = b"PK\x01\x02";
/// Archives in archives: a letter holds a package that holds a document.
const DEPTH: u32 = 4;
/// A file inside that is an archive itself is unpacked to disk to be looked into, when it is no longer than this.
const INNER: u64 = 100 * 1024 * 1024;

/// Why an archive cannot be looked through, a word; `None` for one that can be, and for what is no archive.
pub(super) fn unfit(mut file: impl Read + Seek, limit: u64) -> io::Result<Option<&'static str>> {
    let mut left = limit;
    look(&mut file, &mut left, 0)
}

fn look(file: &mut (impl Read + Seek), left: &mut u64, depth: u32) -> io::Result<Option<&'static str>> {
    let mut head = [0; 4];
    file.seek(SeekFrom::Start(0))?;
    let n = fill(file, &mut head)?;
    file.seek(SeekFrom::Start(0))?;
    match head.get(..n) {
        Some([b'P', b'K', 3 | 5, 4 | 6]) if depth > DEPTH => Ok(Some("depth")),
        Some([b'P', b'K', 3 | 5, 4 | 6]) => zip(file, left, depth),
        Some([0x1f, 0x8b, ..]) => {
            let mut unpacked = flate2::read::MultiGzDecoder::new(file);
            // What is broken further on is for the scanner to judge; what came out until then was counted.
            Ok(count(&mut unpacked, left).unwrap_or(false).then_some("size"))
        }
        _ => Ok(None),
    }
}

fn zip(file: &mut (impl Read + Seek), left: &mut u64, depth: u32) -> io::Result<Option<&'static str>> {
    if lists_too_much(file)? {
        return Ok(Some("entries"));
    }
    // A broken archive opens in no program either; clamd has seen its bytes as they are.
    let Ok(mut archive) = ZipArchive::new(file) else { return Ok(None) };
    if archive.len() > ENTRIES {
        return Ok(Some("entries"));
    }
    for n in 0..archive.len() {
        let Ok(mut entry) = archive.by_index(n) else {
            // Under a password, or packed in a way nobody here unpacks: nobody has looked into it.
            if archive.by_index_raw(n).is_ok_and(|entry| entry.encrypted()) {
                return Ok(Some("password"));
            }
            continue;
        };
        let mut head = [0; 4];
        let known = fill(&mut entry, &mut head).unwrap_or(0);
        *left = left.saturating_sub(u64::try_from(known).unwrap_or(0));
        let packed = matches!(head.get(..known), Some([b'P', b'K', 3 | 5, 4 | 6] | [0x1f, 0x8b, ..]));
        if !packed {
            if count(&mut entry, left).unwrap_or(false) {
                return Ok(Some("size"));
            }
            continue;
        }
        let mut inner = tempfile::tempfile()?;
        let whole = io::Read::chain(head.get(..known).unwrap_or_default(), &mut entry);
        let room = INNER.min(*left);
        let copied = io::copy(&mut whole.take(room.saturating_add(1)), &mut inner).unwrap_or(0);
        if copied > room {
            return Ok(Some("size"));
        }
        *left = left.saturating_sub(copied);
        if let Some(why) = look(&mut inner, left, depth + 1)? {
            return Ok(Some(why));
        }
    }
    Ok(None)
}

/// Counts in the bytes themselves: what an archive says of itself may stand in it twice, and differ.
fn lists_too_much(file: &mut (impl Read + Seek)) -> io::Result<bool> {
    let (mut piece, mut kept, mut listed) = (vec![0; 64 * 1024], 0, 0);
    file.seek(SeekFrom::Start(0))?;
    loop {
        let n = fill(file, piece.get_mut(kept..).unwrap_or_default())?;
        let read = piece.get(..kept + n).unwrap_or_default();
        listed += read.windows(CENTRAL.len()).filter(|window| *window == CENTRAL).count();
        if n == 0 || listed > LISTED {
            file.seek(SeekFrom::Start(0))?;
            return Ok(listed > LISTED);
        }
        // A mark may stand across two pieces.
        let tail = read.len().min(CENTRAL.len() - 1);
        let from = read.len() - tail;
        piece.copy_within(from..from + tail, 0);
        kept = tail;
    }
}

/// Reads to the end; true when there is more than is left.
fn count(from: &mut impl Read, left: &mut u64) -> io::Result<bool> {
    let mut piece = vec![0; 64 * 1024];
    loop {
        let n = from.read(&mut piece)?;
        if n == 0 {
            return Ok(false);
        }
        match left.checked_sub(u64::try_from(n).unwrap_or(u64::MAX)) {
            Some(rest) => *left = rest,
            None => return Ok(true),
        }
    }
}

fn fill(from: &mut impl Read, to: &mut [u8]) -> io::Result<usize> {
    let mut n = 0;
    while let Some(room) = to.get_mut(n..).filter(|room| !room.is_empty()) {
        match from.read(room)? {
            0 => break,
            more => n += more,
        }
    }
    Ok(n)
}

#[cfg(test)]
mod tests {
    use super::unfit;
    use std::io::{Cursor, Write};
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    fn packed(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in files {
            zip.start_file(*name, SimpleFileOptions::default()).unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    #[test]
    fn an_archive_that_lists_more_than_fits_into_memory_is_not_opened() {
        let begins = b"PK\x03\x04".to_vec();
        let many = [begins.clone(), b"PK\x01\x02".repeat(100_001)].concat();
        assert_eq!(unfit(Cursor::new(&many), 10).unwrap(), Some("entries"));
        // The same in a place where each piece that is read ends inside a mark.
        let shifted = [begins.clone(), vec![0; 64 * 1024 - 6], b"PK\x01\x02".repeat(100_001)].concat();
        assert_eq!(unfit(Cursor::new(&shifted), 10).unwrap(), Some("entries"));
        let fewer = [begins, b"PK\x01\x02".repeat(100_000)].concat();
        assert_eq!(unfit(Cursor::new(&fewer), 10).unwrap(), None, "broken, and for clamd to judge");
    }

    #[test]
    fn an_archive_is_counted_as_it_unpacks_however_deep() {
        let zeros = vec![0; 300_000];
        let one = packed(&[("a.txt", b"mot"), ("b.bin", &zeros)]);
        assert!(one.len() < 2000, "it is packed");
        assert_eq!(unfit(Cursor::new(&one), 400_000).unwrap(), None);
        assert_eq!(unfit(Cursor::new(&one), 200_000).unwrap(), Some("size"));
        let two = packed(&[("1.zip", &one), ("2.zip", &one)]);
        assert_eq!(unfit(Cursor::new(&two), 400_000).unwrap(), Some("size"));
        assert_eq!(unfit(Cursor::new(&two), 700_000).unwrap(), None);
        let deep = (0..8).fold(one, |inner, _| packed(&[("in.zip", &inner)]));
        assert_eq!(unfit(Cursor::new(&deep), 10_000_000).unwrap(), Some("depth"));
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        gz.write_all(&zeros).unwrap();
        let gz = gz.finish().unwrap();
        assert_eq!(unfit(Cursor::new(&gz), 200_000).unwrap(), Some("size"));
        assert_eq!(unfit(Cursor::new(b"%PDF-1.7"), 10).unwrap(), None);
        assert_eq!(unfit(Cursor::new(b"PK\x03\x04 broken"), 10).unwrap(), None);
    }
}
