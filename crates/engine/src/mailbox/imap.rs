//! As much of IMAP (RFC 9051, 3501) as fetching letters takes. What the other end sends is held to sizes and times.

use super::{Told, Trouble};
use crate::network::http::NamedBy;
use crate::network::{Network, Wire};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use platform::mailboxes::{Mailbox, Security};
use std::io;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// For one command; a large letter on a slow line takes its time.
const WAIT: Duration = Duration::from_mins(2);
/// Lines of one answer, without letters.
const LINES: usize = 4 * 1024 * 1024;
/// What a line takes beside its text.
const LINE: usize = 64;
/// Letters and other pieces of `{n}` bytes in one line: an answer to what is asked here has one.
const LITERALS: usize = 8;
/// The mark of a letter that was taken, where it is not moved.
const MARK: &str = "$VanLang";

/// A session with a mail server.
pub(super) struct Imap<W> {
    wire: W,
    /// What came and was not read yet.
    held: Vec<u8>,
    said: u32,
    can: String,
}

/// A session with a folder open.
pub(super) type Session = Imap<Box<dyn Wire>>;

/// A line of an answer, and the letters that stand in it.
struct Line {
    text: String,
    literals: Vec<Vec<u8>>,
}

/// Connects, signs in and opens the folder.
pub(super) async fn open(network: &Network, mailbox: &Mailbox, password: &str) -> Told<Session> {
    let silent = || Trouble::new("platform.mailbox.error.silent", "");
    let port = u16::try_from(mailbox.port).map_err(|_| silent())?;
    let host = mailbox.server.as_str();
    let stream = network.reach(host, port, NamedBy::Agency).await?;
    let here = stream.peer_addr().is_ok_and(|address| address.ip().is_loopback());
    let mut session: Session = match mailbox.security {
        Security::Tls => {
            let mut session: Session = Imap::new(Box::new(network.encrypt(host, stream).await?));
            session.greeting().await?;
            session
        }
        Security::StartTls => {
            let no_tls = || Trouble::new("platform.mailbox.error.no_tls", "");
            let mut plain = Imap::new(stream);
            plain.greeting().await?;
            plain.command("STARTTLS", 0).await.map_err(|_| no_tls())?;
            // What came in clear behind the answer was put there by somebody on the way.
            if !plain.held.is_empty() {
                return Err(no_tls());
            }
            Imap::new(Box::new(network.encrypt(host, plain.wire).await?))
        }
        Security::Plain if here => {
            let mut session: Session = Imap::new(Box::new(stream));
            session.greeting().await?;
            session
        }
        Security::Plain => return Err(Trouble::new("platform.mailbox.error.plain", "")),
    };
    session.sign_in(&mailbox.account, password).await?;
    let select = format!("SELECT {}", quoted(&mailbox.folder)?);
    session.command(&select, 0).await.map_err(|no| no.under("platform.mailbox.error.folder"))?;
    Ok(session)
}

impl<W: Wire> Imap<W> {
    fn new(wire: W) -> Imap<W> {
        Imap { wire, held: Vec::new(), said: 0, can: String::new() }
    }

    async fn greeting(&mut self) -> Told<()> {
        let line = within(self.line(&mut 0)).await?;
        if line.text.starts_with("* OK") {
            return Ok(());
        }
        Err(Trouble::new("platform.mailbox.error.no_imap", &line.text))
    }

    async fn sign_in(&mut self, account: &str, password: &str) -> Told<()> {
        self.learn().await?;
        let refused = |no: Trouble| no.under("platform.mailbox.error.sign_in");
        if self.can("AUTH=PLAIN") {
            let secret = BASE64_STANDARD.encode(format!("\0{account}\0{password}"));
            self.ask("AUTHENTICATE PLAIN", Some(&secret), 0).await.map_err(refused)?;
        } else {
            let login = format!("LOGIN {} {}", quoted(account)?, quoted(password)?);
            self.ask(&login, None, 0).await.map_err(refused)?;
        }
        // Who is signed in may do more.
        self.learn().await
    }

    async fn learn(&mut self) -> Told<()> {
        let lines = self.command("CAPABILITY", 0).await?;
        let said =
            lines.into_iter().find_map(|line| line.text.strip_prefix("* CAPABILITY ").map(str::to_uppercase));
        self.can = said.unwrap_or_default();
        Ok(())
    }

    fn can(&self, what: &str) -> bool {
        self.can.split(' ').any(|one| one == what)
    }

