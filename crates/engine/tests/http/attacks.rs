//! What somebody tries who means no good.

use crate::browser::{Answer, Browser, form};
use crate::support::{PASSWORD, Town};
use axum::body::{Body, Bytes};
use axum::http::{Request, StatusCode};
use engine::Config;
use futures_util::{Stream, StreamExt, stream};
use kernel::{Scope, jobs};
use platform::sessions;
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

const CONTENT: &str = "một tệp của người lạ";

async fn parts(browser: &Browser, body: Body) -> Answer {
    let request = Request::post("/notes").header("content-type", "multipart/form-data; boundary=XX");
    browser.send(request.body(body).unwrap()).await
}

fn with_file(csrf: &str, name: &str) -> Body {
    Body::from(format!(
        "--XX\r\nContent-Disposition: form-data; name=\"_csrf\"\r\n\r\n{csrf}\r\n\
         --XX\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\ncam\r\n\
         --XX\r\nContent-Disposition: form-data; name=\"paper\"; filename=\"{name}\"\r\n\r\n{CONTENT}\r\n--XX--\r\n"
    ))
}

async fn is_stored(town: &Town) -> bool {
    town.server.tenant("phutho").unwrap().files.get(&sessions::hash(CONTENT)).await.is_ok()
}

#[tokio::test]
async fn a_visitor_and_somebody_without_the_right_put_no_file_on_our_disk() {
    let town = Town::new().await;
    let visitor = town.browser();
    let csrf = visitor.get("/hello").await.input("_csrf");
    let answer = parts(&visitor, with_file(&csrf, "a.txt")).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert!(answer.text.contains("name=\"kept\"") && !is_stored(&town).await);
    let chi = town.signed_in("chi").await;
    let csrf = chi.get("/hello").await.input("_csrf");
    assert_eq!(parts(&chi, with_file(&csrf, "a.txt")).await.status, StatusCode::FORBIDDEN);
    assert!(!is_stored(&town).await);
}

#[tokio::test]
async fn a_file_name_that_turns_around_is_shown_as_it_is_read() {
    let town = Town::new().await;
    let an = town.signed_in("an").await;
    let csrf = an.get("/notes/new").await.input("_csrf");
    let back = parts(&an, with_file(&csrf, "to-trinh\u{202e}fdp.exe")).await;
    assert!(back.input("paper").contains("|to-trinhfdp.exe|"), "{}", back.text);
    assert!(is_stored(&town).await);
}

/// A body without an end, and how much of it was taken.
fn endless(piece: Bytes) -> (impl Stream<Item = Result<Bytes, Infallible>> + Send, Arc<AtomicUsize>) {
    let taken = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&taken);
    let pieces = stream::repeat_with(move || {
        counted.fetch_add(piece.len(), Ordering::Relaxed);
        Ok(piece.clone())
    });
    (pieces, taken)
}

async fn refused(begin: &'static str, piece: Bytes) -> StatusCode {
    let town = Town::new().await;
    let (rest, taken) = endless(piece);
    let body = stream::once(async move { Ok(Bytes::from_static(begin.as_bytes())) }).chain(rest);
    let sent = parts(&town.browser(), Body::from_stream(body)).await.status;
    let taken = taken.load(Ordering::Relaxed);
    assert!(taken < 8 * 1024 * 1024, "{taken} bytes were taken");
    sent
}

