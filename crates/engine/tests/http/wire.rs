//! Headers, health, events, jobs.

use crate::browser::input;
use crate::support::Town;
use axum::http::StatusCode;
use base::Instant;
use base::time::Clock;
use http_body_util::BodyExt;
use kernel::Method;
use std::time::Duration;
use tower::ServiceExt;

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let town = Town::new().await;
    let browser = town.browser();
    for path in ["/hello", "/sign-in", "/nothing", "/healthz", "/assets/app.css"] {
        let answer = browser.get(path).await;
        let policy = answer.header("content-security-policy");
        for part in ["default-src 'self'", "frame-ancestors 'self'", "form-action 'self'", "base-uri 'none'"]
        {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe"));
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("referrer-policy"), "same-origin");
        assert!(!answer.header("x-request-id").is_empty());
    }
    assert_eq!(browser.get("/hello").await.header("cache-control"), "no-store");
}

#[tokio::test]
async fn an_unknown_page_a_wrong_method_and_the_root() {
    let town = Town::new().await;
    let browser = town.browser();
    assert_eq!(browser.get("/nothing").await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.get("/").await.location(), "/sign-in");
    assert_eq!(browser.get("/tokens").await.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(town.signed_in("an").await.get("/").await.location(), "/notes");
}

#[tokio::test]
async fn assets_are_kept_by_the_browser() {
    let town = Town::new().await;
    let browser = town.browser();
    let css = ui::asset_path("app.css");
    let answer = browser.get(css).await;
    assert_eq!(answer.header("content-type"), "text/css; charset=utf-8");
    assert!(answer.header("cache-control").contains("immutable"));
    let again = axum::http::Request::get(css).header("if-none-match", answer.header("etag"));
    let again = browser.send(again.body(axum::body::Body::empty()).unwrap()).await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn health_answers_everybody_and_metrics_only_this_machine() {
    let town = Town::new().await;
    let browser = town.signed_in("an").await;
    assert_eq!(browser.get("/healthz").await.text, "ok\n");
    assert_eq!(browser.get("/metrics").await.status, StatusCode::NOT_FOUND);
    let town = Town::with(engine::Config { metrics_open: true, ..engine::Config::default() }).await;
    let browser = town.signed_in("an").await;
    browser.fill("/notes/new", "/notes", &[("title", "x")]).await;
    let text = browser.get("/metrics").await.text;
    for line in [
        "vanlang_requests_total{route=\"/notes\",status=\"303\"} 1",
        "vanlang_request_seconds_count{route=\"/sign-in\"} 2",
        "vanlang_jobs_waiting{tenant=\"phutho\"} 1",
        "vanlang_writes_waiting{tenant=\"phutho\"} 0",
        "vanlang_jobs_dead{tenant=\"phutho\"} 0",
        "vanlang_envelopes_waiting{tenant=\"phutho\"} 0",
        "vanlang_oldest_envelope_seconds{tenant=\"phutho\"} 0",
        "vanlang_backup_age_seconds{tenant=\"phutho\"} -1",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
}

#[tokio::test]
async fn an_open_page_hears_that_the_counts_changed() {
    let town = Town::new().await;
    let an = town.signed_in("an").await;
    assert_eq!(town.browser().get("/events").await.status, StatusCode::FORBIDDEN);
    let cookie =
        an.jar.lock().unwrap().iter().map(|(n, v)| format!("{n}={v}")).collect::<Vec<_>>().join("; ");
    let request =
        axum::http::Request::get("/events").header("host", "phutho.localhost").header("cookie", cookie);
    let response =
        town.server.router().oneshot(request.body(axum::body::Body::empty()).unwrap()).await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut body = response.into_body();
    let mut next = async || {
        let frame = tokio::time::timeout(Duration::from_secs(5), body.frame()).await.unwrap();
        String::from_utf8(frame.unwrap().unwrap().into_data().unwrap().to_vec()).unwrap()
    };
    let first = next().await;
    assert!(first.contains("event: counts") && first.contains(r#""/notes":[0,0]"#), "{first}");
    an.fill("/notes/new", "/notes", &[("title", "mới")]).await;
    let second = next().await;
    assert!(second.contains(r#""/notes":[1,0]"#), "{second}");
}

#[tokio::test]
async fn a_job_that_fails_is_tried_again_later_and_given_up_in_the_end() {
    let town = Town::new().await;
    let an = town.people["an"];
    let mut at = town.clock.now();
    let add = (Method::Post, "/notes");
    town.server.call("phutho", (an, at), add, input(&[("title", "hong")])).await.unwrap();
    for attempt in 1..=8 {
        assert_eq!(town.server.run_jobs("phutho", at).await.unwrap(), 1, "attempt {attempt}");
        assert_eq!(town.server.run_jobs("phutho", at).await.unwrap(), 0);
        at = at.plus_secs(1 << attempt);
    }
    assert_eq!(town.server.run_jobs("phutho", at.plus_days(30)).await.unwrap(), 0);
}

#[tokio::test]
async fn health_is_asked_once_a_second_and_names_no_tenant() {
    let town = Town::new().await;
    let browser = town.browser();
    assert_eq!(browser.get("/healthz").await.text, "ok\n");
    town.server.tenant("phutho").unwrap().db.clone().close().await.unwrap();
    assert_eq!(browser.get("/healthz").await.text, "ok\n", "the answer of this second");
    tokio::time::sleep(Duration::from_millis(1100)).await;
    let silent = browser.get("/healthz").await;
    assert_eq!(silent.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(!silent.text.contains("phutho"), "{}", silent.text);
}

#[tokio::test]
async fn the_loop_takes_up_what_a_form_queued() {
    let town = Town::new().await;
    let jobs = town.server.spawn_jobs();
    let an = town.signed_in("an").await;
    an.fill("/notes/new", "/notes", &[("title", "việc")]).await;
    let mut left = 1;
    for _ in 0..50 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        left = usize::from(town.server.run_jobs("phutho", Instant::from_micros(0)).await.unwrap() > 0)
            + waiting(&town).await;
        if left == 0 {
            break;
        }
    }
    assert_eq!(left, 0);
    for job in jobs {
        job.abort();
    }
}

async fn waiting(town: &Town) -> usize {
    static WAITING: kernel::Sql = kernel::q!("SELECT count(*) FROM kernel_jobs WHERE state <> $1");
    let db = &town.server.tenant("phutho").unwrap().db;
    db.read(kernel::Scope::Everything, |db| {
        let mut n = 0_i64;
        db.query(&WAITING, kernel::values!["x"], &mut |row| {
            n = row.take()?;
            Ok(())
        })?;
        Ok(usize::try_from(n).unwrap())
    })
    .await
    .unwrap()
}
