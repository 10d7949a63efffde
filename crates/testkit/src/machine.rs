//! An installation in a process of its own, that somebody else starts and ends: it serves a data folder until it is
//! killed, under the clock of the machine.

use crate::found::{AGENCIES, TENANTS};
use crate::setting;
use crate::town::Town;
use base::time::{Clock, SystemClock};
use base::{Error, Result};
use engine::config::Antivirus;
use engine::db::{Db, Schema};
use engine::files::{Master, Store};
use engine::node::Node;
use engine::{Config, Parts, Server, TenantParts};
use kernel::{Module, Raw, Sql, System, q};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use trust::{Agency, Authority, NodeEntry, Snapshot};

/// What a machine reads in its folder when it begins.
const PLAN: &str = "plan.json";
/// What it keeps telling: how many deliveries wait, and how many have arrived.
const TOLD: &str = "told.json";

static AWAY: Sql = q!("UPDATE platform_agencies SET local = 0 WHERE code_102 = $1");
static WAITING: Sql = q!("SELECT count(*) FROM platform_outbox WHERE {scope} AND state = 'queued'");
static ARRIVED: Sql = q!("SELECT count(*) FROM platform_inbox WHERE {scope}");

/// A node: its name, the one above, whether only its neighbours speak to it, and who is at home there.
pub type Plan = (&'static str, Option<&'static str>, bool, &'static [&'static str]);

/// A signed directory of the nodes of a plan: the address of each comes from `facts`.
pub fn directory(
    authority: &Authority,
    plans: &[Plan],
    facts: impl Fn(&str) -> String,
    change: impl FnOnce(&mut Snapshot),
) -> Vec<u8> {
    let mut snapshot =
        Snapshot { version: 1, issued_at: 0, authority: "gov".to_owned(), ..Snapshot::default() };
    for (name, above, relayed, places) in plans {
        let address = facts(name);
        snapshot.nodes.push(NodeEntry {
            name: (*name).to_owned(),
            title: (*name).to_owned(),
            address,
            above: above.map(str::to_owned),
            relayed: *relayed,
            ..NodeEntry::default()
        });
        for data in AGENCIES.iter().filter(|data| places.contains(&data.place)) {
            snapshot.agencies.push(Agency {
                code: data.code.to_owned(),
                name: data.name.to_owned(),
                tier: data.tier.word().to_owned(),
                valid_from: "2010-01-01".to_owned(),
                home: (*name).to_owned(),
                ..Agency::default()
            });
        }
    }
    change(&mut snapshot);
    snapshot.sort();
    authority.publish(&snapshot).unwrap().to_bytes()
}

/// Only these work here; everybody else is known.
pub fn at_home(town: &Town, places: &'static [&'static str]) {
    for (tenant, _) in TENANTS {
        town.act(tenant, move |cx| {
            for data in AGENCIES.iter().filter(|data| !places.contains(&data.place)) {
                cx.write_any(&AWAY, kernel::values![data.code])?;
            }
            cx.record_nothing("the town becomes a node");
            Ok(())
        });
    }
}

/// Says in a folder who the machine is that will serve it.
pub fn plan(folder: &Path, (name, listen): (&str, &str), authority: &Authority, directory: &[u8]) {
    let plan = json!({
        "name": name, "listen": listen, "key": kernel::hex(authority.pkcs8()),
        "certificate": kernel::hex(authority.certificate().der()), "directory": kernel::hex(directory),
    });
    std::fs::write(folder.join(PLAN), plan.to_string()).unwrap();
}

/// What a machine told last: deliveries that wait, envelopes that arrived. `None` before it has begun.
pub fn told(folder: &Path) -> Option<(i64, i64)> {
    let told: Value = serde_json::from_slice(&std::fs::read(folder.join(TOLD)).ok()?).ok()?;
    Some((told["waiting"].as_i64()?, told["arrived"].as_i64()?))
}

/// Forgets what was told, so that what is read next is new.
pub fn untold(folder: &Path) {
    let _ = std::fs::remove_file(folder.join(TOLD));
}

/// The moment under which machines work.
pub fn now() -> base::Instant {
    SystemClock.now()
}

/// Serves a data folder and never ends by itself.
pub fn serve(folder: &Path, modules: Vec<Module>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(run(folder, modules)).expect("a machine that serves");
}

async fn run(folder: &Path, modules: Vec<Module>) -> Result<()> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let plan: Value = serde_json::from_slice(&std::fs::read(folder.join(PLAN)).unwrap()).unwrap();
    let word = |name: &str| plan[name].as_str().unwrap().to_owned();
    let authority = Authority::open(&unhex(&word("key")), &unhex(&word("certificate"))).unwrap();
    let node = Arc::new(Node::for_test(&authority, &word("name"), Arc::clone(&clock))?);
    node.take_directory(&unhex(&word("directory")))?;
    let modules: Vec<Module> = [kernel::module(), platform::module()].into_iter().chain(modules).collect();
    let master = Master::open(&folder.join("master.key"), false)?;
    let mut tenants = Vec::new();
    for (name, title) in TENANTS {
        let url = format!("sqlite:{}", folder.join(name).join("vanlang.db").display());
        let db = Db::open(&url, name, &Schema::of(&modules)).await?;
        let files = Store::open(&folder.join(name).join("files"), &master).await?;
        let (name, title) = ((*name).to_owned(), (*title).to_owned());
        tenants.push(TenantParts { name, title, demo: false, db, files });
    }
    let texts = setting::texts(&modules);
    let server = Server::new(Parts {
        config: Config { antivirus: Antivirus::None, ..Config::default() },
        texts,
        modules,
        clock: Arc::clone(&clock),
        chance: engine::system_chance,
        tenants,
        async_jobs: Vec::new(),
        node: Some(node),
    })
    .await?;
    let listener =
        tokio::net::TcpListener::bind(word("listen")).await.map_err(|e| Error::Internal(e.into()))?;
    drop(server.serve_port(listener));
    // Dropped, their tasks go on.
    drop((server.spawn_exchange(), server.spawn_jobs()));
    loop {
        let (mut waiting, mut arrived) = (0, 0);
        for tenant in server.tenants() {
            let cx = setting::context((texts, &tenant.name), clock.now());
            let look = move |cx: &Raw<'_>| Ok((cx.number(&WAITING, &[])?, cx.number(&ARRIVED, &[])?));
            let act = move |db: &dyn kernel::Database| {
                kernel::engine::read::<System, (i64, i64)>(db, &cx, |cx| look(cx))
            };
            let (more, came) = tenant.db.read(kernel::Scope::Everything, act).await?;
            (waiting, arrived) = (waiting + more, arrived + came);
        }
        let half = folder.join("told.half");
        std::fs::write(&half, json!({ "waiting": waiting, "arrived": arrived }).to_string()).unwrap();
        std::fs::rename(half, folder.join(TOLD)).unwrap();
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len() / 2).map(|at| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).unwrap()).collect()
}
