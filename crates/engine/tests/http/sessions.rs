//! Signing in, staying in, going out.

use crate::support::{PASSWORD, Town};
use axum::http::StatusCode;
use base::Instant;
use engine::Config;
use kernel::{Database, Scope, Sql, q, values};

#[tokio::test]
async fn an_signs_in_and_sees_the_rail_with_counts() {
    let town = Town::new().await;
    let browser = town.browser();
    let asked = browser.get("/notes").await;
    assert_eq!((asked.status, asked.location()), (StatusCode::SEE_OTHER, "/sign-in?next=%2Fnotes"));
    let shown = browser.get(asked.location()).await;
    let (csrf, next) = (shown.input("_csrf"), shown.input("next"));
    let fields = [("_csrf", csrf.as_str()), ("next", &next), ("username", "An"), ("password", PASSWORD)];
    let answer = browser.post("/sign-in", &fields).await;
    assert_eq!(answer.location(), "/notes");
    let page = browser.get("/notes").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("Nguyễn Văn An") && page.text.contains("Xã Hùng Lô"), "{}", page.text);
    assert!(page.text.contains("aria-current=\"page\""));
}

#[tokio::test]
async fn the_session_cookie_is_for_this_host_and_no_script() {
    let town = Town::new().await;
    let answer = town.browser().sign_in("an", PASSWORD).await;
    let all = answer.headers.get_all("set-cookie").iter().map(|c| c.to_str().unwrap());
    let session = all.into_iter().find(|c| c.starts_with("__Host-vl=")).unwrap().to_owned();
    for flag in ["Secure", "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=43200"] {
        assert!(session.contains(flag), "{session}");
    }
    assert!(!session.contains("Domain"));
}

#[tokio::test]
async fn signing_in_again_makes_a_new_token_and_ends_the_old_session() {
    let town = Town::new().await;
    let browser = town.signed_in("an").await;
    let old = browser.jar.lock().unwrap().get("__Host-vl").unwrap().clone();
    let other = town.browser();
    other.jar.lock().unwrap().insert("__Host-vl".to_owned(), old.clone());
    assert_eq!(other.get("/notes").await.status, StatusCode::OK);
    // A forged cookie of the attacker's choice is never taken over.
    browser.jar.lock().unwrap().insert("__Host-vl".to_owned(), "chosen-by-somebody-else".to_owned());
    browser.sign_in("an", PASSWORD).await;
    let new = browser.jar.lock().unwrap().get("__Host-vl").unwrap().clone();
    assert!(new != old && new.len() == 43);
}

