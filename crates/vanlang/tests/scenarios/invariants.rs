//! What holds after every scenario (I1 to I9 of the acceptance scenarios).

use crate::story::{rows, rows_everywhere};
use kernel::Dialect;
use std::collections::{BTreeMap, BTreeSet};
use testkit::{AGENCIES, TENANTS, Town};

/// Everything that holds once all queues are empty.
pub(crate) fn hold(town: &Town) {
    hold_but_statuses(town);
    statuses_agree(town);
}

/// As [`hold`], for scenarios in which statuses are forged.
pub(crate) fn hold_but_statuses(town: &Town) {
    numbers_have_no_gaps(town);
    one_effect_for_each(town);
    files_are_the_same_at_both_ends(town);
    journals_verify(town);
    nothing_is_lost(town);
    registers_tell_the_rows(town);
    counts_are_those_of_the_rows(town);
}

/// I1: numbers of a register run from 1 without gap or repetition, arriving, leaving, and on secret paper.
pub(crate) fn numbers_have_no_gaps(town: &Town) {
    const ARRIVED: &str = "SELECT agency_id, series, arrival_year, arrival_number FROM documents_incoming
         WHERE {scope} AND arrival_number IS NOT NULL";
    const LEFT: &str = "SELECT agency_id, series, number_year, number FROM documents_outgoing
         WHERE {scope} AND number IS NOT NULL";
    const SECRET: &str = "SELECT agency_id, 'out-secret', number_year, number FROM documents_secret
         WHERE {scope}";
    const DRAWN: &str = "SELECT agency_id, series, year, n FROM platform_counters WHERE {scope}";
    type Row = (uuid::Uuid, String, i64, i64);
    for (tenant, _) in TENANTS {
        let mut series: BTreeMap<(uuid::Uuid, String, i64), Vec<i64>> = BTreeMap::new();
        for (agency, name, year, n) in
            [ARRIVED, LEFT, SECRET].into_iter().flat_map(|sql| rows::<Row>(town, tenant, sql))
        {
            series.entry((agency, name, year)).or_default().push(n);
        }
        for (of, numbers) in &mut series {
            numbers.sort_unstable();
            let wanted: Vec<i64> = (1..).take(numbers.len()).collect();
            assert_eq!(*numbers, wanted, "the numbers of {of:?} in {tenant}");
        }
        let last = series.into_iter().map(|((agency, name, year), all)| (agency, name, year, all.len()));
        let used: BTreeSet<_> = last.map(|(a, s, y, n)| (a, s, y, i64::try_from(n).unwrap())).collect();
        let drawn: BTreeSet<Row> = rows::<Row>(town, tenant, DRAWN).into_iter().collect();
        assert_eq!(drawn, used, "a number of {tenant} was drawn and not used");
    }
}

/// I2: a document has arrived once at each agency, unless it was sent back.
pub(crate) fn one_effect_for_each(town: &Town) {
    const ARRIVED: &str = "SELECT agency_id, document_id, from_code FROM documents_incoming
         WHERE {scope} AND document_id <> '' AND status <> 'returned'";
    let mut seen = BTreeSet::new();
    for row in rows_everywhere::<(uuid::Uuid, String, String)>(town, ARRIVED) {
        assert!(seen.insert(row.clone()), "{row:?} has arrived twice");
    }
}

