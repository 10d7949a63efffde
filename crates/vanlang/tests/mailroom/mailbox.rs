//! Letters of a real mail server become incoming documents, each once, and none is lost.

mod post;

use self::post::{Account, between, edxml_packet, letter};
use crate::told;
use engine::config::Outside;
use kernel::Module;
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use testkit::{Engine, Person, Town};

fn modules() -> Vec<Module> {
    vec![documents::module(), desk::module(), admin::module()]
}

fn outside() -> Outside {
    Outside {
        private: vec!["127.0.0.0/8".to_owned(), "::1".to_owned()],
        roots: Some(PathBuf::from(told("VANLANG_TEST_DOVECOT")).join("ca.pem")),
        letter_bytes: 1024 * 1024,
        ..Outside::default()
    }
}

/// The same story on both databases.
fn everywhere(story: impl Fn(&Town)) {
    let postgres = Engine::Postgres(told("VANLANG_TEST_POSTGRES"));
    for engine in [Engine::Sqlite, postgres] {
        story(&Town::configured(&engine, modules(), |config| config.outside = outside()));
    }
}

const SENDER: &str = "vanthu@sonoivu.example";

/// The province's administrator enters the mail box of Việt Trì.
fn enter<'t>(town: &'t Town, account: &Account, fields: &[(&str, &str)]) -> Person<'t> {
    let admin = town.admin("Phú Thọ");
    let agency = town.agency("Việt Trì").id.to_string();
    let port = told("VANLANG_TEST_IMAP");
    let mut all = vec![
        ("agency", agency.as_str()),
        ("server", "localhost"),
        ("port", &port),
        ("security", "plain"),
        ("account", &account.name),
        ("password", "mat-khau-thu"),
        ("folder", "INBOX"),
        ("processed", "VanLang"),
        ("allowed", SENDER),
        ("active", "1"),
    ];
    all.retain(|(name, _)| !fields.iter().any(|(other, _)| other == name));
    all.extend(fields);
    admin.get(&format!("/admin/mailbox?agency={agency}")).ok();
    admin.post("/admin/mailbox/keep", &all).ok().sees("Đã lưu");
    admin
}

fn fetch(town: &Town) -> i64 {
    let taken = town.wait(town.server().fetch_letters("phutho", town.now())).unwrap();
    town.settle();
    town.pass_minutes(20);
    taken
}

/// Addresses of the documents in the list.
fn documents(town: &Town) -> Vec<String> {
    let mut links = town.clerk("Việt Trì").get("/documents/incoming").links_to("/documents/incoming/");
    links.retain(|link| link.len() == "/documents/incoming/".len() + 36);
    links.sort();
    links.dedup();
    links
}

#[test]
fn a_letter_becomes_a_document_once_and_is_registered_when_the_clerk_has_read_it() {
    everywhere(|town| {
        let account = Account::new();
        enter(town, &account, &[]);
        account.deliver(&letter(
            "so7",
            (SENDER, "Mời họp giao ban"),
            Some(("giay-moi.pdf", b"%PDF-1.7 moi")),
        ));
        assert_eq!(fetch(town), 1);
        assert_eq!((account.count(""), account.count(".VanLang")), (0, 1));
        let clerk = town.clerk("Việt Trì");
        let [page] = &documents(town)[..] else { panic!("one document") };
        clerk.get("/").ok().sees("Mời họp giao ban").sees("Sở Nội vụ");
        clerk.get(page).ok().sees("giay-moi.pdf").sees("Điền đủ & vào sổ").lacks("Tiếp nhận & trình T");
        // Nothing is invented: without number and date it is in no register.
        clerk.post(&format!("{page}/accept"), &[]).is(409).sees("chưa có số ký hiệu");
        // The same letter by another way, with another head, is the same document.
        let again = letter("so7", (SENDER, "Mời họp giao ban"), Some(("giay-moi.pdf", b"%PDF-1.7 moi")));
        account.deliver(&[b"Received: by kia.example\r\n".as_slice(), &again].concat());
        assert_eq!(fetch(town), 1);
        assert_eq!((account.count(""), account.count(".VanLang"), documents(town).len()), (0, 2, 1));
        let fields = [("symbol", "7/GM-SNV"), ("promulgated", "2017-10-15"), ("type_name", "Giấy mời")];
        clerk.get(page).ok();
        clerk.post(&format!("{page}/complete"), &fields).ok().sees("7/GM-SNV");
        town.leader("Việt Trì").get("/").ok().sees("Mời họp giao ban");
        clerk.get("/documents/registers/incoming").ok().sees("7/GM-SNV").sees("Thư điện tử");
        let json = clerk.api(page, None).ok().json();
        assert_eq!((json["source"].as_str(), json["arrival_number"].as_i64()), (Some("mail"), Some(1)));
        assert_eq!(json["promulgated"], "2017-10-15");
        // An agency's letters are its own.
        town.clerk("Hùng Lô").get(page).is(404);
    });
}

