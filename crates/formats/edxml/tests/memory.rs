//! Memory stays flat whatever arrives. A program of its own, because the peak is counted for the whole process.
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that meets the impossible should stop"
)]

use std::fs;
use std::io::{self, BufReader, Read};

use edxml::{Limits, Packet, Reason, read, sample};

const ALLOWED_KB: u64 = 64 << 10;

/// Largest resident size of this process so far, in KiB, where the system tells.
fn peak_kb() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.split_whitespace().next()?.parse().ok()
}

/// `prefix`, then `count` times `part`, then `suffix`, without ever holding them together.
struct Repeated<'a> {
    part: &'a [u8],
    left: u64,
    at: usize,
}

impl Read for Repeated<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let mut done = 0;
        while self.left > 0 && done < buf.len() {
            let part = &self.part[self.at..];
            let count = part.len().min(buf.len() - done);
            buf[done..done + count].copy_from_slice(&part[..count]);
            (done, self.at) = (done + count, self.at + count);
            if self.at == self.part.len() {
                (self.left, self.at) = (self.left - 1, 0);
            }
        }
        Ok(done)
    }
}

/// A packet with `part` repeated where `mark` stands.
fn packet_with<'a>(text: &'a str, mark: &str, part: &'a str, left: u64) -> impl Read + 'a {
    let (before, after) = text.split_once(mark).unwrap();
    before.as_bytes().chain(Repeated { part: part.as_bytes(), left, at: 0 }).chain(after.as_bytes())
}

#[test]
fn no_packet_takes_more_than_64_mib() {
    let plain = String::from_utf8(sample::packet(9).unwrap()).unwrap();
    let base64 = "JVBERi0xLjcK";
    assert!(plain.contains(base64));
    let before = peak_kb();
    let run = |source: &mut dyn Read, limits: &Limits| {
        let outcome = read(BufReader::new(source), limits, |_| Ok(io::sink()));
        outcome.map(|received| received.packet).map_err(|quarantine| quarantine.reason)
    };

    // 50 MiB in one piece, streamed.
    let block = "QUFB".repeat(1 << 12);
    let fifty = run(&mut packet_with(&plain, base64, &block, 50 * 256 / 3), &Limits::default()).unwrap();
    let Packet::Document(document) = fifty else { panic!("a status") };
    assert_eq!(document.attachments[0].bytes, 50 * 256 / 3 * (3 << 12));
    assert_eq!(document.attachments[0].content_type, "text/plain");

    // 500 MB of base64 stop at the limit for one attachment, or else at the limit for the packet.
    let mut huge = packet_with(&plain, base64, &block, (500 << 20) / (4 << 12));
    assert_eq!(run(&mut huge, &Limits::default()), Err(Reason::AttachmentTooLarge));
    let narrow = Limits { total_bytes: 40 << 20, ..Limits::default() };
    let mut huge = packet_with(&plain, base64, &block, (500 << 20) / (4 << 12));
    assert_eq!(run(&mut huge, &narrow), Err(Reason::TooLarge));

    // A million recipients, an endless field, an endless ZIP.
    let to = "<edXML:To><edXML:OrganId>000.20.31.H44</edXML:OrganId></edXML:To>";
    let mark = "<edXML:DocumentId>";
    assert_eq!(
        run(&mut packet_with(&plain, mark, to, 1_000_000), &Limits::default()),
        Err(Reason::TooManyRecipients)
    );
    let more = Limits { recipients: usize::MAX, header_bytes: 4 << 20, ..Limits::default() };
    assert_eq!(run(&mut packet_with(&plain, mark, to, 1_000_000), &more), Err(Reason::TooLarge));
    assert_eq!(
        run(&mut packet_with(&plain, "V/v", &block, 1 << 12), &Limits::default()),
        Err(Reason::FieldTooLong)
    );
    let zip = plain.replace(base64, "UEsDBAAAJVBE");
    assert_eq!(run(&mut packet_with(&zip, "JVBE", &block, 1 << 14), &narrow), Err(Reason::TooLarge));

    match (before, peak_kb()) {
        (Some(before), Some(after)) => {
            println!("peak {after} KiB, {} KiB more than at the start", after - before);
            assert!(after - before <= ALLOWED_KB, "{after} KiB");
        }
        _ => println!("skipped: this system does not tell the peak memory"),
    }
}
