//! Several towns, each an installation of its own, under one authority.

use crate::line::Line;
use base::Instant;
use engine::node::Node;
use kernel::Sql;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use testkit::machine::{Plan, at_home, directory};
use testkit::{Engine, TENANTS, Town};
use tokio::runtime::Runtime;
use trust::{Authority, Snapshot};

/// The Government and the province.
pub(crate) const TWO: &[Plan] =
    &[("gov", None, false, &["Hà Nội"]), ("prov", Some("gov"), false, &["Phú Thọ"])];

/// Four levels; district and commune are reached through the one above.
pub(crate) const FOUR: &[Plan] = &[
    ("gov", None, false, &["Hà Nội"]),
    ("prov", Some("gov"), false, &["Phú Thọ"]),
    ("dist", Some("prov"), true, &["Việt Trì"]),
    ("comm", Some("dist"), true, &["Hùng Lô"]),
];

/// Installations with their lines.
pub(crate) struct Country {
    pub(crate) towns: BTreeMap<&'static str, Town>,
    pub(crate) lines: BTreeMap<&'static str, Line>,
    pub(crate) authority: Arc<Authority>,
    plans: &'static [Plan],
    // The lines end with it.
    _runtime: Runtime,
}

pub(crate) fn founded_at() -> Instant {
    Instant::local(2017, 10, 16, 8, 0).unwrap()
}

pub(crate) fn modules() -> Vec<kernel::Module> {
    vec![documents::module(), desk::module(), admin::module()]
}

impl Country {
    pub(crate) fn of(engine: &Engine, plans: &'static [Plan]) -> Country {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let second = founded_at().micros() / 1_000_000;
        let authority =
            Authority::found("Cơ quan cấp chứng thư", (second - 3600, second + 86_400 * 365)).unwrap();
        let authority = Arc::new(authority);
        let (mut towns, mut lines) = (BTreeMap::new(), BTreeMap::new());
        for (name, _, _, places) in plans {
            let admits = Arc::clone(&authority);
            let town = Town::joined(engine, modules(), move |clock| {
                Arc::new(Node::for_test(&admits, name, clock).unwrap())
            });
            at_home(&town, places);
            let listener = town.wait(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
            let address = listener.local_addr().unwrap();
            town.wait(async { drop(town.server().serve_port(listener)) });
            lines.insert(*name, runtime.block_on(Line::to(address)));
            towns.insert(*name, town);
        }
        let country = Country { towns, lines, authority, plans, _runtime: runtime };
        country.publish(|_| ());
        country
    }

    /// Everybody takes a directory of everybody; `change` may bend it.
    pub(crate) fn publish(&self, change: impl FnOnce(&mut Snapshot)) {
        let known = self.towns.values().next().unwrap().server().node.as_ref().unwrap().directory();
        let facts = |name: &str| self.lines[name].address.to_string();
        let bytes = directory(&self.authority, self.plans, facts, |snapshot| {
            if let Some(known) = known {
                (snapshot.version, snapshot.history) = (known.version() + 1, known.history());
            }
            change(snapshot);
        });
        for town in self.towns.values() {
            town.server().node.as_ref().unwrap().take_directory(&bytes).unwrap();
        }
    }

    /// The town in which a place is at home.
    pub(crate) fn at(&self, place: &str) -> &Town {
        let (name, ..) = self.plans.iter().find(|(.., places)| places.contains(&place)).unwrap();
        &self.towns[name]
    }

    /// Works until nobody has anything to do now.
    pub(crate) fn settle(&self) {
        for _ in 0..200 {
            let done: usize = self.towns.values().map(Town::settle).sum();
            if done == 0 {
                return;
            }
        }
        panic!("the country never comes to rest");
    }

    /// Lets seconds pass everywhere.
    pub(crate) fn pass_minutes(&self, minutes: i64) {
        self.towns.values().for_each(|town| town.pass_minutes(minutes));
    }

    /// I2, I3, I5 and I6 over all installations.
    pub(crate) fn holds(&self) {
        holds(&self.towns);
    }
}

/// I2, I3, I5 and I6 over all installations.
pub(crate) fn holds(towns: &BTreeMap<&'static str, Town>) {
    let (mut sent, mut arrived) = (BTreeSet::new(), BTreeSet::new());
    for (name, town) in towns {
        for (envelope, to, state) in rows::<(uuid::Uuid, String, String)>(
            town,
            "SELECT envelope_id, to_code, state FROM platform_outbox WHERE {scope}",
        ) {
            if state == "sent" {
                assert!(sent.insert((envelope, to)), "{name}: {envelope} was sent twice");
            }
        }
        for row in rows::<(uuid::Uuid, String)>(
            town,
            "SELECT i.envelope_id, a.code_102 FROM platform_inbox i JOIN platform_agencies a ON a.id = i.agency_id
             WHERE {scope:i} AND i.reason <> 'platform.exchange.other_bytes'",
        ) {
            assert!(arrived.insert(row.clone()), "{name}: {row:?} has arrived twice");
        }
        for (sha256,) in rows::<(String,)>(
            town,
            "SELECT DISTINCT sha256 FROM platform_files WHERE {scope} AND destroyed_at IS NULL",
        ) {
            let held = TENANTS.iter().filter_map(|(tenant, _)| {
                let store = town.server().tenant(tenant).unwrap().files.clone();
                store.has(&sha256).then_some(store)
            });
            for store in held {
                let (file, _) = town.wait(store.get(&sha256)).unwrap();
                let bytes = town.wait(file.read_all()).unwrap();
                assert_eq!(town.wait(store.put(&bytes)).unwrap().sha256, sha256, "{name}: a file");
            }
        }
        for (tenant, _) in TENANTS {
            let whole = town.wait(engine::verify::verify(town.db(tenant))).unwrap();
            whole.unwrap_or_else(|row| panic!("{name}, {tenant}: {row} was changed"));
        }
    }
    assert_eq!(sent, arrived, "what was sent and what has arrived");
}

/// Rows of all tenants of a town.
pub(crate) fn rows<R: kernel::FromRow + Send + 'static>(town: &Town, sql: &'static str) -> Vec<R> {
    let all = TENANTS.iter().flat_map(|(tenant, _)| {
        let sql = Sql::new(sql, file!());
        town.read(tenant, move |cx| cx.rows::<R>(&sql, &[]))
    });
    all.collect()
}
