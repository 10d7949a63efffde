//! S4: packets that other vendors' systems have written are read, field by field, and imported by a clerk.

use crate::invariants;
use crate::story::told;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use testkit::{Attachment, Town};
use vanlang::commands::inspect_edxml;

/// The one sample that is not well-formed.
const BROKEN: &str = "edoc.edxml";

/// Every sample packet, in order; none where the folder is absent, which is said in one line.
fn samples() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/edxml");
    let mut all: Vec<PathBuf> = ["vnpt-jar-generated", "vxp-sdk"]
        .iter()
        .filter_map(|folder| fs::read_dir(root.join(folder)).ok())
        .flat_map(|entries| entries.map(|entry| entry.unwrap().path()))
        .filter(|path| path.extension().is_some_and(|end| end == "edxml"))
        .collect();
    all.sort();
    if all.is_empty() {
        println!("skipped: no sample packets");
    }
    all
}

fn name_of(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).unwrap()
}

/// What `vanlang edxml inspect` prints for a file.
fn inspected(path: &Path) -> Value {
    let mut out = Vec::new();
    let clean = inspect_edxml(&[path.to_owned()], &mut out).unwrap();
    let json: Value = serde_json::from_slice(&out).unwrap();
    assert_eq!(clean, json["verdict"] != "quarantined", "{json}");
    json
}

/// What the packet says in its own words, read with no reader of ours.
fn raw(text: &str, name: &str) -> Option<String> {
    let open = text.find(&format!(":{name}>")).or_else(|| text.find(&format!("<{name}>")))?;
    let rest = text.get(open..)?.split_once('>')?.1;
    let value = rest.split('<').next()?.trim();
    Some(value.replace("&amp;", "&").replace("&quot;", "\"")).filter(|value| !value.is_empty())
}

#[test]
fn every_well_formed_sample_says_what_it_says() {
    for path in samples() {
        let json = inspected(&path);
        let name = name_of(&path);
        if name == BROKEN {
            assert_eq!(json["verdict"], "quarantined", "{json}");
            assert!(json["reason"].is_string(), "{json}");
            continue;
        }
        let text = String::from_utf8(fs::read(&path).unwrap()).unwrap();
        let expected = if name.contains("status") { "status" } else { "document" };
        assert_eq!(json["verdict"], expected, "{name}: {json}");
        let mut fields =
            vec![("status_code", "StatusCode"), ("subject", "Subject"), ("number", "CodeNumber")];
        fields.extend([("notation", "CodeNotation"), ("type", "TypeName"), ("from", "OrganId")]);
        for (field, element) in fields {
            // A status names the document it speaks of where a document has its own subject and code.
            if expected == "document" || field == "status_code" || field == "from" {
                assert_eq!(json[field].as_str().map(str::to_owned), raw(&text, element), "{name}: {element}");
            }
        }
        let wanted = text.matches("<Attachment>").count() + text.matches(":Attachment>").count() / 2;
        assert_eq!(json["attachments"].as_array().unwrap().len(), wanted, "{name}: {json}");
    }
}

#[test]
fn a_packet_with_junk_before_its_first_line_is_set_aside() {
    let Some(good) = samples().into_iter().find(|path| name_of(path) == "vnpt_new.edxml") else { return };
    let folder = tempfile::tempdir().unwrap();
    let junk = folder.path().join("junk.edxml");
    fs::write(&junk, [b"1212".as_slice(), &fs::read(good).unwrap()].concat()).unwrap();
    let json = inspected(&junk);
    assert_eq!(json["verdict"], "quarantined");
    assert!(json["reason"].is_string(), "{json}");
}

/// Hands all samples in at once, then compares what was entered with what the packets say.
fn handed_in(town: &Town, paths: &[PathBuf]) {
    let bytes: Vec<Vec<u8>> = paths.iter().map(|path| fs::read(path).unwrap()).collect();
    let files: Vec<Attachment<'_>> = paths
        .iter()
        .zip(&bytes)
        .map(|(path, bytes)| Attachment { field: "files", name: name_of(path), bytes })
        .collect();
    let clerk = town.clerk("Phú Thọ");
    clerk.get("/documents/incoming/import").ok();
    clerk.post_files("/documents/incoming/import", &[], &files).ok().sees("Đang đọc");
    town.settle();
}

