//! Notices on devices: a push service on this machine takes them, and a browser's keys open them.

use base::{Instant, PersonId};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use platform::notify::{self, Say};
use platform::{push, sessions};
use ring::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::agreement::{ECDH_P256, EphemeralPrivateKey, UnparsedPublicKey, agree_ephemeral};
use ring::hkdf::{HKDF_SHA256, KeyType, Prk, Salt};
use ring::rand::SystemRandom;
use ring::signature;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use testkit::{Person, Town};

/// What a push service was given.
#[derive(Debug, Clone)]
struct Given {
    path: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Given {
    fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
    }
}

/// A push service on this machine, which answers what it is told to.
struct Service {
    origin: String,
    given: Arc<Mutex<Vec<Given>>>,
    answer: Arc<Mutex<(u16, &'static str)>>,
}

impl Service {
    fn open() -> Service {
        let (given, answer) = (Arc::<Mutex<Vec<Given>>>::default(), Arc::new(Mutex::new((201, ""))));
        let (seen, says) = (Arc::clone(&given), Arc::clone(&answer));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        // It ends with the process; a story asks it a few times.
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let Some(one) = read(&stream) else { continue };
                seen.lock().unwrap().push(one);
                let (status, wait) = *says.lock().unwrap();
                let head = format!("HTTP/1.1 {status} -\r\ncontent-length: 0\r\nconnection: close\r\n");
                let wait = if wait.is_empty() { String::new() } else { format!("retry-after: {wait}\r\n") };
                (&stream).write_all(format!("{head}{wait}\r\n").as_bytes()).unwrap();
            }
        });
        Service { origin, given, answer }
    }

    fn says(&self, status: u16, retry_after: &'static str) {
        *self.answer.lock().unwrap() = (status, retry_after);
    }

    /// What came since the last time.
    fn taken(&self) -> Vec<Given> {
        std::mem::take(&mut self.given.lock().unwrap())
    }
}

/// One request.
fn read(stream: &TcpStream) -> Option<Given> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let path = line.split(' ').nth(1)?.to_owned();
    let mut headers = Vec::new();
    loop {
        line.clear();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        headers.push((name.to_ascii_lowercase(), value.to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length")?.1.parse().ok()?;
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Given { path, headers, body })
}

/// A browser's subscription, with its private key: it opens one notice.
struct Browser {
    key: EphemeralPrivateKey,
    point: Vec<u8>,
    auth: [u8; 16],
    endpoint: String,
}

struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

fn expand(prk: &Prk, info: &[u8], length: usize) -> Vec<u8> {
    let mut out = vec![0; length];
    prk.expand(&[info], Length(length)).unwrap().fill(&mut out).unwrap();
    out
}

impl Browser {
    fn new(service: &Service, name: &str) -> Browser {
        let key = EphemeralPrivateKey::generate(&ECDH_P256, &SystemRandom::new()).unwrap();
        let point = key.compute_public_key().unwrap().as_ref().to_vec();
        Browser { key, point, auth: [7; 16], endpoint: format!("{}/{name}", service.origin) }
    }

    /// Switches notices on, on the page.
    fn subscribe(&self, who: &Person<'_>) {
        who.get("/settings/devices").ok();
        let (point, auth) = (URL_SAFE_NO_PAD.encode(&self.point), URL_SAFE_NO_PAD.encode(self.auth));
        let fields =
            [("name", "Điện thoại"), ("endpoint", &self.endpoint), ("p256dh", &point), ("auth", &auth)];
        who.post("/settings/devices", &fields).ok().sees("Đã bật thông báo trên thiết bị này");
    }

    /// What the notice says, opened as RFC 8291 says a browser does.
    fn open(self, given: &Given) -> serde_json::Value {
        let (head, record) = given.body.split_at(16 + 4 + 1 + 65);
        let (salt, theirs) = (&head[..16], &head[21..]);
        assert_eq!(&head[16..21], &[0, 0, 16, 0, 65], "a record of 4096 and a point");
        let theirs_key = UnparsedPublicKey::new(&ECDH_P256, theirs);
        let (point, auth) = (self.point, self.auth);
        let ikm = agree_ephemeral(self.key, &theirs_key, |secret| {
            let info = [b"WebPush: info\0".as_slice(), &point, theirs].concat();
            expand(&Salt::new(HKDF_SHA256, &auth).extract(secret), &info, 32)
        })
        .unwrap();
        let prk = Salt::new(HKDF_SHA256, salt).extract(&ikm);
        let key = expand(&prk, b"Content-Encoding: aes128gcm\0", 16);
        let nonce = expand(&prk, b"Content-Encoding: nonce\0", 12);
        let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key).unwrap());
        let mut text = record.to_vec();
        let nonce = Nonce::try_assume_unique_for_key(&nonce).unwrap();
        let plain = key.open_in_place(nonce, Aad::empty(), &mut text).expect("sealed for this browser");
        let end = plain.iter().rposition(|byte| *byte != 0).unwrap();
        assert_eq!((plain[end], plain.len()), (2, 1024), "the last record, padded");
        serde_json::from_slice(&plain[..end]).unwrap()
    }
}

