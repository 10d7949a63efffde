//! The smallest HTTP client that keeps its connection: the load must cost less than what it measures.

use std::io;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A kept connection with a session.
pub(crate) struct Client {
    stream: TcpStream,
    host: String,
    cookie: String,
    buffer: Vec<u8>,
}

/// What came back.
pub(crate) struct Answer {
    /// Status code.
    pub(crate) status: u16,
    /// Headers as text.
    pub(crate) head: String,
    /// Body.
    pub(crate) body: Vec<u8>,
    /// From the first byte sent to the last received.
    pub(crate) took: Duration,
}

impl Client {
    /// Connects to a port of this machine; `tenant` is the first label of the host name.
    pub(crate) async fn connect(port: u16, tenant: &str) -> io::Result<Client> {
        let stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream.set_nodelay(true)?;
        let host = format!("{tenant}.localhost:{port}");
        Ok(Client { stream, host, cookie: String::new(), buffer: Vec::with_capacity(64 * 1024) })
    }

    /// Signs in through the front door, and keeps the session.
    pub(crate) async fn sign_in(&mut self, username: &str, password: &str) -> io::Result<()> {
        let page = self.get("/sign-in").await?;
        let csrf = hidden(&page.body, "_csrf").unwrap_or_default();
        self.keep_cookies(&page.head);
        let form =
            format!("_csrf={}&username={}&password={}", encode(&csrf), encode(username), encode(password));
        let answer = self.post("/sign-in", &form).await?;
        self.keep_cookies(&answer.head);
        if answer.status == 303 {
            Ok(())
        } else {
            Err(io::Error::other(format!("sign-in: {}", answer.status)))
        }
    }

    /// The session, for other connections of the same person.
    pub(crate) fn session(&self) -> String {
        self.cookie.clone()
    }

    /// Uses a session another connection began.
    pub(crate) fn with_session(mut self, cookie: &str) -> Client {
        cookie.clone_into(&mut self.cookie);
        self
    }

    fn keep_cookies(&mut self, head: &str) {
        let set = head.lines().filter_map(|line| line.strip_prefix("set-cookie: "));
        let pairs = set.filter_map(|line| line.split(';').next());
        for pair in pairs {
            if !self.cookie.is_empty() {
                self.cookie.push_str("; ");
            }
            self.cookie.push_str(pair);
        }
    }

    /// GET.
    pub(crate) async fn get(&mut self, path: &str) -> io::Result<Answer> {
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {}\r\nCookie: {}\r\nAccept: text/html\r\n\r\n",
            self.host, self.cookie
        );
        self.send(&request).await
    }

    /// POST of a form.
    pub(crate) async fn post(&mut self, path: &str, form: &str) -> io::Result<Answer> {
        let host = &self.host;
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nCookie: {}\r\nContent-Type: \
             application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            self.cookie,
            form.len()
        );
        self.send(&request).await
    }

    async fn send(&mut self, request: &str) -> io::Result<Answer> {
        let began = Instant::now();
        self.stream.write_all(request.as_bytes()).await?;
        self.buffer.clear();
        let (head_end, length) = loop {
            let n = self.stream.read_buf(&mut self.buffer).await?;
            if n == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if let Some(at) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n") {
                let head = String::from_utf8_lossy(&self.buffer[..at]).to_lowercase();
                let length =
                    head.lines().find_map(|l| l.strip_prefix("content-length: ")?.trim().parse().ok());
                break (at + 4, length.unwrap_or(0));
            }
        };
        while self.buffer.len() < head_end + length {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        let took = began.elapsed();
        let raw = String::from_utf8_lossy(&self.buffer[..head_end]).into_owned();
        let status = raw.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0);
        let head = raw.lines().map(lower_name).collect::<Vec<_>>().join("\n");
        let body = self.buffer[head_end..head_end + length].to_vec();
        Ok(Answer { status, head, body, took })
    }
}

fn lower_name(line: &str) -> String {
    match line.split_once(": ") {
        Some((name, value)) => format!("{}: {value}", name.to_lowercase()),
        None => line.to_owned(),
    }
}

/// The value of a hidden field on a page.
pub(crate) fn hidden(page: &[u8], name: &str) -> Option<String> {
    let page = String::from_utf8_lossy(page);
    let after = page.split(&format!("name=\"{name}\" value=\"")).nth(1)?;
    after.split('"').next().map(str::to_owned)
}

/// Percent-encoding of a form value.
pub(crate) fn encode(text: &str) -> String {
    text.bytes()
        .map(
            |byte| {
                if byte.is_ascii_alphanumeric() {
                    char::from(byte).to_string()
                } else {
                    format!("%{byte:02X}")
                }
            },
        )
        .collect()
}
