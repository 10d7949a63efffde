//! Stored files, sealed and hashed, against what the disk takes in clear in the same run.

use crate::report;
use engine::files::{Master, Store};
use std::io::Write;
use std::time::{Duration, Instant};

/// Pieces of a megabyte.
const PIECES: usize = 512;

/// Writing and reading of half a gigabyte.
pub(crate) fn run() {
    let folder = tempfile::tempdir().unwrap();
    let piece = vec![7_u8; 1 << 20];
    let began = Instant::now();
    let mut plain = tempfile::tempfile_in(folder.path()).unwrap();
    for _ in 0..PIECES {
        plain.write_all(&piece).unwrap();
    }
    plain.sync_all().unwrap();
    let clear = speed(began.elapsed());
    drop(plain);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (wrote, read) = runtime.block_on(sealed(folder.path(), &piece));
    let share = wrote / clear;
    let text = format!("{wrote:.0} MB/s; the disk alone takes {clear:.0}");
    report("stored files: write", &text, "50 % of the disk", (share / 0.5, share >= 0.5));
    report("stored files: read", &format!("{read:.0} MB/s"), "150 MB/s", (read / 150.0, read >= 150.0));
}

async fn sealed(folder: &std::path::Path, piece: &[u8]) -> (f64, f64) {
    let master = Master::open(&folder.join("master.key"), true).unwrap();
    let store = Store::open(&folder.join("files"), &master).await.unwrap();
    let began = Instant::now();
    let mut incoming = store.receive(u64::MAX).await.unwrap();
    for _ in 0..PIECES {
        incoming.write(piece).await.unwrap();
    }
    let stored = incoming.finish().await.unwrap();
    let wrote = speed(began.elapsed());
    let began = Instant::now();
    let (mut content, _) = store.get(&stored.sha256).await.unwrap();
    let read = std::io::copy(&mut content, &mut std::io::sink()).unwrap();
    assert_eq!(read, (PIECES as u64) << 20);
    (wrote, speed(began.elapsed()))
}

fn speed(took: Duration) -> f64 {
    PIECES as f64 / took.as_secs_f64()
}
