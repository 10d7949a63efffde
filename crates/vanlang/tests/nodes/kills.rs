//! S10: machines that are killed at any moment, each a process of its own. What they were about goes on by itself.

use crate::country::{self, FOUR, holds, rows};
use crate::stranger::{letter, party};
use contracts::{Attachment, Sealed};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use testkit::{Engine, Town, machine};
use trust::Authority;

const SEED: u64 = 20_261_201;
const KILLS: usize = 24;
/// Letters of each pair.
const LETTERS: usize = 12;
const PAIRS: &[(&str, &str)] = &[
    ("Hà Nội", "Phú Thọ"),
    ("Hà Nội", "Hùng Lô"),
    ("Phú Thọ", "Việt Trì"),
    ("Phú Thọ", "Hà Nội"),
    ("Việt Trì", "Hùng Lô"),
    ("Hùng Lô", "Hà Nội"),
];

/// Numbers that come out the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % n
    }
}

/// What the processes of [`machines_that_are_killed_lose_nothing_and_do_nothing_twice`] are.
#[test]
#[ignore = "begun by the story of killed machines, in the folder of a machine"]
fn a_machine() {
    machine::serve(Path::new("."), country::modules());
}

#[expect(clippy::disallowed_methods, reason = "the story is about processes")]
fn begin(folder: &Path) -> Child {
    machine::untold(folder);
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "kills::a_machine", "--ignored"])
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[expect(clippy::disallowed_methods, reason = "the machines run under the clock of the machine")]
fn sleep(ms: u64) {
    std::thread::sleep(Duration::from_millis(ms));
}

/// Queues the letters of a node's agencies, each with a file of its own.
fn queue(town: &Town, node: usize, places: &[&str]) -> usize {
    let mut queued = 0;
    for (pair, (from, to)) in PAIRS.iter().enumerate().filter(|(_, (from, _))| places.contains(from)) {
        let agency = town.agency(from);
        let tenant = agency.data.tenant;
        for n in 0..LETTERS {
            let number = node * 1000 + pair * 100 + n + 1;
            let bytes: Vec<u8> =
                (0..60_000 + number).map(|at| u8::try_from((at * number) % 251).unwrap()).collect();
            let stored = town.wait(town.server().tenant(tenant).unwrap().files.put(&bytes)).unwrap();
            let file = Attachment {
                name: "cong-van.bin".to_owned(),
                content_type: "application/octet-stream".to_owned(),
                bytes: i64::try_from(bytes.len()).unwrap(),
                sha256: stored.sha256,
                role: "main".to_owned(),
            };
            let (to, id) = ([party(to)], agency.id);
            town.act(tenant, move |cx| {
                let mut document = letter(number, &to, vec![file.clone()]);
                document.urgency = i64::from(n % 4 == 3);
                let urgency = document.urgency;
                platform::exchange::send(cx, id, (Sealed::Document(Box::new(document)), &to, urgency))?;
                cx.record("documents.act.issued", ("outgoing", id), id);
                Ok(())
            });
            queued += 1;
        }
    }
    queued
}

fn free_address() -> String {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Whatever happens, no process is left behind.
struct Running(BTreeMap<&'static str, Child>);

impl Running {
    fn kill(&mut self, name: &str) {
        if let Some(mut child) = self.0.remove(name) {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        for child in self.0.values_mut() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

#[test]
fn machines_that_are_killed_lose_nothing_and_do_nothing_twice() {
    let second = machine::now().micros() / 1_000_000;
    let authority = Authority::found("Cơ quan cấp chứng thư", (second - 3600, second + 86_400)).unwrap();
    let (mut towns, mut folders, mut addresses) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    let mut queued = 0;
    for (n, (name, _, _, places)) in FOUR.iter().enumerate() {
        let town = Town::on(&Engine::Sqlite, country::modules());
        machine::at_home(&town, places);
        queued += queue(&town, n, places);
        let folder = tempfile::tempdir().unwrap();
        for (tenant, _) in testkit::TENANTS {
            town.wait(town.db(tenant).checkpoint()).unwrap();
        }
        copy(town.folder(), folder.path());
        addresses.insert(*name, free_address());
        folders.insert(*name, folder);
        towns.insert(*name, town);
    }
    let directory = machine::directory(&authority, FOUR, |name| addresses[name].clone(), |_| ());
    for (name, folder) in &folders {
        machine::plan(folder.path(), (name, &addresses[name]), &authority, &directory);
    }

    let mut running = Running(folders.iter().map(|(name, folder)| (*name, begin(folder.path()))).collect());
    let mut dice = Dice(SEED);
    for _ in 0..KILLS {
        sleep(150 + dice.below(900));
        let name = FOUR[usize::try_from(dice.below(4)).unwrap()].0;
        running.kill(name);
        sleep(dice.below(300));
        running.0.insert(name, begin(folders[name].path()));
    }
    let began = Instant::now();
    let mut told = Vec::new();
    while began.elapsed() < Duration::from_secs(100) {
        sleep(300);
        told = folders.values().map(|folder| machine::told(folder.path())).collect();
        let arrived: i64 = told.iter().flatten().map(|(_, arrived)| arrived).sum();
        // Each letter and its status 01.
        let all = i64::try_from(2 * queued).unwrap();
        if arrived == all && told.iter().all(|told| told.is_some_and(|(waiting, _)| waiting == 0)) {
            break;
        }
    }
    drop(running);
    println!("{KILLS} kills, {queued} letters, drained after {:?}: {told:?}", began.elapsed());

    let after: BTreeMap<&'static str, Town> = towns
        .iter()
        .map(|(name, town)| {
            (*name, town.elsewhere(country::modules(), |new| copy(folders[name].path(), new)))
        })
        .collect();
    holds(&after);
    let mut arrived = 0;
    for (name, town) in &after {
        let left: Vec<(String, String)> =
            rows(town, "SELECT to_code, error FROM platform_outbox WHERE {scope} AND state <> 'sent'");
        assert!(left.is_empty(), "{name} still has {left:?}");
        let letters: Vec<(String, String)> = rows(
            town,
            "SELECT document_id, from_code FROM documents_incoming WHERE {scope} AND source = 'exchange'",
        );
        arrived += letters.len();
        let files: Vec<(String,)> = rows(
            town,
            "SELECT f.sha256 FROM platform_files f JOIN documents_incoming d ON d.id = f.subject_id WHERE {scope:f} AND {scope:d}",
        );
        assert_eq!(files.len(), letters.len(), "{name}: each letter has its file");
    }
    assert_eq!(arrived, queued, "each letter has arrived once");
}
