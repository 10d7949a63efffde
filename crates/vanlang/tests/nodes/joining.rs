//! How an installation joins, and how one is put out.

use crate::rig::{Installation, eventually};

/// gov is the authority and serves; prov has joined it.
fn pair(under: &std::path::Path) -> (Installation, Installation) {
    let mut gov = Installation::new(under, "gov", ("000.00.00.G01", "central"));
    let prov = Installation::new(under, "prov", ("000.00.00.H44", "province"));
    let address = gov.address();
    let founded =
        gov.node(&["found", "--name", "gov", "--title", "Văn phòng Chính phủ", "--address", &address]);
    assert!(founded.unwrap().starts_with("gov: authority "));
    gov.serve();
    let token = gov.node(&["invite", "--name", "prov", "--title", "Tỉnh", "--above", "gov"]).unwrap();
    let joined = prov.node(&["join", "--token", &token, "--address", &prov.address()]).unwrap();
    let joined: serde_json::Value = serde_json::from_str(&joined).unwrap();
    assert_eq!((&joined["name"], &joined["authority"]), (&"prov".into(), &gov.status()["authority"]));
    let again = Installation::new(under, "dist", ("000.00.01.H44", "district"));
    let again = again.node(&["join", "--token", &token, "--address", "127.0.0.1:1"]);
    assert!(again.unwrap_err().contains("used"), "a token is good once");
    (gov, prov)
}

#[test]
fn an_installation_joins_with_one_command_on_each_side_and_both_know_whose_agencies_are_whose() {
    let folder = tempfile::tempdir().unwrap();
    let (gov, mut prov) = pair(folder.path());
    prov.serve();
    for one in [&gov, &prov] {
        eventually("both know both agencies", || {
            let status = one.status();
            let peers = status["peers"].as_array().unwrap();
            peers.len() == 2 && peers.iter().all(|peer| peer["agencies"] == 1)
        });
    }
    let status = prov.status();
    assert_eq!((&status["is_authority"], &status["crl_is_fresh"]), (&false.into(), &true.into()));
    assert!(status["certificate_days"].as_i64().unwrap() > 170, "{status}");
    // A third claims a code that is prov's.
    let mut thief = Installation::new(folder.path(), "thief", ("000.00.00.H44", "province"));
    let token = gov.node(&["invite", "--name", "thief", "--above", "gov"]).unwrap();
    thief.node(&["join", "--token", &token, "--address", &thief.address()]).unwrap();
    thief.serve();
    eventually("the authority shows what is contested", || {
        gov.node(&["list"]).unwrap().contains(r#""by":"thief","contested":"000.00.00.H44","held_by":"prov""#)
    });
    eventually("the thief is told", || thief.log().contains("another node holds the code"));
    let listed = gov.node(&["list"]).unwrap();
    assert!(
        listed.lines().any(|line| line.contains(r#""name":"thief""#) && line.contains(r#""agencies":0"#))
    );
}

#[test]
fn whoever_is_revoked_is_put_out_while_both_serve_and_comes_back_only_by_a_new_token() {
    let folder = tempfile::tempdir().unwrap();
    let (gov, mut prov) = pair(folder.path());
    prov.serve();
    eventually("prov has told its agencies", || {
        gov.node(&["list"]).unwrap().matches(r#""agencies":1"#).count() == 2
    });
    assert!(gov.node(&["revoke", "prov"]).unwrap().contains("1 certificates revoked"));
    let asked = || gov.log().matches("a node was refused").count();
    eventually("gov refuses prov", || asked() > 0);
    assert!(gov.node(&["invite", "--name", "gov", "--above", "gov"]).is_err(), "its own name is taken");
    assert!(gov.node(&["revoke", "gov"]).is_err());
    prov.kill();
    let token = gov.node(&["invite", "--name", "prov", "--above", "gov"]).unwrap();
    prov.node(&["join", "--token", &token, "--address", &prov.address()]).unwrap();
    let before = asked();
    prov.serve();
    eventually("prov tells again", || {
        prov.status()["directory_version"] == gov.status()["directory_version"]
    });
    assert_eq!(asked(), before, "{}", gov.log());
}

#[test]
fn a_token_of_another_authority_opens_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut gov = Installation::new(folder.path(), "gov", ("000.00.00.G01", "central"));
    let other = Installation::new(folder.path(), "other", ("000.00.00.G02", "central"));
    let address = gov.address();
    for one in [&gov, &other] {
        one.node(&["found", "--name", one.name, "--title", one.name, "--address", &address]).unwrap();
    }
    gov.serve();
    // The token leads to the address where gov listens, but names the authority of the other.
    let token = other.node(&["invite", "--name", "prov", "--above", "other"]).unwrap();
    let prov = Installation::new(folder.path(), "prov", ("000.00.00.H44", "province"));
    let refused = prov.node(&["join", "--token", &token, "--address", &prov.address()]).unwrap_err();
    assert!(refused.contains("UnknownIssuer"), "{refused}");
    assert!(prov.node(&["status"]).is_err(), "nothing was kept");
    let mut damaged = token;
    damaged.pop();
    assert!(prov.node(&["join", "--token", &damaged, "--address", &prov.address()]).is_err());
}

#[test]
fn the_master_key_changes_and_a_backup_comes_back_with_the_node_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let gov = Installation::new(folder.path(), "gov", ("000.00.00.G01", "central"));
    let address = gov.address();
    gov.node(&["found", "--name", "gov", "--title", "Gốc", "--address", &address]).unwrap();
    let before = gov.status();
    assert!(gov.command(&["rotate-key"]).status.success());
    assert_eq!(gov.status()["authority"], before["authority"]);
    gov.node(&["invite", "--name", "prov", "--above", "gov"]).unwrap();
    let copy = folder.path().join("copy");
    assert!(gov.command(&["backup", "--to", copy.to_str().unwrap()]).status.success());
    std::fs::remove_dir_all(gov.data()).unwrap();
    let restored = gov.command(&["restore", "--from", copy.to_str().unwrap()]);
    assert!(restored.status.success(), "{}", String::from_utf8_lossy(&restored.stderr));
    assert_eq!(gov.status()["authority"], before["authority"]);
}
