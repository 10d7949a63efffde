//! S22: one document in three dossiers of three people, without a copy; closed; taken away as XML and files in the
//! order of time; and the same on an empty machine after a restore.

use crate::invariants;
use crate::story::{arrived, brought_out, drafted, id_in, press, taken_in};
use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::path::Path;
use std::time::{Duration, Instant};
use testkit::{Attachment, Page, Person, Town};
use vanlang::upkeep;
use zip::ZipArchive;

/// The longest a backup may take so that one can be made every five minutes (RPO), and a restore (RTO).
const RPO: Duration = Duration::from_mins(5);
const RTO: Duration = Duration::from_mins(15);

/// How many files lie under a folder.
fn count(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| if path.is_dir() { count(&path) } else { 1 }).sum()
}

fn id(page: &str) -> &str {
    page.rsplit('/').next().unwrap()
}

/// Opens a dossier. Answers its page.
fn opened(person: &Person<'_>, notation: &str, title: &str) -> String {
    let fields = [("notation", notation), ("title", title), ("started_on", "2017-10-02"), ("years", "20")];
    let page = person.post("/archives/dossiers", &fields);
    page.sees("Đã mở hồ sơ");
    page.path
}

/// Files a document of the exchange into a dossier of a person, through the button on its page.
fn filed(person: &Person<'_>, document: &str, dossier: &str) {
    let link = person.get(document).link("Đưa vào hồ sơ");
    person.get(&link).ok();
    person.post(&link, &[("dossiers", id(dossier))]).sees("Đã đưa văn bản vào 1 hồ sơ");
}

/// The names and bytes of a package.
fn unpacked(page: &Page) -> (Vec<String>, BTreeMap<String, Vec<u8>>) {
    let mut zip = ZipArchive::new(Cursor::new(page.bytes.clone())).unwrap();
    let (mut names, mut all) = (Vec::new(), BTreeMap::new());
    for at in 0..zip.len() {
        let mut file = zip.by_index(at).unwrap();
        let (name, mut bytes) = (file.name().unwrap().into_owned(), Vec::new());
        file.read_to_end(&mut bytes).unwrap();
        names.push(name.clone());
        all.insert(name, bytes);
    }
    (names, all)
}

/// Takes a dossier away and looks at the package.
fn taken_away(person: &Person<'_>, dossier: &str) -> (Vec<String>, BTreeMap<String, Vec<u8>>) {
    let page = press(person, dossier, "export", &[]);
    assert_eq!(page.ok().header("content-type"), Some("application/zip"));
    unpacked(&page)
}

/// What was laid down in the dossiers, to be found again elsewhere.
struct Laid {
    dossiers: Vec<String>,
    names: Vec<String>,
    letter: Vec<u8>,
}

/// A letter of the Government, the province's own letter about it, and three people who file them.
fn laid(town: &Town) -> Laid {
    let letter = [b"%PDF-1.7 ".as_slice(), &vec![b'x'; 370_000]].concat();
    let file = Attachment { field: "main", name: "cong van.pdf", bytes: &letter };
    let to = id_in(town, "chinhphu", "Phú Thọ");
    let sent = drafted(town, "Hà Nội", ("rà soát lưu trữ điện tử", &[("to", &to)]), &[file]);
    brought_out(town, "Hà Nội", &sent);
    town.settle();
    let document = arrived(town, "Phú Thọ", "lưu trữ điện tử");
    taken_in(town, "Phú Thọ", &document);
    town.pass_days(1);
    let own = Attachment { field: "main", name: "trien khai.pdf", bytes: b"%PDF-1.7 own" };
    let to = id_in(town, "phutho", "Việt Trì");
    let issued = drafted(town, "Phú Thọ", ("triển khai lưu trữ điện tử", &[("to", &to)]), &[own]);
    brought_out(town, "Phú Thọ", &issued);
    town.settle();

    let files = town.folder().join("phutho").join("files");
    let before = count(&files);
    let people = [town.officer("Phú Thọ"), town.person("Phú Thọ", "officer", "KT"), town.head("Phú Thọ")];
    let mut dossiers = Vec::new();
    for (n, person) in people.iter().enumerate() {
        let dossier = opened(person, &format!("0{}.VX", n + 1), "Lưu trữ điện tử");
        // The later one first: the order is that of time, not of filing.
        filed(person, &issued, &dossier);
        filed(person, &document, &dossier);
        dossiers.push(dossier);
    }
    assert_eq!(count(&files), before, "filing in three dossiers copies nothing");
    press(&people[0], &dossiers[0], "close", &[("ended_on", "2017-10-17")])
        .is(409)
        .sees("đang được giải quyết");
    press(&town.officer("Phú Thọ"), &document, "note", &[("note", "Đã triển khai.")]).sees("Hoàn thành");
    for (person, dossier) in people.iter().zip(&dossiers) {
        press(person, dossier, "close", &[("ended_on", "2017-10-17")]).sees("mục lục có 2 văn bản");
        let told = person.api(dossier, None).json();
        assert_eq!(told["state"], "closed");
        assert_eq!(told["documents"][0]["kind"], "incoming", "the older one first");
    }
    town.settle();
    let (names, all) = taken_away(&people[0], &dossiers[0]);
    assert_eq!(names.iter().filter(|name| name.starts_with("tep/")).count(), 2, "{names:?}");
    let first = names.iter().find(|name| name.starts_with("tep/001-")).unwrap();
    assert_eq!(all[first], letter);
    let xml = String::from_utf8(all["ho-so.xml"].clone()).unwrap();
    let dates: Vec<&str> = xml.split("<IssuedDate>").skip(1).map(|rest| &rest[..10]).collect();
    assert_eq!(dates, ["2017-10-16", "2017-10-17"]);
    assert_eq!(count(&files), before, "neither does closing or taking away");
    Laid { dossiers, names, letter }
}

