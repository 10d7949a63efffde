use super::*;
use base::Id;

pub(crate) fn person(n: u128) -> PersonId {
    Id::of(uuid::Uuid::from_u128(n))
}

const DRAFTER: u128 = 1;
const HEAD: u128 = 2;
const CLERK: u128 = 3;
const LEADER: u128 = 4;

pub(crate) fn draft(status: S) -> Outgoing {
    let now = Instant::local(2017, 3, 14, 9, 42).unwrap();
    Outgoing {
        drafter_name: "Đinh Thu Quế".to_owned(),
        type_code: "CV".to_owned(),
        type_name: "Công văn".to_owned(),
        subject: "báo cáo tình hình gửi, nhận văn bản điện tử".to_owned(),
        body: "1. Toàn tỉnh có 310 cơ quan.".to_owned(),
        to_places: "Như trên;".to_owned(),
        status,
        ..Outgoing::unsaved(Id::of(uuid::Uuid::nil()), person(DRAFTER), now)
    }
}

fn hands(n: u128, stands_for: &[PersonId]) -> Hands<'_> {
    Hands { person: person(n), stands_for }
}

fn key(refused: Result<impl Sized, Refusal>) -> &'static str {
    refused.err().map_or("", |refusal| refusal.key)
}

#[test]
fn a_draft_goes_to_the_head_of_its_unit_unless_the_head_wrote_it_or_there_is_none() {
    let heads = [person(HEAD)];
    assert_eq!(submit(&draft(S::Drafting), &heads), Ok(Submitted::ToHead(person(HEAD))));
    assert_eq!(submit(&draft(S::Drafting), &[person(DRAFTER)]), Ok(Submitted::OwnUnit));
    assert_eq!(submit(&draft(S::Drafting), &[]), Ok(Submitted::Headless));
    assert_eq!(key(submit(&draft(S::Issued), &heads)), "documents.outgoing.refuse.not_now");
}

#[test]
fn the_head_or_whoever_stands_in_answers_for_the_content_and_never_the_drafter() {
    let (waiting, heads) = (draft(S::ContentReview), [person(HEAD)]);
    assert!(approve_content(&waiting, &heads, hands(HEAD, &[])).is_ok());
    assert!(approve_content(&waiting, &heads, hands(LEADER, &heads)).is_ok());
    assert_eq!(
        key(approve_content(&waiting, &heads, hands(CLERK, &[]))),
        "documents.outgoing.refuse.not_head"
    );
    assert_eq!(
        key(approve_content(&waiting, &heads, hands(DRAFTER, &heads))),
        "documents.outgoing.refuse.own_draft"
    );
}

#[test]
fn content_and_form_are_answered_for_by_two_people() {
    let mut waiting = draft(S::FormatReview);
    waiting.content_person = Some(person(CLERK));
    assert_eq!(key(approve_format(&waiting, person(CLERK))), "documents.outgoing.refuse.same_person");
    waiting.content_person = Some(person(HEAD));
    assert!(approve_format(&waiting, person(CLERK)).is_ok());
    let mut waiting = draft(S::LeaderReview);
    waiting.format_person = Some(person(LEADER));
    assert_eq!(key(approve(&waiting, hands(LEADER, &[]))), "documents.outgoing.refuse.same_person");
}

#[test]
fn only_the_named_leader_approves() {
    let mut waiting = draft(S::LeaderReview);
    waiting.signer = Some(person(LEADER));
    assert!(approve(&waiting, hands(LEADER, &[])).is_ok());
    assert!(approve(&waiting, hands(9, &[person(LEADER)])).is_ok());
    assert_eq!(key(approve(&waiting, hands(9, &[]))), "documents.outgoing.refuse.other_signer");
}

#[test]
fn a_document_is_issued_once_approved_and_only_to_somebody() {
    let mut approved = draft(S::ToIssue);
    assert_eq!(key(issue(&approved, 3)), "documents.outgoing.refuse.not_approved");
    approved.signed_at = Some(approved.created_at);
    assert!(issue(&approved, 3).is_ok() && issue(&approved, 0).is_ok());
    approved.to_places.clear();
    assert_eq!(key(issue(&approved, 0)), "documents.outgoing.refuse.no_recipients");
    assert!(issue(&draft(S::Issued), 3).is_err());
}

#[test]
fn what_the_leader_approved_goes_back_to_the_leader() {
    assert_eq!(send_back(&draft(S::ToIssue), S::ToIssue), Ok(S::LeaderReview));
    assert_eq!(send_back(&draft(S::LeaderReview), S::LeaderReview), Ok(S::Drafting));
    assert_eq!(send_back(&draft(S::FormatReview), S::FormatReview), Ok(S::Drafting));
    assert!(send_back(&draft(S::Issued), S::ToIssue).is_err());
}

#[test]
fn a_draft_is_given_up_before_it_is_approved_never_after() {
    assert!(void(&draft(S::Drafting)).is_ok() && void(&draft(S::LeaderReview)).is_ok());
    assert!(void(&draft(S::ToIssue)).is_err() && void(&draft(S::Issued)).is_err());
}

#[test]
fn a_draft_says_what_it_lacks() {
    let today = Date::new(2017, 3, 14).unwrap();
    assert!(lacks(&draft(S::Drafting), false, today).is_empty());
    let mut bare = draft(S::Drafting);
    bare.subject = "V/v báo cáo".to_owned();
    bare.body.clear();
    bare.due = Date::new(2017, 3, 1);
    let errors = lacks(&bare, false, today);
    assert_eq!(errors.iter().map(|(field, _)| field).collect::<Vec<_>>(), ["subject", "body", "due"]);
    assert_eq!(lacks(&bare, true, today).at("body"), None);
}

#[test]
fn an_approved_letter_leaves_by_noon_of_the_next_working_day_and_an_urgent_one_at_once() {
    let friday = Instant::local(2017, 3, 10, 16, 0).unwrap();
    assert_eq!(issue_due(friday, 0), Instant::local(2017, 3, 13, 12, 0).unwrap());
    assert_eq!(issue_due(friday, 3), friday.plus_minutes(15));
    assert_eq!(review_due(friday, 0), Instant::local(2017, 3, 13, 16, 0).unwrap());
}
