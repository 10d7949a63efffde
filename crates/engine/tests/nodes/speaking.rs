//! Who may speak, and until when.

use crate::support::{DAY, ask, at, authority, clock, directory, foreign, listen, next, node, second};
use axum::http::Method;
use base::time::Clock;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use trust::{Key, Request, Revoked};

#[tokio::test]
async fn a_node_of_the_authority_is_let_in_and_reads_directory_and_list() {
    let clock = clock();
    let root = authority(&clock, "Gốc");
    let (gov, prov) = (node(&root, "gov", &clock), node(&root, "prov", &clock));
    gov.take_directory(&directory(&root, &["gov", "prov"], 1)).unwrap();
    let address = at("gov", listen(&gov, &clock).await);
    let answer = ask(&prov, &address, "/node/directory").await.unwrap();
    assert_eq!((answer.status.as_u16(), answer.headers["x-vanlang-version"].to_str().unwrap()), (200, "1"));
    prov.take_directory(&answer.body).unwrap();
    assert_eq!(prov.directory().unwrap().version(), 1);
    assert_eq!(ask(&prov, &address, "/node/directory?after=1").await.unwrap().status.as_u16(), 204);
    let answer = ask(&prov, &address, "/node/crl").await.unwrap();
    assert!(!prov.take_crl(&answer.body).unwrap(), "the list is no newer than its own");
    assert_eq!(ask(&prov, &address, "/healthz").await.unwrap().status.as_u16(), 404);
}

#[tokio::test]
async fn whoever_has_no_certificate_or_one_of_another_authority_is_refused() {
    let clock = clock();
    let root = authority(&clock, "Gốc");
    let gov = node(&root, "gov", &clock);
    let address = at("gov", listen(&gov, &clock).await);
    let stranger = node(&authority(&clock, "Gốc"), "prov", &clock);
    assert!(ask(&stranger, &address, "/node/crl").await.is_err(), "the stranger does not trust gov");
    for identity in [None, Some(stranger.as_ref())] {
        let refused = foreign(identity, &address.address).await;
        assert!(refused.is_err(), "{refused:?}");
    }
    // Under the name of those who join nobody listens: this node is no authority.
    let prov = node(&root, "prov", &clock);
    assert_eq!(ask(&prov, &address, "/node/join").await.unwrap().status.as_u16(), 404);
}

#[tokio::test]
async fn the_name_of_a_node_is_what_its_certificate_says() {
    let clock = clock();
    let root = authority(&clock, "Gốc");
    let (gov, prov) = (node(&root, "gov", &clock), node(&root, "prov", &clock));
    let address = listen(&gov, &clock).await;
    assert!(ask(&prov, &at("dist", address), "/node/crl").await.is_err(), "gov answers where dist should");
    // A node that no directory knows is of the authority, and may not speak all the same.
    gov.take_directory(&directory(&root, &["gov", "dist"], 1)).unwrap();
    // Its session is closed at once, perhaps before it could be told.
    let answer = ask(&prov, &at("gov", address), "/node/crl").await;
    assert!(answer.map_or(true, |answer| answer.status.as_u16() == 403));
    let dist = node(&root, "dist", &clock);
    assert_eq!(ask(&dist, &at("gov", address), "/node/crl").await.unwrap().status.as_u16(), 200);
}

#[tokio::test]
async fn whoever_was_revoked_is_refused_and_an_open_session_is_closed() {
    let clock = clock();
    let root = authority(&clock, "Gốc");
    let (gov, prov, dist) =
        (node(&root, "gov", &clock), node(&root, "prov", &clock), node(&root, "dist", &clock));
    let address = at("gov", listen(&gov, &clock).await);
    let (mut stream, _) = prov.connect(&address).await.unwrap();
    let (mut other, _) = dist.connect(&address).await.unwrap();
    // A request is begun and not finished.
    stream.write_all(b"GET /node/crl HTTP/1.1\r\nhost: gov\r\n").await.unwrap();
    let now = second(&clock);
    let revoked = [Revoked { serial: prov.certificate().serial, at: now }];
    gov.take_crl(root.revoke(2, &revoked, (now, now + 4 * DAY)).unwrap().der()).unwrap();
    let mut answer = Vec::new();
    let closed = tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut answer)).await;
    assert!(closed.is_ok() && answer.is_empty(), "closed, and nothing was said");
    assert!(ask(&prov, &address, "/node/crl").await.is_err());
    other.write_all(b"GET /node/crl HTTP/1.1\r\nhost: gov\r\nconnection: close\r\n\r\n").await.unwrap();
    other.read_to_end(&mut answer).await.unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 200"), "the session of another goes on");
    // The one who was revoked learns it by the list too, and then speaks to nobody who is on it.
    assert!(dist.take_crl(gov.crl().der()).unwrap());
    let prov_listens = at("prov", listen(&prov, &clock).await);
    assert!(ask(&dist, &prov_listens, "/node/crl").await.is_err());
}

