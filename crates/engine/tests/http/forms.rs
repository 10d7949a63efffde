//! Forms: only from our own pages, only once, and nothing lost.

use crate::browser::{encoded, form};
use crate::support::{PASSWORD, Town};
use axum::body::Body;
use axum::http::StatusCode;

#[tokio::test]
async fn a_form_without_the_token_of_the_session_is_refused() {
    let town = Town::new().await;
    let (an, binh) = (town.signed_in("an").await, town.signed_in("binh").await);
    assert_eq!(an.post("/notes", &[("title", "x")]).await.status, StatusCode::FORBIDDEN);
    let csrf = binh.get("/notes/new").await.input("_csrf");
    assert_eq!(an.post("/notes", &[("_csrf", &csrf), ("title", "x")]).await.status, StatusCode::FORBIDDEN);
    assert!(!an.get("/notes").await.text.contains("<li>x</li>"));
}

#[tokio::test]
async fn a_form_sent_by_another_site_is_refused_even_with_the_token() {
    let town = Town::new().await;
    let an = town.signed_in("an").await;
    let csrf = an.get("/notes/new").await.input("_csrf");
    let pairs = [("_csrf", csrf.as_str()), ("title", "x")];
    for (name, value) in [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")] {
        let request = form("/notes").header(name, value).body(Body::from(encoded(&pairs))).unwrap();
        assert_eq!(an.send(request).await.status, StatusCode::FORBIDDEN);
    }
    let own = form("/notes").header("origin", "http://phutho.localhost:8080");
    let answer = an.send(own.body(Body::from(encoded(&pairs))).unwrap()).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_double_click_acts_once_and_the_message_is_shown_once() {
    let town = Town::new().await;
    let an = town.signed_in("an").await;
    let page = an.get("/notes/new").await;
    let (csrf, once) = (page.input("_csrf"), page.input("_once"));
    let pairs = [("_csrf", csrf.as_str()), ("_once", &once), ("title", "Họp")];
    let (first, second) = (an.post("/notes", &pairs).await, an.post("/notes", &pairs).await);
    assert_eq!(first.status, StatusCode::SEE_OTHER);
    assert_eq!(first.location(), second.location());
    let list = an.get("/notes").await;
    assert_eq!(list.text.matches("<li>Họp</li>").count(), 1);
    assert!(list.text.contains("Đã ghi Họp."), "{}", list.text);
    assert!(!an.get("/notes").await.text.contains("Đã ghi Họp."));
    // The same form with other content is a mistake worth saying, not a second click.
    let other = [("_csrf", csrf.as_str()), ("_once", &once), ("title", "Khác")];
    let answer = an.post("/notes", &other).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert_eq!((answer.input("title").as_str(), answer.input("_once") == once), ("Khác", false));
}

#[tokio::test]
async fn a_wrong_form_and_a_refused_one_come_back_with_what_was_written() {
    let town = Town::new().await;
    let an = town.signed_in("an").await;
    let long = an.fill("/notes/new", "/notes", &[("title", "một tiêu đề quá dài so với ô này")]).await;
    assert_eq!(long.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(long.text.contains("title form.too_long"), "{}", long.text);
    assert_eq!(long.input("title"), "một tiêu đề quá dài so với ô này");
    let refused = an.fill("/notes/new", "/notes", &[("title", "cam")]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text.contains("notes.refused"));
    assert_eq!(refused.input("title"), "cam");
    // And it can be sent from there.
    let (csrf, once) = (refused.input("_csrf"), refused.input("_once"));
    let answer = an.post("/notes", &[("_csrf", &csrf), ("_once", &once), ("title", "được")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_form_sent_after_the_session_ended_comes_back_after_sign_in() {
    let town = Town::new().await;
    let an = town.signed_in("an").await;
    let page = an.get("/notes/new").await;
    let (csrf, once) = (page.input("_csrf"), page.input("_once"));
    town.clock.advance(40 * 60 * 1_000_000);
    let asked = an.post("/notes", &[("_csrf", &csrf), ("_once", &once), ("title", "Bản nháp dài")]).await;
    assert_eq!(asked.status, StatusCode::UNAUTHORIZED);
    assert!(asked.text.contains("giữ nguyên"), "{}", asked.text);
    let (csrf, kept) = (asked.input("_csrf"), asked.input("kept"));
    let fields = [("_csrf", csrf.as_str()), ("kept", &kept), ("username", "an"), ("password", PASSWORD)];
    let back = an.post("/sign-in", &fields).await;
    assert_eq!(back.status, StatusCode::OK);
    assert_eq!(back.input("title"), "Bản nháp dài");
    assert!(!an.get("/notes").await.text.contains("Bản nháp dài"));
    let (csrf, once) = (back.input("_csrf"), back.input("_once"));
    let answer = an.post("/notes", &[("_csrf", &csrf), ("_once", &once), ("title", "Bản nháp dài")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn what_belongs_to_another_commune_is_not_there_and_what_one_may_not_do_is_forbidden() {
    let town = Town::new().await;
    let (an, binh, chi) =
        (town.signed_in("an").await, town.signed_in("binh").await, town.signed_in("chi").await);
    let made = an.fill("/notes/new", "/notes", &[("title", "Riêng")]).await;
    assert_eq!(an.get(made.location()).await.status, StatusCode::OK);
    let theirs = binh.get(made.location()).await;
    assert_eq!(theirs.status, StatusCode::NOT_FOUND);
    assert!(theirs.text.contains("Không tìm thấy"), "{}", theirs.text);
    assert_eq!(chi.get("/notes").await.status, StatusCode::FORBIDDEN);
    let csrf = chi.get("/settings/security").await.input("_csrf");
    assert_eq!(chi.post("/notes", &[("_csrf", &csrf), ("title", "x")]).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_visitor_may_write_where_the_public_may_with_a_token_of_that_browser() {
    let town = Town::new().await;
    let visitor = town.browser();
    assert_eq!(visitor.post("/hello", &[("a", "b")]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(visitor.fill("/hello", "/hello", &[]).await.location(), "/hello");
    assert!(visitor.get("/hello").await.text.contains("Chào."));
}

#[tokio::test]
async fn an_incident_and_a_panic_show_a_number_and_the_town_goes_on() {
    let town = Town::new().await;
    let an = town.signed_in("an").await;
    for title in ["loi", "hoang"] {
        let answer = an.fill("/notes/new", "/notes", &[("title", title)]).await;
        assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(answer.text.contains(answer.header("x-request-id")) && !answer.text.contains("roof"));
    }
    assert_eq!(an.get("/notes").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_draft_that_saves_itself_gets_no_page() {
    let town = Town::new().await;
    let an = town.signed_in("an").await;
    let answer = an.fill("/notes/new", "/notes", &[("title", "nháp"), ("_autosave", "1")]).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert!(!an.get("/notes").await.text.contains("Đã ghi"));
}
