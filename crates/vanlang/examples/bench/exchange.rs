//! Between machines: two processes, signed packets with a file each, everything verified and on disk at both ends; and
//! how long one letter takes between two that have nothing else to do.

use crate::{percentile, report};
use contracts::{Attachment, Document, Party, Sealed, Signer};
use engine::node::Node;
use platform::exchange;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use testkit::machine::{self, Plan};
use testkit::{AGENCIES, Engine, Town};
use trust::Authority;

/// The word by which this program is told to be a machine.
pub(crate) const MACHINE: &str = "exchange-machine";
const LETTERS: usize = 1_200;
const HOPS: usize = 200;
const BYTES: usize = 370_000;
const NODES: &[Plan] = &[("gov", None, false, &["Hà Nội"]), ("prov", Some("gov"), false, &["Phú Thọ"])];

fn modules() -> Vec<kernel::Module> {
    vec![documents::module()]
}

/// Serves the folder this process was begun in.
pub(crate) fn be_machine() {
    machine::serve(Path::new("."), modules());
}

pub(crate) fn run() {
    catch_up();
    one_hop();
}

fn letter(number: usize, file: Option<Attachment>) -> Document {
    Document {
        document_id: format!("000.00.00.G22,2017/10/16,{number}/VPCP-KSTT"),
        number: number.to_string(),
        notation: "VPCP-KSTT".to_owned(),
        place: "Hà Nội".to_owned(),
        promulgated: base::Date::new(2017, 10, 16).expect("a date"),
        type_name: "Công văn".to_owned(),
        subject: "Triển khai gửi, nhận văn bản điện tử liên thông bốn cấp".to_owned(),
        text: String::new(),
        signer: Signer::default(),
        due: None,
        urgency: 0,
        pages: 1,
        to: vec![party()],
        to_places: Vec::new(),
        response_for: Vec::new(),
        forwards: None,
        trace: Vec::new(),
        attachments: file.into_iter().collect(),
        business: contracts::Business::New,
    }
}

fn party() -> Party {
    let data = AGENCIES.iter().find(|data| data.place == "Phú Thọ").expect("the province");
    Party { code: data.code.to_owned(), name: data.name.to_owned() }
}

fn send(town: &Town, number: usize, file: Option<Attachment>) {
    let from = town.agency("Hà Nội").id;
    town.act("chinhphu", move |cx| {
        let sealed = Sealed::Document(Box::new(letter(number, file.clone())));
        exchange::send(cx, from, (sealed, &[party()], 0))?;
        cx.record("documents.act.issued", ("outgoing", from), from);
        Ok(())
    });
}

/// A file nobody has sent before.
fn file(town: &Town, number: usize) -> Attachment {
    let mut bytes = vec![u8::try_from(number % 251).unwrap(); BYTES];
    bytes[..8].copy_from_slice(&u64::try_from(number).unwrap().to_be_bytes());
    let files = &town.server().tenant("chinhphu").expect("the tenant").files;
    let stored = town.wait(files.put(&bytes)).unwrap();
    Attachment {
        name: "cong-van.pdf".to_owned(),
        content_type: "application/pdf".to_owned(),
        bytes: i64::try_from(BYTES).unwrap(),
        sha256: stored.sha256,
        role: "main".to_owned(),
    }
}

fn founded(second: i64) -> Authority {
    Authority::found("Cơ quan cấp chứng thư", (second - 3600, second + 86_400)).unwrap()
}

/// A process that ends with the measurement.
struct Begun(Child);

