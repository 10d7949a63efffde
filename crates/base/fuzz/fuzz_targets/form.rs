//! Whatever a browser or a program sends, a form is read without a panic, and a form that is read keeps to the
//! limits of its fields.
#![no_main]

use base::form::{Field, Form, Input, Upload};
use base::{Date, Instant, PersonId};
use libfuzzer_sys::fuzz_target;

base::form! {
    /// One field of each kind.
    struct Everything {
        line: String = Field::line("a").max(20),
        area: Option<String> = Field::area("a").required(),
        day: Option<Date> = Field::date("a"),
        moment: Option<Instant> = Field::line("a"),
        number: Option<i64> = Field::number("a"),
        one: Option<PersonId> = Field::choice("a"),
        many: Vec<PersonId> = Field::many("a"),
        yes: bool = Field::check("a"),
        files: Vec<Upload> = Field::files("a"),
    }
}

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let mut inputs = vec![Input::from_urlencoded(&text)];
    if let Ok(json) = serde_json::from_str(&text) {
        inputs.extend(Input::from_json(&json).ok());
    }
    for input in inputs {
        if let Ok(form) = Everything::read(&input) {
            assert!(form.line.chars().count() <= 20 && form.area.is_some_and(|area| !area.is_empty()));
            assert!(form.files.iter().all(|file| Upload::decode(&file.encode()).is_some()));
        }
    }
});
