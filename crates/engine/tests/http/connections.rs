//! Connections that keep the server waiting, spoken to over TCP.

use crate::support::Town;
use engine::Config;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const HELLO: &[u8] = b"GET /healthz HTTP/1.1\r\nhost: phutho.example\r\n\r\n";

/// A server that listens, with little patience and few places.
async fn listening(change: impl Fn(&mut Config)) -> (Town, SocketAddr) {
    let mut config = Config::default();
    (config.limits.header_seconds, config.limits.write_seconds) = (1, 1);
    change(&mut config);
    let town = Town::with(config).await;
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = Arc::clone(&town.server);
    tokio::spawn(async move { server.serve_on(listener, std::future::pending()).await });
    (town, address)
}

/// What comes until the other end closes, or for three seconds.
async fn answer(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(3), stream.read_to_end(&mut bytes)).await;
    read.ok().map(|_| String::from_utf8_lossy(&bytes).into_owned())
}

async fn hello(address: SocketAddr) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(HELLO).await.unwrap();
    let mut bytes = [0; 64];
    let read = tokio::time::timeout(Duration::from_secs(5), stream.read(&mut bytes)).await;
    String::from_utf8_lossy(&bytes[..read.unwrap().unwrap()]).into_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_dribbles_headers_is_dropped() {
    let (_town, address) = listening(|_| {}).await;
    let began = Instant::now();
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: phutho.example\r\n").await.unwrap();
    let mut dropped = false;
    for n in 0..30 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        if stream.write_all(format!("x-{n}: y\r\n").as_bytes()).await.is_err() {
            dropped = true;
            break;
        }
    }
    assert!(dropped, "thirty letters were taken");
    assert!(began.elapsed() < Duration::from_millis(2500), "{:?}", began.elapsed());
    // One who says nothing at all, also after a first answer.
    let mut silent = TcpStream::connect(address).await.unwrap();
    assert_eq!(answer(&mut silent).await.as_deref(), Some(""));
    let mut idle = TcpStream::connect(address).await.unwrap();
    idle.write_all(HELLO).await.unwrap();
    assert!(answer(&mut idle).await.expect("closed").starts_with("HTTP/1.1 200"));
    assert!(hello(address).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crowd_of_silent_connections_keeps_nobody_out_for_long() {
    let (_town, address) = listening(|config| config.limits.connections = 8).await;
    let mut silent = Vec::new();
    for _ in 0..24 {
        silent.push(TcpStream::connect(address).await.unwrap());
    }
    let began = Instant::now();
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(HELLO).await.unwrap();
    let mut bytes = [0; 64];
    let read = tokio::time::timeout(Duration::from_secs(8), stream.read(&mut bytes)).await;
    assert!(String::from_utf8_lossy(&bytes[..read.unwrap().unwrap()]).starts_with("HTTP/1.1 200"));
    assert!(began.elapsed() < Duration::from_secs(6), "{:?}", began.elapsed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_address_has_only_so_many_connections() {
    let (_town, address) = listening(|config| {
        config.limits.connections_an_address = 3;
        config.limits.header_seconds = 30;
    })
    .await;
    let mut silent = Vec::new();
    for _ in 0..3 {
        silent.push(TcpStream::connect(address).await.unwrap());
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    let mut fourth = TcpStream::connect(address).await.unwrap();
    assert_eq!(answer(&mut fourth).await.as_deref(), Some(""), "closed at once");
    silent.pop();
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(hello(address).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_takes_no_answer_is_dropped() {
    let (_town, address) = listening(|config| config.limits.requests_a_minute = 1_000_000).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    // Asks on and on for the style sheet and reads nothing: the pipes fill, and then the patience ends.
    let ask = format!("GET {} HTTP/1.1\r\nhost: phutho.example\r\n\r\n", ui::asset_path("app.css"));
    let began = Instant::now();
    loop {
        let sent = tokio::time::timeout(Duration::from_secs(4), stream.write_all(ask.as_bytes())).await;
        if sent.expect("the connection was kept").is_err() {
            break;
        }
        assert!(began.elapsed() < Duration::from_secs(20), "it goes on and on");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn told_to_stop_it_answers_what_was_begun_and_ends() {
    let town = Town::new().await;
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let server = Arc::clone(&town.server);
    let serving =
        tokio::spawn(async move { server.serve_on(listener, async move { drop(stopped.await) }).await });
    let mut idle = TcpStream::connect(address).await.unwrap();
    assert!(hello(address).await.starts_with("HTTP/1.1 200"));
    stop.send(()).unwrap();
    tokio::time::timeout(Duration::from_secs(5), serving).await.expect("it ends").unwrap().unwrap();
    assert_eq!(answer(&mut idle).await.as_deref(), Some(""));
    assert!(TcpStream::connect(address).await.is_err());
}
