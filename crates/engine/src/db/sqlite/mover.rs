//! Moves the write-ahead log into the file on a thread of its own: the writer would keep everybody waiting for
//! as long as the disk takes.

use super::Owned;
use super::session::{self, Session, Use};
use base::{Result, WhileDoing};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

/// The log is moved when it has so many pages of 4 KiB.
const PAGES: i32 = 4000;
/// Moves what can be moved without anybody waiting.
const MOVE: &str = "PRAGMA wal_checkpoint(PASSIVE)";

/// The thread, and how far it is. Ends with its last handle.
pub(super) struct Mover {
    wake: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
    /// Pages in the log after the last commit.
    pages: Arc<AtomicI32>,
    /// True when a move has ended and nobody has asked.
    moved: Arc<AtomicBool>,
}

impl Mover {
    /// Starts the thread for the file of the writer's session.
    pub(super) fn start(path: &Path, writer: &mut Session, agency_tables: Arc<Owned>) -> Result<Mover> {
        let session = Session::new(session::connect(path, Use::Move)?, agency_tables)?;
        let (pages, moved) = (Arc::new(AtomicI32::new(0)), Arc::new(AtomicBool::new(false)));
        let (wake, woken) = sync_channel(1);
        writer.count_log_pages(Arc::clone(&pages))?;
        let told = Arc::clone(&moved);
        let thread = std::thread::Builder::new().name("mover".to_owned());
        let thread = thread.spawn(move || run(&session, &woken, &told));
        let thread = thread.while_doing("starting", "the thread of the write-ahead log")?;
        Ok(Mover { wake: Some(wake), thread: Some(thread), pages, moved })
    }

    /// What the writer does after a commit and its answers: when the log is long it is moved, and when that is
    /// done the writer moves what has come meanwhile, so that the log begins anew.
    pub(super) fn look(&self, writer: &Session) {
        if self.moved.swap(false, Ordering::AcqRel) {
            report(writer.own_batch(MOVE));
        } else if self.pages.load(Ordering::Relaxed) >= PAGES
            && let Some(wake) = &self.wake
        {
            // Full: a move waits already.
            let _ = wake.try_send(());
        }
    }
}

impl Drop for Mover {
    fn drop(&mut self) {
        self.wake = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn run(session: &Session, woken: &Receiver<()>, moved: &AtomicBool) {
    while woken.recv().is_ok() {
        report(session.own_batch(MOVE));
        moved.store(true, Ordering::Release);
    }
}

fn report(done: rusqlite::Result<()>) {
    if let Err(cause) = done {
        tracing::warn!(%cause, "the write-ahead log could not be moved");
    }
}
