//! What clamd is asked, and what it answers: its own protocol over TCP or a socket file. Whatever is at the other end
//! is held to a time and to so many bytes.

use crate::config::Clamd;
use crate::network::Wire;
use base::Instant;
use futures_util::StreamExt;
use std::io;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UnixStream};

/// No answer of clamd is longer.
const ANSWER: u64 = 4096;
const CONNECT: Duration = Duration::from_secs(5);
const VERSION: Duration = Duration::from_secs(10);

/// What clamd says of a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Nothing,
    Found(String),
    /// Longer than it takes.
    TooLarge,
}

/// What clamd says of itself.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) version: String,
    /// When its signatures were made.
    pub(super) signatures_at: Option<Instant>,
}

type Told<V> = Result<V, String>;

/// Asks for its version.
pub(super) async fn version(clamd: &Clamd) -> Told<Said> {
    let ask = async {
        let mut wire = connect(&clamd.address).await?;
        wire.write_all(b"zVERSION\0").await?;
        answer(&mut wire).await
    };
    let text = within(VERSION, ask).await?;
    if !text.starts_with("ClamAV ") {
        return Err(format!("no clamd answers there, but {:?}", shortened(&text)));
    }
    Ok(said(&text))
}

/// `ClamAV 1.4.3/27800/Tue Oct 28 09:49:06 2025`: version, number and day of its signatures.
fn said(text: &str) -> Said {
    let mut parts = text.trim().splitn(3, '/');
    let version = parts.next().unwrap_or("").to_owned();
    let made = parts.nth(1).and_then(day);
    Said { version: version.chars().take(60).collect(), signatures_at: made }
}

fn day(text: &str) -> Option<Instant> {
    let made = jiff::fmt::strtime::parse("%a %b %d %H:%M:%S %Y", text.trim()).ok()?.to_datetime().ok()?;
    Instant::parse(&format!("{}T{:02}:{:02}", made.date(), made.hour(), made.minute()))
}

/// Streams a file to clamd and reads its verdict.
pub(super) async fn scan(clamd: &Clamd, file: crate::files::Content) -> Told<Answer> {
    let length = file.length();
    let ask = async {
        let mut wire = connect(&clamd.address).await?;
        let sent = send(&mut wire, file.stream(0, length)).await;
        // It ends the connection on a file that is too long, and has said why before.
        match (answer(&mut wire).await, sent) {
            (Ok(text), _) if !text.is_empty() => Ok(text),
            (_, Err(cause)) | (Err(cause), _) => Err(cause),
            (Ok(_), Ok(())) => Err(io::Error::other("it ended without a word")),
        }
    };
    verdict(&within(Duration::from_secs(clamd.seconds), ask).await?)
}

async fn send(
    wire: &mut Box<dyn Wire>,
    pieces: impl futures_util::Stream<Item = io::Result<bytes::Bytes>>,
) -> io::Result<()> {
    let mut pieces = std::pin::pin!(pieces);
    wire.write_all(b"zINSTREAM\0").await?;
    while let Some(piece) = pieces.next().await {
        let piece = piece?;
        let length = u32::try_from(piece.len()).map_err(io::Error::other)?;
        wire.write_all(&length.to_be_bytes()).await?;
        wire.write_all(&piece).await?;
    }
    wire.write_all(&[0; 4]).await?;
    wire.flush().await
}

fn verdict(text: &str) -> Told<Answer> {
    if text.contains("INSTREAM size limit exceeded") {
        return Ok(Answer::TooLarge);
    }
    let said = text.strip_prefix("stream: ").ok_or_else(|| format!("it answers {:?}", shortened(text)))?;
    match said.strip_suffix(" FOUND") {
        Some(name) if !name.is_empty() => Ok(Answer::Found(name.chars().take(200).collect())),
        _ if said == "OK" => Ok(Answer::Nothing),
        _ => Err(format!("it answers {:?}", shortened(said))),
    }
}

/// `host:port`, or the path of a socket file.
async fn connect(address: &str) -> io::Result<Box<dyn Wire>> {
    let open = async {
        Ok::<Box<dyn Wire>, io::Error>(if address.starts_with('/') {
            Box::new(UnixStream::connect(address).await?)
        } else {
            Box::new(TcpStream::connect(address).await?)
        })
    };
    tokio::time::timeout(CONNECT, open).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

/// Up to the zero that ends it. What is longer is no answer.
async fn answer(wire: &mut Box<dyn Wire>) -> io::Result<String> {
    let mut bytes = Vec::new();
    let mut piece = [0; 512];
    while !bytes.contains(&0) {
        let n = wire.read(&mut piece).await?;
        bytes.extend_from_slice(piece.get(..n).unwrap_or_default());
        if n == 0 {
            break;
        }
        if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > ANSWER {
            return Err(io::Error::other("it talks without end"));
        }
    }
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    bytes.truncate(end);
    Ok(String::from_utf8_lossy(&bytes).trim().to_owned())
}

async fn within<V>(limit: Duration, work: impl Future<Output = io::Result<V>>) -> Told<V> {
    match tokio::time::timeout(limit, work).await {
        Ok(done) => done.map_err(|cause| cause.to_string()),
        Err(_) => Err(format!("no answer within {} s", limit.as_secs())),
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::{Answer, said, verdict};

    #[test]
    fn what_clamd_answers_is_read_and_nothing_else_is_taken_for_a_verdict() {
        let table = [
            ("stream: OK", Ok(Answer::Nothing)),
            ("stream: Win.Test.EICAR_HDB-1 FOUND", Ok(Answer::Found("Win.Test.EICAR_HDB-1".to_owned()))),
            ("INSTREAM size limit exceeded. ERROR", Ok(Answer::TooLarge)),
        ];
        for (text, wanted) in table {
            assert_eq!(verdict(text), wanted, "{text}");
        }
        for text in
            ["", "OK", "stream: ", "stream:  FOUND", "stream: OK FINE", "HTTP/1.1 200 OK", "stream: x ERROR"]
        {
            assert!(verdict(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_day_of_its_signatures_is_told_when_it_says_one() {
        let full = said("ClamAV 1.4.3/27800/Tue Oct 28 09:49:06 2025");
        assert_eq!(full.version, "ClamAV 1.4.3");
        assert_eq!(full.signatures_at.map(|at| at.date().iso()), Some("2025-10-28".to_owned()));
        assert_eq!(said("ClamAV 1.4.3").signatures_at, None);
    }
}
