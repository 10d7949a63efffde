//! An agency with old software exchanges by two folders.

use crate::people::{
    OURS, add_theirs, issue, letter, modules, press, read_document, read_status, received, report, standing,
    turn,
};
use engine::config::Folder;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use testkit::{Engine, Town};

const OLD: &str = "000.00.77.H44";

struct Place {
    incoming: PathBuf,
    out: PathBuf,
    _held: tempfile::TempDir,
}

fn everywhere(story: impl Fn(&Town, &Place)) {
    for engine in [Some(Engine::Sqlite), Engine::postgres()].into_iter().flatten() {
        let held = tempfile::tempdir().unwrap();
        let (incoming, out) = (held.path().join("vao"), held.path().join("ra"));
        fs::create_dir(&incoming).unwrap();
        let town = Town::configured(&engine, modules(), |config| {
            config.folders = vec![Folder {
                tenant: "phutho".to_owned(),
                agencies: vec![OLD.to_owned()],
                incoming: incoming.clone(),
                out: out.clone(),
            }];
        });
        story(&town, &Place { incoming, out, _held: held });
    }
}

/// Drops a file that nobody has touched for a while.
fn drop_in(place: &Place, name: &str, bytes: &[u8]) {
    let path = place.incoming.join(name);
    fs::write(&path, bytes).unwrap();
    let file = fs::File::options().write(true).open(&path).unwrap();
    file.set_modified(SystemTime::UNIX_EPOCH).unwrap();
}

fn names(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut all: Vec<String> = entries
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_type().unwrap().is_file())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    all.sort();
    all
}

#[test]
fn a_file_that_is_dropped_becomes_a_document_and_its_statuses_lie_in_the_other_folder() {
    everywhere(|town, place| {
        drop_in(place, "cong-van.edxml", &letter(OLD, &[OURS], ("12", "báo cáo quý")));
        assert_eq!(turn(town, 1), 1);
        assert_eq!(
            (names(&place.incoming), names(&place.incoming.join("done"))),
            (vec![], vec!["cong-van.edxml".to_owned()])
        );
        let [(subject, page)] = &received(town, "Phú Thọ")[..] else { panic!("one letter") };
        assert_eq!(subject, "báo cáo quý");
        press(&town.clerk("Phú Thọ"), page, "accept", &[]).sees("Đã vào sổ");
        turn(town, 1);
        let mut codes: Vec<String> = names(&place.out)
            .iter()
            .map(|name| read_status(&fs::read(place.out.join(name)).unwrap()).code.code().to_owned())
            .collect();
        codes.sort();
        assert_eq!(codes, ["01", "03"]);
        // The same file again is the same document.
        drop_in(place, "cong-van.edxml", &letter(OLD, &[OURS], ("12", "báo cáo quý")));
        turn(town, 1);
        assert_eq!(received(town, "Phú Thọ").len(), 1);
        assert_eq!(names(&place.incoming.join("done")).len(), 2);
    });
}

#[test]
fn a_document_for_the_agency_is_written_whole_and_its_status_comes_back_as_a_file() {
    everywhere(|town, place| {
        let old = add_theirs(town, (OLD, "Trung tâm Lưu trữ"));
        let page = issue(town, "gửi bằng thư mục", &[old]);
        turn(town, 1);
        let files = names(&place.out);
        let [name] = &files[..] else { panic!("one file: {files:?}") };
        assert!(name.starts_with("edoc-") && name.contains(".edxml"));
        let document = read_document(&fs::read(place.out.join(name)).unwrap());
        assert_eq!((document.subject.as_str(), document.to[0].id.as_str()), ("gửi bằng thư mục", OLD));
        assert_eq!(standing(town, &page, OLD).0, "queued");
        drop_in(place, "tra-loi.edxml", &report(OLD, &document, ("03", "")));
        turn(town, 1);
        assert_eq!(standing(town, &page, OLD).0, "registered");
    });
}

#[test]
fn a_file_that_is_still_written_waits_and_a_bad_one_lies_beside_its_reason() {
    everywhere(|town, place| {
        let good = letter(OLD, &[OURS], ("13", "chưa ghi xong"));
        fs::write(place.incoming.join("dang-ghi.edxml"), &good[..good.len() / 2]).unwrap();
        fs::write(place.incoming.join(".an.edxml"), &good).unwrap();
        assert_eq!(turn(town, 1), 0);
        assert_eq!(names(&place.incoming), [".an.edxml", "dang-ghi.edxml"]);
        drop_in(place, "dang-ghi.edxml", &good);
        drop_in(place, "hong.edxml", b"1212<?xml version=\"1.0\"?><edXML/>");
        drop_in(place, "mao-danh.edxml", &letter("000.00.00.H53", &[OURS], ("14", "không phải của họ")));
        drop_in(place, "khong-ai.edxml", &letter(OLD, &["000.00.00.H99"], ("15", "không gửi ai")));
        assert_eq!(turn(town, 1), 4);
        assert_eq!(received(town, "Phú Thọ").len(), 1);
        let refused = place.incoming.join("refused");
        let wanted = [
            "hong.edxml",
            "hong.edxml.txt",
            "khong-ai.edxml",
            "khong-ai.edxml.txt",
            "mao-danh.edxml",
            "mao-danh.edxml.txt",
        ];
        assert_eq!(names(&refused), wanted);
        let reason = |name: &str| fs::read_to_string(refused.join(name)).unwrap();
        assert!(reason("hong.edxml.txt").contains("không phải gói tin edXML"));
        assert!(reason("mao-danh.edxml.txt").contains("không được gửi bằng đường này"));
        assert!(reason("khong-ai.edxml.txt").contains("000.00.00.H99"));
        // Nobody who could be reached is missed in silence.
        drop_in(place, "hai-noi.edxml", &letter(OLD, &[OURS, "000.00.00.H53"], ("16", "hai nơi")));
        turn(town, 1);
        let note = fs::read_to_string(place.incoming.join("done").join("hai-noi.edxml.txt")).unwrap();
        assert!(note.contains("000.00.00.H53") && !note.contains(OURS), "{note}");
    });
}

#[test]
fn while_the_folder_cannot_be_written_the_document_waits() {
    everywhere(|town, place| {
        let old = add_theirs(town, (OLD, "Trung tâm Lưu trữ"));
        // A file stands where the folder would be made.
        fs::write(&place.out, b"").unwrap();
        let page = issue(town, "chờ thư mục", &[old]);
        turn(town, 61);
        town.admin("Phú Thọ").get("/admin/troubles").ok().sees("Chưa ghi được vào thư mục");
        fs::remove_file(&place.out).unwrap();
        turn(town, 1);
        assert_eq!(names(&place.out).len(), 1);
        assert_eq!(standing(town, &page, OLD).0, "queued");
    });
}
