//! Files are opened by others once clamd has looked at them, and never when it found something.

use crate::told;
use engine::config::{Antivirus, Clamd};
use kernel::Module;
use std::io::{Cursor, Read, Write};
use std::net::TcpListener;
use std::time::{Duration, Instant};
use testkit::{Attachment, Engine, Page, Person, Town};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// The harmless file every scanner takes for harmful, in two halves.
fn eicar() -> Vec<u8> {
    let halves = [r"X5O!P%@AP[4\PZX54(P^)7CC)7}$", "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"];
    halves.concat().into_bytes()
}

fn packed(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn modules() -> Vec<Module> {
    vec![documents::module(), desk::module(), admin::module(), archives::module()]
}

/// The same story on both databases.
fn everywhere(scanner: &Antivirus, story: impl Fn(&Town)) {
    let postgres = Engine::Postgres(told("VANLANG_TEST_POSTGRES"));
    for engine in [Engine::Sqlite, postgres] {
        story(&Town::configured(&engine, modules(), |config| config.antivirus = scanner.clone()));
    }
}

fn clamd() -> Antivirus {
    Antivirus::Clamd(Clamd::at(told("VANLANG_TEST_CLAMD")))
}

fn scan(town: &Town) -> usize {
    let all = ["phutho", "chinhphu"].map(|tenant| town.wait(town.server().scan(tenant, town.now())).unwrap());
    town.settle();
    all.iter().sum()
}

/// A clerk enters a paper document with files. Answers its page.
fn enter(clerk: &Person<'_>, symbol: &str, files: &[(&str, &[u8])]) -> Page {
    clerk.get("/documents/incoming/new").ok();
    let fields = [
        ("from_name", "Bộ Nội vụ"),
        ("symbol", symbol),
        ("promulgated", "2017-10-12"),
        ("type_name", "Giấy mời"),
        ("subject", "Mời họp giao ban"),
    ];
    let files: Vec<Attachment<'_>> =
        files.iter().map(|(name, bytes)| Attachment { field: "files", name, bytes }).collect();
    clerk.post_files("/documents/incoming", &fields, &files)
}

/// Addresses of the files a page offers.
fn files_on(page: &Page) -> Vec<String> {
    let mut files = page.links_to("/documents/incoming/");
    files.retain(|link| link.contains("/files/"));
    files.sort();
    files.dedup();
    files
}

#[test]
fn a_file_is_opened_by_who_brought_it_in_and_by_others_once_it_was_scanned() {
    everywhere(&clamd(), |town| {
        let (clerk, leader) = (town.clerk("Việt Trì"), town.leader("Việt Trì"));
        let page = enter(&clerk, "1/GM-BNV", &[("quet.txt", b"mot to giay moi")]);
        page.ok().sees("chưa quét virus, chỉ mình anh chị mở được");
        let [file] = &files_on(&page)[..] else { panic!("one link") };
        assert_eq!(clerk.get(file).ok().bytes, b"mot to giay moi");
        leader.get(&page.path).ok().sees("chưa quét virus, chưa mở được").lacks("/files/");
        leader.get(file).is(409).sees("chưa quét virus xong");
        assert_eq!(leader.api(file, None).status, 404, "files are no data");
        assert_eq!(scan(town), 1);
        leader.get(&page.path).ok().lacks("chưa quét").sees("quet.txt");
        assert_eq!(leader.get(file).ok().bytes, b"mot to giay moi");
        assert_eq!(scan(town), 0, "once is enough");
        let health = town.admin("Phú Thọ").get("/admin/health");
        health.ok().sees("ClamAV 1.").sees("Không rõ ngày");
    });
}

#[test]
fn what_is_harmful_nobody_opens_the_clerk_is_told_and_an_administrator_destroys_it() {
    everywhere(&clamd(), |town| {
        let (clerk, admin) = (town.clerk("Việt Trì"), town.admin("Phú Thọ"));
        let inside = packed(&[("thu/moi.txt", &eicar()), ("khac.txt", b"khac")]);
        let page =
            enter(&clerk, "2/GM-BNV", &[("moi.com", &eicar()), ("goi.zip", &inside), ("sach.txt", b"sach")]);
        let files = files_on(page.ok());
        assert_eq!(files.len(), 3);
        assert_eq!(scan(town), 3);
        // Not even who brought it in.
        let after = clerk.get(&page.path);
        after.ok().sees("có tệp chứa mã độc").sees("có mã độc, không mở được");
        assert_eq!(files_on(&after).len(), 1);
        let answers: Vec<u16> = files.iter().map(|file| clerk.get(file).status).collect();
        assert_eq!(answers.iter().filter(|status| **status == 409).count(), 2, "{answers:?}");
        clerk.get("/").ok().sees("Tệp có mã độc").sees("Vanlang.Eicar");
        // The same content is not let in again, under whatever name.
        let again = enter(&clerk, "3/GM-BNV", &[("khac-ten.pdf", &eicar())]);
        again.is(422).sees("Bỏ tệp này");
        // A commune's administrator has nothing to destroy; the province's has.
        let troubles = admin.get("/admin/troubles");
        troubles.ok().sees("moi.com").sees("goi.zip").sees("Vanlang.Eicar").lacks("sach.txt");
        town.clerk("Hùng Lô").get("/admin/troubles").is(403);
        let form = troubles.forms().into_iter().find(|form| form.action == "/admin/files/destroy").unwrap();
        let store = town.server().tenant("phutho").unwrap().files.clone();
        let held = town.read("phutho", |cx| platform::scans::bad(cx, None, 50));
        assert!(held.iter().all(|file| store.has(&file.sha256)), "the bytes stay until then");
        for file in &held {
            admin.get("/admin/troubles").ok();
            admin.post(&form.action, &[("file", &file.id.to_string())]).ok().sees("Đã hủy tệp");
        }
        admin.post(&form.action, &[("file", &held[0].id.to_string())]).is(404);
        town.settle();
        assert!(held.iter().all(|file| !store.has(&file.sha256)), "the bytes are gone");
        admin
            .get("/admin/audit")
            .sees("phát hiện mã độc trong tệp moi.com")
            .sees("hủy tệp có mã độc moi.com");
        clerk.get("/").ok().lacks("Vanlang.Eicar");
        clerk.get(&page.path).ok().lacks("có tệp chứa mã độc").sees("sach.txt");
    });
}

#[test]
fn a_letter_with_a_known_harmful_file_that_comes_by_the_exchange_warns_its_clerk() {
    everywhere(&clamd(), |town| {
        // The file came to the tenant before and was found out.
        let bytes = eicar();
        let page = enter(&town.clerk("Việt Trì"), "4/GM-BNV", &[("moi.com", &bytes)]);
        page.ok();
        scan(town);
        let bad = town.read("phutho", |cx| platform::scans::bad(cx, None, 50)).remove(0);
        let (sender, to) = (town.agency("Phú Thọ"), town.agency("Hùng Lô"));
        let sha256 = bad.sha256.clone();
        town.act("phutho", move |cx| {
            let party = contracts::Party { code: to.data.code.to_owned(), name: to.data.name.to_owned() };
            let document: contracts::Document = serde_json::from_value(serde_json::json!({
                "document_id": "000.00.00.H44,2017/10/13,9/UBND", "number": "9", "notation": "UBND",
                "place": "Phú Thọ", "promulgated": "2017-10-13", "type_name": "Công văn",
                "subject": "Về việc họp", "text": "", "due": null, "urgency": 0, "pages": 1,
                "signer": { "competence": "", "position": "Chủ tịch", "name": "Đỗ Văn Hải" },
                "to": [], "to_places": [], "response_for": [], "forwards": null, "trace": [],
                "attachments": [{ "name": "moi.com", "content_type": "text/plain", "bytes": 68,
                    "sha256": sha256, "role": "main" }],
                "business": { "type": "new" },
            }))
            .map_err(|cause| base::Error::Internal(cause.into()))?;
            let sealed = contracts::Sealed::Document(Box::new(document));
            platform::exchange::send(cx, sender.id, (sealed, &[party], 0))?;
            cx.record("documents.act.outgoing.issued", ("outgoing", sender.id), sender.id);
            Ok(())
        });
        town.settle();
        town.clerk("Hùng Lô").get("/").ok().sees("Tệp có mã độc").sees("moi.com").sees("Vanlang.Eicar");
    });
}

/// Unpacks to more than the scanner reads, which says OK to it.
#[test]
fn a_bomb_is_not_called_clean_though_clamd_says_ok() {
    let zeros = vec![0_u8; 30 * 1024 * 1024];
    let inner = packed(&[("a.bin", &zeros), ("b.bin", &zeros)]);
    let copies: Vec<(String, &[u8])> = (0..10).map(|n| (format!("{n}.zip"), inner.as_slice())).collect();
    let copies: Vec<(&str, &[u8])> = copies.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    let bomb = packed(&copies);
    assert!(bomb.len() < 1024 * 1024, "600 MB in {} bytes", bomb.len());
    let town = Town::configured(&Engine::Sqlite, modules(), |config| config.antivirus = clamd());
    let clerk = town.clerk("Việt Trì");
    let page = enter(&clerk, "5/GM-BNV", &[("bom.zip", &bomb)]);
    page.ok();
    let begun = Instant::now();
    assert_eq!(scan(&town), 1);
    assert!(begun.elapsed() < Duration::from_mins(1), "{:?}", begun.elapsed());
    let bad = town.read("phutho", |cx| platform::scans::bad(cx, None, 50));
    assert_eq!((bad.len(), bad[0].state.word()), (1, "unfit"));
    clerk.get(&page.path).ok().sees("không quét được, không mở được");
    town.admin("Phú Thọ").get("/admin/troubles").ok().sees("Tệp nén không quét được");
}

/// Something that listens, and answers each connection by `answer`: whether VERSION was asked, and the connection.
fn other_end(answer: impl Fn(bool, &mut std::net::TcpStream) + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut asked = [0; 10];
            let n = stream.read(&mut asked).unwrap_or(0);
            answer(asked.get(..n).unwrap().starts_with(b"zVERSION"), &mut stream);
        }
    });
    address
}

