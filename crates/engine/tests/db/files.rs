//! Stored files: once each, whole or not at all, known by their content.

use base::Error;
use engine::files::{Store, sniff};
use std::path::Path;
use tokio::io::AsyncReadExt;

const OF_ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

fn count(folder: &Path) -> usize {
    std::fs::read_dir(folder).unwrap().count()
}

#[tokio::test]
async fn a_file_is_found_again_by_its_content() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).await.unwrap();
    let mut incoming = store.receive(1000).await.unwrap();
    incoming.write(b"a").await.unwrap();
    incoming.write(b"bc").await.unwrap();
    let stored = incoming.finish().await.unwrap();
    assert_eq!((stored.sha256.as_str(), stored.bytes, stored.content_type), (OF_ABC, 3, "text/plain"));
    let (mut file, length) = store.get(OF_ABC).await.unwrap();
    let mut content = String::new();
    file.read_to_string(&mut content).await.unwrap();
    assert_eq!((content.as_str(), length), ("abc", 3));
}

#[tokio::test]
async fn the_same_content_is_kept_once() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).await.unwrap();
    for _ in 0..3 {
        assert_eq!(store.put(b"abc").await.unwrap().sha256, OF_ABC);
    }
    assert_eq!(count(&folder.path().join("ba/78")), 1);
    assert_eq!(count(&folder.path().join("incoming")), 0);
}

#[tokio::test]
async fn a_file_that_is_too_long_or_given_up_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).await.unwrap();
    let mut incoming = store.receive(2).await.unwrap();
    let answer = incoming.write(b"abc").await;
    assert!(matches!(answer, Err(Error::Refused(_))));
    drop(incoming);
    drop(store.receive(9).await.unwrap());
    assert_eq!(count(&folder.path().join("incoming")), 0);
}

#[tokio::test]
async fn what_a_crash_left_is_cleared_and_what_is_being_written_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).await.unwrap();
    std::fs::write(folder.path().join("incoming/left"), "x").unwrap();
    let mut incoming = store.receive(9).await.unwrap();
    incoming.write(b"abc").await.unwrap();
    let again = Store::open(folder.path()).await.unwrap();
    assert_eq!(count(&folder.path().join("incoming")), 1);
    incoming.finish().await.unwrap();
    assert!(again.get(OF_ABC).await.is_ok());
}

#[tokio::test]
async fn a_name_from_outside_is_never_a_path() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).await.unwrap();
    let up = format!("../{}", &OF_ABC[3..]);
    for name in ["", "../../etc/passwd", &up, &OF_ABC.to_uppercase(), OF_ABC] {
        assert!(matches!(store.get(name).await, Err(Error::NotFound)), "{name}");
    }
}

#[tokio::test]
async fn a_file_is_taken_over_from_another_store_and_removed() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (from, to) = (Store::open(one.path()).await.unwrap(), Store::open(other.path()).await.unwrap());
    assert!(matches!(to.hard_link_from(&from, OF_ABC).await, Err(Error::NotFound)));
    from.put(b"abc").await.unwrap();
    for _ in 0..2 {
        to.hard_link_from(&from, OF_ABC).await.unwrap();
    }
    from.remove(OF_ABC).await.unwrap();
    from.remove(OF_ABC).await.unwrap();
    assert!(from.get(OF_ABC).await.is_err());
    assert_eq!(to.get(OF_ABC).await.unwrap().1, 3);
}

#[test]
fn types_are_told_from_the_content() {
    let word = b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x11\0\0\0mimetype.......PK\x03\x04word/document.xml";
    let cases: [(&[u8], &str); 12] = [
        (b"%PDF-1.7\n", "application/pdf"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg"),
        (b"<?xml version=\"1.0\"?><edXML:edXML/>", "application/xml"),
        (b"\xef\xbb\xbf<?xml version=\"1.0\"?><a/>", "application/xml"),
        (b"<edXML:edXML xmlns:edXML=\"http://www.mic.gov.vn/TBT/QCVN_102_2016\">", "application/xml"),
        (b"<?xml version=\"1.0\"?><svg xmlns=\"x\"/>", "image/svg+xml"),
        (b"<!DOCTYPE html><p>", "text/html"),
        ("Công văn số 1".as_bytes(), "text/plain"),
        (&"Công văn".as_bytes()[..2], "text/plain"),
        (b"\0\x01\x02", "application/octet-stream"),
        (b"", "application/octet-stream"),
        (word, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ];
    for (head, wanted) in cases {
        assert_eq!(sniff(head), wanted, "{}", String::from_utf8_lossy(head));
    }
}