/// I3: the receiver's files have the hashes the sender's have, and the bytes in the store have them too.
pub(crate) fn files_are_the_same_at_both_ends(town: &Town) {
    const SENT: &str = "SELECT body FROM platform_envelopes WHERE {scope} AND kind = 'document'";
    const RECEIVED: &str = "SELECT d.document_id, f.sha256, a.code_102
         FROM documents_incoming d JOIN platform_files f ON f.subject_id = d.id
            JOIN platform_agencies a ON a.id = d.agency_id
         WHERE {scope:d} AND {scope:f} AND d.source = 'exchange' AND f.destroyed_at IS NULL";
    const ARRIVED: &str = "SELECT d.document_id, a.code_102, d.status
         FROM documents_incoming d JOIN platform_agencies a ON a.id = d.agency_id
         WHERE {scope:d} AND d.source = 'exchange'";
    const STORED: &str = "SELECT DISTINCT sha256 FROM platform_files WHERE {scope} AND destroyed_at IS NULL";
    // A document may have gone out in several versions.
    let mut sent: BTreeMap<String, Vec<BTreeSet<String>>> = BTreeMap::new();
    for (body,) in rows_everywhere::<(String,)>(town, SENT) {
        let envelope: contracts::Envelope = serde_json::from_str(&body).unwrap();
        let contracts::Sealed::Document(document) = envelope.sealed else { panic!("a document: {body}") };
        let files = document.attachments.into_iter().map(|file| file.sha256).collect();
        sent.entry(document.document_id).or_default().push(files);
    }
    let mut received: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
    let mut destroyed: BTreeSet<(String, String)> = BTreeSet::new();
    for (document, at, status) in rows_everywhere::<(String, String, String)>(town, ARRIVED) {
        received.insert((document.clone(), at.clone()), BTreeSet::new());
        if status == "recalled" {
            destroyed.insert((document, at));
        }
    }
    for (document, sha256, at) in rows_everywhere::<(String, String, String)>(town, RECEIVED) {
        received.get_mut(&(document, at)).unwrap().insert(sha256);
    }
    for ((document, at), files) in &received {
        if destroyed.contains(&(document.clone(), at.clone())) {
            assert!(files.is_empty(), "{document} was given back by {at}, which still holds {files:?}");
            continue;
        }
        let versions = sent.get(document).cloned().unwrap_or_default();
        assert!(versions.contains(files), "the files of {document} at {at}: {files:?} of {versions:?}");
    }
    for (tenant, _) in TENANTS {
        for (sha256,) in rows::<(String,)>(town, tenant, STORED) {
            assert_eq!(hash_on_disk(town, tenant, &sha256), sha256, "a file of {tenant}");
        }
    }
}

/// The hash of the bytes a store holds under a hash.
fn hash_on_disk(town: &Town, tenant: &str, sha256: &str) -> String {
    let store = town.server().tenant(tenant).unwrap().files.clone();
    town.wait(async move {
        let (file, _) = store.get(sha256).await.expect("the bytes are there");
        let bytes = file.read_all().await.unwrap();
        // Storing what is stored already changes nothing and tells its hash.
        store.put(&bytes).await.unwrap().sha256
    })
}

/// I4: where the sender sees a recipient is where the recipient stands.
pub(crate) fn statuses_agree(town: &Town) {
    const SEEN: &str = "SELECT d.document_id, r.to_code, r.status
         FROM documents_recipients r JOIN documents_outgoing d ON d.id = r.outgoing_id
         WHERE {scope:r} AND {scope:d}";
    const STANDS: &str = "SELECT d.document_id, a.code_102, d.status
         FROM documents_incoming d JOIN platform_agencies a ON a.id = d.agency_id
         WHERE {scope:d} AND d.source = 'exchange'";
    let known_as = |status: &str| match status {
        "directed" | "assigned" => "assigned",
        "returned" => "refused",
        "arrived" => "arrived",
        "registered" => "registered",
        "in_progress" => "in_progress",
        "done" => "done",
        "replaced" => "replaced",
        "recalled" => "recalled",
        other => panic!("nobody has said how a sender sees {other}"),
    };
    let mut stands: BTreeMap<(String, String), &str> = BTreeMap::new();
    for (document, at, status) in rows_everywhere::<(String, String, String)>(town, STANDS) {
        stands.insert((document, at), known_as(&status));
    }
    for (document, to, status) in rows_everywhere::<(String, String, String)>(town, SEEN) {
        let own = stands.remove(&(document.clone(), to.clone()));
        let seen =
            Some(status.as_str()).filter(|status| !matches!(*status, "queued" | "failed" | "withdrawn"));
        assert_eq!(seen, own, "{document} at {to}");
    }
    assert!(stands.is_empty(), "nobody has sent {stands:?}");
}

/// What the list of incoming documents counts above its rows is what stands there (ADR 9).
pub(crate) fn counts_are_those_of_the_rows(town: &Town) {
    const KEPT: &str = "SELECT agency, status, n FROM documents_standing WHERE n <> 0";
    const COUNTED: &str = "SELECT agency_id, status, count(*)
         FROM documents_incoming
         WHERE {scope}
         GROUP BY agency_id, status";
    let all =
        |sql| rows_everywhere::<(uuid::Uuid, String, i64)>(town, sql).into_iter().collect::<BTreeSet<_>>();
    assert_eq!(all(KEPT), all(COUNTED));
}