/// What `upkeep::backup` copies, of a town whose schemas have names of their own.
fn backed_up(town: &Town, to: &Path) {
    for name in ["phutho", "chinhphu"] {
        let folder = to.join(name);
        std::fs::create_dir_all(&folder).unwrap();
        town.wait(town.db(name).backup(&folder.join("vanlang.db"))).unwrap();
        copied(&town.folder().join(name).join("files"), &folder.join("files"));
    }
    std::fs::copy(town.folder().join("master.key"), to.join("master.key")).unwrap();
}

fn copied(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copied(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// A backup while the server runs, a restore into an empty folder, and a look at everything there.
fn restored(town: &Town, laid: &Laid) {
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("backup");
    let began = Instant::now();
    if invariants::on_postgres(town) {
        backed_up(town, &to);
    } else {
        let settings = upkeep::settings(None, Some(town.folder())).unwrap();
        town.wait(upkeep::backup(&settings, &to)).unwrap();
    }
    let backup = began.elapsed();
    let began = Instant::now();
    let mut told = Vec::new();
    let elsewhere = town.elsewhere(vanlang::modules::all(), |data| {
        town.wait(upkeep::restore(&to, (None, Some(data)), &mut told)).unwrap();
    });
    let told = String::from_utf8(told).unwrap();
    assert!(told.contains("phutho: whole") && told.contains("chinhphu: whole"), "{told}");
    let officer = elsewhere.officer("Phú Thọ");
    officer.get(&laid.dossiers[0]).ok().sees("Đã kết thúc");
    let restore = began.elapsed();
    println!("backup {} ms, restore to the first page {} ms", backup.as_millis(), restore.as_millis());
    assert!(backup < RPO && restore < RTO, "{backup:?} {restore:?}");

    let files = |town: &Town| count(&town.folder().join("phutho").join("files"));
    assert_eq!(files(&elsewhere), files(town));
    let people = [officer, elsewhere.person("Phú Thọ", "officer", "KT"), elsewhere.head("Phú Thọ")];
    for (person, dossier) in people.iter().zip(&laid.dossiers) {
        let (names, all) = taken_away(person, dossier);
        assert_eq!(names, laid.names);
        assert_eq!(all[names.iter().find(|name| name.starts_with("tep/001-")).unwrap()], laid.letter);
    }
    invariants::hold(&elsewhere);
    elsewhere.clerk("Việt Trì").get(&laid.dossiers[0]).is(404);
}

testkit::stories! {
    of [desk::module(), documents::module(), archives::module(), admin::module()];

    fn a_document_lies_in_three_dossiers_and_all_of_it_comes_back_from_a_backup(town: Town) {
        let laid = laid(&town);
        invariants::hold(&town);
        restored(&town, &laid);
    }
}
