//! A small town: one module of notes, two communes, a few people, and a browser.

use crate::browser::Browser;
use axum::http::StatusCode;
use base::form::{Field, FormState, Upload};
use base::time::{Clock, FixedClock};
use base::{Error, Instant, Lang, PersonId, Refusal, T, Texts};
use engine::db::Schema;
use engine::{Config, Db, Parts, Server, TenantParts};
use kernel::{
    Actor, Context, Module, Public, Raw, Reader, Reply, Request as Asked, Response, Scope, Sql, Writer, q,
    values,
};
use platform::organisations::{self, NewAgency, Tier};
use platform::people::{self, NewPerson, NewPost};
use std::collections::BTreeMap;
use std::sync::Arc;

pub(crate) const PASSWORD: &str = "mot hai ba bon nam";

kernel::rights! {
    /// Reads notes.
    NoteRead = "notes.note.read" for ["clerk"];
    /// Writes notes.
    NoteWrite = "notes.note.write" for ["clerk"];
}

base::form! {
    /// A note.
    pub struct NoteForm {
        title: String = Field::line("notes.title").required().max(20),
        paper: Option<Upload> = Field::file("notes.paper"),
    }
}

static ADD: Sql = q!("INSERT INTO notes_notes (id, agency_id, title, sha256)
     VALUES ($1, $2, $3, $4)");
static AGAIN: Sql = q!("INSERT INTO notes_notes (id, agency_id, title)
     SELECT $1, agency_id, $2
     FROM notes_notes
     WHERE {scope}
     ORDER BY id
     LIMIT 1");
static ONE: Sql = q!("SELECT title, sha256 FROM notes_notes WHERE {scope} AND id = $1");
static ALL: Sql = q!("SELECT title FROM notes_notes WHERE {scope} ORDER BY title");
static HELD: Sql = q!("SELECT sha256 FROM notes_notes WHERE {scope} AND sha256 = $1");
static COUNT: Sql = q!("SELECT count(*) FROM notes_notes WHERE {scope}");

fn hidden(state: &FormState<'_>) -> String {
    format!("<input name=\"_csrf\" value=\"{}\"><input name=\"_once\" value=\"{}\">", state.csrf, state.once)
}

fn list(cx: &Reader<'_, NoteRead>) -> Reply {
    let all: Vec<(String,)> = cx.rows(&ALL, &[])?;
    let titles: Vec<String> = all.into_iter().map(|(title,)| format!("<li>{title}</li>")).collect();
    cx.page("Ghi chú", format!("<h1>Ghi chú</h1>{}", titles.join("")))
}

fn new(cx: &Reader<'_, NoteWrite>) -> Reply {
    let state = cx.form_state();
    let errors: Vec<String> =
        state.errors.iter().map(|(field, key)| format!("<p class=\"error\">{field} {key}</p>")).collect();
    let refused =
        cx.refusal().map(|refusal| format!("<p class=\"refusal\">{}</p>", refusal.key)).unwrap_or_default();
    let (title, paper) = (state.value("title", ""), state.value("paper", ""));
    let body = format!(
        "<h1>Ghi chú mới</h1>{}{refused}{}<input name=\"title\" value=\"{title}\"><input name=\"paper\" value=\"{paper}\">",
        errors.join(""),
        hidden(&state)
    );
    cx.page("Ghi chú mới", body)
}

fn add(cx: &mut Writer<'_, NoteWrite>) -> Reply {
    let form: NoteForm = cx.form()?;
    match form.title.as_str() {
        "cam" => return Err(Refusal::new("notes.refused").ground("Điều 1").hint("notes.hint").into()),
        "loi" => return Err(Error::internal("the roof fell in")),
        "hoang" => panic!("a bug"),
        _ => {}
    }
    let (id, agency) = (cx.new_id::<NoteForm>(), cx.agency()?);
    cx.write(&ADD, values![id, agency, &form.title, form.paper.map(|paper| paper.sha256)])?;
    cx.record("notes.act.add", ("note", id), agency);
    kernel::jobs::enqueue(cx, "notes.echo", &id.to_string(), &serde_json::json!({ "n": form.title }))?;
    cx.done_with("notes.added", format!("/notes/{id}"), &[("title", form.title)], id)
}

fn show(cx: &Reader<'_, NoteRead>) -> Reply {
    let (title, _): (String, Option<String>) = cx.one(&ONE, values![cx.path_id::<NoteForm>()?])?;
    if title == "nhìn" {
        cx.leave("notes.again", "seen", serde_json::json!("đã nhìn"));
    }
    cx.page(title.clone(), format!("<h1>{title}</h1>{}", hidden(&cx.form_state())))
}

fn paper(cx: &Reader<'_, NoteRead>) -> Reply {
    let (title, sha256): (String, Option<String>) = cx.one(&ONE, values![cx.path_id::<NoteForm>()?])?;
    let sha256 = sha256.ok_or(Error::NotFound)?;
    Ok(Response::File {
        sha256,
        name: format!("{title} số một.pdf"),
        content_type: "application/pdf".to_owned(),
    })
}

fn data(cx: &Reader<'_, NoteRead>) -> Reply {
    let all: Vec<(String,)> = cx.rows(&ALL, &[])?;
    Ok(Response::Json(serde_json::json!(all.into_iter().map(|(title,)| title).collect::<Vec<_>>())))
}

fn hello(cx: &Reader<'_, Public>) -> Reply {
    cx.page("Chào", format!("<h1>Xin chào</h1>{}", hidden(&cx.form_state())))
}

fn greet(cx: &mut Writer<'_, Public>) -> Reply {
    cx.done("notes.greeted", "/hello")
}

fn token(cx: &mut Writer<'_, kernel::SignedIn>) -> Reply {
    let rights: Vec<String> = cx.posted_all("right").map(str::to_owned).collect();
    let until = cx.now().plus_days(30);
    let (_, token) = platform::sessions::issue_token(cx, "máy", &rights, until)?;
    cx.page("Mã", format!("<code>{token}</code>"))
}

fn waiting(cx: &Raw<'_>) -> base::Result<kernel::Waiting> {
    Ok(kernel::Waiting { all: cx.number(&COUNT, &[])?, late: 0 })
}

fn echo(cx: &mut Writer<'_, kernel::System>, payload: &serde_json::Value) -> base::Result<()> {
    if payload.get("n").and_then(serde_json::Value::as_str) == Some("hong") {
        return Err(Error::internal("it never works"));
    }
    let _ = cx.now();
    Ok(())
}

/// Writes a note of its own beside the first one.
fn again(cx: &mut Writer<'_, kernel::System>, payload: &serde_json::Value) -> base::Result<()> {
    let id = cx.new_id::<NoteForm>();
    cx.write_any(&AGAIN, values![id, payload.as_str().unwrap_or("nhịp")])?;
    cx.record_nothing("a note of the clock");
    Ok(())
}

fn notes() -> Module {
    Module::new("notes", env!("CARGO_MANIFEST_DIR"))
        .menu(kernel::MenuItem {
            section: "notes.menu",
            label: "notes.title",
            path: "/notes",
            icon: "file",
            right: "notes.note.read",
            waiting: Some(waiting),
        })
        .migration(
            "0001_notes",
            "CREATE TABLE notes_notes (\n id UUID PRIMARY KEY,\n agency_id UUID NOT NULL,\n title TEXT NOT NULL,\n sha256 TEXT\n);",
        )
        .holds_files(&HELD)
        .texts(NOTES_VI, NOTES_EN)
        .routes(|r| {
            r.get("/notes", list);
            r.get("/notes/new", new);
            r.post("/notes", add).form::<NoteForm>().page("/notes/new");
            r.get("/notes/{id}", show);
            r.get("/notes/{id}/paper", paper);
            r.data("/notes", data);
            r.get("/hello", hello);
            r.post("/hello", greet);
            r.post("/tokens", token);
        })
        .job("notes.echo", echo)
        .job("notes.again", again)
        .every(5, "notes.beat", again)
}

const NOTES_VI: &str = "[notes]\nmenu = 'Việc'\ntitle = 'Ghi chú'\npaper = 'Tệp'\nadded = 'Đã ghi {title}.'\ngreeted = 'Chào.'\nrefused = 'Không được ghi.'\nhint = 'Hỏi văn thư.'\n";
const NOTES_EN: &str = "[notes]\nmenu = 'Work'\ntitle = 'Notes'\npaper = 'File'\nadded = 'Noted {title}.'\ngreeted = 'Hello.'\nrefused = 'May not be noted.'\nhint = 'Ask the clerk.'\n";

/// A server with two communes, and the folder it lives in.
pub(crate) struct Town {
    pub(crate) server: Arc<Server>,
    pub(crate) clock: Arc<FixedClock>,
    pub(crate) people: BTreeMap<&'static str, PersonId>,
    _folder: tempfile::TempDir,
}

impl Town {
    pub(crate) async fn new() -> Town {
        Town::with(Config::default()).await
    }

    pub(crate) async fn with(config: Config) -> Town {
        let config = Config { antivirus: engine::config::Antivirus::None, ..config };
        let folder = tempfile::tempdir().unwrap();
        let modules = vec![kernel::module(), platform::module(), notes()];
        let mut texts = Texts::default();
        for module in &modules {
            texts.add(module.texts.0, module.texts.1).unwrap();
        }
        texts.add(ui::VI, ui::EN).unwrap();
        texts.add(engine::VI, engine::EN).unwrap();
        let texts: &'static Texts = Box::leak(Box::new(texts));
        let url = format!("sqlite:{}", folder.path().join("phutho.db").display());
        let db = Db::open(&url, "phutho", &Schema::of(&modules)).await.unwrap();
        let clock = Arc::new(FixedClock::new(Instant::local(2017, 3, 14, 9, 0).unwrap()));
        let people = settle(&db, texts, clock.now()).await;
        let files = {
            let master = engine::files::Master::open(&folder.path().join("master.key"), true).unwrap();
            engine::files::Store::open(&folder.path().join("files"), &master).await.unwrap()
        };
        let tenant = TenantParts {
            name: "phutho".to_owned(),
            title: "Tỉnh Phú Thọ".to_owned(),
            demo: false,
            db,
            files,
        };
        let server = Server::new(Parts {
            config,
            modules,
            texts,
            clock: Arc::<FixedClock>::clone(&clock),
            chance: engine::system_chance,
            tenants: vec![tenant],
            async_jobs: Vec::new(),
            node: None,
        })
        .await
        .unwrap();
        Town { server, clock, people, _folder: folder }
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser::new(&self.server)
    }

    /// A browser in which somebody has signed in.
    pub(crate) async fn signed_in(&self, username: &str) -> Browser {
        let browser = self.browser();
        let answer = browser.sign_in(username, PASSWORD).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        browser
    }
}

type People = BTreeMap<&'static str, PersonId>;

async fn settle(db: &Db, texts: &'static Texts, now: Instant) -> People {
    let hash = engine::hash_password(PASSWORD).unwrap();
    let context = move || Context {
        actor: Actor::system("founding"),
        request: Asked::default(),
        t: T::new(texts, Lang::Vi),
        now,
        tenant: "phutho".to_owned(),
        chance: engine::system_chance,
        offers: Arc::default(),
    };
    db.write(Scope::Everything, move |db| {
        kernel::engine::write(db, &context(), |cx| {
            platform::identity::found_rights(
                cx,
                &[("notes.note.read", &["clerk"]), ("notes.note.write", &["clerk"])],
            )?;
            let agency = |cx: &mut Writer<'_, kernel::System>, code: &str, name: &str| {
                organisations::add_agency(
                    cx,
                    &NewAgency {
                        code_102: format!("000.00.{code}.H44"),
                        code_qd20: format!("H44.{code}"),
                        name: name.to_owned(),
                        symbol: "UBND".to_owned(),
                        place: name.to_owned(),
                        tier: Tier::Commune,
                        kind: "people_committee".to_owned(),
                        parent: None,
                        local: true,
                        valid_from: now.date().plus_days(-100),
                    },
                )
            };
            let first = agency(cx, "01", "Xã Hùng Lô")?;
            let second = agency(cx, "02", "Xã Kim Đức")?;
            let mut people = People::new();
            for (username, name, role, at) in [
                ("an", "Nguyễn Văn An", "clerk", first),
                ("binh", "Trần Thị Bình", "clerk", second),
                ("chi", "Lê Kim Chi", "guest", first),
            ] {
                let new = NewPerson { agency: at, username, name, email: "", password_hash: &hash };
                let person = people::add(cx, &new)?;
                let post = NewPost {
                    agency: at,
                    unit: None,
                    title: "Văn thư",
                    role,
                    reach: "own",
                    from: now.date(),
                };
                people::give_post(cx, person, &post)?;
                people.insert(username, person);
            }
            cx.record_plain("platform.rights.founded", ("people", people["an"]));
            Ok(people)
        })
    })
    .await
    .unwrap()
}