#[tokio::test]
async fn five_wrong_passwords_lock_the_name_for_a_while() {
    let town = Town::new().await;
    let browser = town.browser();
    for _ in 0..5 {
        let answer = browser.sign_in("an", "sai").await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text.contains("chưa đúng"));
    }
    let locked = browser.sign_in("an", PASSWORD).await;
    assert!(locked.text.contains("tạm khóa"), "{}", locked.text);
    // A name nobody has is answered in the same words.
    for _ in 0..5 {
        browser.sign_in("khong-co", "sai").await;
    }
    assert!(browser.sign_in("khong-co", "sai").await.text.contains("tạm khóa"));
    town.clock.advance(16 * 60 * 1_000_000);
    assert_eq!(browser.sign_in("an", PASSWORD).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn an_idle_session_ends_and_a_long_one_too() {
    let town = Town::new().await;
    let browser = town.signed_in("an").await;
    town.clock.advance(29 * 60 * 1_000_000);
    assert_eq!(browser.get("/notes").await.status, StatusCode::OK);
    tokio::time::sleep(std::time::Duration::from_millis(400)).await;
    town.clock.advance(29 * 60 * 1_000_000);
    assert_eq!(browser.get("/notes").await.status, StatusCode::OK);
    town.clock.advance(31 * 60 * 1_000_000);
    assert_eq!(browser.get("/notes").await.status, StatusCode::SEE_OTHER);

    let steady = town.signed_in("an").await;
    for _ in 0..25 {
        town.clock.advance(28 * 60 * 1_000_000);
        steady.get("/notes").await;
        tokio::time::sleep(std::time::Duration::from_millis(250)).await;
    }
    assert_eq!(steady.get("/notes").await.status, StatusCode::OK);
    town.clock.advance(29 * 60 * 1_000_000);
    assert_eq!(steady.get("/notes").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn signing_out_everywhere_ends_the_other_browser_too() {
    let town = Town::new().await;
    let (desk, phone) = (town.signed_in("an").await, town.signed_in("an").await);
    let answer = desk.fill("/settings/security", "/sign-out", &[("everywhere", "1")]).await;
    assert_eq!(answer.location(), "/sign-in");
    assert_eq!(phone.get("/notes").await.status, StatusCode::SEE_OTHER);
    assert!(!desk.jar.lock().unwrap().contains_key("__Host-vl"));
}

#[tokio::test]
async fn a_one_time_code_works_once() {
    let town = Town::new().await;
    let browser = town.signed_in("an").await;
    let page = browser.get("/settings/security").await;
    let secret = page.text.split("<code>").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let (csrf, sealed) = (page.input("_csrf"), page.input("sealed"));
    let code = code_of(&secret, town.clock_now());
    let fields = [("_csrf", csrf.as_str()), ("sealed", &sealed), ("code", &code), ("proof", PASSWORD)];
    let on = browser.post("/settings/codes", &fields).await;
    assert_eq!(on.location(), "/settings/security", "{}", on.text);
    town.clock.advance(30 * 1_000_000);
    let code = code_of(&secret, town.clock_now());

    let phone = town.browser();
    let asked = phone.sign_in("an", PASSWORD).await;
    assert_eq!(asked.status, StatusCode::OK);
    let (csrf, pending) = (asked.input("_csrf"), asked.input("pending"));
    let send = |code: String| {
        let (phone, csrf, pending) = (&phone, csrf.clone(), pending.clone());
        async move { phone.post("/sign-in", &[("_csrf", &csrf), ("pending", &pending), ("code", &code)]).await }
    };
    assert_eq!(send("000000".to_owned()).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(send(code.clone()).await.status, StatusCode::SEE_OTHER);
    // Somebody who looked over the shoulder is too late.
    let thief = town.browser();
    let asked = thief.sign_in("an", PASSWORD).await;
    let (csrf, pending) = (asked.input("_csrf"), asked.input("pending"));
    let late = thief.post("/sign-in", &[("_csrf", &csrf), ("pending", &pending), ("code", &code)]).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    // Nor does a code that was used switch the codes off.
    let csrf = browser.get("/settings/security").await.input("_csrf");
    let off = |code: String, proof: &'static str| {
        let (browser, csrf) = (&browser, csrf.clone());
        let fields = [("_csrf", csrf), ("off", "1".to_owned()), ("code", code), ("proof", proof.to_owned())];
        async move {
            let fields: Vec<(&str, &str)> =
                fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            browser.post("/settings/codes", &fields).await
        }
    };
    assert_eq!(off(code, PASSWORD).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    town.clock.advance(30 * 1_000_000);
    let code = code_of(&secret, town.clock_now());
    assert_eq!(
        off(code.clone(), "sai").await.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "without the password"
    );
    // The fifth that is wrong locks, and the right one is too late.
    for _ in 0..3 {
        assert!(off("000000".to_owned(), PASSWORD).await.text.contains("chưa đúng"));
    }
    assert!(off(code, PASSWORD).await.text.contains("tạm khóa"));
    town.clock.advance(16 * 60 * 1_000_000);
    let code = code_of(&secret, town.clock_now());
    assert_eq!(off(code, PASSWORD).await.location(), "/settings/security");
}

#[tokio::test]
async fn the_secret_of_one_time_codes_lies_sealed_and_one_that_lay_in_clear_is_sealed_at_the_start() {
    static CLEAR: Sql =
        q!("UPDATE platform_credentials SET totp_secret = $2 WHERE {scope} AND person_id = $1");
    static STORED: Sql = q!("SELECT totp_secret FROM platform_credentials WHERE {scope} AND person_id = $1");
    let town = Town::new().await;
    let an = town.people["an"];
    let secret = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let tenant = town.server.tenant("phutho").unwrap();
    let put = move |db: &dyn Database| db.execute(&CLEAR, values![an, secret]).map(drop);
    tenant.db.write(Scope::Everything, put).await.unwrap();
    let store = tenant.files.clone();
    let start = move |db: &dyn Database| platform::sessions::seal_codes(db, &|text| store.seal_text(text));
    for _ in 0..2 {
        tenant.db.write(Scope::Everything, start.clone()).await.unwrap();
        let read = move |db: &dyn Database| {
            let mut found = String::new();
            db.query(&STORED, values![an], &mut |row| {
                found = row.take()?;
                Ok(())
            })?;
            Ok(found)
        };
        let stored: String = tenant.db.read(Scope::Everything, read).await.unwrap();
        assert_ne!(stored, secret);
        assert_eq!(tenant.files.open_text(&stored).as_deref(), Some(secret));
    }
    let phone = town.browser();
    let asked = phone.sign_in("an", PASSWORD).await;
    let (csrf, pending) = (asked.input("_csrf"), asked.input("pending"));
    let code = code_of(secret, town.clock_now());
    let inside = phone.post("/sign-in", &[("_csrf", &csrf), ("pending", &pending), ("code", &code)]).await;
    assert_eq!(inside.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_new_password_ends_every_session_and_the_old_password() {
    let town = Town::new().await;
    let (desk, phone) = (town.signed_in("an").await, town.signed_in("an").await);
    let short = [("old", PASSWORD), ("password", "ngan"), ("repeat", "ngan")];
    let answer = desk.fill("/settings/security", "/settings/password", &short).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let good = [("old", PASSWORD), ("password", "sau bay tam chin"), ("repeat", "sau bay tam chin")];
    assert_eq!(desk.fill("/settings/security", "/settings/password", &good).await.location(), "/sign-in");
    assert_eq!(phone.get("/notes").await.status, StatusCode::SEE_OTHER);
    assert_eq!(phone.sign_in("an", PASSWORD).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(phone.sign_in("an", "sau bay tam chin").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn too_many_sign_ins_from_one_address_have_to_wait() {
    let mut config = Config::default();
    config.limits.sign_ins_a_minute = 3;
    let town = Town::with(config).await;
    let browser = town.browser();
    for _ in 0..3 {
        browser.sign_in("nobody", "x").await;
    }
    let answer = browser.sign_in("an", PASSWORD).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(answer.header("retry-after").parse::<u64>().unwrap() > 0);
}

#[tokio::test]
async fn theme_and_language_follow_the_person_to_the_next_browser() {
    let town = Town::new().await;
    let desk = town.signed_in("an").await;
    let answer =
        desk.fill("/notes", "/settings/theme", &[("theme", "dark"), ("back", "//evil.example/")]).await;
    assert_eq!(answer.location(), "/");
    desk.fill("/notes", "/settings/language", &[("lang", "en"), ("back", "/notes")]).await;
    let phone = town.signed_in("an").await;
    let page = phone.get("/notes").await;
    assert!(page.text.contains("data-theme=\"dark\"") && page.text.contains("lang=\"en\""), "{}", page.text);
}

impl Town {
    fn clock_now(&self) -> Instant {
        base::time::Clock::now(&*self.clock)
    }
}

fn code_of(secret: &str, now: Instant) -> String {
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let values = secret.chars().map(|c| letters.find(c).unwrap());
    let bits: Vec<usize> = values.flat_map(|value| (0..5).rev().map(move |bit| (value >> bit) & 1)).collect();
    let byte = |bits: &[usize]| u8::try_from(bits.iter().fold(0, |byte, bit| byte * 2 + bit)).unwrap();
    let bytes: Vec<u8> = bits.chunks_exact(8).map(byte).collect();
    let codes = totp_rs::Builder::new().with_secret(bytes).build().unwrap();
    codes.generate(u64::try_from(now.micros() / 1_000_000).unwrap()).to_string()
}
