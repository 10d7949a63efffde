//! Stored files: once each, whole or not at all, known by their content.

use base::Error;
use engine::files::{Master, Store, add_wrapping, keep_only, sniff};
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

const OF_ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

/// A store whose master key lies beside its folder.
async fn open(folder: &Path) -> Result<Store, Error> {
    let master = Master::open(&key_beside(folder), true)?;
    Store::open(folder, &master).await
}

fn key_beside(folder: &Path) -> PathBuf {
    folder.with_extension("master")
}

fn on_disk(folder: &Path, sha256: &str) -> PathBuf {
    folder.join(&sha256[..2]).join(&sha256[2..4]).join(sha256)
}

fn count(folder: &Path) -> usize {
    std::fs::read_dir(folder).unwrap().count()
}

#[tokio::test]
async fn a_file_is_found_again_by_its_content() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await.unwrap();
    let mut incoming = store.receive(1000).await.unwrap();
    incoming.write(b"a").await.unwrap();
    incoming.write(b"bc").await.unwrap();
    let stored = incoming.finish().await.unwrap();
    assert_eq!((stored.sha256.as_str(), stored.bytes, stored.content_type), (OF_ABC, 3, "text/plain"));
    let (file, length) = store.get(OF_ABC).await.unwrap();
    assert_eq!((file.read_all().await.unwrap().as_slice(), length), (b"abc".as_slice(), 3));
}

#[tokio::test]
async fn the_same_content_is_kept_once() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await.unwrap();
    for _ in 0..3 {
        assert_eq!(store.put(b"abc").await.unwrap().sha256, OF_ABC);
    }
    assert_eq!(count(&folder.path().join("ba/78")), 1);
    assert_eq!(count(&folder.path().join("incoming")), 0);
}

#[tokio::test]
async fn a_file_that_is_too_long_or_given_up_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await.unwrap();
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
    let store = open(folder.path()).await.unwrap();
    std::fs::write(folder.path().join("incoming/left"), "x").unwrap();
    let mut incoming = store.receive(9).await.unwrap();
    incoming.write(b"abc").await.unwrap();
    let again = open(folder.path()).await.unwrap();
    assert_eq!(count(&folder.path().join("incoming")), 1);
    incoming.finish().await.unwrap();
    assert!(again.get(OF_ABC).await.is_ok());
}

#[tokio::test]
async fn a_name_from_outside_is_never_a_path() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await.unwrap();
    let up = format!("../{}", &OF_ABC[3..]);
    for name in ["", "../../etc/passwd", &up, &OF_ABC.to_uppercase(), OF_ABC] {
        assert!(matches!(store.get(name).await, Err(Error::NotFound)), "{name}");
    }
}

#[tokio::test]
async fn a_file_is_taken_over_from_another_store_and_removed() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (from, to) = (open(one.path()).await.unwrap(), open(other.path()).await.unwrap());
    assert!(matches!(to.take_over(&from, OF_ABC).await, Err(Error::NotFound)));
    from.put(b"abc").await.unwrap();
    for _ in 0..2 {
        to.take_over(&from, OF_ABC).await.unwrap();
    }
    from.remove(OF_ABC).unwrap();
    from.remove(OF_ABC).unwrap();
    assert!(from.get(OF_ABC).await.is_err());
    assert_eq!(to.get(OF_ABC).await.unwrap().1, 3);
}

#[tokio::test]
async fn what_lies_on_disk_tells_nothing_and_is_read_from_any_place() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await.unwrap();
    let words = "Công văn mật số 12. ".repeat(20_000);
    let bytes = words.as_bytes();
    let mut incoming = store.receive(u64::MAX).await.unwrap();
    for piece in bytes.chunks(7001) {
        incoming.write(piece).await.unwrap();
    }
    let stored = incoming.finish().await.unwrap();
    let disk = std::fs::read(on_disk(folder.path(), &stored.sha256)).unwrap();
    assert!(!disk.windows(10).any(|window| window == &bytes[..10]));
    let (mut content, length) = store.get(&stored.sha256).await.unwrap();
    assert_eq!(length, u64::try_from(bytes.len()).unwrap());
    for at in [0, 1, 65_535, 65_536, 65_537, 131_072, bytes.len() - 3, bytes.len()] {
        let mut part = Vec::new();
        content.seek(SeekFrom::Start(u64::try_from(at).unwrap())).unwrap();
        content.by_ref().take(70_000).read_to_end(&mut part).unwrap();
        assert!(part == bytes[at..bytes.len().min(at + 70_000)], "from {at}");
    }
    assert_eq!(content.read_all().await.unwrap(), b"");
    assert_eq!(store.put(b"").await.unwrap().bytes, 0);
}

