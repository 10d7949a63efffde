//! Forms: what is read, what is refused, and that nothing breaks the reader.

use base::form::{Field, Form, Input, Upload};
use base::{Date, Error, PersonId};
use proptest::prelude::*;

base::form! {
    /// A small form.
    struct Sample {
        subject: String = Field::line("a").required().max(10),
        day: Option<Date> = Field::date("a"),
        people: Vec<PersonId> = Field::many("a"),
        file: Option<Upload> = Field::file("a").max(500),
        urgent: bool = Field::check("a"),
    }
}

fn wrong(input: &Input) -> Vec<(String, &'static str)> {
    match Sample::read(input) {
        Err(Error::Invalid(errors)) => errors.iter().map(|(field, key)| (field.to_owned(), key)).collect(),
        other => panic!("it should be wrong: {other:?}"),
    }
}

#[test]
fn every_wrong_field_is_told_at_once() {
    let input = Input::default().with("day", "31/02/2017").with("people", "ai đó");
    let expected = [("subject", "form.required"), ("day", "form.not_a_date"), ("people", "form.choose")];
    assert_eq!(wrong(&input), expected.map(|(field, key)| (field.to_owned(), key)));
    let long = Input::default().with("subject", "mười một chữ");
    assert_eq!(wrong(&long), [("subject".to_owned(), "form.too_long")]);
}

#[test]
fn a_form_of_a_browser_and_the_json_of_a_program_are_read_alike() {
    let id = "01890a5d-ac96-774b-bcce-b302099a8057";
    let form = format!("subject=B%C3%A1o+c%C3%A1o&day=2017-03-05&people={id}&people={id}&urgent=1");
    let json =
        serde_json::json!({ "subject": "Báo cáo", "day": "2017-03-05", "people": [id, id], "urgent": true });
    let browser = Sample::read(&Input::from_urlencoded(&form)).expect("a form");
    let program = Sample::read(&Input::from_json(&json).expect("an object")).expect("a form");
    assert_eq!(format!("{browser:?}"), format!("{program:?}"));
    assert_eq!((browser.subject.as_str(), browser.people.len(), browser.urgent), ("Báo cáo", 2, true));
    assert!(Input::from_json(&serde_json::json!([1])).is_err());
    assert!(Input::from_json(&serde_json::json!({ "subject": { "a": 1 } })).is_err());
}

#[test]
fn a_travelling_file_is_read_without_the_mark_of_the_engine() {
    let sha256 = "0".repeat(64);
    let upload = Upload { sha256, bytes: 7, content_type: "application/pdf".into(), name: "a.pdf".into() };
    assert_eq!(Upload::decode(&format!("{}|mark", upload.encode())), Some(upload));
    assert_eq!(Upload::decode("../../etc|1|text/plain|passwd"), None);
}

proptest! {
    #[test]
    fn nothing_breaks_the_reader(text in ".{0,200}") {
        let _ = Sample::read(&Input::from_urlencoded(&text));
    }

    #[test]
    fn what_is_encoded_is_decoded(pairs in prop::collection::vec(("[a-z]{1,8}", "\\PC{0,20}"), 0..6)) {
        let encoded: Vec<String> = pairs
            .iter()
            .map(|(name, value)| {
                let bytes: Vec<String> = value.bytes().map(|byte| format!("%{byte:02X}")).collect();
                let value = bytes.concat();
                format!("{name}={value}")
            })
            .collect();
        let input = Input::from_urlencoded(&encoded.join("&"));
        let read: Vec<(String, String)> =
            input.pairs().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        prop_assert_eq!(read, pairs);
    }
}