#[test]
fn a_scanner_that_hangs_or_talks_nonsense_leaves_files_unscanned_and_is_asked_again() {
    type Answer = fn(&mut std::net::TcpStream);
    let hangs: Answer = |stream| {
        let _ = stream.set_read_timeout(Some(Duration::from_secs(5)));
        let _ = std::io::copy(stream, &mut std::io::sink());
    };
    let nonsense: Answer = |stream| drop(stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n\0"));
    let endless: Answer = |stream| while stream.write_all(&[b'x'; 4096]).is_ok() {};
    let silent: Answer = |_| ();
    for (name, answer) in [("hangs", hangs), ("nonsense", nonsense), ("endless", endless), ("silent", silent)]
    {
        let address = other_end(move |version, stream| {
            if version {
                let _ = stream.write_all(b"ClamAV 1.4.3/27800/Tue Oct 03 09:49:06 2017\0");
            } else {
                answer(stream);
            }
        });
        let town = Town::configured(&Engine::Sqlite, modules(), |config| {
            config.antivirus = Antivirus::Clamd(Clamd { seconds: 1, ..Clamd::at(&address) });
        });
        let (clerk, leader) = (town.clerk("Việt Trì"), town.leader("Việt Trì"));
        let page = enter(&clerk, "6/GM-BNV", &[("quet.txt", name.as_bytes())]);
        let [file] = &files_on(page.ok())[..] else { panic!("one link") };
        let begun = Instant::now();
        assert_eq!(scan(&town), 1, "{name}: it was tried");
        assert!(begun.elapsed() < Duration::from_secs(4), "{name}: {:?}", begun.elapsed());
        leader.get(file).is(409);
        assert_eq!(scan(&town), 0, "{name}: not at once again");
        town.pass_minutes(1);
        assert_eq!(scan(&town), 1, "{name}: but soon");
        town.admin("Phú Thọ").get("/admin/health").ok().sees("12 ngày tuổi").sees("Cần lưu ý");
    }
}

#[test]
fn what_came_while_the_scanner_was_away_is_scanned_when_it_is_back() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("clamd");
    let address = socket.display().to_string();
    let town = Town::configured(&Engine::Sqlite, modules(), |config| {
        config.antivirus = Antivirus::Clamd(Clamd::at(&address));
    });
    let leader = town.leader("Việt Trì");
    let page = enter(&town.clerk("Việt Trì"), "7/GM-BNV", &[("quet.txt", b"bay")]);
    let [file] = &files_on(page.ok())[..] else { panic!("one link") };
    for _ in 0..5 {
        assert_eq!(scan(&town), 0);
        town.pass_minutes(10);
    }
    leader.get(file).is(409);
    town.admin("Phú Thọ").get("/admin/health").ok().sees("Không trả lời");
    std::os::unix::fs::symlink(told("VANLANG_TEST_CLAMD"), &socket).unwrap();
    assert_eq!(scan(&town), 1);
    leader.get(file).ok();
}

