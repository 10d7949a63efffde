//! A small town: one module of notes, two communes, a few people, and a browser.

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use base::form::{Field, FormState, Input, Upload};
use base::time::{Clock, FixedClock};
use base::{AgencyId, Error, Instant, Lang, PersonId, Refusal, T, Texts};
use engine::db::Schema;
use engine::{Config, Db, Parts, Server, TenantParts};
use http_body_util::BodyExt;
use kernel::{Actor, Context, Module, Public, Raw, Reader, Reply, Request as Asked, Response, Scope, Sql, Writer, q, values};
use platform::organisations::{self, NewAgency, Tier};
use platform::people::{self, NewPerson, NewPost};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use tower::ServiceExt;

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

static ADD: Sql = q!(
    "INSERT INTO notes_notes (id, agency_id, title, sha256)
     VALUES ($1, $2, $3, $4)"
);
static ONE: Sql = q!("SELECT title, sha256 FROM notes_notes WHERE {scope} AND id = $1");
static ALL: Sql = q!("SELECT title FROM notes_notes WHERE {scope} ORDER BY title");
static COUNT: Sql = q!("SELECT count(*) FROM notes_notes WHERE {scope}");

fn hidden(state: &FormState<'_>) -> String {
    format!(
        "<input name=\"_csrf\" value=\"{}\"><input name=\"_once\" value=\"{}\">",
        state.csrf, state.once
    )
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
    let refused = cx.refusal().map(|refusal| format!("<p class=\"refusal\">{}</p>", refusal.key)).unwrap_or_default();
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
    cx.page(title.clone(), format!("<h1>{title}</h1>{}", hidden(&cx.form_state())))
}

fn paper(cx: &Reader<'_, NoteRead>) -> Reply {
    let (title, sha256): (String, Option<String>) = cx.one(&ONE, values![cx.path_id::<NoteForm>()?])?;
    let sha256 = sha256.ok_or(Error::NotFound)?;
    Ok(Response::File { sha256, name: format!("{title} số một.pdf"), content_type: "application/pdf".to_owned() })
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
}

const NOTES_VI: &str = "[notes]\nmenu = 'Việc'\ntitle = 'Ghi chú'\npaper = 'Tệp'\nadded = 'Đã ghi {title}.'\ngreeted = 'Chào.'\nrefused = 'Không được ghi.'\nhint = 'Hỏi văn thư.'\n";
const NOTES_EN: &str = "[notes]\nmenu = 'Work'\ntitle = 'Notes'\npaper = 'File'\nadded = 'Noted {title}.'\ngreeted = 'Hello.'\nrefused = 'May not be noted.'\nhint = 'Ask the clerk.'\n";

/// A server with two communes, and the folder it lives in.
pub(crate) struct Town {
    pub(crate) server: Arc<Server>,
    pub(crate) clock: Arc<FixedClock>,
    pub(crate) people: BTreeMap<&'static str, PersonId>,
    pub(crate) first: AgencyId,
    _folder: tempfile::TempDir,
}

impl Town {
    pub(crate) async fn new() -> Town {
        Town::with(Config::default()).await
    }

