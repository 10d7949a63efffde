//! Programs of others are told what happens to an agency's documents: signed, at least once, and of that agency alone.

use engine::config::Outside;
use kernel::Module;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};
use testkit::{Engine, Town};

use crate::secure::Root;
use crate::told;

fn modules() -> Vec<Module> {
    vec![documents::module(), desk::module(), admin::module()]
}

fn everywhere(story: impl Fn(&Town)) {
    let postgres = Engine::Postgres(told("VANLANG_TEST_POSTGRES"));
    for engine in [Engine::Sqlite, postgres] {
        story(&Town::configured(&engine, modules(), |config| {
            config.outside = Outside { private: vec!["127.0.0.0/8".to_owned()], ..Outside::default() };
        }));
    }
}

/// One call as it came: its head in small letters, and its body.
type Heard = (Vec<String>, String);

/// A program that listens, answers with a status that can be changed, and keeps what it heard.
struct Listener {
    url: String,
    heard: Arc<Mutex<Vec<Heard>>>,
    status: Arc<AtomicU16>,
}

impl Listener {
    fn new() -> Listener {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/nghe?ma=1", listener.local_addr().unwrap());
        let (heard, status) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicU16::new(200)));
        let (kept, answer) = (Arc::clone(&heard), Arc::clone(&status));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut reader = BufReader::new(stream.try_clone().unwrap());
                let mut head = Vec::new();
                for line in reader.by_ref().lines().map_while(Result::ok) {
                    if line.is_empty() {
                        break;
                    }
                    head.push(line);
                }
                let named = |name: &str| {
                    head.iter()
                        .find_map(|line| line.to_lowercase().strip_prefix(name).map(|v| v.trim().to_owned()))
                };
                let length: usize = named("content-length:").and_then(|n| n.parse().ok()).unwrap_or(0);
                let mut body = vec![0; length];
                reader.read_exact(&mut body).unwrap();
                let head: Vec<String> = head.iter().map(|line| line.to_lowercase()).collect();
                kept.lock().unwrap().push((head, String::from_utf8(body).unwrap()));
                let status = answer.load(Ordering::Relaxed);
                let location = "location: http://127.0.0.1:1/\r\n";
                let said = format!(
                    "HTTP/1.1 {status} X\r\n{location}content-length: 0\r\nconnection: close\r\n\r\n"
                );
                let _ = stream.write_all(said.as_bytes());
            }
        });
        Listener { url, heard, status }
    }

    fn take(&self) -> Vec<Heard> {
        std::mem::take(&mut *self.heard.lock().unwrap())
    }
}

fn header<'h>((head, _): &'h Heard, name: &str) -> &'h str {
    let found = head.iter().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    found.unwrap_or_else(|| panic!("no {name} in {head:?}"))
}

/// The administrator enters an address for Việt Trì; answers the secret the page showed.
fn enter(town: &Town, url: &str, events: &[&str]) -> String {
    let admin = town.admin("Phú Thọ");
    let agency = town.agency("Việt Trì").id.to_string();
    let page = admin.get(&format!("/admin/webhooks?agency={agency}"));
    let form = page.ok().form("/admin/webhooks/add").unwrap();
    let secret = form.value("secret").unwrap().to_owned();
    assert_eq!(secret.len(), 64);
    let mut fields = vec![("agency", agency.as_str()), ("url", url)];
    fields.extend(events.iter().map(|event| ("events", *event)));
    admin.post("/admin/webhooks/add", &fields).ok().sees(url).lacks(&secret);
    secret
}

fn paper(town: &Town, place: &str, symbol: &str) {
    let fields = [
        ("from_name", "Bộ Nội vụ"),
        ("symbol", symbol),
        ("promulgated", "2017-10-12"),
        ("type_name", "Giấy mời"),
        ("subject", "Nội dung riêng của ông Nguyễn Văn Tám"),
    ];
    town.clerk(place).get("/documents/incoming/new").ok();
    town.clerk(place).post("/documents/incoming", &fields).ok();
    town.settle();
}

fn call(town: &Town) -> usize {
    let made = town.wait(town.server().call_webhooks("phutho", town.now())).unwrap();
    town.settle();
    made
}