#[tokio::test]
async fn nothing_is_said_under_a_stale_list_or_after_a_certificate_has_ended() {
    let clock = clock();
    let root = authority(&clock, "Gốc");
    let (gov, prov) = (node(&root, "gov", &clock), node(&root, "prov", &clock));
    let address = at("gov", listen(&gov, &clock).await);
    let (mut stream, peer) = prov.connect(&address).await.unwrap();
    clock.set(clock.now().plus_minutes(24 * 60 + 1));
    // Both lists of the test count for a day, and so do the certificates.
    let mut answer = Vec::new();
    let closed = tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut answer)).await;
    assert!(closed.is_ok() && answer.is_empty());
    assert_eq!(prov.judge(&peer), Err(trust::Error::OutOfTime));
    assert!(ask(&prov, &address, "/node/crl").await.is_err());
    let now = second(&clock);
    let fresh = root.revoke(2, &[], (now, now + 4 * DAY)).unwrap();
    assert!(gov.take_crl(fresh.der()).unwrap() && prov.take_crl(fresh.der()).unwrap());
    assert!(ask(&prov, &address, "/node/crl").await.is_err(), "the certificates have ended");
    for one in [&gov, &prov] {
        renew(&root, one, now);
    }
    assert!(ask(&prov, &address, "/node/crl").await.is_ok());
    // The list alone is stale now: the certificates count for a year.
    clock.set(clock.now().plus_days(5));
    assert!(ask(&prov, &address, "/node/crl").await.is_err());
}

fn renew(root: &trust::Authority, node: &Arc<engine::node::Node>, now: i64) {
    let key = Key::generate().unwrap();
    let request = Request::read(&key.request(node.name()).unwrap()).unwrap();
    let issued = root.issue(&request, node.name(), (now - 60, now + 365 * DAY)).unwrap();
    node.take_certificate(Arc::new(key), issued).unwrap();
}

#[tokio::test]
async fn a_certificate_is_renewed_while_requests_flow() {
    let clock = clock();
    let root = authority(&clock, "Gốc");
    let (gov, prov) = (node(&root, "gov", &clock), node(&root, "prov", &clock));
    let address = at("gov", listen(&gov, &clock).await);
    let (old, asking, asked) = (prov.certificate(), Arc::clone(&prov), address.clone());
    let flow = tokio::spawn(async move {
        for _ in 0..60 {
            let answer = asking.ask(&asked, (Method::GET, "/node/crl"), (Vec::new(), 1 << 20)).await;
            assert_eq!(answer.unwrap().status.as_u16(), 200);
        }
    });
    let (mut open, _) = prov.connect(&address).await.unwrap();
    for _ in 0..5 {
        renew(&root, &prov, second(&clock));
        renew(&root, &gov, second(&clock));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    flow.await.unwrap();
    let mut answer = Vec::new();
    open.write_all(b"GET /node/crl HTTP/1.1\r\nhost: gov\r\nconnection: close\r\n\r\n").await.unwrap();
    open.read_to_end(&mut answer).await.unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 200"), "what was opened under the old certificate goes on");
    let (signature, certificate) = prov.sign(b"x").unwrap();
    assert!(certificate != old && certificate.verify(b"x", &signature).is_ok());
    let key = Key::generate().unwrap();
    assert!(prov.take_certificate(Arc::new(key), old).is_err(), "a certificate of another key");
}

#[tokio::test]
async fn a_directory_is_never_rolled_back() {
    let clock = clock();
    let root = authority(&clock, "Gốc");
    let prov = node(&root, "prov", &clock);
    let first = directory(&root, &["gov", "prov"], 1);
    let second = next(&root, &first, "hai");
    let (third, other) = (next(&root, &second, "ba"), next(&root, &next(&root, &first, "khác"), "ba"));
    for one in [&first, &second, &third, &third] {
        prov.take_directory(one).unwrap();
    }
    for one in [&second, &first, &other] {
        assert!(prov.take_directory(one).is_err());
    }
    assert!(prov.take_directory(&directory(&authority(&clock, "Gốc"), &["gov"], 9)).is_err());
    assert_eq!(prov.directory().unwrap().version(), 3);
}
