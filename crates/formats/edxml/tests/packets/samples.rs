//! Packets of other people's software, read from the shared data folder where it is present.

use std::fs;
use std::path::{Path, PathBuf};

use edxml::{BusinessKind, Inspection, Limits, Packet, Reason, Signature, inspect, read};

fn folder() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/data/edxml");
    if root.is_dir() {
        return Some(root);
    }
    println!("skipped: no sample packets at {}", root.display());
    None
}

fn look(path: &Path) -> Inspection {
    inspect(&path.file_name().unwrap().to_string_lossy(), fs::read(path).unwrap().as_slice())
}

fn document(path: &Path) -> edxml::Document {
    match read(fs::read(path).unwrap().as_slice(), &Limits::default(), |_| Ok(Vec::new())).unwrap().packet {
        Packet::Document(document) => *document,
        Packet::Status(_) => panic!("{} is a status", path.display()),
    }
}

#[test]
fn every_well_formed_sample_is_read_and_its_kind_recognised() {
    let Some(root) = folder() else { return };
    let mut seen = 0;
    for part in ["vxp-sdk", "vnpt-jar-generated"] {
        for entry in fs::read_dir(root.join(part)).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let seen_as = look(&path);
            let wanted = match name.as_str() {
                "edoc.edxml" => "quarantined",
                n if n.contains("status") => "status",
                _ => "document",
            };
            assert_eq!(seen_as.verdict, wanted, "{name}: {seen_as:?}");
            if let Some(code) = seen_as.status_code {
                assert!(name.contains(&code), "{name} has status {code}");
                assert!(seen_as.document_id.unwrap().ends_with("-VX") || part == "vxp-sdk", "{name}");
            }
            seen += 1;
        }
    }
    assert_eq!(seen, 28);
}

#[test]
fn the_unbound_prefix_and_the_junk_prefix_are_quarantined() {
    let Some(root) = folder() else { return };
    let unbound = fs::read(root.join("vxp-sdk/edoc.edxml")).unwrap();
    let refused = read(unbound.as_slice(), &Limits::default(), |_| Ok(Vec::new())).unwrap_err();
    assert_eq!(refused.reason, Reason::NotWellFormed);
    assert!(refused.detail.contains("xlink"), "{refused}");

    let mut junk = b"1212".to_vec();
    junk.extend(fs::read(root.join("vxp-sdk/edoc_new.edxml")).unwrap());
    let refused = read(junk.as_slice(), &Limits::default(), |_| Ok(Vec::new())).unwrap_err();
    assert_eq!(refused.reason, Reason::JunkBeforeProlog);
}

#[test]
fn a_new_document_of_the_vendor_builder_is_read_field_by_field() {
    let Some(root) = folder() else { return };
    let json = serde_json::to_value(look(&root.join("vnpt-jar-generated/vnpt_new.edxml"))).unwrap();
    let wanted = serde_json::json!({
        "file": "vnpt_new.edxml", "verdict": "document", "reason": null, "business": "new",
        "document_id": "000.00.00.H44,2017/05/12,1234/UBND-VX", "status_code": null,
        "from": "000.00.00.H44", "to": ["000.00.01.H44", "000.00.02.H44"],
        "number": "1234", "notation": "UBND-VX", "place": "Phú Thọ", "promulgated": "2017-05-12",
        "type": "Công văn", "subject": "V/v kiểm tra công tác văn thư năm 2017",
        "signer": {"competence": "TM.", "position": "Phó Chủ tịch", "name": "Nguyễn Văn A"},
        "due": "2017-05-20", "priority": "0", "response_for": [],
        "attachments": [
            {"name": "1234_UBND-VX.pdf", "content_type": "application/pdf", "bytes": 13,
             "sha256": "747c27bf2892af373186bd6bf57c8a97e6027ee4225b91f58e9289ac00e3814f"},
            {"name": "phuluc.docx", "content_type": "text/plain", "bytes": 12,
             "sha256": "dd60e826c218c9d2c29c2be2f060eb753ca06dcddf4969aaf74cd8ec6ada0fce"},
        ],
        "signature": "unverifiable", "warnings": ["attachment_type_mismatch: phuluc.docx is text/plain"],
    });
    assert_eq!(json, wanted);
}

#[test]
fn recall_update_and_replacement_name_their_targets() {
    let Some(root) = folder() else { return };
    let id = "000.00.00.H44,2017/05/12,1234/UBND-VX";
    let jar = |name: &str| document(&root.join("vnpt-jar-generated").join(name));

    let recall = jar("vnpt_revoke.edxml");
    assert_eq!((recall.business.kind, recall.target()), (BusinessKind::Recall, Some(id)));
    let update = jar("vnpt_update.edxml");
    assert_eq!((update.business.kind, update.target()), (BusinessKind::Update, Some(id)));
    let info = update.business.update.unwrap();
    let receivers: Vec<_> = info.receivers.iter().map(|r| (r.organ_id.as_str(), r.added)).collect();
    assert_eq!(receivers, [("000.00.03.H44", Some(true)), ("000.00.02.H44", Some(false))]);
    assert!(info.receivers_changed && !info.document_changed);
    let replace = jar("vnpt_replace.edxml");
    assert_eq!(replace.business.replacements[0].document_id, id);
    assert_eq!(replace.business.replacements[0].organ_ids, ["000.00.01.H44", "000.00.02.H44"]);
    assert_eq!(jar("vnpt_reply.edxml").response_for[0].key(), id);

    // The other vendor's recall has no id in the business block: the header's counts.
    let recall = document(&root.join("vxp-sdk/edoc_revocation.edxml"));
    assert!(recall.business.document_id.is_empty());
    assert_eq!(recall.target(), Some(recall.document_id.as_str()));
    assert_eq!(recall.to[0].id, "000.00.00.H41");
    assert_eq!(recall.signature, Signature::Unverifiable);
}

#[test]
fn the_one_entry_zip_around_a_sample_attachment_is_taken_off() {
    let Some(root) = folder() else { return };
    let new = document(&root.join("vxp-sdk/edoc_new.edxml"));
    let attachment = &new.attachments[0];
    assert!(attachment.unwrapped);
    assert_eq!(attachment.name, "1896_QD-TTg_m_294779.doc");
    assert_eq!(attachment.content_type, "text/xml");
    assert_eq!(attachment.bytes, 388_347);
    assert_eq!(attachment.sha256, "8385739ec4a4ed36d71eabcaead629641ffc5ffff3d487ff5c34d2f821c9f36e");
}

#[test]
fn a_recall_request_names_the_receiver_where_reports_name_the_sender() {
    let Some(root) = folder() else { return };
    for (file, sender, receiver) in [
        ("vxp-sdk/status_acceptance_03.edxml", "000.00.00.G22", "000.00.00.H41"),
        ("vxp-sdk/status_cancellation_13.edxml", "000.00.00.G22", "000.00.00.H41"),
    ] {
        let bytes = fs::read(root.join(file)).unwrap();
        let received = read(bytes.as_slice(), &Limits::default(), |_| Ok(Vec::new())).unwrap();
        let Packet::Status(status) = received.packet else { panic!("{file}") };
        assert_eq!((status.document_sender(), status.document_receiver()), (sender, receiver), "{file}");
        assert_eq!(status.key(), "000.00.00.G22,2015/09/30,7816/VPCP-TTĐT");
    }
}
