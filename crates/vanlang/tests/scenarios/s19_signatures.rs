//! S19: a document bears two signatures, the leader's and then the agency's; other programs find both valid. Whatever
//! would make it otherwise is refused, and the document stays where it was.

use crate::invariants;
use crate::signing::{self, PIN, Town19, enter, enter_for};
use crate::story::{arrived, brought_out, drafted, pdf, press, rows, told};
use serde_json::Value;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::time::Duration;
use testkit::{Attachment, Town};
use vanlang::demo::seals::{hand, seal};

/// Number, symbol, status of a document.
fn stands(town: &Town, page: &str) -> (String, String) {
    let told: Value = told(&town.clerk("Phú Thọ"), page);
    (told["symbol"].as_str().unwrap_or("").to_owned(), told["status"].as_str().unwrap_or("").to_owned())
}

/// A draft that waits for the leader.
fn waiting(town: &Town, subject: &str, files: &[Attachment<'_>]) -> String {
    let to = town.agency("Việt Trì").id.to_string();
    let page = drafted(town, "Phú Thọ", (subject, &[("to", &to)]), files);
    press(&town.clerk("Phú Thọ"), &page, "approve-format", &[]).sees("Chờ lãnh đạo duyệt");
    page
}

/// With an authority of time, as OpenSSL is one, a signature bears a timestamp; without its answer nothing is signed.
fn times(engine: &testkit::Engine) {
    let modules = || vec![documents::module(), desk::module(), admin::module()];
    let clock = signing::Clock::start();
    let address = clock.address.clone();
    let town = Town::configured(engine, modules(), move |config| config.signing.timestamp = Some(address));
    // The authority of time has the time of day.
    town.set_clock(base::time::Clock::now(&base::time::SystemClock));
    let world = Town19::new(&town);
    town.trust([world.authority.pem.as_bytes(), clock.root_pem.as_bytes()].concat().as_slice());
    let (leader, clerk) = (town.leader("Phú Thọ"), town.clerk("Phú Thọ"));
    let page = waiting(&town, "Có dấu thời gian", &[]);
    press(&leader, &page, "approve", &[("pin", PIN)]).ok();
    press(&clerk, &page, "issue", &[("pin", PIN)]).ok();
    town.settle();
    clerk.get(&page).sees("Ký số hợp lệ").sees("dấu thời gian ");
    let next = waiting(&town, "Mất dấu thời gian", &[]);
    clock.stop();
    press(&leader, &next, "approve", &[("pin", PIN)]).is(409).sees("Dịch vụ cấp dấu thời gian không trả lời");
    assert_eq!(stands(&town, &next), (String::new(), "leader_review".to_owned()));
}

#[test]
fn a_signature_bears_a_timestamp_and_without_one_nothing_is_signed() {
    times(&testkit::Engine::Sqlite);
}

/// Stands before an authority of time and keeps each question waiting. Answers its address.
#[expect(clippy::disallowed_methods, reason = "the service is slow by the clock of the machine")]
fn slow(address: &str, wait: Duration) -> String {
    let (host, path) = address.trim_start_matches("http://").split_once('/').unwrap();
    let (host, listener) = (host.to_owned(), TcpListener::bind("127.0.0.1:0").unwrap());
    let here = format!("http://{}/{path}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for asks in listener.incoming().map(Result::unwrap) {
            let answers = TcpStream::connect(&host).unwrap();
            let (mut from, mut to) = (asks.try_clone().unwrap(), answers.try_clone().unwrap());
            std::thread::spawn(move || {
                std::thread::sleep(wait);
                let _ = std::io::copy(&mut from, &mut to);
            });
            let (mut from, mut to) = (answers, asks);
            std::thread::spawn(move || {
                let _ = std::io::copy(&mut from, &mut to);
                let _ = to.shutdown(Shutdown::Both);
            });
        }
    });
    here
}

