//! Programs: tokens, keys, problems.

use crate::browser::{Browser, input};
use crate::support::Town;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use base::Instant;
use kernel::{Method, Response};
use serde_json::json;

async fn token(browser: &Browser, rights: &[&str]) -> String {
    let pairs: Vec<(&str, &str)> = rights.iter().map(|right| ("right", *right)).collect();
    let page = browser.fill("/notes/new", "/tokens", &pairs).await;
    page.text.split("<code>").nth(1).and_then(|rest| rest.split('<').next()).unwrap_or("").to_owned()
}

#[tokio::test]
async fn a_program_writes_with_a_token_and_reads_data() {
    let town = Town::new().await;
    let an = town.signed_in("an").await;
    let token = token(&an, &["notes.note.write", "notes.note.read"]).await;
    assert!(token.starts_with("vlt_"));
    let program = town.browser();
    let done = program.call("/api/v1/notes", (&token, "k1"), &json!({ "title": "Từ máy" })).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    assert_eq!(done.json()["message"], "Đã ghi Từ máy.");
    assert_eq!(done.json()["location"], format!("/notes/{}", done.json()["id"].as_str().unwrap()));
    let ask = Request::get("/api/v1/notes").header("authorization", format!("Bearer {token}"));
    assert_eq!(program.send(ask.body(Body::empty()).unwrap()).await.json(), json!(["Từ máy"]));
    // A page's script reads with the session.
    assert_eq!(an.get("/api/v1/notes").await.json(), json!(["Từ máy"]));
}

