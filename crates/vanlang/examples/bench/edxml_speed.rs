//! Building and reading edXML packets of 370 kB and 50 MB. The peer's figures are those of the national
//! axis's usual library, measured once on a machine of this size.

use crate::report;
use std::fs;
use std::io::{self, BufReader, Read};
use std::time::Instant;

pub(crate) fn run() {
    small();
    large();
}

fn build(bytes: u64) -> Vec<u8> {
    edxml::sample::packet(bytes).expect("a packet")
}

fn parse(packet: &[u8]) {
    let received = edxml::read(packet, &edxml::Limits::default(), |_: &edxml::AttachmentHead| Ok(io::sink()));
    assert!(received.is_ok(), "the packet is read");
}

fn small() {
    let packet = build(370 * 1024);
    let times = |work: &dyn Fn()| {
        let mut best = f64::MAX;
        for _ in 0..30 {
            let began = Instant::now();
            work();
            best = best.min(began.elapsed().as_secs_f64() * 1000.0);
        }
        best
    };
    let built = times(&|| drop(build(370 * 1024)));
    let read = times(&|| parse(&packet));
    report("edXML 370 kB: build", &format!("{built:.2} ms (peer 36.6)"), "1 ms", (built, built <= 1.0));
    report("edXML 370 kB: parse", &format!("{read:.2} ms (peer 33.0)"), "1 ms", (read, read <= 1.0));
}

fn large() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("large.edxml");
    let before = peak();
    let mut document = edxml::sample::document();
    document.attachments.truncate(1);
    let began = Instant::now();
    {
        let mut out = io::BufWriter::new(fs::File::create(&path).unwrap());
        let mut pdf = edxml::sample::pdf(50 * 1024 * 1024);
        let mut contents: Vec<&mut dyn Read> = vec![&mut pdf];
        edxml::write_document(&document, &mut contents, &mut out).expect("a packet");
    }
    let built = began.elapsed().as_secs_f64();
    let began = Instant::now();
    let source = BufReader::with_capacity(256 * 1024, fs::File::open(&path).unwrap());
    edxml::read(source, &edxml::Limits::default(), |_: &edxml::AttachmentHead| Ok(io::sink())).expect("read");
    let read = began.elapsed().as_secs_f64();
    let grown = (peak() - before) as f64 / 1024.0;
    report("edXML 50 MB: build", &format!("{built:.2} s (peer 2.2)"), "0.5 s", (built / 0.5, built <= 0.5));
    report("edXML 50 MB: parse", &format!("{read:.2} s (peer 4.6)"), "0.5 s", (read / 0.5, read <= 0.5));
    let text = format!("{grown:.0} MB (peer 1,421)");
    report("edXML 50 MB: memory grown", &text, "64 MB", (grown / 64.0, grown <= 64.0));
}

/// Highest memory of this process so far, in kB.
pub(crate) fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kb| kb.parse().ok()).unwrap_or(0)
}
