//! The printer: another process that makes PDF out of data, with limits on its time and memory.

use crate::child;
use base::{Error, Refusal, Result, WhileDoing};
use contracts::print::{PrintRequest, SignatureArea};
use serde::Deserialize;
use std::collections::HashMap;
use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// What a printing may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Until the answer is there.
    pub time: Duration,
    /// Address space of the process, in megabytes.
    pub memory_mb: u32,
    /// Printings at the same time; more than that are told to come again.
    pub at_once: usize,
}

impl Default for Limits {
    /// A register of 10,000 rows fits several times over.
    fn default() -> Limits {
        Limits { time: Duration::from_secs(20), memory_mb: 1_024, at_once: 4 }
    }
}

/// A printed thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    /// The file: PDF/A-2u, tagged.
    pub pdf: Vec<u8>,
    /// Where signatures belong.
    pub areas: Vec<SignatureArea>,
}

/// Starts the program `vanlang-print`, keeps one of its processes warm, and ends one that goes too far.
#[derive(Debug)]
pub struct Printer {
    program: PathBuf,
    limits: Limits,
    desk: Mutex<Desk>,
}

/// The process that waits for work, how many are at it, and who can be told that a preview is overtaken.
#[derive(Debug, Default)]
struct Desk {
    idle: Option<Worker>,
    at_work: usize,
    previews: HashMap<String, (u64, Sender<Word>)>,
    asked: u64,
}

/// What is told to whoever watches a printing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word {
    Done,
    Overtaken,
}

/// Both ends of what is told to the watch over one request.
type Watch = (Sender<Word>, Receiver<Word>);

impl Printer {
    /// A printer that runs this program. Nothing is started before there is something to print.
    pub fn new(program: PathBuf, limits: Limits) -> Printer {
        Printer { program, limits, desk: Mutex::default() }
    }

    /// Where the program is: what `VANLANG_PRINT` names, else beside the one that runs, or above it where cargo puts
    /// its tests.
    ///
    /// # Errors
    /// `Internal` when the system does not say which program runs.
    pub fn installed() -> Result<PathBuf> {
        if let Some(named) = std::env::var_os("VANLANG_PRINT").filter(|named| !named.is_empty()) {
            return Ok(PathBuf::from(named));
        }
        let own = std::env::current_exe().while_doing("finding", "the program that runs")?;
        let folder = own.parent().unwrap_or(&own);
        let folder = if folder.ends_with("deps") { folder.parent().unwrap_or(folder) } else { folder };
        Ok(folder.join("vanlang-print"))
    }

    /// Prints. The caller waits, so it must not be on a thread that serves others.
    ///
    /// # Errors
    /// `Refused` when a text or the notation cannot be printed, or the limits were reached; `Busy` when too many
    /// print; `Internal` when the program is missing or does not understand us.
    pub fn print(&self, request: &PrintRequest) -> Result<Paper> {
        self.print_json(&serde_json::to_vec(request).while_doing("writing", "what to print")?)
    }

    /// Prints what is JSON already.
    ///
    /// # Errors
    /// As [`Printer::print`].
    pub fn print_json(&self, request: &[u8]) -> Result<Paper> {
        let _turn = Turn::take(self, 0)?;
        match self.ask(request, mpsc::channel())?.read()? {
            Made::Paper(paper) => Ok(paper),
            Made::Pictures(_) => Err(Error::internal("pictures where a file was asked for")),
        }
    }

    /// The pages of a preview, each as SVG. `of` names who looks at what: a preview still being drawn under that name is
    /// ended, because nobody waits for it any more.
    ///
    /// # Errors
    /// As [`Printer::print`]; `Busy` too when a newer one was asked for meanwhile.
    pub fn pictures(&self, of: &str, request: &[u8]) -> Result<Vec<String>> {
        let (preview, watch) = Preview::of(self, of);
        let _turn = Turn::take(self, usize::from(preview.overtakes))?;
        match self.ask(request, watch)?.read()? {
            Made::Pictures(pages) => Ok(pages),
            Made::Paper(_) => Err(Error::internal("a file where pictures were asked for")),
        }
    }