    /// Letters that were not taken yet, oldest first.
    pub(super) async fn waiting(&mut self) -> Told<Vec<u32>> {
        let search = format!("UID SEARCH UNDELETED UNKEYWORD {MARK}");
        let lines = self.command(&search, 0).await?;
        let found = lines.iter().filter_map(|line| line.text.strip_prefix("* SEARCH"));
        let mut ids: Vec<u32> =
            found.flat_map(str::split_whitespace).filter_map(|id| id.parse().ok()).collect();
        ids.sort_unstable();
        Ok(ids)
    }

    /// Length of a letter in bytes; `None` when it is there no more.
    pub(super) async fn size(&mut self, id: u32) -> Told<Option<u64>> {
        let lines = self.command(&format!("UID FETCH {id} (RFC822.SIZE)"), 0).await?;
        Ok(lines.iter().find_map(|line| {
            let rest = line.text.split_once("RFC822.SIZE ")?.1;
            rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
        }))
    }

    /// A letter as it came, or only its head. Reading it leaves no mark.
    pub(super) async fn letter(&mut self, id: u32, (part, limit): (&str, u64)) -> Told<Option<Vec<u8>>> {
        let lines = self.command(&format!("UID FETCH {id} (BODY.PEEK[{part}])"), limit).await?;
        let mut letters =
            lines.into_iter().filter(|line| line.text.contains("FETCH")).flat_map(|line| line.literals);
        Ok(letters.next())
    }

    /// Puts a letter away, so that it is not found again: into the folder for it, or marked where it lies.
    pub(super) async fn put_away(&mut self, id: u32, processed: &str) -> Told<()> {
        if processed.is_empty() {
            return self.command(&format!("UID STORE {id} +FLAGS (\\Seen {MARK})"), 0).await.map(drop);
        }
        let folder = quoted(processed)?;
        let verb = if self.can("MOVE") { "MOVE" } else { "COPY" };
        let put = format!("UID {verb} {id} {folder}");
        if self.command(&put, 0).await.is_err() {
            // The folder is made when it is first needed.
            self.command(&format!("CREATE {folder}"), 0)
                .await
                .map_err(|no| no.under("platform.mailbox.error.processed"))?;
            self.command(&put, 0).await.map_err(|no| no.under("platform.mailbox.error.processed"))?;
        }
        if verb == "COPY" {
            self.command(&format!("UID STORE {id} +FLAGS (\\Deleted {MARK})"), 0).await?;
            if self.can("UIDPLUS") {
                self.command(&format!("UID EXPUNGE {id}"), 0).await?;
            }
        }
        Ok(())
    }

    /// Takes leave.
    pub(super) async fn close(mut self) {
        // Whoever does not answer to this is left all the same.
        let _ = self.command("LOGOUT", 0).await;
    }

    async fn command(&mut self, command: &str, limit: u64) -> Told<Vec<Line>> {
        self.ask(command, None, limit).await
    }

    /// Says a command, answers what it is asked in between, and reads up to its end. Letters are read up to `limit`
    /// bytes, all together.
    async fn ask(&mut self, command: &str, then: Option<&str>, limit: u64) -> Told<Vec<Line>> {
        self.said += 1;
        let tag = format!("v{}", self.said);
        within(async {
            self.wire.write_all(format!("{tag} {command}\r\n").as_bytes()).await?;
            self.wire.flush().await?;
            let (mut lines, mut length, mut room) = (Vec::new(), 0, limit);
            loop {
                let line = self.line(&mut room).await?;
                if line.text.starts_with('+') {
                    let then = then.ok_or_else(|| io::Error::other("it asks for more than was offered"))?;
                    self.wire.write_all(format!("{then}\r\n").as_bytes()).await?;
                    self.wire.flush().await?;
                } else if let Some(end) = line.text.strip_prefix(&format!("{tag} ")) {
                    let well =
                        end.len() >= 2 && end.get(..2).is_some_and(|word| word.eq_ignore_ascii_case("OK"));
                    return Ok(if well { Ok(lines) } else { Err(end.to_owned()) });
                } else {
                    length += line.text.len() + LINE;
                    if length > LINES {
                        return Err(io::Error::other("it talks without end"));
                    }
                    lines.push(line);
                }
            }
        })
        .await?
        .map_err(|no| Trouble::new("platform.mailbox.error.refused", &no))
    }