/// Somebody is told of a letter.
fn tell(town: &Town, person: PersonId, urgent: bool) {
    let agency = town.agency("Hùng Lô").id;
    town.act("phutho", move |cx| {
        let values = [
            ("from", "Bùi Thị Hòa".to_owned()),
            ("since", "16/10/2017".to_owned()),
            ("until", "20/10/2017".to_owned()),
        ];
        let say = Say { key: "desk.notice.stands_in", values: &values, path: "/letters/5" };
        if urgent {
            notify::tell_urgently(cx, agency, person, &say)?;
        } else {
            notify::tell(cx, agency, person, &say)?;
        }
        cx.record("desk.act.delegated", ("person", person), agency);
        Ok(())
    });
    town.settle();
}

fn devices(town: &Town, person: PersonId) -> usize {
    town.read("phutho", move |cx| push::devices(cx, person)).len()
}

/// A claim of the token by which we are known, its signature checked with the key beside it.
fn claims(given: &Given) -> (serde_json::Value, String) {
    let (token, key) =
        given.header("authorization").strip_prefix("vapid t=").unwrap().split_once(", k=").unwrap();
    let (said, signed) = token.rsplit_once('.').unwrap();
    let point = URL_SAFE_NO_PAD.decode(key).unwrap();
    let public = signature::UnparsedPublicKey::new(&signature::ECDSA_P256_SHA256_FIXED, point);
    public
        .verify(said.as_bytes(), &URL_SAFE_NO_PAD.decode(signed).unwrap())
        .expect("signed by the key it names");
    let claims = URL_SAFE_NO_PAD.decode(said.split_once('.').unwrap().1).unwrap();
    (serde_json::from_slice(&claims).unwrap(), key.to_owned())
}

