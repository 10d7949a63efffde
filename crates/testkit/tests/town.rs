//! The town itself: founding, people at the door, the clock.

use base::Result;
use kernel::{Module, Reader, Reply, SignedIn, Writer};

base::form! {
    struct WordForm {
        word: String = base::form::Field::line("testkit.word").required(),
    }
}

kernel::rights! {
    WordSay = "words.word.say" for ["clerk"];
}

fn words() -> Module {
    Module::new("words", env!("CARGO_MANIFEST_DIR"))
        .texts("[words]\nsaid = \"Đã nói: {word}\"", "[words]\nsaid = \"Said: {word}\"")
        .routes(|r| {
            r.get("/words", show);
            r.post("/words", say).form::<WordForm>().page("/words");
            r.data("/words/last", last);
        })
        .job("words.echo", echo)
}

fn show(cx: &Reader<'_, WordSay>) -> Reply {
    let state = cx.form_state();
    let error = state.errors.iter().map(|(_, key)| key).collect::<String>();
    let body = format!(
        "<h1>Nói</h1><p>{error}</p><form method=post action=/words><input type=hidden name=_csrf value='{}'>\
         <input type=hidden name=_once value='{}'><input name=word></form>",
        state.csrf, state.once
    );
    cx.page("Nói", body)
}

fn say(cx: &mut Writer<'_, WordSay>) -> Reply {
    let form: WordForm = cx.form()?;
    let (id, agency) = (cx.new_id::<()>(), cx.agency()?);
    let payload = serde_json::json!({ "word": form.word });
    kernel::jobs::enqueue(cx, "words.echo", &id.to_string(), &payload)?;
    cx.record("words.said", ("word", id), agency);
    cx.done_with("words.said", "/words", &[("word", form.word)], id)
}

fn last(cx: &Reader<'_, SignedIn>) -> Reply {
    cx.person()?;
    Ok(kernel::Response::Json(serde_json::json!({ "name": cx.actor().name })))
}

fn echo(_: &mut Writer<'_, kernel::System>, payload: &serde_json::Value) -> Result<()> {
    match payload.get("word").and_then(|word| word.as_str()) {
        Some("nổ") => Err(base::Error::internal("bang")),
        _ => Ok(()),
    }
}

testkit::stories! {
    of [super::words()];

    fn a_clerk_says_a_word_and_clicks_twice(town: Town) {
        let clerk = town.clerk("Hùng Lô");
        clerk.get("/words").ok().sees("Nói");
        let said = clerk.post("/words", &[("word", "chào")]);
        said.ok().sees("Đã nói: chào");
        assert_eq!(said.path, "/words");
        clerk.post_again().ok();
        assert_eq!(town.settle(), 1);
        clerk.post("/words", &[("word", "")]).is(422).sees("form.required");
    }

    fn a_visitor_is_sent_to_the_door_and_comes_in(town: Town) {
        let visitor = town.visitor("phutho");
        assert_eq!(visitor.get("/words").path, "/sign-in?next=%2Fwords");
        let clerk = town.clerk("Kim Đức");
        assert_eq!(visitor.sign_in(&clerk.username, "sai").status, 422);
        let inside = visitor.sign_in(&clerk.username, clerk.password);
        inside.ok().sees(&clerk.name);
        assert_eq!(inside.path, "/words");
        town.leader("Kim Đức").get("/words").is(403);
    }

    fn a_program_acts_with_a_token(town: Town) {
        let clerk = town.clerk("Hà Nội");
        let answer = clerk.api("/words", Some(&serde_json::json!({ "word": "chào" })));
        assert_eq!(answer.ok().json()["message"], "Đã nói: chào");
        assert_eq!(clerk.api("/words/last", None).ok().json()["name"], clerk.name.as_str());
    }

    fn a_job_that_fails_is_seen(town: Town) {
        town.clerk("Tu Vũ").post("/words", &[("word", "nổ")]).ok();
        town.work();
        assert_eq!(town.troubles().len(), 1);
        town.pass_minutes(1);
        assert_eq!(town.work(), 1);
    }
}