impl Drop for Begun {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[expect(clippy::disallowed_methods, reason = "the measurement is about processes")]
fn begin(folder: &Path) -> Begun {
    machine::untold(folder);
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.arg(MACHINE).current_dir(folder).stdout(Stdio::null()).stderr(Stdio::null());
    Begun(command.spawn().unwrap())
}

/// Letters that waited while the other machine was away.
fn catch_up() {
    let authority = founded(machine::now().micros() / 1_000_000);
    let mut towns: BTreeMap<&'static str, Town> = BTreeMap::new();
    for (name, _, _, places) in NODES {
        let town = Town::on(&Engine::Sqlite, modules());
        machine::at_home(&town, places);
        towns.insert(name, town);
    }
    let gov = &towns["gov"];
    (1..=LETTERS).for_each(|number| send(gov, number, Some(file(gov, number))));
    let address = || std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let addresses: BTreeMap<&str, String> = NODES.iter().map(|(name, ..)| (*name, address())).collect();
    let facts = |name: &str| addresses[name].clone();
    let directory = machine::directory(&authority, NODES, facts, |_| ());
    for (name, town) in &towns {
        for (tenant, _) in testkit::TENANTS {
            town.wait(town.db(tenant).checkpoint()).unwrap();
        }
        machine::plan(town.folder(), (name, &addresses[name]), &authority, &directory);
    }
    let folders: BTreeMap<&str, std::path::PathBuf> =
        towns.iter().map(|(name, town)| (*name, town.folder().to_owned())).collect();
    let sender = begin(&folders["gov"]);
    wait_until(|| machine::told(&folders["gov"]).is_some());
    let receiver = begin(&folders["prov"]);
    let arrived = || machine::told(&folders["prov"]).map_or(0, |(_, arrived)| arrived);
    wait_until(|| arrived() > 0);
    let (first, began) = (arrived(), Instant::now());
    let all = i64::try_from(LETTERS).unwrap();
    wait_until(|| arrived() >= all);
    let took = began.elapsed().as_secs_f64();
    drop((sender, receiver));
    let rate = (all - first) as f64 / took;
    let text = format!("{rate:.0}/s, {LETTERS} letters");
    report("signed packets of 370 KB between two processes", &text, "300/s", (rate / 300.0, rate >= 300.0));
    report("catch-up after an outage", &text, "200/s", (rate / 200.0, rate >= 200.0));
}

fn wait_until(done: impl Fn() -> bool) {
    let began = Instant::now();
    while !done() {
        assert!(began.elapsed() < Duration::from_mins(5), "nothing moves any more");
        pause(20);
    }
}

#[expect(clippy::disallowed_methods, reason = "a measurement runs under the clock of the machine")]
fn pause(ms: u64) {
    std::thread::sleep(Duration::from_millis(ms));
}

/// From the commit at the sender to the commit at the receiver.
fn one_hop() {
    let town = |name: &'static str, authority: &Arc<Authority>| {
        let admits = Arc::clone(authority);
        Town::joined(&Engine::Sqlite, modules(), move |clock| {
            Arc::new(Node::for_test(&admits, name, clock).unwrap())
        })
    };
    let moment = base::Instant::local(2017, 10, 16, 8, 0).expect("a moment");
    let authority = Arc::new(founded(moment.micros() / 1_000_000));
    let (gov, prov) = (town("gov", &authority), town("prov", &authority));
    let mut addresses = BTreeMap::new();
    for (town, (name, _, _, places)) in [&gov, &prov].into_iter().zip(NODES) {
        machine::at_home(town, places);
        let listener = town.wait(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        addresses.insert(*name, listener.local_addr().unwrap().to_string());
        town.wait(async { drop(town.server().serve_port(listener)) });
    }
    let facts = |name: &str| addresses[name].clone();
    let directory = machine::directory(&authority, NODES, facts, |_| ());
    for town in [&gov, &prov] {
        town.server().node.as_ref().unwrap().take_directory(&directory).unwrap();
    }
    let carriers = gov.wait(async { gov.server().spawn_exchange() });
    let mut times = Vec::with_capacity(HOPS);
    for number in 1..=HOPS {
        let attached = file(&gov, number);
        send(&gov, number, Some(attached));
        gov.server().tenant("chinhphu").expect("the tenant").wake(None);
        let began = Instant::now();
        let wanted = i64::try_from(number).unwrap();
        while prov.read("phutho", |cx| cx.number(&crate::sending::ARRIVED, &[])) < wanted {
            pause(1);
        }
        times.push(began.elapsed());
    }
    carriers.iter().for_each(tokio::task::JoinHandle::abort);
    let (half, most) = (percentile(&mut times, 50), percentile(&mut times, 99));
    report(
        "one hop between machines, p50",
        &format!("{half:.0} ms"),
        "150 ms",
        (half / 150.0, half <= 150.0),
    );
    report(
        "one hop between machines, p99",
        &format!("{most:.0} ms"),
        "1000 ms",
        (most / 1000.0, most <= 1000.0),
    );
}