#[test]
fn without_a_word_of_the_operator_only_who_brought_a_file_in_opens_it() {
    everywhere(&Antivirus::Unsaid, |town| {
        let (clerk, leader) = (town.clerk("Việt Trì"), town.leader("Việt Trì"));
        let page = enter(&clerk, "8/GM-BNV", &[("quet.txt", b"tam")]);
        let [file] = &files_on(page.ok())[..] else { panic!("one link") };
        assert_eq!(scan(town), 0);
        clerk.get(file).ok();
        leader.get(file).is(409).sees("hệ thống chưa có bộ quét");
        town.admin("Phú Thọ").get("/admin/health").ok().sees("Chưa cấu hình");
    });
    let open = Town::with(modules());
    let page = enter(&open.clerk("Việt Trì"), "9/GM-BNV", &[("quet.txt", b"chin")]);
    let [file] = &files_on(page.ok().lacks("chưa quét"))[..] else { panic!("one link") };
    open.leader("Việt Trì").get(file).ok();
}

/// The word of the operator is read from the file, and a misspelt one stops the program.
#[test]
fn the_configuration_says_which_scanner() {
    let read = |text: &str| toml::from_str::<engine::Config>(text).map(|config| config.antivirus);
    assert!(matches!(read(""), Ok(Antivirus::Unsaid)));
    assert!(matches!(read("antivirus = \"none\""), Ok(Antivirus::None)));
    let table = "[antivirus]\naddress = \"/run/clamav/clamd.ctl\"\nseconds = 60";
    assert!(matches!(read(table), Ok(Antivirus::Clamd(clamd)) if clamd.seconds == 60));
    assert!(read("antivirus = \"nome\"").is_err());
    assert!(read("[antivirus]\nadress = \"x\"").is_err());
}