    fn ask(&self, request: &[u8], mut watch: Watch) -> Result<Answer> {
        if let Some(mut worker) = self.idle() {
            match worker.ask(request, self.limits.time, &mut watch) {
                Ok(answer) => {
                    self.keep(worker);
                    return Ok(answer);
                }
                Err(why) if matches!(why.kind(), io::ErrorKind::TimedOut | io::ErrorKind::Interrupted) => {
                    return Err(ended(&why, request));
                }
                // It may have ended while it waited, which says nothing about this request.
                Err(_) => {}
            }
        }
        let mut worker = Worker::start(self)?;
        let answer = worker.ask(request, self.limits.time, &mut watch).map_err(|why| ended(&why, request))?;
        self.keep(worker);
        Ok(answer)
    }

    /// The one that waits, if it still lives.
    fn idle(&self) -> Option<Worker> {
        let mut worker = self.desk().idle.take()?;
        matches!(worker.process.try_wait(), Ok(None)).then_some(worker)
    }

    fn keep(&self, worker: Worker) {
        self.desk().idle.get_or_insert(worker);
    }

    fn desk(&self) -> std::sync::MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A preview somebody waits for, under a name.
struct Preview<'a> {
    printer: &'a Printer,
    of: &'a str,
    asked: u64,
    /// True when it took the place of one that is still being drawn.
    overtakes: bool,
}

impl<'a> Preview<'a> {
    fn of(printer: &'a Printer, of: &'a str) -> (Preview<'a>, Watch) {
        let watch = mpsc::channel();
        let mut desk = printer.desk();
        desk.asked = desk.asked.wrapping_add(1);
        let asked = desk.asked;
        let older = desk.previews.insert(of.to_owned(), (asked, watch.0.clone()));
        // Its watch may have gone home meanwhile.
        let overtakes = older.is_some_and(|(_, teller)| teller.send(Word::Overtaken).is_ok());
        (Preview { printer, of, asked, overtakes }, watch)
    }
}

impl Drop for Preview<'_> {
    fn drop(&mut self) {
        let mut desk = self.printer.desk();
        if desk.previews.get(self.of).is_some_and(|(asked, _)| *asked == self.asked) {
            desk.previews.remove(self.of);
        }
    }
}

/// The right to print at this moment.
struct Turn<'a>(&'a Printer);

impl Turn<'_> {
    /// `leaving` are about to end, and hold nobody up.
    fn take(printer: &Printer, leaving: usize) -> Result<Turn<'_>> {
        let mut desk = printer.desk();
        if desk.at_work >= printer.limits.at_once.saturating_add(leaving) {
            return Err(Error::Busy("printer"));
        }
        desk.at_work = desk.at_work.saturating_add(1);
        Ok(Turn(printer))
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut desk = self.0.desk();
        desk.at_work = desk.at_work.saturating_sub(1);
    }
}

/// One process of the program.
#[derive(Debug)]
struct Worker {
    process: Child,
    input: ChildStdin,
    output: ChildStdout,
}

impl Worker {
    fn start(printer: &Printer) -> Result<Worker> {
        if !printer.program.is_file() {
            tracing::error!(program = %printer.program.display(), "the printer is missing");
            return Err(Refusal::new("engine.print.missing").hint("engine.print.hint.install").into());
        }
        let mut process = child::command(&printer.program, &["--serve"], printer.limits.memory_mb)
            // Threads cost address space, and two are enough for one sheet.
            .envs([("RAYON_NUM_THREADS", "2"), ("MALLOC_ARENA_MAX", "2")])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .while_doing("starting", printer.program.display())?;
        match (process.stdin.take(), process.stdout.take()) {
            (Some(input), Some(output)) => Ok(Worker { process, input, output }),
            _ => Err(Error::internal("a process without its pipes")),
        }
    }