#[test]
fn several_are_signed_to_the_end_though_they_take_longer_than_a_request_may() {
    let modules = vec![documents::module(), desk::module(), admin::module()];
    let clock = signing::Clock::start();
    let address = slow(&clock.address, Duration::from_secs(3));
    let town = Town::configured(&testkit::Engine::Sqlite, modules, move |config| {
        config.signing.timestamp = Some(address);
        config.limits.seconds = 5;
    });
    town.set_clock(base::time::Clock::now(&base::time::SystemClock));
    let world = Town19::new(&town);
    town.trust([world.authority.pem.as_bytes(), clock.root_pem.as_bytes()].concat().as_slice());
    let pages: Vec<String> = (0..3).map(|n| waiting(&town, &format!("Chậm {n}"), &[])).collect();
    let leader = town.leader("Phú Thọ");
    leader.get("/documents/outgoing?status=leader_review").ok();
    let mut fields: Vec<(&str, &str)> =
        pages.iter().map(|page| ("pick", page.rsplit('/').next().unwrap())).collect();
    fields.push(("pin", PIN));
    leader.post("/documents/outgoing/approve-many", &fields).ok().sees("Đã ký số 3 văn bản");
}

testkit::stories! {
    of [documents::module(), desk::module(), admin::module()];

    fn the_leader_signs_the_agency_seals_and_others_find_both_valid(town: Town) {
        let world = Town19::new(&town);
        let annex = pdf("Phu luc kem theo", 0);
        let files = [Attachment { field: "files", name: "phu-luc.pdf", bytes: &annex }];
        let page = waiting(&town, "Về việc ký số", &files);

        // The agency does not sign before the leader (32.2d).
        let clerk = town.clerk("Phú Thọ");
        press(&clerk, &page, "issue", &[("pin", PIN)]).is(409).sees("Người có thẩm quyền chưa ký").sees("32.2d");
        assert_eq!(stands(&town, &page).1, "leader_review");

        // Two presses and a PIN: the document is numbered, dated and signed.
        let leader = town.leader("Phú Thọ");
        leader.get(&page).sees("Ký số").sees("Mã PIN");
        leader.post(&format!("{page}/approve"), &[("pin", PIN)]).ok();
        let (symbol, status) = stands(&town, &page);
        assert_eq!((symbol.as_str(), status.as_str()), ("01/UBND-VX", "to_issue"));
        let signed = leader.get(&format!("{page}/document.pdf"));
        world.judged(&signed.bytes, 1);

        // The clerk adds the seal and sends it.
        clerk.get(&page).sees("Ký số cơ quan");
        clerk.post(&format!("{page}/issue"), &[("pin", PIN)]).ok();
        assert_eq!(stands(&town, &page), (symbol, "issued".to_owned()));
        let issued = clerk.get(&format!("{page}/document.pdf"));
        world.judged(&issued.bytes, 2);
        signing::seal_covers_a_third(&issued.bytes);
        town.settle();

        // What arrives is what was signed; the annex bears the agency's own signature.
        let there = arrived(&town, "Việt Trì", "Về việc ký số");
        let clerk_there = town.clerk("Việt Trì");
        clerk_there.get(&there).sees("Chữ ký số hợp lệ").sees("Bằng chứng");
        clerk_there.get("/documents/incoming").sees("Ký số hợp lệ");
        clerk_there.get("/?kind=documents.task.register").sees("Ký số hợp lệ");
        let files = told(&clerk_there, &there)["files"].as_array().unwrap().clone();
        assert_eq!(files.len(), 2, "{files:?}");
        for (file, count) in files.iter().zip([2, 1]) {
            let id = file["id"].as_str().unwrap();
            world.judged(&clerk_there.get(&format!("{there}/files/{id}")).bytes, count);
        }
        // The sender sees the verdict on its own copy.
        clerk.get(&page).sees("Ký số hợp lệ").sees("cơ quan");
        invariants::hold(&town);
    }

    fn what_would_make_a_signature_worthless_is_refused_and_nothing_is_lost(town: Town) {
        let _world = Town19::new(&town);
        let (leader, clerk) = (town.leader("Phú Thọ"), town.clerk("Phú Thọ"));
        let page = waiting(&town, "Việc khó", &[]);

        // An authority that has run out, and one outside the list (13.3, 13.4): before any key is used.
        let expired = [
            ("pin", PIN),
            ("competence", "TUQ."),
            ("authority_number", "12/GUQ-UBND"),
            ("authority_date", "01/10/2017"),
            ("authority_until", "10/10/2017"),
        ];
        press(&leader, &page, "approve", &expired).is(409).sees("13.3");
        press(&leader, &page, "approve", &[("pin", PIN), ("competence", "TL.")]).is(409).sees("13.4");
        // Without a PIN, and with a wrong one.
        press(&leader, &page, "approve", &[("pin", "")]).is(422);
        press(&leader, &page, "approve", &[("pin", "000000")]).is(409).sees("Còn 4 lần thử");
        assert_eq!(stands(&town, &page), (String::new(), "leader_review".to_owned()));

        press(&leader, &page, "approve", &[("pin", PIN)]).ok();
        let symbol = stands(&town, &page).0;
        // Sent once more, byte for byte, it signs nothing twice; the PIN stands in no table.
        leader.post_again().ok();
        assert_eq!(rows::<(i64,)>(&town, "phutho", "SELECT count(*) FROM documents_signed WHERE {scope}"), [(1,)]);
        // What is signed is not changed; sent back, it loses its signature and keeps its number.
        town.head("Phú Thọ").get(&format!("{page}/edit"));
        town.head("Phú Thọ").post(&format!("{page}/save"), &[("body", "Sửa sau khi ký.")]).is(409);
        press(&clerk, &page, "return-issue", &[("reason", "Sai nơi nhận")]).ok();
        press(&leader, &page, "return-approve", &[("reason", "Sửa lại")]).ok();
        let live = "SELECT count(*) FROM documents_signed WHERE {scope} AND ended_at IS NULL";
        assert_eq!(rows::<(i64,)>(&town, "phutho", live), [(0,)]);
        let head = town.head("Phú Thọ");
        press(&head, &page, "void", &[("reason", "Thôi")]).is(409).sees(&symbol);
        head.get(&format!("{page}/edit")).ok();
        head.post(&format!("{page}/submit"), &[]).ok();
        press(&clerk, &page, "approve-format", &[]).ok();
        press(&leader, &page, "approve", &[("pin", PIN)]).ok();
        assert_eq!(stands(&town, &page), (symbol, "to_issue".to_owned()));
    }

    fn ten_are_signed_with_one_pin_and_the_one_that_cannot_stays(town: Town) {
        let _world = Town19::new(&town);
        let leader = town.leader("Phú Thọ");
        let mut pages: Vec<String> = (1..10).map(|n| waiting(&town, &format!("Việc số {n}"), &[])).collect();
        // Written elsewhere, under a password: it cannot be signed.
        let locked = signing::encrypted_pdf();
        let main = [Attachment { field: "main", name: "khoa.pdf", bytes: &locked }];
        let to = town.agency("Việt Trì").id.to_string();
        let odd = drafted(&town, "Phú Thọ", ("Việc số 10", &[("to", &to), ("body", "")]), &main);
        press(&town.clerk("Phú Thọ"), &odd, "approve-format", &[]).ok();
        pages.insert(4, odd.clone());

        let list = leader.get("/documents/outgoing?status=leader_review");
        list.sees("Ký số các văn bản đã chọn").sees("Mã PIN");
        let ids: Vec<&str> = pages.iter().map(|page| page.rsplit('/').next().unwrap()).collect();
        let mut fields: Vec<(&str, &str)> = ids.iter().map(|id| ("pick", *id)).collect();
        fields.push(("pin", PIN));
        leader.post("/documents/outgoing/approve-many", &fields).sees("Đã ký số 9 văn bản").sees("đặt mật khẩu");
        assert_eq!(stands(&town, &odd), (String::new(), "leader_review".to_owned()));
        // The numbers follow each other without a gap.
        let numbers = rows::<(i64,)>(&town, "phutho", "SELECT number FROM documents_outgoing
             WHERE {scope} AND status = 'to_issue' ORDER BY number");
        assert_eq!(numbers, (1..10).map(|n| (n,)).collect::<Vec<_>>());
        // A second click finds the answer of the first.
        leader.post_again().sees("Đã ký số 9 văn bản");
        invariants::numbers_have_no_gaps(&town);
    }

    fn a_number_that_somebody_draws_meanwhile_stands_on_no_signed_paper(town: Town) {
        // Approved before there was a signature: it gets its number when it is issued.
        let plain = waiting(&town, "Không ký số", &[]);
        press(&town.leader("Phú Thọ"), &plain, "approve", &[]).ok();
        let world = Town19::new(&town);
        let signed = waiting(&town, "Ký cùng lúc", &[]);
        let (leader, clerk) = (town.leader("Phú Thọ"), town.clerk("Phú Thọ"));
        std::thread::scope(|scope| {
            let signing = scope.spawn(|| press(&leader, &signed, "approve", &[("pin", PIN)]).status);
            a_moment();
            press(&clerk, &plain, "issue", &[]).sees("Đã phát hành");
            assert_eq!(signing.join().unwrap(), 200);
        });
        let symbols = [stands(&town, &plain).0, stands(&town, &signed).0];
        assert_ne!(symbols[0], symbols[1]);
        let paper = leader.get(&format!("{signed}/document.pdf")).bytes;
        world.judged(&paper, 1);
        let words = signing::words(&paper);
        assert!(words.contains(&symbols[1]), "{symbols:?} {words}");
        invariants::numbers_have_no_gaps(&town);
    }

    fn nobody_signs_with_the_key_of_another_and_nobody_guesses_a_pin(town: Town) {
        let world = Town19::new(&town);
        let (leader, page) = (town.leader("Phú Thọ"), waiting(&town, "Đoán mã", &[]));
        // Somebody who leads another agency has a signer there, and may not sign here.
        let elsewhere = town.leader("Việt Trì");
        enter(&town, &world, ("Việt Trì", Some(elsewhere.id.unwrap()), &elsewhere.name));
        elsewhere.get("/").ok();
        elsewhere.post(&format!("{page}/approve"), &[("pin", PIN)]).is(404);

        // Five wrong PINs lock it; the right one does not help any more, until an administrator unlocks it.
        for left in ["4", "3", "2", "1"] {
            press(&leader, &page, "approve", &[("pin", "111111")]).is(409).sees(&format!("Còn {left} lần thử"));
        }
        press(&leader, &page, "approve", &[("pin", "111111")]).is(409).sees("bị khóa");
        press(&leader, &page, "approve", &[("pin", PIN)]).is(409).sees("bị khóa");
        assert_eq!(stands(&town, &page).1, "leader_review");
        let admin = town.admin("Phú Thọ");
        let list = format!("/admin/signers?agency={}", town.agency("Phú Thọ").id);
        let id = rows::<(uuid::Uuid,)>(&town, "phutho", "SELECT id FROM platform_signers
             WHERE {scope} AND locked_at IS NOT NULL")[0].0;
        admin.get(&list).sees("Bị khóa");
        admin.post(&format!("/admin/signers/{id}/unlock"), &[]).sees("Đã mở khóa");
        town.leader("Phú Thọ").post(&format!("/admin/signers/{id}/unlock"), &[]).is(403);
        press(&leader, &page, "approve", &[("pin", PIN)]).ok();
        admin.get("/admin/audit").sees("nhập sai mã PIN");
        // A press that gives no PIN, such as by a program, signs nothing and approves nothing.
        let other = waiting(&town, "Không mã", &[]);
        leader.api(&format!("{other}/approve"), Some(&serde_json::json!({}))).is(422);
        assert_eq!(stands(&town, &other).1, "leader_review");
    }

    fn a_leader_changes_the_pin_and_nobody_elses(town: Town) {
        let world = Town19::new(&town);
        let (leader, page) = (town.leader("Phú Thọ"), waiting(&town, "Đổi mã", &[]));
        let change = |old: &str, new: &str, repeat: &str| {
            leader.get("/settings/pin").sees("Mã PIN hiện tại");
            leader.post("/settings/pin", &[("old", old), ("pin", new), ("repeat", repeat)])
        };
        leader.get("/settings").sees("Mã PIN chữ ký số");
        change(PIN, "975310", "975311").is(422).sees("không giống nhau");
        change(PIN, "123", "123").is(422).sees("ít nhất sáu ký tự");
        change("000000", "975310", "975310").is(409).sees("Còn 4 lần thử");
        change(PIN, "975310", "975310").sees("Đã đổi mã PIN").lacks("975310");
        // The old one opens nothing any more; the new one does.
        press(&leader, &page, "approve", &[("pin", PIN)]).is(409).sees("Còn 4 lần thử");
        press(&leader, &page, "approve", &[("pin", "975310")]).ok();
        world.judged(&leader.get(&format!("{page}/document.pdf")).bytes, 1);
        town.admin("Phú Thọ").get("/admin/audit").sees("đổi mã PIN chữ ký số");
        // Who has no signature changes nothing, least of all the agency's.
        let clerk = town.clerk("Phú Thọ");
        clerk.get("/settings/pin").sees("Chưa có chữ ký số");
        clerk.post("/settings/pin", &[("old", PIN), ("pin", "975310"), ("repeat", "975310")]).is(404);
        press(&clerk, &page, "issue", &[("pin", PIN)]).ok();
        // Five wrong ones lock it here as when signing.
        for _ in 0..5 {
            change("000000", "864200", "864200").is(409);
        }
        change("975310", "864200", "864200").is(409).sees("bị khóa");
    }

    fn a_key_that_cannot_sign_says_why_and_the_document_stays(town: Town) {
        let world = Town19::new(&town);
        let (leader, page) = (town.leader("Phú Thọ"), waiting(&town, "Hết hạn", &[]));
        enter_for(&town, &world, ("Phú Thọ", leader.id, &leader.name), (2010, 2016));
        press(&leader, &page, "approve", &[("pin", PIN)]).is(409).sees("Chứng thư số đã hết hạn ngày");
        assert_eq!(stands(&town, &page), (String::new(), "leader_review".to_owned()));

        // PKCS #12 as OpenSSL writes it; with the wrong password it is no key.
        let admin = town.admin("Phú Thọ");
        let id = town.agency("Phú Thọ").id.to_string();
        let owner = leader.id.unwrap().to_string();
        let (p12, picture) = (signing::pkcs12(&world, &leader.name, "mat khau"), hand().unwrap());
        let files = [
            Attachment { field: "file", name: "khoa.p12", bytes: &p12 },
            Attachment { field: "picture", name: "anh.png", bytes: &picture },
        ];
        let form = |password: &'static str, pin: &'static str| {
            vec![
                ("agency", id.as_str()),
                ("owner", owner.as_str()),
                ("place", "file"),
                ("key_password", password),
                ("pin", pin),
            ]
        };
        let new = "/admin/signers/new";
        admin.get(&format!("{new}?agency={id}")).ok();
        admin.post_files(new, &form("sai", PIN), &files).is(409).sees("Không đọc được khóa");
        admin.post_files(new, &form("mat khau", "123"), &files).is(422).sees("ít nhất sáu ký tự");
        // A red picture is no signature of a person.
        let red = seal().unwrap();
        let wrong = [files[0], Attachment { field: "picture", name: "dau.png", bytes: &red }];
        admin.post_files(new, &form("mat khau", PIN), &wrong).is(409).sees("mực xanh");
        admin.post_files(new, &form("mat khau", PIN), &files).sees("Đã nhập chữ ký số").lacks("PRIVATE KEY");
        press(&leader, &page, "approve", &[("pin", PIN)]).ok();
        assert_eq!(stands(&town, &page).1, "to_issue");
        // A file that belongs to a document and is handed in as a key stays where it is.
        let letter = pdf("Khong phai khoa", 0);
        let held = waiting(&town, "Có tệp", &[Attachment { field: "files", name: "a.pdf", bytes: &letter }]);
        let odd = [Attachment { field: "file", name: "a.pdf", bytes: &letter }];
        admin.get(&format!("{new}?agency={id}")).ok();
        admin.post_files(new, &form("", PIN), &odd).is(409).sees("Không đọc được khóa");
        assert!(signing::stored_files(&town, "phutho").contains(&signing::sha256(&letter)), "{held}");
        // The uploaded key is in the store no more.
        assert!(!signing::stored_files(&town, "phutho").contains(&signing::sha256(&p12)));
    }

    fn a_file_changed_on_its_way_is_told_before_it_is_taken_on(town: Town) {
        let _world = Town19::new(&town);
        let page = waiting(&town, "Bị sửa dọc đường", &[]);
        press(&town.leader("Phú Thọ"), &page, "approve", &[("pin", PIN)]).ok();
        let signed = town.leader("Phú Thọ").get(&format!("{page}/document.pdf")).bytes;
        let tampered = signing::tampered(&signed);
        // An agency without signatures passes it on.
        let to = town.agency("Phú Thọ").id.to_string();
        let file = [Attachment { field: "files", name: "sua.pdf", bytes: &tampered }];
        let sent = drafted(&town, "Việt Trì", ("Tệp bị sửa", &[("to", &to)]), &file);
        brought_out(&town, "Việt Trì", &sent);
        town.settle();
        let (there, clerk) = (arrived(&town, "Phú Thọ", "Tệp bị sửa"), town.clerk("Phú Thọ"));
        clerk.get(&there).sees("Chữ ký số hỏng");
        clerk.get("/documents/incoming").sees("Chữ ký hỏng");
        clerk.get("/?kind=documents.task.register").sees("Chữ ký hỏng");
        press(&clerk, &there, "accept", &[]).is(409).sees("không vào sổ được");
    }
}

/// While the signing is under way on another thread.
#[expect(clippy::disallowed_methods, reason = "no clock of a test moves a printer at work")]
fn a_moment() {
    std::thread::sleep(std::time::Duration::from_millis(300));
}