#[test]
fn letters_that_must_not_come_in_by_themselves_wait_for_a_clerk_with_the_reason() {
    everywhere(|town| {
        let account = Account::new();
        enter(town, &account, &[]);
        let pdf: Option<(&str, &[u8])> = Some(("tep.pdf", b"%PDF-1.7"));
        let large = vec![b'x'; 1024 * 1024];
        account.deliver(&letter("la", ("ai@la.example", "Thư người lạ"), pdf));
        account.deliver(&letter("khong", (SENDER, "Thư không tệp"), None));
        account.deliver(&letter("lon", (SENDER, "Thư quá lớn"), Some(("lon.bin", &large))));
        account.deliver(b"khong phai thu\r\n\r\n\x00\x01\x02");
        account.deliver(&letter("hai", (SENDER, "Thư thứ nhất"), pdf));
        assert_eq!(fetch(town), 5);
        account.deliver(&letter("hai", (SENDER, "Thư khác cùng mã"), pdf));
        assert_eq!(fetch(town), 1);
        assert_eq!((account.count(""), account.count(".VanLang")), (0, 6), "none is lost");
        assert_eq!(documents(town).len(), 1);
        let clerk = town.clerk("Việt Trì");
        clerk.get("/").ok().sees("Thư đặt riêng");
        let page = clerk.get("/documents/incoming/letters");
        page.ok()
            .sees("Người gửi không có trong danh sách được nhận")
            .sees("Thư không có tệp đính kèm")
            .sees("Thư quá lớn")
            .sees("Không đọc được thư này")
            .sees("Trùng mã thư (Message-ID)");
        assert_eq!(
            clerk.api("/documents/incoming/letters", None).ok().json()["items"].as_array().unwrap().len(),
            5
        );
        town.clerk("Hùng Lô").get("/documents/incoming/letters").ok().lacks("Thư người lạ");
        town.officer("Việt Trì").get("/documents/incoming/letters").is(403);
        // The stranger's letter is worth having; the one without a file is not.
        let card = |title: &str| {
            let items = clerk.api("/documents/incoming/letters", None).ok().json();
            let found =
                items["items"].as_array().unwrap().iter().find(|one| one["subject"] == title).cloned();
            format!("/documents/incoming/letters/{}", found.unwrap()["id"].as_str().unwrap())
        };
        let (stranger, empty) = (card("Thư người lạ"), card("Thư không tệp"));
        clerk.get("/documents/incoming/letters").ok();
        clerk.post(&format!("{stranger}/take"), &[]).ok().sees("tep.pdf").sees("Điền đủ & vào sổ");
        clerk.post(&format!("{stranger}/take"), &[]).is(409);
        clerk.get("/documents/incoming/letters").ok();
        clerk.post(&format!("{empty}/drop"), &[]).ok().lacks("Thư không tệp");
        assert_eq!(documents(town).len(), 2);
        assert_eq!(fetch(town), 0, "what was settled does not come back");
    });
}

#[test]
fn a_process_that_ends_between_taking_a_letter_and_putting_it_away_neither_loses_nor_doubles_it() {
    everywhere(|town| {
        let account = Account::new();
        let cut = Arc::new(AtomicBool::new(true));
        let port = between(&cut).to_string();
        enter(town, &account, &[("port", &port)]);
        for n in 0..3 {
            account.deliver(&letter(
                &format!("cat{n}"),
                (SENDER, "Thư bị cắt"),
                Some(("tep.pdf", b"%PDF-1.7")),
            ));
        }
        assert_eq!(fetch(town), 0, "none was put away");
        assert_eq!(
            (account.count(""), documents(town).len()),
            (3, 1),
            "the first was taken, then the line was cut"
        );
        town.admin("Phú Thọ")
            .get(&format!("/admin/mailbox?agency={}", town.agency("Việt Trì").id))
            .ok()
            .sees("Mất kết nối giữa chừng");
        cut.store(false, Ordering::Relaxed);
        assert_eq!(fetch(town), 3);
        assert_eq!((account.count(""), account.count(".VanLang"), documents(town).len()), (0, 3, 3));
    });
}

#[test]
fn two_that_look_at_once_take_each_letter_once() {
    everywhere(|town| {
        let account = Account::new();
        enter(town, &account, &[]);
        for n in 0..12 {
            let name = format!("thu{n}");
            account.deliver(&letter(&name, (SENDER, &name), Some(("tep.pdf", name.as_bytes()))));
        }
        let (send, taken) = mpsc::channel();
        std::thread::scope(|scope| {
            for _ in 0..2 {
                let send = send.clone();
                scope.spawn(move || {
                    send.send(town.wait(town.server().fetch_letters("phutho", town.now())).unwrap()).unwrap();
                });
            }
        });
        drop(send);
        let mut taken: Vec<i64> = taken.into_iter().collect();
        taken.sort_unstable();
        assert_eq!(taken, [0, 12]);
        assert_eq!((account.count(""), account.count(".VanLang"), documents(town).len()), (0, 12, 12));
    });
}