    /// Asks and waits; ends the process when the time is over or the answer is not wanted any more.
    fn ask(&mut self, request: &[u8], time: Duration, (teller, watch): &mut Watch) -> io::Result<Answer> {
        let Worker { process, input, output } = self;
        thread::scope(|scope| {
            let timer = scope.spawn(move || {
                let why = match watch.recv_timeout(time) {
                    Ok(Word::Overtaken) => io::ErrorKind::Interrupted,
                    Err(RecvTimeoutError::Timeout) => io::ErrorKind::TimedOut,
                    Ok(Word::Done) | Err(RecvTimeoutError::Disconnected) => return None,
                };
                // It may have ended by itself; then there is nothing left to end.
                let _ = process.kill();
                Some(why)
            });
            let answer = talk(input, output, request);
            // Whoever watches may have left already.
            let _ = teller.send(Word::Done);
            match (timer.join().unwrap_or_default(), answer) {
                (Some(why), Err(_)) => Err(why.into()),
                (_, answer) => answer,
            }
        })
    }
}

fn ended(why: &io::Error, request: &[u8]) -> Error {
    if why.kind() == io::ErrorKind::Interrupted {
        return Error::Busy("a newer preview");
    }
    tracing::warn!(%why, bytes = request.len(), "the printer was ended");
    Refusal::new("engine.print.too_large").hint("engine.print.hint.smaller").into()
}

impl Drop for Worker {
    fn drop(&mut self) {
        // A process that has ended stays in the system's list until somebody asks how.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What the program answered, as bytes.
enum Answer {
    Printed { areas: Vec<u8>, pdf: Vec<u8> },
    Pictures(Vec<u8>),
    Unprintable(Vec<u8>),
}

fn talk(input: &mut ChildStdin, output: &mut ChildStdout, request: &[u8]) -> io::Result<Answer> {
    let length = u32::try_from(request.len()).map_err(|_| io::Error::from(io::ErrorKind::FileTooLarge))?;
    input.write_all(&length.to_be_bytes())?;
    input.write_all(request)?;
    input.flush()?;
    let mut status = [0];
    output.read_exact(&mut status)?;
    match status {
        [0] => Ok(Answer::Printed { areas: part(output)?, pdf: part(output)? }),
        [1] => Ok(Answer::Pictures(part(output)?)),
        _ => Ok(Answer::Unprintable(part(output)?)),
    }
}

fn part(output: &mut ChildStdout) -> io::Result<Vec<u8>> {
    let mut length = [0; 4];
    output.read_exact(&mut length)?;
    let length = u64::from(u32::from_be_bytes(length));
    let mut part = Vec::new();
    let read = output.take(length).read_to_end(&mut part)?;
    if u64::try_from(read).is_ok_and(|read| read < length) {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(part)
}

/// Why the program did not print.
#[derive(Deserialize)]
struct Unprintable {
    code: String,
    message: String,
}

/// What the program made.
enum Made {
    Paper(Paper),
    Pictures(Vec<String>),
}

impl Answer {
    fn read(self) -> Result<Made> {
        let why: Unprintable = match self {
            Answer::Printed { areas, pdf } => {
                let areas =
                    serde_json::from_slice(&areas).while_doing("reading", "the places of signatures")?;
                return Ok(Made::Paper(Paper { pdf, areas }));
            }
            Answer::Pictures(pages) => {
                let pages = serde_json::from_slice(&pages).while_doing("reading", "pictures of pages")?;
                return Ok(Made::Pictures(pages));
            }
            Answer::Unprintable(why) => {
                serde_json::from_slice(&why).while_doing("reading", "the printer's answer")?
            }
        };
        let what = why.message;
        Err(match why.code.as_str() {
            "letter" => Refusal::new("engine.print.letter").with("what", what).into(),
            "notation" => Refusal::new("engine.print.notation")
                .with("what", what)
                .ground("Nghị định 30/2020/NĐ-CP, Phụ lục III, Mục I")
                .into(),
            "file" => {
                Refusal::new("engine.print.file").with("what", what).hint("engine.print.hint.original").into()
            }
            "size" => Refusal::new("engine.print.too_large").hint("engine.print.hint.smaller").into(),
            code => Error::internal(format!("printing: {code}: {what}")),
        })
    }
}
