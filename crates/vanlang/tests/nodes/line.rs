//! A line between machines that can be slow, cut connections and let none through.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What is wrong with a line.
#[derive(Default)]
pub(crate) struct Faults {
    /// Nothing gets through.
    pub(crate) down: AtomicBool,
    /// Each connection is cut after so many bytes from who called; 0 for never.
    pub(crate) cut_after: AtomicU64,
    /// Each piece waits so many milliseconds.
    pub(crate) delay_ms: AtomicU64,
    /// Connections that were let through.
    pub(crate) opened: AtomicU64,
    /// Bytes from who called.
    pub(crate) carried: AtomicU64,
}

/// A line to an address; callers reach it at its own.
pub(crate) struct Line {
    pub(crate) address: SocketAddr,
    pub(crate) faults: Arc<Faults>,
    listens: JoinHandle<()>,
}

impl Drop for Line {
    fn drop(&mut self) {
        self.listens.abort();
    }
}

impl Line {
    /// Within a runtime.
    pub(crate) async fn to(target: SocketAddr) -> Line {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let faults = Arc::new(Faults::default());
        let known = Arc::clone(&faults);
        let listens = tokio::spawn(async move {
            loop {
                let Ok((caller, _)) = listener.accept().await else { continue };
                if known.down.load(Ordering::Relaxed) {
                    continue;
                }
                known.opened.fetch_add(1, Ordering::Relaxed);
                tokio::spawn(carry(caller, target, Arc::clone(&known)));
            }
        });
        Line { address, faults, listens }
    }
}

async fn carry(caller: TcpStream, target: SocketAddr, faults: Arc<Faults>) {
    let Ok(called) = TcpStream::connect(target).await else { return };
    let (mut from_caller, mut to_caller) = caller.into_split();
    let (mut from_called, mut to_called) = called.into_split();
    let back = tokio::spawn(async move {
        let _ = tokio::io::copy(&mut from_called, &mut to_caller).await;
    });
    let (mut sent, mut buffer) = (0_u64, vec![0; 16 * 1024]);
    while let Ok(n) = from_caller.read(&mut buffer).await {
        let cut = faults.cut_after.load(Ordering::Relaxed);
        sent += u64::try_from(n).unwrap();
        if n == 0 || faults.down.load(Ordering::Relaxed) || (cut > 0 && sent > cut) {
            break;
        }
        let delay = faults.delay_ms.load(Ordering::Relaxed);
        if delay > 0 {
            tokio::time::sleep(Duration::from_millis(delay)).await;
        }
        faults.carried.fetch_add(u64::try_from(n).unwrap(), Ordering::Relaxed);
        if to_called.write_all(&buffer[..n]).await.is_err() {
            break;
        }
    }
    back.abort();
}