#[test]
fn a_packet_in_a_letter_is_read_as_a_packet() {
    everywhere(|town| {
        let account = Account::new();
        enter(town, &account, &[("processed", "")]);
        let packet = edxml_packet();
        account.deliver(&letter("goi", (SENDER, "Gói tin"), Some(("vanban.edxml", &packet))));
        assert_eq!(fetch(town), 1);
        let clerk = town.clerk("Việt Trì");
        let [page] = &documents(town)[..] else { panic!("one document, not two") };
        let json = clerk.api(page, None).ok().json();
        assert_eq!((json["source"].as_str(), json["symbol"].as_str()), (Some("file"), Some("19/BNV-TH")));
        // Without a folder for them letters stay where they are, marked.
        assert_eq!(account.count(""), 1);
        assert_eq!(fetch(town), 0);
    });
}

#[test]
fn the_trial_says_what_is_wrong() {
    let account = Account::new();
    let town = Town::configured(&Engine::Sqlite, modules(), |config| config.outside = outside());
    let agency = town.agency("Việt Trì").id;
    let secure = told("VANLANG_TEST_IMAPS");
    let smtp = told("VANLANG_TEST_SMTP");
    let smtp = smtp.rsplit_once(':').unwrap().1;
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string();
    account.deliver(&letter("mot", (SENDER, "Một"), Some(("a.pdf", b"%PDF-1.7"))));
    let table: &[(&[(&str, &str)], &str)] = &[
        (&[], "Kết nối tốt. Thư đang chờ trong hộp: 1."),
        (&[("security", "starttls")], "Kết nối tốt"),
        (&[("security", "tls"), ("port", &secure)], "Kết nối tốt"),
        (
            &[("security", "tls"), ("port", &secure), ("server", "127.0.0.1")],
            "Chứng thư của máy chủ không đáng tin",
        ),
        (&[("security", "tls")], "Chứng thư của máy chủ không đáng tin, hoặc cổng này không nói TLS"),
        (&[("password", "sai")], "Máy chủ không nhận tài khoản hoặc mật khẩu"),
        (&[("folder", "KhongCo")], "Không mở được thư mục chứa thư"),
        (&[("server", "khong-co.invalid")], "Không có máy chủ tên này"),
        (&[("port", &free)], "Máy chủ không trả lời ở cổng này"),
        (&[("port", smtp)], "không phải máy chủ IMAP"),
        (&[("server", "10.255.255.1")], "mạng mà người vận hành không cho kết nối"),
    ];
    for (fields, wanted) in table {
        let admin = enter(&town, &account, &[*fields, &[("active", "")]].concat());
        admin.get(&format!("/admin/mailbox?agency={agency}")).ok();
        admin.post("/admin/mailbox/test", &[]).ok().sees("Đang thử kết nối");
        town.settle();
        admin.get(&format!("/admin/mailbox?agency={agency}")).ok().sees(wanted);
    }
    assert_eq!(fetch(&town), 0, "a box that is not active is not looked into");
    // What an operator did not open is closed, this machine too.
    let closed = Town::configured(&Engine::Sqlite, modules(), |config| {
        config.outside = Outside { private: Vec::new(), ..outside() };
    });
    let admin = enter(&closed, &account, &[]);
    admin.post("/admin/mailbox/test", &[]).ok();
    closed.settle();
    admin
        .get(&format!("/admin/mailbox?agency={}", closed.agency("Việt Trì").id))
        .ok()
        .sees("không cho kết nối");
}

#[test]
fn the_password_lies_sealed_is_never_shown_and_goes_to_no_other_server() {
    let account = Account::new();
    let town = Town::configured(&Engine::Sqlite, modules(), |config| config.outside = outside());
    let admin = enter(&town, &account, &[]);
    let agency = town.agency("Việt Trì").id;
    let stored = town.read("phutho", move |cx| platform::mailboxes::of(cx, agency)).unwrap().password;
    assert!(stored.len() > 40 && !stored.contains("mat-khau-thu"), "{stored}");
    let files = &town.server().tenant("phutho").unwrap().files;
    assert_eq!(files.open_text(&stored).as_deref(), Some("mat-khau-thu"));
    assert_eq!(
        town.server().tenant("chinhphu").unwrap().files.open_text(&stored),
        None,
        "under its tenant's key"
    );
    let page = admin.get(&format!("/admin/mailbox?agency={agency}"));
    page.ok().lacks("mat-khau-thu").lacks(&stored);
    // Left empty it stays; with another server it is asked for again.
    admin.post("/admin/mailbox/keep", &[("allowed", "@sonoivu.example"), ("password", "")]).ok();
    let kept = town.read("phutho", move |cx| platform::mailboxes::of(cx, agency)).unwrap();
    assert_eq!((kept.password, kept.allowed.as_str()), (stored, "@sonoivu.example"));
    admin.get(&format!("/admin/mailbox?agency={agency}")).ok();
    admin.post("/admin/mailbox/keep", &[("server", "xau.example"), ("password", "")]).is(422);
    admin.post("/admin/mailbox/keep", &[("server", "localhost"), ("allowed", "khong phai")]).is(422);
    // Whoever does not administer the agency has no box to see.
    town.clerk("Việt Trì").get("/admin/mailbox").is(403);
    town.admin("Hà Nội").get(&format!("/admin/mailbox?agency={agency}")).is(404);
}
