//! Who may speak.

use crate::support::{DAY, ask, at, authority, clock, directory, listen, node, second};
use trust::Revoked;

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
async fn whoever_was_revoked_is_refused() {
    let clock = clock();
    let root = authority(&clock, "Gốc");
    let (gov, prov) = (node(&root, "gov", &clock), node(&root, "prov", &clock));
    let address = at("gov", listen(&gov, &clock).await);
    assert!(ask(&prov, &address, "/node/crl").await.is_ok());
    let now = second(&clock);
    let revoked = [Revoked { serial: prov.certificate().serial, at: now }];
    gov.take_crl(root.revoke(2, &revoked, (now, now + 4 * DAY)).unwrap().der()).unwrap();
    assert!(ask(&prov, &address, "/node/crl").await.is_err());
}
