//! What nodes do by themselves, minute after minute: the list, the directory, their certificates.

use crate::support::{DAY, server};
use base::time::{Clock, FixedClock, SystemClock};
use engine::files::Master;
use engine::node::{Invitation, Keeper, Node, Terms, join};
use engine::{Config, Server};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::net::TcpListener;

const TERMS: Terms = Terms { crl_days: 4, certificate_days: 180 };

/// A data folder, its master key and the process that serves it.
struct Place {
    data: PathBuf,
    master: Master,
    server: Option<Arc<Server>>,
}

impl Place {
    fn new(under: &Path, name: &str) -> Place {
        let data = under.join(name);
        std::fs::create_dir_all(&data).unwrap();
        let master = Master::open(&data.join("master.key"), true).unwrap();
        Place { data, master, server: None }
    }

    async fn serve(&mut self, listener: TcpListener, clock: &Arc<FixedClock>) {
        let node = Node::open(&self.data, &self.master, Arc::<FixedClock>::clone(clock)).unwrap().unwrap();
        let config = Config { node: Some(engine::config::NodeSettings::default()), ..Config::default() };
        let server = server(&Arc::new(node), clock, config).await;
        server.serve_port(listener);
        self.server = Some(server);
    }

    fn server(&self) -> &Arc<Server> {
        self.server.as_ref().unwrap()
    }

    fn node(&self) -> &Arc<Node> {
        self.server().node.as_ref().unwrap()
    }
}

async fn listener() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    (listener, address)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn certificates_are_renewed_in_time_also_through_the_node_above_and_after_a_long_absence() {
    let folder = tempfile::tempdir().unwrap();
    // Joining goes by the clock of the machine.
    let clock = Arc::new(FixedClock::new(SystemClock.now()));
    let now = clock.now().micros() / 1_000_000;
    let mut gov = Place::new(folder.path(), "gov");
    let (listens, address) = listener().await;
    let keeper = Keeper::found((&gov.data, &gov.master, TERMS), ("gov", "Gốc", &address), now).unwrap();
    gov.serve(listens, &clock).await;
    let mut joined = Vec::new();
    for (name, above, relayed) in [("prov", "gov", false), ("dist", "prov", true)] {
        let mut place = Place::new(folder.path(), name);
        let (listens, address) = listener().await;
        let whom =
            Invitation { name: name.to_owned(), title: name.to_owned(), above: above.to_owned(), relayed };
        let token = keeper.invite(&whom, now).unwrap().text();
        join((&place.data, &place.master), &token, &address).await.unwrap();
        place.serve(listens, &clock).await;
        joined.push(place);
    }
    let [prov, dist] = joined.try_into().ok().unwrap();
    for place in [&gov, &prov, &dist] {
        place.server().node_round().await.unwrap();
    }
    let old = [&gov, &prov, &dist].map(|place| place.node().certificate());
    assert_eq!(prov.node().directory().unwrap().version(), gov.node().directory().unwrap().version());

    // Nothing runs for four months and a day: every list has ended long ago.
    clock.set(clock.now().plus_days(121));
    for place in [&gov, &prov, &dist] {
        place.server().node_round().await.unwrap();
    }
    for (place, old) in [&gov, &prov, &dist].iter().zip(&old) {
        let new = place.node().certificate();
        assert!(new.serial != old.serial && new.until > old.until + 100 * DAY, "{}", old.name);
        let kept = Node::open(&place.data, &place.master, Arc::<FixedClock>::clone(&clock)).unwrap().unwrap();
        assert_eq!(kept.certificate(), new, "what is held is what is kept");
    }
    // The directory names the old and the new one of each.
    prov.server().node_round().await.unwrap();
    let directory = prov.node().directory().unwrap();
    assert!(directory.snapshot().nodes.iter().all(|node| node.certificates.len() == 2));

    // prov is revoked: it hears of it, and so does whoever asks.
    let now = clock.now().micros() / 1_000_000;
    assert_eq!(keeper.revoke("prov", now).unwrap(), 2);
    gov.server().node_round().await.unwrap();
    assert!(prov.server().node_round().await.is_err());
    assert_eq!(gov.node().crl().len(), 2);
    dist.server().node_round().await.unwrap();
    assert_eq!(dist.node().crl().len(), 2, "from the authority, past the node above");
    assert!(
        dist.node()
            .ask(
                directory.node("prov").unwrap(),
                (axum::http::Method::GET, "/node/crl"),
                (Vec::new(), 1 << 20)
            )
            .await
            .is_err()
    );
}
