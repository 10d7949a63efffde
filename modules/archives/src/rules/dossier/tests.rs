use super::{Review, Step, close, due, file, keeps, sees, step};
use crate::model::{Access, Dossier, DossierState as S, Entry, EntryKind};
use base::{Date, Id, Instant};
use contracts::DocumentFacts;

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn dossier(years: Option<i64>) -> Dossier {
    Dossier {
        id: Id::born(0, [1; 10]),
        agency: Id::born(0, [2; 10]),
        year: 2017,
        line: None,
        notation: "01.VX".to_owned(),
        title: "A".to_owned(),
        years,
        construction: false,
        access: Access::Agency,
        keeper: Id::born(0, [3; 10]),
        keeper_name: "B".to_owned(),
        language: "Tiếng Việt".to_owned(),
        note: String::new(),
        state: S::Open,
        opened_at: Instant::from_micros(0),
        started_on: day("2017-01-02"),
        ended_on: None,
        closed_at: None,
        due_on: None,
        noticed_at: None,
        keep_asked: None,
        keep_reason: String::new(),
        kept_until: None,
        keep_consent: String::new(),
        handover: None,
        received_at: None,
        expires_on: None,
        destruction: None,
        destroyed_at: None,
    }
}

fn entry() -> Entry {
    Entry {
        id: Id::born(0, [4; 10]),
        agency: Id::born(0, [2; 10]),
        dossier: Id::born(0, [1; 10]),
        kind: EntryKind::Incoming,
        document: uuid::Uuid::nil(),
        code: String::new(),
        symbol: "1/UBND".to_owned(),
        dated: day("2017-02-03"),
        type_name: "Công văn".to_owned(),
        subject: "C".to_owned(),
        author: "D".to_owned(),
        signer_position: String::new(),
        signer_name: String::new(),
        pages: 1,
        urgency: 0,
        arrival_number: None,
        arrived_at: None,
        due: None,
        files: 1,
        note: String::new(),
        path: String::new(),
        ordinal: None,
        added_at: Instant::from_micros(0),
        added_name: String::new(),
    }
}

fn facts(is_draft: bool, dated: Option<Date>) -> DocumentFacts {
    DocumentFacts {
        agency: Id::born(0, [2; 10]),
        document_id: String::new(),
        symbol: String::new(),
        type_name: String::new(),
        subject: String::new(),
        dated,
        author: String::new(),
        signer_position: String::new(),
        signer_name: String::new(),
        pages: 1,
        urgency: 0,
        arrival: None,
        due: None,
        is_draft,
        is_settled: true,
        path: String::new(),
        files: Vec::new(),
    }
}

#[test]
fn only_some_steps_lead_on() {
    let all =
        [Step::Change, Step::Close, Step::Reopen, Step::Offer, Step::Receive, Step::GiveBack, Step::Destroy];
    let leads = |now: S| -> Vec<Option<S>> { all.iter().map(|one| step(now, *one).ok()).collect() };
    assert_eq!(leads(S::Open), [Some(S::Open), Some(S::Closed), None, None, None, None, None]);
    assert_eq!(
        leads(S::Closed),
        [None, None, Some(S::Open), Some(S::Offered), None, None, Some(S::Destroyed)]
    );
    assert_eq!(leads(S::Offered), [None, None, None, None, Some(S::Archived), Some(S::Closed), None]);
    assert_eq!(leads(S::Archived), [None, None, None, None, None, None, Some(S::Destroyed)]);
    assert_eq!(leads(S::Destroyed), [None; 7]);
}

#[test]
fn drafts_and_documents_without_a_date_are_not_filed() {
    let dated = Some(day("2017-01-02"));
    assert!(file(&facts(false, dated)).is_ok());
    assert_eq!(file(&facts(true, dated)).unwrap_err().key, "archives.refuse.draft");
    assert!(file(&facts(false, None)).is_err());
}

#[test]
fn only_the_keeper_changes_a_dossier_and_a_limited_one_is_not_there_for_others() {
    let (mut one, other) = (dossier(None), Id::born(0, [5; 10]));
    assert!(keeps(&one, &[other, one.keeper]).is_ok());
    assert!(keeps(&one, &[other]).is_err());
    assert!(sees(&one, &[other], false));
    one.access = Access::Limited;
    assert!(!sees(&one, &[other], false));
    assert!(sees(&one, &[other], true) && sees(&one, &[one.keeper], false));
}

#[test]
fn closing_asks_for_documents_an_end_and_open_eyes() {
    let (one, today) = (dossier(None), day("2017-10-16"));
    let key = |entries: &[Entry], review: &Review, day: Date, sure: bool| match close(
        &one,
        entries,
        review,
        (day, today, sure),
    ) {
        Ok(()) => "",
        Err(base::Error::Refused(refusal)) => refusal.key,
        Err(_) => "invalid",
    };
    let (fine, entries) = (Review::default(), [entry()]);
    assert_eq!(key(&entries, &fine, today, false), "");
    assert_eq!(key(&[], &fine, today, false), "archives.close.refuse.empty");
    let busy = Review { under_way: vec!["1/UBND".to_owned()], ..Review::default() };
    assert_eq!(key(&entries, &busy, today, true), "archives.close.refuse.under_way");
    let gaps = Review { without_file: vec!["C".to_owned()], ..Review::default() };
    assert_eq!(key(&entries, &gaps, today, false), "archives.close.refuse.gaps");
    assert_eq!(key(&entries, &gaps, today, true), "");
    assert_eq!(key(&entries, &fine, day("2017-01-01"), false), "invalid");
    assert_eq!(key(&entries, &fine, day("2017-10-17"), false), "invalid");
}

#[test]
fn what_is_kept_less_than_five_years_is_never_due() {
    let ended = day("2017-10-16");
    assert_eq!(due(&dossier(None), ended), Some(day("2018-10-16")));
    assert_eq!(due(&dossier(Some(4)), ended), None);
}
