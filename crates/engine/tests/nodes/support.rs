//! An authority, nodes that listen on this machine, and what they say to each other.

use axum::http::Method;
use base::time::{Clock, FixedClock};
use base::{Instant, Texts};
use engine::node::{Answer, Node};
use engine::{Config, Parts, Server};
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;
use trust::{Authority, NodeEntry, Snapshot};

pub(crate) const DAY: i64 = 86_400;

pub(crate) fn clock() -> Arc<FixedClock> {
    Arc::new(FixedClock::new(Instant::local(2026, 12, 1, 8, 0).unwrap()))
}

pub(crate) fn second(clock: &FixedClock) -> i64 {
    clock.now().micros() / 1_000_000
}

pub(crate) fn authority(clock: &FixedClock, title: &str) -> Authority {
    let now = second(clock);
    Authority::found(title, (now - DAY, now + 3650 * DAY)).unwrap()
}

pub(crate) fn node(authority: &Authority, name: &str, clock: &Arc<FixedClock>) -> Arc<Node> {
    Arc::new(Node::for_test(authority, name, Arc::<FixedClock>::clone(clock)).unwrap())
}

/// A server that is this node and has no tenant; it listens until the runtime ends.
pub(crate) async fn listen(node: &Arc<Node>, clock: &Arc<FixedClock>) -> SocketAddr {
    let parts = Parts {
        config: Config { printer: Some("vanlang-print".into()), ..Config::default() },
        modules: Vec::new(),
        texts: Box::leak(Box::new(Texts::default())),
        clock: Arc::<FixedClock>::clone(clock),
        chance: engine::system_chance,
        tenants: Vec::new(),
        async_jobs: Vec::new(),
        node: Some(Arc::clone(node)),
    };
    let server = Server::new(parts).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    server.serve_port(listener);
    address
}

pub(crate) fn at(name: &str, address: SocketAddr) -> NodeEntry {
    NodeEntry { name: name.to_owned(), address: address.to_string(), ..NodeEntry::default() }
}

/// The directory of these nodes, signed, one version after another.
pub(crate) fn directory(authority: &Authority, nodes: &[&str], version: u64) -> Vec<u8> {
    let entry = |name: &&str| NodeEntry {
        name: (*name).to_owned(),
        title: (*name).to_owned(),
        address: "127.0.0.1:1".to_owned(),
        ..NodeEntry::default()
    };
    let mut snapshot = Snapshot {
        version,
        issued_at: 1,
        authority: nodes[0].to_owned(),
        nodes: nodes.iter().map(entry).collect(),
        ..Snapshot::default()
    };
    snapshot.sort();
    authority.publish(&snapshot).unwrap().to_bytes()
}

pub(crate) async fn ask(from: &Node, to: &NodeEntry, path: &str) -> base::Result<Answer> {
    from.ask(to, (Method::GET, path), (Vec::new(), 1 << 20)).await
}
