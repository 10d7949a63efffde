//! How large a directory of the whole country is, and how long it takes to sign, read and ask.

use std::time::Instant;
use trust::{Agency, Authority, Directory, Issued, Limits, NodeEntry, Route, Snapshot};

#[expect(clippy::print_stdout, reason = "it prints what it measured")]
fn main() -> trust::Result<()> {
    const AGENCIES: u32 = 123_000;
    const NODES: u32 = 4_000;
    let node = |n: u32| NodeEntry {
        name: format!("nut-{n:05}"),
        title: format!("Nút số {n} của một tỉnh"),
        address: format!("nut-{n:05}.example.vn:8443"),
        certificates: vec![Issued { sha256: "0123456789abcdef".repeat(4), until: 1_800_000_000 }],
        above: (n > 0).then(|| format!("nut-{:05}", n % 34)).filter(|above| *above != format!("nut-{n:05}")),
        relayed: n % 3 == 1,
    };
    let agency = |n: u32| Agency {
        code: format!("{:03}.{:02}.{:02}.H{:02}", n % 1000, n / 1000 % 100, n / 100_000, n % 64),
        code_qd20: format!("H{:02}.{:02}.{:02}.{:03}", n % 64, n / 100_000, n / 1000 % 100, n % 1000),
        name: format!("Ủy ban nhân dân xã thứ {n} của một huyện"),
        tier: "commune".to_owned(),
        valid_from: "2025-07-01".to_owned(),
        home: format!("nut-{:05}", n % NODES),
        ..Agency::default()
    };
    let mut snapshot = Snapshot {
        version: 1,
        issued_at: 1_796_000_000,
        authority: "nut-00000".to_owned(),
        nodes: (0..NODES).map(node).collect(),
        agencies: (0..AGENCIES).map(agency).collect(),
        ..Snapshot::default()
    };
    snapshot.sort();
    let authority = Authority::found("Cơ quan chứng thực", (1_790_000_000, 2_000_000_000))?;
    let began = Instant::now();
    let bytes = authority.publish(&snapshot)?.to_bytes();
    println!("{} bytes, checked, written and signed in {:?}", bytes.len(), began.elapsed());
    let began = Instant::now();
    let directory = Directory::read(&bytes, authority.certificate(), &Limits::default())?;
    println!("read and verified in {:?}", began.elapsed());
    let began = Instant::now();
    let found = snapshot.agencies.iter().filter(|one| {
        let way = directory.route(&one.code_qd20, ("nut-00001", "2026-12-01"));
        !matches!(way, Route::Unknown)
    });
    println!("{} ways found in {:?}", found.count(), began.elapsed());
    Ok(())
}