#[test]
fn a_program_is_told_of_its_agencys_documents_signed_and_without_anybodys_name() {
    everywhere(|town| {
        let listener = Listener::new();
        paper(town, "Việt Trì", "0/GM-BNV");
        let secret = enter(town, &listener.url, &["document.arrived", "document.registered"]);
        paper(town, "Việt Trì", "1/GM-BNV");
        paper(town, "Hùng Lô", "2/GM-BNV");
        assert_eq!(call(town), 2, "of Việt Trì, since it was entered");
        let heard = listener.take();
        let events: Vec<&str> = heard.iter().map(|one| header(one, "x-vanlang-event")).collect();
        assert!(
            events.contains(&"document.arrived") && events.contains(&"document.registered"),
            "{events:?}"
        );
        for one in &heard {
            let signed = format!("{}.{}", header(one, "x-vanlang-timestamp"), one.1);
            let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, secret.as_bytes());
            let mark = kernel::hex(ring::hmac::sign(&key, signed.as_bytes()).as_ref());
            assert_eq!(header(one, "x-vanlang-signature"), format!("sha256={mark}"));
            let body: serde_json::Value = serde_json::from_str(&one.1).unwrap();
            assert_eq!(body["id"].as_str(), Some(header(one, "x-vanlang-delivery")));
            assert_eq!(body["values"]["symbol"], "1/GM-BNV");
            assert!(!one.1.contains("Tám") && !one.1.contains("Mến"), "{}", one.1);
            // Where it says the document is, the document is.
            let href = body["href"].as_str().unwrap().strip_prefix("/api/v1").unwrap().to_owned();
            assert_eq!(town.clerk("Việt Trì").api(&href, None).ok().json()["symbol"], "1/GM-BNV");
        }
        assert_eq!(call(town), 0, "once each");
        let agency = town.agency("Việt Trì").id;
        let stored = town.read("phutho", move |cx| platform::webhooks::of(cx, agency)).remove(0);
        assert!(!stored.secret.contains(&secret), "it lies sealed");
        // The page of the last calls, and one that is made again under its own id.
        let admin = town.admin("Phú Thọ");
        let page = admin.get(&format!("/admin/webhooks?agency={agency}"));
        let form = page.ok().sees("document.registered").forms().into_iter();
        let again = form.map(|form| form.action).find(|action| action.ends_with("/again")).unwrap();
        admin.post(&again, &[]).ok();
        assert_eq!(call(town), 1);
        assert!(again.contains(header(&listener.take()[0], "x-vanlang-delivery")));
        town.clerk("Việt Trì").get("/admin/webhooks").is(403);
        town.admin("Hà Nội").get(&format!("/admin/webhooks?agency={agency}")).is(404);
    });
}

#[test]
fn a_program_that_does_not_take_calls_gets_them_later_and_is_switched_off_after_three_days() {
    everywhere(|town| {
        let listener = Listener::new();
        enter(town, &listener.url, &["document.registered"]);
        // A redirect is not followed either.
        for status in [500, 302] {
            listener.status.store(status, Ordering::Relaxed);
            paper(town, "Việt Trì", &format!("{status}/GM-BNV"));
            assert_eq!(call(town), 1);
            assert_eq!(call(town), 0, "not at once again");
            town.pass_minutes(1);
            assert_eq!(call(town), 1, "but soon");
            listener.status.store(204, Ordering::Relaxed);
            town.pass_minutes(3);
            assert_eq!(call(town), 1);
            let ids: Vec<String> =
                listener.take().iter().map(|one| header(one, "x-vanlang-delivery").to_owned()).collect();
            assert!(ids.len() == 3 && ids.iter().all(|id| *id == ids[0]), "the same id each time: {ids:?}");
        }
        listener.status.store(503, Ordering::Relaxed);
        paper(town, "Việt Trì", "9/GM-BNV");
        for _ in 0..14 {
            call(town);
            town.pass_minutes(6 * 60 + 1);
            paper(town, "Việt Trì", &format!("{}/GM-BNV", town.now().micros()));
        }
        let agency = town.agency("Việt Trì").id;
        let hook = town.read("phutho", move |cx| platform::webhooks::of(cx, agency)).remove(0);
        assert!(!hook.active);
        // What was queued for it waits until it is switched on, and wakes nobody.
        assert!(!town.read("phutho", platform::webhooks::any_due));
        let admin = town.admin("Phú Thọ");
        admin.get(&format!("/admin/webhooks?agency={agency}")).ok().sees("Đã tự tắt").sees("HTTP 503");
        admin.get("/notices").ok().sees("đã tự tắt");
        assert_eq!(call(town), 0);
    });
}