#[tokio::test]
async fn a_part_whose_heading_never_ends_does_not_fill_the_memory() {
    let sent = refused("--XX\r\nX-Long: ", Bytes::from(vec![b'a'; 64 * 1024]));
    let status = tokio::time::timeout(Duration::from_secs(20), sent).await.expect("an answer");
    assert_eq!(status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn values_without_number_do_not_fill_the_memory_either() {
    let piece = "--XX\r\nContent-Disposition: form-data; name=\"\"\r\n\r\n\r\n".repeat(100);
    let sent = refused("", Bytes::from(piece));
    let status = tokio::time::timeout(Duration::from_mins(1), sent).await.expect("an answer");
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    let town = Town::new().await;
    let many = town.browser().send(form("/hello").body(Body::from("a&".repeat(100_000))).unwrap()).await;
    assert_eq!(many.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn a_body_that_is_no_text_is_not_taken_for_an_empty_one() {
    let town = Town::new().await;
    let an = town.signed_in("an").await;
    let page = an.fill("/notes/new", "/tokens", &[("right", "notes.note.write")]).await;
    let token = page.text.split("<code>").nth(1).and_then(|rest| rest.split('<').next()).unwrap();
    let request = Request::post("/api/v1/notes")
        .header("authorization", format!("Bearer {token}"))
        .header("idempotency-key", "k");
    let answer = an.send(request.body(Body::from(vec![b'{', 0xff, b'}'])).unwrap()).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text);
}

#[tokio::test]
async fn whoever_locks_a_name_from_elsewhere_does_not_lock_its_owner_out_of_their_desk() {
    let town = Town::new().await;
    let desk = town.signed_in("an").await;
    desk.fill("/settings/security", "/sign-out", &[]).await;
    let attacker = town.browser();
    for _ in 0..5 {
        attacker.sign_in("an", "sai").await;
    }
    assert!(town.browser().sign_in("an", PASSWORD).await.text.contains("tạm khóa"));
    assert_eq!(desk.sign_in("an", PASSWORD).await.status, StatusCode::SEE_OTHER);
    // The mark is one name's, and a desk that is tried too often is locked as well.
    desk.fill("/settings/security", "/sign-out", &[]).await;
    for _ in 0..5 {
        desk.sign_in("an", "sai").await;
    }
    assert!(desk.sign_in("an", PASSWORD).await.text.contains("tạm khóa"));
    for _ in 0..5 {
        town.browser().sign_in("binh", "sai").await;
    }
    assert!(desk.sign_in("binh", PASSWORD).await.text.contains("tạm khóa"));
}

#[tokio::test]
async fn an_invitation_does_not_outlive_the_password_it_was_for() {
    let town = Town::new().await;
    let an = town.people["an"];
    let invite = async |server: &engine::Server| {
        let db = server.tenant("phutho").unwrap().db.clone();
        let cx = move || kernel::Context {
            actor: kernel::Actor::system("test"),
            request: kernel::Request::default(),
            t: base::T::new(Box::leak(Box::new(base::Texts::default())), base::Lang::Vi),
            now: base::Instant::local(2017, 3, 14, 9, 0).unwrap(),
            tenant: "phutho".to_owned(),
            chance: engine::system_chance,
            offers: Arc::default(),
        };
        db.write(Scope::Everything, move |db| kernel::engine::write(db, &cx(), |cx| sessions::invite(cx, an)))
            .await
            .unwrap()
    };
    let (first, second) = (invite(&town.server).await, invite(&town.server).await);
    let browser = town.browser();
    let (path, new) = (format!("/activate/{first}"), "mat khau hoan toan moi");
    let done = browser.fill(&path, &path, &[("password", new), ("repeat", new)]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    assert_eq!(browser.get(&format!("/activate/{second}")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_made_up_line_in_front_of_the_proxys_own_changes_no_address() {
    let mut config = Config { behind_proxy: true, ..Config::default() };
    config.limits.requests_a_minute = 2;
    let town = Town::with(config).await;
    let browser = town.browser();
    let ask = |made_up: &str| {
        Request::get("/hello")
            .header("x-forwarded-for", made_up)
            .header("x-forwarded-for", "203.0.113.7")
            .body(Body::empty())
            .unwrap()
    };
    browser.send(ask("198.51.100.1")).await;
    browser.send(ask("198.51.100.2")).await;
    assert_eq!(browser.send(ask("198.51.100.3")).await.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn a_job_that_was_taken_over_is_finished_by_one_alone() {
    let town = Town::new().await;
    let an = town.signed_in("an").await;
    an.fill("/notes/new", "/notes", &[("title", "A")]).await;
    let db = town.server.tenant("phutho").unwrap().db.clone();
    let now = town.server.clock.now();
    let claim = async |at: base::Instant| {
        let act = move |db: &dyn kernel::Database| jobs::claim(db, (at, at.plus_minutes(5)), ("", false), 10);
        db.write(Scope::Everything, act).await.unwrap().pop()
    };
    let slow = claim(now).await.unwrap();
    let quick = claim(now.plus_minutes(6)).await.unwrap();
    assert_eq!((slow.id, quick.attempts), (quick.id, 2));
    // Whoever was too slow neither finishes it nor puts it back into the queue.
    let late = slow.clone();
    assert!(db.write(Scope::Everything, move |db| jobs::done(db, &late)).await.is_err());
    let late = slow.clone();
    let put_back = move |db: &dyn kernel::Database| jobs::failed(db, &late, (false, now), "quá hạn");
    db.write(Scope::Everything, put_back).await.unwrap();
    assert!(claim(now.plus_minutes(7)).await.is_none());
    db.write(Scope::Everything, move |db| jobs::done(db, &quick)).await.unwrap();
    assert!(claim(now.plus_minutes(60)).await.is_none());
}

#[tokio::test]
async fn a_job_that_kills_its_worker_is_given_up_at_last() {
    let town = Town::new().await;
    let an = town.signed_in("an").await;
    an.fill("/notes/new", "/notes", &[("title", "A")]).await;
    let db = town.server.tenant("phutho").unwrap().db.clone();
    let mut at = town.server.clock.now();
    for _ in 0..8 {
        let act = move |db: &dyn kernel::Database| jobs::claim(db, (at, at.plus_minutes(5)), ("", false), 10);
        assert_eq!(db.write(Scope::Everything, act).await.unwrap().len(), 1);
        at = at.plus_minutes(6);
    }
    assert_eq!(town.server.run_jobs("phutho", at).await.unwrap(), 1);
    assert_eq!(town.server.run_jobs("phutho", at.plus_days(30)).await.unwrap(), 0);
}