/// What the clerk is told of a file that was set aside.
fn reason_of(notices: &str, name: &str) -> String {
    let told = notices.split(&format!("Tệp {name} bị giữ lại: ")).nth(1);
    told.unwrap_or_else(|| panic!("nothing is told of {name}: {notices}")).to_owned()
}

fn hashes(json: &Value, list: &str) -> Vec<String> {
    let all = json[list].as_array().unwrap().iter();
    all.map(|file| file["sha256"].as_str().unwrap().to_owned()).collect()
}

testkit::stories! {
    of [documents::module(), desk::module(), admin::module()];

    fn a_clerk_hands_in_every_sample_and_each_is_entered_or_set_aside_with_a_reason(town: Town) {
        let paths = samples();
        if !paths.is_empty() {
            handed_in(&town, &paths);
        }
        let clerk = town.clerk("Phú Thọ");
        let list = clerk.api("/documents/incoming", None).ok().json();
        let entered: Vec<Value> = list["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| told(&clerk, &format!("/documents/incoming/{}", one["id"].as_str().unwrap())))
            .collect();
        let notices = clerk.get("/notices").text();
        let mut keys = BTreeSet::new();
        for path in &paths {
            let (name, json) = (name_of(path), inspected(path));
            let word = |name: &str| json[name].as_str().unwrap_or_default().to_owned();
            let is_document = matches!(word("business").as_str(), "new" | "replace");
            if !is_document || !keys.insert((word("document_id"), word("from"))) {
                if notices.contains(&format!("Tệp {name}: yêu cầu hoặc trạng thái")) {
                    // What it is about had come before it: it was acted on.
                    let asks = matches!(word("business").as_str(), "recall" | "update");
                    assert!(asks || word("status_code") == "13", "{name}: {json}");
                    continue;
                }
                let reason = reason_of(&notices, name);
                let expected = match (word("verdict").as_str(), word("business").as_str()) {
                    ("quarantined", _) => "Gói tin sai cú pháp XML",
                    ("status", _) if word("status_code") == "13" => "Yêu cầu thu hồi một văn bản",
                    ("status", _) => "Gói trạng thái về một văn bản",
                    (_, "recall") => "Yêu cầu thu hồi một văn bản",
                    (_, "update") => "Cập nhật một văn bản",
                    _ => "Văn bản này đã có ở cơ quan",
                };
                assert!(reason.starts_with(expected), "{name}: {reason}");
                continue;
            }
            let same = |one: &&Value| one["document_id"] == json["document_id"] && one["from"]["code"] == json["from"];
            let found = entered.iter().find(same).unwrap_or_else(|| panic!("{name} was not entered: {notices}"));
            for field in ["subject", "place", "promulgated", "type"] {
                assert_eq!(found[field].as_str().unwrap(), word(field), "{name}: {field}");
            }
            // A PDF inside may bear signatures of its own, which nobody here trusts.
            let bears_pdf = json["attachments"].to_string().contains(".pdf");
            let inside = bears_pdf && json["signature"] == "none" && found["signature"] == "unverifiable";
            assert!(inside || found["signature"] == json["signature"], "{name}: {}", found["signature"]);
            assert_eq!(hashes(found, "files"), hashes(&json, "attachments"), "{name}");
        }
        assert_eq!(entered.len(), keys.len(), "{list}");
        // The process is alive, and what was entered can be registered.
        let valid = entered.iter().filter(|one| one["status"] != "replaced");
        for (number, one) in (1..).zip(valid) {
            let page = format!("/documents/incoming/{}", one["id"].as_str().unwrap());
            clerk.get(&page).ok();
            clerk.post(&format!("{page}/accept"), &[]).sees(&format!("Đã vào sổ số đến {number}"));
        }
        invariants::hold(&town);
    }
}
