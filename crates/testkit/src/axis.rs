//! A national axis on this machine: the simulator behind a socket. What it loses is a connection that closes.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use vxp::simulator::{Asked, Axis};

/// An axis that listens on an address of its own for as long as the process runs.
pub struct AxisServer {
    /// `http://127.0.0.1:…`
    pub address: String,
    axis: Arc<Mutex<Axis>>,
}

impl AxisServer {
    /// Starts one.
    ///
    /// # Panics
    /// When this machine has no port left.
    pub fn start(axis: Axis) -> AxisServer {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("its address"));
        let axis = Arc::new(Mutex::new(axis));
        let shared = Arc::clone(&axis);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                // Whoever is cut off in the middle asks again.
                let _ = answer(&shared, stream);
            }
        });
        AxisServer { address, axis }
    }

    /// Its state.
    pub fn state(&self) -> MutexGuard<'_, Axis> {
        self.axis.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn answer(axis: &Mutex<Axis>, mut stream: TcpStream) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut first = String::new();
    reader.read_line(&mut first)?;
    let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut headers = BTreeMap::new();
    for line in reader.by_ref().lines().map_while(Result::ok).take_while(|line| !line.is_empty()) {
        if let Some((name, value)) = line.split_once(':') {
            headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
        }
    }
    let length: usize = headers.get("content-length").and_then(|n| n.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let asked = Asked { path: &path, headers: &headers, body: &body };
    let said = axis.lock().unwrap_or_else(PoisonError::into_inner).answer(&asked);
    let Some((status, body)) = said else { return Ok(()) };
    let head = format!(
        "HTTP/1.1 {status} X\r\ncontent-length: {}\r\nhash-file: {}\r\nconnection: close\r\n\r\n",
        body.len(),
        vxp::hex_sha256(&body)
    );
    stream.write_all(&[head.into_bytes(), body].concat())
}