/// I5: the audit log and the exchange's journals verify.
pub(crate) fn journals_verify(town: &Town) {
    for (tenant, _) in TENANTS {
        let whole = town.wait(engine::verify::verify(town.db(tenant))).expect("reading the journals");
        whole.unwrap_or_else(|name| panic!("{tenant}: {name} was changed"));
    }
}

/// I6: whatever was queued has arrived, was given up, or still waits, and nothing has arrived that was not sent.
pub(crate) fn nothing_is_lost(town: &Town) {
    const LEFT: &str = "SELECT envelope_id, to_code, state FROM platform_outbox WHERE {scope}";
    const ARRIVED: &str = "SELECT i.envelope_id, a.code_102
         FROM platform_inbox i JOIN platform_agencies a ON a.id = i.agency_id
         WHERE {scope:i}";
    type Key = (uuid::Uuid, String);
    let arrived: BTreeSet<Key> = rows_everywhere::<Key>(town, ARRIVED).into_iter().collect();
    let mut sent: BTreeSet<Key> = BTreeSet::new();
    for (envelope, to, state) in rows_everywhere::<(uuid::Uuid, String, String)>(town, LEFT) {
        match state.as_str() {
            "sent" => assert!(sent.insert((envelope, to)), "{envelope} was sent twice to one agency"),
            "queued" | "failed" | "withdrawn" => {}
            other => panic!("{envelope} to {to} is neither sent nor failed nor queued: {other}"),
        }
    }
    assert_eq!(sent, arrived, "what was sent and what has arrived");
}

/// I9: the exports of the registers hold the rows, in the order of their numbers, in the columns of the decree.
pub(crate) fn registers_tell_the_rows(town: &Town) {
    const ARRIVED: &str = "SELECT a.code_102, d.arrival_number, d.symbol, d.from_name, d.subject
         FROM documents_incoming d JOIN platform_agencies a ON a.id = d.agency_id
         WHERE {scope:d} AND d.arrival_number IS NOT NULL
         ORDER BY d.arrival_year, d.arrival_number";
    const LEFT: &str = "SELECT a.code_102, d.number, d.symbol, d.signer_name, d.subject
         FROM documents_outgoing d JOIN platform_agencies a ON a.id = d.agency_id
         WHERE {scope:d} AND d.number IS NOT NULL
         ORDER BY d.number_year, d.number";
    type Row = (String, i64, String, String, String);
    let years = 2017..=town.now().year();
    for (register, rows) in [
        ("incoming", rows_everywhere::<Row>(town, ARRIVED)),
        ("outgoing", rows_everywhere::<Row>(town, LEFT)),
    ] {
        for agency in AGENCIES.iter().filter(|agency| rows.iter().any(|row| row.0 == agency.code)) {
            let clerk = town.clerk(agency.place);
            let mut lines = Vec::new();
            for year in years.clone() {
                let export =
                    clerk.get(&format!("/documents/registers/{register}.csv?year={year}")).ok().body();
                lines.extend(csv(&export).into_iter().skip(1));
            }
            let of_agency: Vec<&Row> = rows.iter().filter(|row| row.0 == agency.code).collect();
            assert_eq!(lines.len(), of_agency.len(), "the {register} register of {}", agency.place);
            for (cells, (_, number, symbol, who, subject)) in lines.iter().zip(of_agency) {
                assert_eq!(cells.len(), 10, "{cells:?}");
                let told = match register {
                    "incoming" => [&cells[1], &cells[3], &cells[2], &cells[5]],
                    _ => [&cells[0], &cells[0], &cells[3], &cells[2]],
                };
                let numbered = told[0].starts_with(&number.to_string()) || *told[0] == *symbol;
                let same =
                    numbered && told[1] == symbol && told[2] == who && told[3].contains(subject.as_str());
                assert!(same, "the {register} register of {}: {cells:?}", agency.place);
            }
        }
    }
}

/// The cells of a CSV file.
fn csv(text: &str) -> Vec<Vec<String>> {
    let (mut lines, mut cells, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    for letter in text.chars() {
        match (letter, quoted) {
            ('"', _) => quoted = !quoted,
            (',', false) => cells.push(std::mem::take(&mut cell)),
            ('\n', false) => {
                cells.push(std::mem::take(&mut cell));
                lines.push(std::mem::take(&mut cells));
            }
            ('\r', false) => {}
            (other, _) => cell.push(other),
        }
    }
    lines
}

/// True for the engine whose stories stay small, since it runs on another process.
pub(crate) fn on_postgres(town: &Town) -> bool {
    town.db("phutho").dialect() == Dialect::Postgres
}