#[tokio::test]
async fn the_same_key_answers_the_same_and_acts_once() {
    let town = Town::new().await;
    let an = town.signed_in("an").await;
    let token = token(&an, &["notes.note.write"]).await;
    let send = async |key: &'static str, title: &'static str| {
        an.call("/api/v1/notes", (&token, key), &json!({ "title": title })).await
    };
    let (first, second) = (send("k", "A").await, send("k", "A").await);
    assert_eq!(first.text, second.text);
    assert_eq!(an.get("/notes").await.text.matches("<li>A</li>").count(), 1);
    let other = send("k", "B").await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(send("k2", "A").await.status, StatusCode::OK);
    let bare = Request::post("/api/v1/notes").header("authorization", format!("Bearer {token}"));
    assert_eq!(an.send(bare.body(Body::from("{}")).unwrap()).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn what_goes_wrong_is_a_problem_in_json() {
    let town = Town::new().await;
    let an = town.signed_in("an").await;
    let token = token(&an, &["notes.note.write"]).await;
    let call = async |key: &'static str, body: serde_json::Value| {
        an.call("/api/v1/notes", (&token, key), &body).await
    };
    let invalid = call("1", json!({})).await;
    assert_eq!(invalid.header("content-type"), "application/problem+json");
    assert_eq!(invalid.json()["status"], 422);
    assert_eq!(invalid.json()["errors"]["title"], "Cần điền ô này");
    assert!(invalid.json()["instance"].as_str().unwrap().ends_with(invalid.header("x-request-id")));
    let long = call("2", json!({ "title": "x".repeat(21) })).await;
    assert_eq!(long.json()["errors"]["title"], "Nhiều nhất 20 ký tự");
    let refused = call("3", json!({ "title": "cam" })).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert_eq!(refused.json()["ground"], "Điều 1");
    assert_eq!(refused.json()["hint"], "Hỏi văn thư.");
    let broken = call("4", json!({ "title": "loi" })).await;
    assert_eq!(broken.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(!broken.text.contains("roof"));
    let nobody = an.call("/api/v1/notes", ("vlt_wrong", "5"), &json!({})).await;
    assert_eq!((nobody.status, nobody.header("www-authenticate")), (StatusCode::UNAUTHORIZED, "Bearer"));
    // The session's cookie does not write here: another site could make a browser send it.
    let cookie =
        Request::post("/api/v1/notes").header("idempotency-key", "6").body(Body::from("{}")).unwrap();
    assert_eq!(an.send(cookie).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_token_has_only_the_rights_it_was_given() {
    let town = Town::new().await;
    let (an, chi) = (town.signed_in("an").await, town.signed_in("chi").await);
    let token = token(&an, &["notes.note.read"]).await;
    let answer = an.call("/api/v1/notes", (&token, "1"), &json!({ "title": "x" })).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    let csrf = chi.get("/settings/security").await.input("_csrf");
    let taken = chi.post("/tokens", &[("_csrf", &csrf), ("right", "notes.note.read")]).await;
    assert_eq!(taken.status, StatusCode::CONFLICT);
    town.clock.advance(31 * 24 * 3600 * 1_000_000);
    let late = an.call("/api/v1/notes", (&token, "2"), &json!({})).await;
    assert_eq!(late.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_program_uploads_a_file_first_and_names_it_in_the_call() {
    let town = Town::new().await;
    let an = town.signed_in("an").await;
    let token = token(&an, &["notes.note.write"]).await;
    let body = "--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nxin chao\r\n--XX--\r\n";
    let request = Request::post("/api/v1/uploads")
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "multipart/form-data; boundary=XX");
    let stored = an.send(request.body(Body::from(body)).unwrap()).await;
    let value = stored.json()["values"][0].as_str().unwrap().to_owned();
    let made = an.call("/api/v1/notes", (&token, "1"), &json!({ "title": "x", "paper": value })).await;
    let file = an.get(&format!("{}/paper", made.json()["location"].as_str().unwrap())).await;
    assert_eq!(file.text, "xin chao");
}

#[tokio::test]
async fn the_description_follows_the_manifest() {
    let town = Town::new().await;
    let described = town.browser().get("/api/openapi.json").await.json();
    assert_eq!(described["openapi"], "3.1.0");
    let add = &described["paths"]["/api/v1/notes"]["post"];
    let schema = &add["requestBody"]["content"]["application/json"]["schema"];
    assert_eq!(schema["properties"]["title"]["maxLength"], 20);
    assert_eq!(schema["required"], json!(["title"]));
    assert_eq!(add["x-right"], "notes.note.write");
    assert!(described["paths"]["/api/v1/notes"]["get"].is_object());
}

#[tokio::test]
async fn a_demonstration_plays_through_the_same_door_at_a_time_of_its_choice() {
    let town = Town::new().await;
    let at = Instant::local(2017, 5, 4, 8, 30).unwrap();
    let an = town.people["an"];
    let reply = town
        .server
        .call("phutho", (an, at), (Method::Post, "/notes"), input(&[("title", "cũ")]))
        .await
        .unwrap();
    let Response::Done { to, id: Some(_), .. } = reply else { panic!("{reply:?}") };
    let shown = town.server.call("phutho", (an, at), (Method::Get, &to), input(&[])).await.unwrap();
    assert!(matches!(shown, Response::Page { title, .. } if title == "cũ"));
    assert_eq!(town.server.run_jobs("phutho", at).await.unwrap(), 1);
    assert_eq!(town.server.run_jobs("phutho", at).await.unwrap(), 0);
    let chi = town.people["chi"];
    let no = town.server.call("phutho", (chi, at), (Method::Get, "/notes"), input(&[])).await;
    assert!(matches!(no, Err(base::Error::Forbidden)));
}

#[tokio::test]
async fn a_person_makes_a_token_on_the_security_page_and_takes_it_back() {
    let town = Town::new().await;
    let an = town.signed_in("an").await;
    let fields = [("name", "kho số liệu"), ("days", "30"), ("rights", "notes.note.write")];
    let made = an.fill("/settings/security", "/settings/tokens", &fields).await;
    let token = made.text.split("<code>").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let write = json!({ "title": "x" });
    assert_eq!(an.call("/api/v1/notes", (&token, "1"), &write).await.status, StatusCode::OK);
    let page = an.get("/settings/security").await;
    assert!(page.text.contains("kho số liệu") && !page.text.contains(&token));
    let id = page.input("id");
    let gone = an.fill("/settings/security", "/settings/tokens/revoke", &[("id", &id)]).await;
    assert_eq!(gone.location(), "/settings/security");
    assert_eq!(an.call("/api/v1/notes", (&token, "2"), &write).await.status, StatusCode::UNAUTHORIZED);
    let long = [("name", "x"), ("days", "400"), ("rights", "notes.note.write")];
    let refused = an.fill("/settings/security", "/settings/tokens", &long).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
}
