//! Signatures last: evidence and a timestamp over all of it are added behind what was signed, again before the certificate
//! of the last timestamp ends. What was signed stays byte for byte, and other programs go on finding it valid.

use crate::secure::Root;
use crate::signing::{self, PIN, Town19};
use crate::story::{drafted, pdf, press, rows, told};
use base::Instant;
use testkit::{Attachment, Engine, Town};

/// A day passes, with what is done once a day.
fn days_pass(town: &Town, days: i64) {
    town.set_clock(town.now().plus_days(days));
    town.wait(town.server().begin_day("phutho", town.now())).unwrap();
    town.settle();
}

fn hash(town: &Town, page: &str) -> String {
    told(&town.clerk("Phú Thọ"), page)["files"][0]["sha256"].as_str().unwrap().to_owned()
}

fn story(engine: &Engine) {
    let root = Root::new();
    let clock = signing::Clock::secure(&root);
    let lists = tempfile::tempdir().unwrap();
    let (roots, stamp, crls) = (root.path(), clock.address.clone(), lists.path().to_owned());
    let modules = vec![documents::module(), desk::module(), admin::module()];
    let town = Town::configured(engine, modules, move |config| {
        config.outside.roots = Some(roots);
        config.signing.timestamp = Some(stamp);
        config.signing.crls = vec![crls];
    });
    town.set_clock(base::time::Clock::now(&base::time::SystemClock));
    let world = Town19::new(&town);
    town.trust([world.authority.pem.as_bytes(), clock.root_pem.as_bytes()].concat().as_slice());
    std::fs::write(lists.path().join("a.crl"), world.authority.revocation_list().unwrap()).unwrap();

    let annex = pdf("Phu luc", 0);
    let files = [Attachment { field: "files", name: "phu-luc.pdf", bytes: &annex }];
    let to = town.agency("Việt Trì").id.to_string();
    let page = drafted(&town, "Phú Thọ", ("Về việc lưu lâu dài", &[("to", &to)]), &files);
    let (leader, clerk) = (town.leader("Phú Thọ"), town.clerk("Phú Thọ"));
    press(&clerk, &page, "approve-format", &[]).ok();
    press(&leader, &page, "approve", &[("pin", PIN)]).ok();
    press(&clerk, &page, "issue", &[("pin", PIN)]).ok();
    town.settle();
    let document = || clerk.get(&format!("{page}/document.pdf")).bytes;
    let (issued, before) = (document(), hash(&town, &page));

    // Not on the day itself.
    days_pass(&town, 0);
    assert!(document() == issued);
    days_pass(&town, 2);
    let kept = document();
    assert!(kept.starts_with(&issued) && kept.len() > issued.len(), "only behind the end");
    let text = String::from_utf8_lossy(&kept).into_owned();
    assert!(text.contains("/DSS") && text.contains("/CRLs") && text.contains("/DocTimeStamp"));
    world.judged_with_stamps(&kept, &clock.root_pem, (2, 1));
    clerk.get(&page).sees("Ký số hợp lệ").sees("bổ sung bằng chứng lưu trữ").sees(&before);
    assert_ne!(hash(&town, &page), before);
    let files = told(&clerk, &page)["files"].as_array().unwrap().clone();
    let of_annex = files.iter().find(|file| file["name"] == "phu-luc.pdf").unwrap()["id"].as_str().unwrap();
    let annex = clerk.get(&format!("{page}/files/{of_annex}")).bytes.clone();
    world.judged_with_stamps(&annex, &clock.root_pem, (1, 1));
    // What lasts is left alone, however often it is looked at.
    days_pass(&town, 31);
    assert!(document() == kept);
    // Shortly before the certificate of the last timestamp ends there is another one.
    days_pass(&town, 3_550);
    let longer = document();
    assert!(longer.starts_with(&kept) && longer.len() > kept.len());
    assert_eq!(String::from_utf8_lossy(&longer).matches("/DocTimeStamp").count(), 2);
    world.judged_with_stamps(&longer, &clock.root_pem, (2, 2));
    clerk.get(&page).sees("Ký số hợp lệ");
    // A lost authority changes nothing: the file stays, and is looked at again.
    let kept = rows::<(i64,)>(&town, "phutho", "SELECT count(*) FROM documents_lasting WHERE {scope}");
    assert_eq!(kept, [(2,)], "the document and its annex, once each");
    assert!(town.now() > Instant::local(2030, 1, 1, 0, 0).unwrap());
}

#[test]
fn what_was_signed_stays_provable_beyond_the_certificates_it_was_signed_with() {
    for engine in signing::engines() {
        story(&engine);
    }
}