    /// One line with what stands in it as `{n}`: n bytes after the line's end, taken off the room that is left.
    async fn line(&mut self, room: &mut u64) -> io::Result<Line> {
        let (mut text, mut literals) = (String::new(), Vec::new());
        loop {
            let end = loop {
                if let Some(at) = self.held.windows(2).position(|two| two == b"\r\n") {
                    break at;
                }
                if self.held.len() > LINES {
                    return Err(io::Error::other("a line without end"));
                }
                self.more().await?;
            };
            let line: Vec<u8> = self.held.drain(..end + 2).take(end).collect();
            let line = String::from_utf8_lossy(&line);
            text.push_str(&line);
            if text.len() > LINES {
                return Err(io::Error::other("a line without end"));
            }
            let announced = line.strip_suffix('}').and_then(|rest| rest.rsplit_once('{'));
            let Some(length) = announced.and_then(|(_, n)| n.parse::<u64>().ok()) else {
                return Ok(Line { text, literals });
            };
            if length > *room || literals.len() >= LITERALS {
                return Err(io::Error::other("it sends more than was asked for"));
            }
            *room -= length;
            let length = usize::try_from(length).map_err(io::Error::other)?;
            while self.held.len() < length {
                self.more().await?;
            }
            literals.push(self.held.drain(..length).collect());
        }
    }

    async fn more(&mut self) -> io::Result<()> {
        let mut piece = vec![0; 64 * 1024];
        let n = self.wire.read(&mut piece).await?;
        if n == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.held.extend_from_slice(piece.get(..n).unwrap_or_default());
        Ok(())
    }
}

async fn within<V>(work: impl Future<Output = io::Result<V>>) -> Told<V> {
    let lost = |why: &str| Trouble::new("platform.mailbox.error.lost", why);
    match tokio::time::timeout(WAIT, work).await {
        Ok(done) => done.map_err(|cause| lost(&cause.to_string())),
        Err(_) => Err(lost("no answer in time")),
    }
}

/// A word of IMAP in quotes. What would end the line cannot be said.
fn quoted(word: &str) -> Told<String> {
    if !word.chars().all(|c| matches!(c, ' '..='~')) {
        return Err(Trouble::new("platform.mailbox.error.letters", ""));
    }
    Ok(format!("\"{}\"", word.replace('\\', "\\\\").replace('"', "\\\"")))
}

#[cfg(test)]
mod tests {
    use super::{Imap, quoted};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    /// What a command answers when the other end says this, whatever it was asked.
    async fn asked(says: Vec<u8>, limit: u64) -> Result<usize, String> {
        let (here, mut there) = tokio::io::duplex(1024 * 1024);
        let other = tokio::spawn(async move {
            let mut heard = [0; 64];
            let _ = there.read(&mut heard).await;
            let _ = there.write_all(&says).await;
        });
        let mut session = Imap::new(here);
        let answer = session.command("UID FETCH 1 (BODY.PEEK[])", limit).await;
        other.abort();
        let bytes =
            |lines: Vec<super::Line>| lines.iter().flat_map(|line| &line.literals).map(Vec::len).sum();
        answer.map(bytes).map_err(|_| "refused".to_owned())
    }

    fn letter(n: usize) -> Vec<u8> {
        [format!("* 1 FETCH (BODY[] {{{n}}}\r\n").into_bytes(), vec![b'x'; n], b")\r\n".to_vec()].concat()
    }

    #[tokio::test]
    async fn a_server_sends_no_more_than_was_asked_for_in_however_many_pieces() {
        let end = b"v1 OK done\r\n".to_vec();
        assert_eq!(asked([letter(1000), end.clone()].concat(), 1000).await, Ok(1000));
        let twice = [letter(600), letter(600), end.clone()].concat();
        assert!(asked(twice, 1000).await.is_err(), "two letters share the room of one");
        let pieces =
            [b"* 1 FETCH (A {1}\r\nx".to_vec(), b" B {1}\r\nx".repeat(20), b")\r\n".to_vec(), end.clone()];
        assert!(asked(pieces.concat(), 1000).await.is_err(), "one line has few pieces");
        let empty = [b"\r\n".repeat(200_000), end].concat();
        assert!(asked(empty, 1000).await.is_err(), "lines of nothing are lines");
    }

    #[test]
    fn a_word_in_quotes_ends_no_line() {
        assert_eq!(quoted("a \"b\" \\").unwrap(), "\"a \\\"b\\\" \\\\\"");
        assert!(quoted("a\r\nv2 DELETE x").is_err() && quoted("mật").is_err());
    }
}
