//! Stored files, sealed and hashed, against what the disk takes in clear in the same run.

use crate::report;
use engine::files::{Master, Store};
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Pieces of a megabyte.
const PIECES: usize = 512;

/// Writers of small files, and how many a second the exchange needs.
const WRITERS: usize = 8;
const PACKETS: f64 = 300.0;

/// Writing and reading of half a gigabyte, and many small files at once.
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
    let rate = runtime.block_on(packets(folder.path()));
    let text = format!("{rate:.0}/s");
    report("stored files: of 370 kB, 8 writers", &text, "300/s", (rate / PACKETS, rate >= PACKETS));
}

/// Files of 370 kB a second, each on disk before the next of its writer.
async fn packets(folder: &std::path::Path) -> f64 {
    let master = Master::open(&folder.join("master.key"), true).unwrap();
    let store = Store::open(&folder.join("packets"), &master).await.unwrap();
    let (began, next) = (Instant::now(), Arc::new(AtomicU64::new(0)));
    let mut writers = tokio::task::JoinSet::new();
    for _ in 0..WRITERS {
        let (store, next) = (store.clone(), Arc::clone(&next));
        writers.spawn(async move {
            let mut packet = vec![7_u8; 370_000];
            while began.elapsed() < Duration::from_secs(5) {
                let n = next.fetch_add(1, Ordering::Relaxed);
                packet[..8].copy_from_slice(&n.to_be_bytes());
                store.put(&packet).await.unwrap();
            }
        });
    }
    writers.join_all().await;
    next.load(Ordering::Relaxed) as f64 / began.elapsed().as_secs_f64()
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