    pub(crate) async fn with(config: Config) -> Town {
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
        let (people, first) = settle(&db, texts, clock.now()).await;
        let files = engine::files::Store::open(&folder.path().join("files")).await.unwrap();
        let tenant = TenantParts { name: "phutho".to_owned(), title: "Tỉnh Phú Thọ".to_owned(), demo: false, db, files };
        let server = Server::new(Parts {
            config,
            modules,
            texts,
            clock: Arc::<FixedClock>::clone(&clock),
            chance: engine::system_chance,
            tenants: vec![tenant],
            async_jobs: Vec::new(),
        })
        .await
        .unwrap();
        Town { server, clock, people, first, _folder: folder }
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser { server: Arc::clone(&self.server), jar: Mutex::default(), address: Mutex::new("/".to_owned()) }
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

async fn settle(db: &Db, texts: &'static Texts, now: Instant) -> (People, AgencyId) {
    let hash = engine::hash_password(PASSWORD).unwrap();
    let context = move || Context {
        actor: Actor::system("founding"),
        request: Asked::default(),
        t: T::new(texts, Lang::Vi),
        now,
        tenant: "phutho".to_owned(),
        chance: engine::system_chance,
    };
    db.write(Scope::Everything, move |db| {
        kernel::engine::write(db, &context(), |cx| {
            platform::identity::found_rights(
                cx,
                &[("notes.note.read", &["clerk"]), ("notes.note.write", &["clerk"])],
            )?;
            let mut agency = |cx: &mut Writer<'_, kernel::System>, code: &str, name: &str| {
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
                let new = NewPerson { username, name, email: "", password_hash: &hash };
                let person = people::add(cx, &new)?;
                let post = NewPost { agency: at, unit: None, title: "Văn thư", role, reach: "own", from: now.date() };
                people::give_post(cx, person, &post)?;
                people.insert(username, person);
            }
            cx.record_plain("platform.rights.founded", ("people", people["an"]));
            Ok((people, first))
        })
    })
    .await
    .unwrap()
}

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn location(&self) -> &str {
        self.header("location")
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    /// The value of a hidden input.
    pub(crate) fn input(&self, name: &str) -> String {
        let marks = [format!("name=\"{name}\" value=\""), format!("name=\"{name}\" type=\"hidden\" value=\"")];
        let found = marks.iter().find_map(|mark| self.text.split(mark.as_str()).nth(1));
        found.and_then(|rest| rest.split('"').next()).unwrap_or("").to_owned()
    }
}

/// Keeps cookies as a browser does.
pub(crate) struct Browser {
    pub(crate) server: Arc<Server>,
    pub(crate) jar: Mutex<BTreeMap<String, String>>,
    address: Mutex<String>,
}

impl Browser {
    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let mut request = request;
        let cookies: Vec<String> =
            self.jar.lock().unwrap().iter().map(|(name, value)| format!("{name}={value}")).collect();
        let headers = request.headers_mut();
        if !cookies.is_empty() {
            headers.insert(header::COOKIE, cookies.join("; ").parse().unwrap());
        }
        headers.entry(header::HOST).or_insert("phutho.localhost:8080".parse().unwrap());
        let response = self.server.router().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            let text = cookie.to_str().unwrap();
            let (name, rest) = text.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            let mut jar = self.jar.lock().unwrap();
            if text.contains("Max-Age=0") {
                jar.remove(name);
            } else {
                jar.insert(name.to_owned(), value.to_owned());
            }
        }
        let bytes = body.collect().await.unwrap().to_bytes();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status: parts.status, headers: parts.headers, text }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        path.clone_into(&mut self.address.lock().unwrap());
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn post(&self, path: &str, pairs: &[(&str, &str)]) -> Answer {
        self.send(form(path, pairs).body(Body::from(encoded(pairs))).unwrap()).await
    }

    /// Opens a page, fills its form and sends it.
    pub(crate) async fn fill(&self, page: &str, path: &str, pairs: &[(&str, &str)]) -> Answer {
        let shown = self.get(page).await;
        let (csrf, once) = (shown.input("_csrf"), shown.input("_once"));
        let mut all = vec![("_csrf", csrf.as_str()), ("_once", once.as_str())];
        all.extend_from_slice(pairs);
        self.post(path, &all).await
    }

    pub(crate) async fn sign_in(&self, username: &str, password: &str) -> Answer {
        self.fill("/sign-in", "/sign-in", &[("username", username), ("password", password)]).await
    }

    pub(crate) async fn call(&self, path: &str, (token, key): (&str, &str), body: &serde_json::Value) -> Answer {
        let request = Request::post(path)
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json")
            .header("idempotency-key", key)
            .body(Body::from(body.to_string()))
            .unwrap();
        self.send(request).await
    }
}

pub(crate) fn form(path: &str, _pairs: &[(&str, &str)]) -> axum::http::request::Builder {
    Request::post(path).header("content-type", "application/x-www-form-urlencoded")
}

pub(crate) fn encoded(pairs: &[(&str, &str)]) -> String {
    let encode = |text: &str| -> String {
        text.bytes().map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
    };
    pairs.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect::<Vec<_>>().join("&")
}

pub(crate) fn input(pairs: &[(&str, &str)]) -> Input {
    pairs.iter().fold(Input::default(), |input, (name, value)| input.with(name, value))
}