#[tokio::test]
async fn a_file_changed_cut_or_exchanged_on_disk_does_not_open() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await.unwrap();
    let (a, b) = (vec![b'a'; 200_000], vec![b'b'; 200_000]);
    let (a, b) = (store.put(&a).await.unwrap().sha256, store.put(&b).await.unwrap().sha256);
    let path = on_disk(folder.path(), &a);
    let good = std::fs::read(&path).unwrap();
    let reads = |bytes: Vec<u8>| {
        std::fs::write(&path, bytes).unwrap();
        let (store, a) = (store.clone(), a.clone());
        async move {
            match store.get(&a).await {
                Ok((content, _)) => content.read_all().await.is_ok(),
                Err(_) => false,
            }
        }
    };
    for at in [3, 12, 40, 84, 70_000, good.len() - 1] {
        let mut bad = good.clone();
        bad[at] ^= 1;
        assert!(!reads(bad).await, "byte {at}");
    }
    assert!(!reads(good[..good.len() - 65_552].to_vec()).await, "a piece less");
    assert!(!reads(good[..40].to_vec()).await, "half a head");
    assert!(!reads(std::fs::read(on_disk(folder.path(), &b)).unwrap()).await, "another file");
    assert!(reads(good.clone()).await);
}

#[tokio::test]
async fn without_its_key_a_store_says_plainly_what_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    open(folder.path()).await.unwrap().put(b"abc").await.unwrap();
    let key = key_beside(folder.path());
    let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&key).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
    let told = |answer: Result<Store, Error>| answer.map(drop).expect_err("a refusal").to_string();
    // Another installation's key.
    let other = Master::open(&folder.path().with_extension("other"), true).unwrap();
    let wrong = told(Store::open(folder.path(), &other).await);
    assert!(wrong.contains("wrapped under master key") && wrong.contains(&other.name()), "{wrong}");
    // The key file is gone, and nobody makes another.
    let moved = folder.path().with_extension("moved");
    std::fs::rename(&key, &moved).unwrap();
    let missing = Master::open(&key, false).unwrap_err().to_string();
    assert!(missing.contains("is missing") && missing.contains("backup"), "{missing}");
    std::fs::write(&key, "not a key").unwrap();
    assert!(Master::open(&key, true).unwrap_err().to_string().contains("is no master key"));
    std::fs::rename(&moved, &key).unwrap();
    // The tenant's own key is gone.
    std::fs::remove_file(folder.path().join("tenant.key")).unwrap();
    let lost = told(open(folder.path()).await);
    assert!(lost.contains("tenant.key is missing"), "{lost}");
    for file in ["other", "master"] {
        std::fs::remove_file(folder.path().with_extension(file)).unwrap();
    }
}

#[tokio::test]
async fn the_master_key_is_changed_without_touching_a_file() {
    let folder = tempfile::tempdir().unwrap();
    open(folder.path()).await.unwrap().put(b"abc").await.unwrap();
    let before = std::fs::read(on_disk(folder.path(), OF_ABC)).unwrap();
    let (old, next) = (key_beside(folder.path()), folder.path().with_extension("next"));
    let (old, new) = (Master::open(&old, false).unwrap(), Master::open(&next, true).unwrap());
    add_wrapping(folder.path(), (&old, &new)).unwrap();
    // Stopped here, either key opens the files.
    for master in [&old, &new] {
        assert!(Store::open(folder.path(), master).await.unwrap().get(OF_ABC).await.is_ok());
    }
    keep_only(folder.path(), &new).unwrap();
    assert!(Store::open(folder.path(), &old).await.is_err());
    assert!(Store::open(folder.path(), &new).await.unwrap().get(OF_ABC).await.is_ok());
    assert_eq!(std::fs::read(on_disk(folder.path(), OF_ABC)).unwrap(), before);
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
