//! Files in and out.

use crate::browser::{Answer, Browser};
use crate::support::Town;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use engine::Config;

const PDF: &[u8] = b"%PDF-1.7\n0123456789 trang mot\n%%EOF\n";

async fn send(browser: &Browser, parts: &[(&str, Option<&str>, &[u8])]) -> Answer {
    let mut body = Vec::new();
    for (name, file, content) in parts {
        let file = file.map(|file| format!("; filename=\"{file}\"")).unwrap_or_default();
        body.extend(format!("--XX\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n").bytes());
        body.extend_from_slice(content);
        body.extend(b"\r\n");
    }
    body.extend(b"--XX--\r\n");
    let request = Request::post("/notes").header("content-type", "multipart/form-data; boundary=XX");
    browser.send(request.body(Body::from(body)).unwrap()).await
}

async fn token(browser: &Browser) -> Vec<u8> {
    browser.get("/notes/new").await.input("_csrf").into_bytes()
}

#[tokio::test]
async fn a_file_goes_in_with_the_form_and_comes_out_in_ranges() {
    let town = Town::new().await;
    let an = town.signed_in("an").await;
    let csrf = token(&an).await;
    let made = send(
        &an,
        &[("_csrf", None, &csrf), ("title", None, "Tờ trình".as_bytes()), ("paper", Some("a.pdf"), PDF)],
    )
    .await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
    let path = format!("{}/paper", made.location());
    let whole = an.get(&path).await;
    assert_eq!(whole.text.as_bytes(), PDF);
    assert_eq!(whole.header("content-type"), "application/pdf");
    assert_eq!(whole.header("x-content-type-options"), "nosniff");
    let place = whole.header("content-disposition");
    assert!(
        place.starts_with("inline;") && place.contains("filename*=UTF-8''T%E1%BB%9D%20tr%C3%ACnh"),
        "{place}"
    );
    let ask = |name: &str, value: &str| Request::get(&path).header(name, value).body(Body::empty()).unwrap();
    let part = an.send(ask("range", "bytes=9-18")).await;
    assert_eq!((part.status, part.text.as_str()), (StatusCode::PARTIAL_CONTENT, "0123456789"));
    assert_eq!(part.header("content-range"), format!("bytes 9-18/{}", PDF.len()));
    assert_eq!(an.send(ask("range", "bytes=900-")).await.status, StatusCode::RANGE_NOT_SATISFIABLE);
    assert_eq!(an.send(ask("range", "bytes=-6")).await.text, "%%EOF\n");
    let known = an.send(ask("if-none-match", whole.header("etag"))).await;
    assert_eq!(known.status, StatusCode::NOT_MODIFIED);
    let binh = town.signed_in("binh").await;
    assert_eq!(binh.get(&path).await.status, StatusCode::NOT_FOUND);
}

/// Scans of many pages and drawings are large: more than any framework takes without being told.
#[tokio::test]
async fn a_large_file_goes_in_and_comes_out_whole() {
    let town = Town::new().await;
    let an = town.signed_in("an").await;
    let csrf = token(&an).await;
    let mut large = PDF.to_vec();
    large.resize(5_000_000, b'7');
    let parts: [(&str, Option<&str>, &[u8]); 3] =
        [("_csrf", None, &csrf), ("title", None, "Bản vẽ".as_bytes()), ("paper", Some("ve.pdf"), &large)];
    let made = send(&an, &parts).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
    let whole = an.get(&format!("{}/paper", made.location())).await;
    assert!(whole.text.as_bytes() == large, "{} bytes came back", whole.text.len());
}

#[tokio::test]
async fn a_file_stays_when_the_form_comes_back_and_only_its_sender_may_name_it() {
    let town = Town::new().await;
    let an = town.signed_in("an").await;
    let csrf = token(&an).await;
    let back =
        send(&an, &[("_csrf", None, &csrf), ("title", None, b"cam"), ("paper", Some("../../a|b.pdf"), PDF)])
            .await;
    assert_eq!(back.status, StatusCode::CONFLICT);
    let value = back.input("paper");
    assert!(value.contains("|application/pdf|a_b.pdf|"), "{value}");
    let binh = town.signed_in("binh").await;
    let stolen = binh.fill("/notes/new", "/notes", &[("title", "x"), ("paper", &value)]).await;
    assert_eq!(stolen.status, StatusCode::UNPROCESSABLE_ENTITY);
    let (plain, _) = value.rsplit_once('|').unwrap();
    let unsigned = an.fill("/notes/new", "/notes", &[("title", "x"), ("paper", plain)]).await;
    assert_eq!(unsigned.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unsigned.text.contains("paper form.not_a_file"));
    let good = an.fill("/notes/new", "/notes", &[("title", "x"), ("paper", &value)]).await;
    assert_eq!(good.status, StatusCode::SEE_OTHER);
    let file = an.get(&format!("{}/paper", good.location())).await;
    assert_eq!(file.text.as_bytes(), PDF);
}

#[tokio::test]
async fn too_large_too_many_and_uninvited_files_are_refused() {
    let mut config = Config::default();
    (config.limits.file_bytes, config.limits.files, config.limits.form_bytes) = (1000, 1, 5000);
    let town = Town::with(config).await;
    let an = town.signed_in("an").await;
    let csrf = token(&an).await;
    let title: (&str, Option<&str>, &[u8]) = ("title", None, b"x");
    let large = send(&an, &[("_csrf", None, &csrf), title, ("paper", Some("a"), &[b'x'; 1001])]).await;
    assert_eq!(large.status, StatusCode::CONFLICT, "{}", large.text);
    let many =
        send(&an, &[("_csrf", None, &csrf), title, ("paper", Some("a"), PDF), ("paper", Some("b"), PDF)])
            .await;
    assert_eq!(many.status, StatusCode::PAYLOAD_TOO_LARGE);
    let other = send(&an, &[("_csrf", None, &csrf), title, ("title", Some("a"), PDF)]).await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
    let early = send(&an, &[title, ("paper", Some("a"), PDF), ("_csrf", None, &csrf)]).await;
    assert_eq!(early.status, StatusCode::SEE_OTHER);
    assert_eq!(an.get(&format!("{}/paper", early.location())).await.status, StatusCode::NOT_FOUND);
    let long = "x".repeat(6000);
    assert_eq!(
        an.fill("/notes/new", "/notes", &[("title", &long)]).await.status,
        StatusCode::PAYLOAD_TOO_LARGE
    );
}