/// Something that ends whatever a person is in by.
type End = fn(&mut kernel::Writer<'_, kernel::System>, PersonId) -> base::Result<()>;

testkit::stories! {
    of [desk::module()];

    fn a_notice_reaches_the_phone_sealed_and_a_locked_screen_tells_no_names(town: Town) {
        let service = Service::open();
        let clerk = town.clerk("Hùng Lô");
        let phone = Browser::new(&service, "phone");
        phone.subscribe(&clerk);
        tell(&town, clerk.id.unwrap(), false);
        let given = service.taken();
        assert_eq!(given.len(), 1, "{given:?}");
        assert_eq!((given[0].path.as_str(), given[0].header("content-encoding")), ("/phone", "aes128gcm"));
        assert_eq!((given[0].header("ttl"), given[0].header("urgency")), ("86400", "normal"));
        let (claims, key) = claims(&given[0]);
        assert_eq!((claims["aud"].as_str(), claims["sub"].as_str()), (Some(service.origin.as_str()), Some("mailto:quantri@phutho.example")));
        let good = claims["exp"].as_i64().unwrap() - town.now().micros() / 1_000_000;
        assert_eq!(good, 12 * 3600);
        assert_eq!(key, town.server().tenant("phutho").unwrap().push.public());
        let notice = phone.open(&given[0]);
        let title = notice["title"].as_str().unwrap();
        assert_eq!(title, "… ủy quyền cho bạn làm thay từ 16/10/2017 đến 20/10/2017.");
        assert_eq!((notice["path"].as_str(), notice["urgent"].as_bool()), (Some("/letters/5"), Some(false)));
        clerk.get("/settings/devices").ok().sees("Điện thoại").sees("nhận lần cuối");
    }

    fn who_wants_names_and_subjects_gets_them_in_their_own_language(town: Town) {
        let service = Service::open();
        let clerk = town.clerk("Hùng Lô");
        let phone = Browser::new(&service, "phone");
        phone.subscribe(&clerk);
        clerk.get("/settings/devices");
        let wishes = [("subjects", "1"), ("quiet_from", "00:00"), ("quiet_to", "00:00"), ("urgent", "1")];
        clerk.post("/settings/devices/wishes", &wishes).ok().sees("Đã lưu cách nhận thông báo");
        clerk.get("/settings/devices");
        clerk.post("/settings/language", &[("lang", "en")]);
        tell(&town, clerk.id.unwrap(), true);
        let given = service.taken();
        assert_eq!(given[0].header("urgency"), "high");
        let notice = phone.open(&given[0]);
        let title = notice["title"].as_str().unwrap();
        assert!(title.contains("Bùi Thị Hòa") && !title.contains("ủy quyền"), "{title}");
        assert_eq!(notice["urgent"].as_bool(), Some(true));
    }

    fn a_browser_that_unsubscribed_is_forgotten(town: Town) {
        let service = Service::open();
        let clerk = town.clerk("Hùng Lô");
        for status in [404, 410] {
            Browser::new(&service, "gone").subscribe(&clerk);
            service.says(status, "");
            tell(&town, clerk.id.unwrap(), false);
            assert_eq!((service.taken().len(), devices(&town, clerk.id.unwrap())), (1, 0), "{status}");
            service.says(201, "");
        }
        tell(&town, clerk.id.unwrap(), false);
        assert!(service.taken().is_empty(), "nobody is asked any more");
    }

    fn a_push_service_that_fails_is_asked_again_later_and_not_for_ever(town: Town) {
        let service = Service::open();
        let clerk = town.clerk("Hùng Lô");
        let phone = Browser::new(&service, "phone");
        phone.subscribe(&clerk);
        service.says(503, "");
        tell(&town, clerk.id.unwrap(), false);
        assert_eq!(service.taken().len(), 1);
        town.settle();
        assert!(service.taken().is_empty(), "not at once");
        town.pass_minutes(1);
        service.says(429, "600");
        town.settle();
        assert_eq!(service.taken().len(), 1, "after a minute");
        town.pass_minutes(9);
        town.settle();
        assert!(service.taken().is_empty(), "the service asked for ten minutes");
        town.pass_minutes(1);
        service.says(201, "");
        town.settle();
        let given = service.taken();
        assert_eq!(phone.open(&given[0])["path"], "/letters/5");
        service.says(500, "");
        tell(&town, clerk.id.unwrap(), false);
        for _ in 0..10 {
            town.pass_days(1);
            town.settle();
        }
        assert_eq!(service.taken().len(), 6, "one and five more");
        assert_eq!(devices(&town, clerk.id.unwrap()), 1);
    }

    fn in_quiet_hours_a_device_is_told_once_when_they_end_and_of_urgent_things_at_once(town: Town) {
        let service = Service::open();
        let clerk = town.clerk("Hùng Lô");
        let phone = Browser::new(&service, "phone");
        phone.subscribe(&clerk);
        clerk.get("/settings/devices");
        let wishes = [("quiet_from", "22:00"), ("quiet_to", "06:00"), ("urgent", "1")];
        clerk.post("/settings/devices/wishes", &wishes).ok();
        town.set_clock(Instant::local(2017, 10, 16, 23, 0).unwrap());
        tell(&town, clerk.id.unwrap(), false);
        tell(&town, clerk.id.unwrap(), false);
        assert!(service.taken().is_empty());
        tell(&town, clerk.id.unwrap(), true);
        assert_eq!(service.taken().len(), 1, "urgent");
        town.set_clock(Instant::local(2017, 10, 17, 6, 0).unwrap());
        town.settle();
        let given = service.taken();
        assert_eq!(given.len(), 1, "once for all");
        let notice = phone.open(&given[0]);
        assert_eq!((notice["title"].as_str(), notice["path"].as_str()), (Some("Có thông báo đến trong giờ yên lặng"), Some("/notices")));
    }

    fn a_new_password_a_lock_and_signing_out_everywhere_end_all_devices(town: Town) {
        let service = Service::open();
        let ends: [(Person<'_>, End); 3] = [
            (town.clerk("Hùng Lô"), |cx, person| sessions::set_password(cx, person, "$argon2id$x")),
            (town.officer("Hùng Lô"), |cx, person| sessions::end_all(cx, person).map(drop)),
            (town.leader("Hùng Lô"), |cx, person| {
                sessions::shut_out(cx, person)?;
                cx.record_plain("sessions.act.signed_out", ("person", person));
                Ok(())
            }),
        ];
        for (who, end) in ends {
            let person = who.id.unwrap();
            Browser::new(&service, "phone").subscribe(&who);
            assert_eq!(devices(&town, person), 1);
            town.act("phutho", move |cx| end(cx, person));
            assert_eq!(devices(&town, person), 0);
            tell(&town, person, false);
            assert!(service.taken().is_empty());
        }
    }

    fn only_push_services_of_the_operator_are_taken_and_each_sees_only_their_own_devices(town: Town) {
        let service = Service::open();
        let (clerk, officer) = (town.clerk("Hùng Lô"), town.officer("Hùng Lô"));
        let phone = Browser::new(&service, "phone");
        let (point, auth) = (URL_SAFE_NO_PAD.encode(&phone.point), URL_SAFE_NO_PAD.encode(phone.auth));
        for endpoint in ["https://10.0.0.1/x", "http://169.254.169.254/latest", "https://fcm.example/x", ""] {
            clerk.get("/settings/devices");
            let fields = [("name", "x"), ("endpoint", endpoint), ("p256dh", &point), ("auth", &auth)];
            clerk.post("/settings/devices", &fields).is(409).sees("không nằm trong danh sách");
        }
        let long = "x".repeat(201);
        let fields = [("name", "x"), ("endpoint", "x"), ("p256dh", &long), ("auth", &auth)];
        // A person knows fields by their labels.
        clerk.post("/settings/devices", &fields).is(422).lacks("p256dh");
        assert_eq!(devices(&town, clerk.id.unwrap()), 0);
        phone.subscribe(&clerk);
        let id = clerk.get("/settings/devices").form("/settings/devices/remove").unwrap().value("id").unwrap().to_owned();
        officer.get("/settings/devices").ok().sees("Chưa có thiết bị nào");
        officer.post("/settings/devices/remove", &[("id", &id)]).is(409);
        assert_eq!(devices(&town, clerk.id.unwrap()), 1);
        // The same browser, another person at it: it is theirs now.
        phone.subscribe(&officer);
        assert_eq!((devices(&town, clerk.id.unwrap()), devices(&town, officer.id.unwrap())), (0, 1));
        let id = officer.get("/settings/devices").form("/settings/devices/remove").unwrap().value("id").unwrap().to_owned();
        officer.post("/settings/devices/remove", &[("id", &id)]).ok().sees("Đã gỡ thiết bị").sees("Chưa có thiết bị nào");
    }

    fn each_tenant_is_installed_under_its_own_name_and_the_page_for_no_answer_is_nobodys(town: Town) {
        let names: Vec<String> = ["phutho", "chinhphu"]
            .map(|tenant| {
                let page = town.visitor(tenant).get("/manifest.webmanifest");
                assert_eq!(page.ok().header("content-type"), Some("application/manifest+json"));
                assert_eq!(page.header("cache-control"), Some("no-cache"));
                page.json()["name"].as_str().unwrap().to_owned()
            })
            .to_vec();
        assert!(names[0].contains("Phú Thọ") && names[0] != names[1], "{names:?}");
        let page = town.visitor("phutho").get("/offline");
        page.ok().sees("Không kết nối được máy chủ").sees("The server cannot be reached").lacks("Phú Thọ");
        let policy = page.header("content-security-policy").unwrap();
        assert!(policy.contains("worker-src 'self'") && policy.contains("manifest-src 'self'"), "{policy}");
    }

    fn the_key_by_which_push_services_know_us_outlives_the_process_and_lies_sealed(town: Town) {
        let ours = town.server().tenant("phutho").unwrap().push.public().to_owned();
        let kept = town.wait(town.db("phutho").write(kernel::Scope::Everything, |db| {
            sessions::key(db, "push", ("fresh", Instant::from_micros(0)))
        })).unwrap();
        let (public, sealed) = kept.split_once(' ').unwrap();
        assert_eq!((public, sealed.len()), (ours.as_str(), 2 * (12 + 32 + 16)), "nonce, secret, tag");
    }
}