#[test]
fn an_address_inside_the_operators_network_is_not_called() {
    let listener = Listener::new();
    let town = Town::with(modules());
    enter(&town, &listener.url, &["document.registered"]);
    let local = listener.url.replace("127.0.0.1", "localhost");
    enter(&town, &local, &["document.registered"]);
    enter(&town, "https://10.0.0.1/nghe", &["document.registered"]);
    paper(&town, "Việt Trì", "1/GM-BNV");
    assert_eq!(call(&town), 3);
    assert!(listener.take().is_empty());
    let agency = town.agency("Việt Trì").id;
    let page = town.admin("Phú Thọ").get(&format!("/admin/webhooks?agency={agency}"));
    page.ok().sees("the operator keeps this network closed");
    // What is no address for it is refused at the form.
    let admin = town.admin("Phú Thọ");
    let agency = agency.to_string();
    for url in
        ["http://xa.example/", "ftp://xa.example/", "https://ai:khoa@xa.example/", "https://", "javascript:x"]
    {
        admin.get(&format!("/admin/webhooks?agency={agency}")).ok();
        let fields = [("agency", agency.as_str()), ("url", url), ("events", "document.arrived")];
        admin.post("/admin/webhooks/add", &fields).is(422);
    }
}

/// Over HTTPS, under a root the operator named.
#[test]
fn a_program_is_told_over_https_and_one_nobody_vouches_for_is_told_nothing() {
    let postgres = Engine::Postgres(told("VANLANG_TEST_POSTGRES"));
    for engine in [Engine::Sqlite, postgres] {
        let (root, other) = (Root::new(), Root::new());
        let roots = root.path();
        let town = Town::configured(&engine, modules(), move |config| {
            let private = vec!["127.0.0.0/8".to_owned()];
            config.outside = Outside { private, roots: Some(roots), ..Outside::default() };
        });
        let (kept, status) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicU16::new(200)));
        let (heard, said) = (Arc::clone(&kept), Arc::clone(&status));
        let url = root.serve(move |asked| {
            let body = String::from_utf8(asked.body.clone()).unwrap();
            heard.lock().unwrap().push((asked.path.clone(), (asked.head.clone(), body)));
            let place = "location: /noi-khac\r\n".to_owned();
            Some((said.load(Ordering::Relaxed), place, Vec::new()))
        });
        let stranger = Arc::new(AtomicU16::new(0));
        let count = Arc::clone(&stranger);
        let unknown = other.serve(move |_| {
            count.fetch_add(1, Ordering::Relaxed);
            Some((200, String::new(), Vec::new()))
        });
        let secret = enter(&town, &format!("{url}/nghe?ma=1"), &["document.registered"]);
        enter(&town, &format!("{unknown}/nghe"), &["document.registered"]);
        paper(&town, "Việt Trì", "1/GM-BNV");
        assert_eq!(call(&town), 2);
        let (path, one): (String, Heard) = kept.lock().unwrap().remove(0);
        assert_eq!(path, "/nghe?ma=1");
        let signed = format!("{}.{}", header(&one, "x-vanlang-timestamp"), one.1);
        let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, secret.as_bytes());
        let mark = kernel::hex(ring::hmac::sign(&key, signed.as_bytes()).as_ref());
        assert_eq!(header(&one, "x-vanlang-signature"), format!("sha256={mark}"));
        assert!(header(&one, "host").starts_with("localhost:"));
        // The other one was told nothing, and the administrator sees why.
        assert_eq!(stranger.load(Ordering::Relaxed), 0);
        let admin = town.admin("Phú Thọ");
        let agency = town.agency("Việt Trì").id;
        admin.get(&format!("/admin/webhooks?agency={agency}")).sees("invalid peer certificate");
        // A redirect is an answer like any other that is no success: it is not followed.
        status.store(302, Ordering::Relaxed);
        paper(&town, "Việt Trì", "2/GM-BNV");
        call(&town);
        let paths: Vec<String> = kept.lock().unwrap().iter().map(|(path, _)| path.clone()).collect();
        assert_eq!(paths, ["/nghe?ma=1"], "once, and nowhere else");
        admin.get(&format!("/admin/webhooks?agency={agency}")).sees("HTTP 302");
    }
}
