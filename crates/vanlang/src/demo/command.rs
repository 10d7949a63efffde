//! `vanlang demo`: fills an empty folder, says who can sign in, and serves.

use crate::app;
use crate::demo::cast::{Staff, cast};
use crate::demo::data::{GOVERNMENT, PROVINCE, Picture, Tree, data};
use crate::demo::enter;
use crate::demo::page::{self, Shown};
use crate::demo::play::{self, Played};
use crate::demo::roster::{WALK, commune_clerk, roster};
use crate::demo::seed::{self, Ground};
use crate::demo::signers;
use base::texts::Texts;
use base::time::{Clock, SystemClock};
use base::{Error, Lang, Result, T, WhileDoing};
use engine::config::{Antivirus, Config, Push, Signing};
use engine::db::{Db, Schema};
use engine::files::{Master, Store, has_key};
use engine::{Parts, Server, TenantParts};
use kernel::{Module, Scope};
use std::fmt::Display;
use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::net::TcpListener;

/// How the demonstration is started.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where it keeps its data; `vanlang-demo` in the current folder when left out.
    pub data: Option<PathBuf>,
    /// Address and port.
    pub listen: String,
    /// Which map of agencies.
    pub picture: Picture,
    /// Forget the data of an earlier one.
    pub fresh: bool,
}

/// The password of everybody, for those who sign in the usual way.
const PASSWORD: &str = "vanlang-demo";
/// Written when the data is complete: the picture it shows.
const MARK: &str = "demo.txt";
/// The certificate of the authority that issued those of the demonstration.
const ROOT: &str = "demo-root-ca.pem";

const TITLES: [(&str, &str); 2] = [(GOVERNMENT, "Văn phòng Chính phủ"), (PROVINCE, "Tỉnh Phú Thọ")];

/// Fills where needed, prints, serves until Ctrl+C.
///
/// # Errors
/// What the disk, the databases or the socket report.
pub async fn run(options: Options) -> Result<()> {
    let folder = options.data.clone().unwrap_or_else(|| PathBuf::from("vanlang-demo"));
    let tree = Arc::new(data(options.picture)?);
    let cast = Arc::new(cast(&tree)?);
    let listener = TcpListener::bind(&options.listen).await.while_doing("listening on", &options.listen)?;
    let address = listener.local_addr().while_doing("listening on", &options.listen)?;
    if options.fresh || !is_complete(&folder, options.picture) {
        fill_apart(&folder, options.picture).await?;
    }
    let (server, texts) = opened(&folder, &options.listen).await?;
    let t = T::new(texts, Lang::Vi);
    page::show(Shown { tree: Arc::clone(&tree), cast: Arc::clone(&cast), port: address.port() });
    print((t, T::new(texts, Lang::En)), (&tree, &cast), (address, &folder));
    serve(&server, texts, listener).await
}

/// The folder's tenants with the modules of the program and the page of the demonstration.
async fn opened(folder: &Path, listen: &str) -> Result<(Arc<Server>, &'static Texts)> {
    let mut modules = crate::modules::all();
    modules.push(page::module());
    let texts = app::texts(&modules)?;
    let config = Config {
        listen: listen.to_owned(),
        data: folder.to_owned(),
        default_tenant: PROVINCE.to_owned(),
        signing: Signing {
            roots: Some(folder.join(ROOT)).filter(|root| root.is_file()).into_iter().collect(),
            ..Signing::default()
        },
        push: Push { services: PUSH_SERVICES.map(str::to_owned).to_vec(), contact: String::new() },
        // The files of the demonstration are made by it.
        antivirus: Antivirus::None,
        ..Config::default()
    };
    Ok((open(config, (modules, texts)).await?, texts))
}

/// The push services of the browsers people have, as an operator would name them.
const PUSH_SERVICES: [&str; 4] =
    ["fcm.googleapis.com", "updates.push.services.mozilla.com", "*.notify.windows.com", "*.push.apple.com"];

/// Fills the folder in a process of its own, which takes the memory of the work with it: the one that serves
/// begins small.
#[expect(clippy::disallowed_methods, reason = "the program starts itself once more, and nothing else")]
async fn fill_apart(folder: &Path, picture: Picture) -> Result<()> {
    let program = std::env::current_exe().while_doing("finding", "the program")?;
    let mut child = std::process::Command::new(program);
    child.arg("fill-demo").arg("--data").arg(folder).args(["--picture", word(picture)]);
    let ended = tokio::task::spawn_blocking(move || child.status()).await;
    let ended = ended.while_doing("filling", folder.display())?.while_doing("filling", folder.display())?;
    if ended.success() {
        return Ok(());
    }
    Err(Error::internal(format!("filling {}: {ended}", folder.display())))
}

/// Empties the folder and fills it.
///
/// # Errors
/// What the disk or a database reports.
pub async fn fill_folder(folder: &Path, picture: Picture) -> Result<()> {
    empty(folder)?;
    let (server, texts) = opened(folder, "").await?;
    let t = T::new(texts, Lang::Vi);
    let tree = Arc::new(data(picture)?);
    let cast = Arc::new(cast(&tree)?);
    say(&t.fill("demo.print.filling", &[]));
    let began = std::time::Instant::now();
    let played = fill(&server, texts, (&tree, &cast), usize::MAX).await?;
    let root = signers::enter(&server, texts, (&tree, &cast)).await?;
    std::fs::write(folder.join(ROOT), root).while_doing("writing", folder.display())?;
    std::fs::write(folder.join(MARK), word(picture)).while_doing("writing", folder.display())?;
    say_filled(t, &played, began.elapsed().as_secs());
    Ok(())
}

/// Fills two empty tenants with everybody and the last `days` days of their work.
///
/// # Errors
/// What a database reports.
pub async fn fill(
    server: &Arc<Server>,
    texts: &'static Texts,
    (tree, cast): (&Arc<Tree>, &Arc<Vec<Staff>>),
    days: usize,
) -> Result<Played> {
    let now = server.clock.now();
    let ground = Ground {
        texts,
        tree: Arc::clone(tree),
        cast: Arc::clone(cast),
        hash: engine::hash_password(PASSWORD)?,
        from: play::beginning(now),
    };
    for tenant in server.tenants() {
        tenant.db.bulk(true);
        seed::found(tenant, &ground).await?;
    }
    let played = play::play(server, texts, (tree, cast), (now, days)).await;
    for tenant in server.tenants() {
        tenant.db.bulk(false);
        tenant.db.checkpoint().await?;
    }
    played
}

/// Opens the two tenants.
///
/// # Errors
/// What the disk or a database reports.
pub async fn open(config: Config, (modules, texts): (Vec<Module>, &'static Texts)) -> Result<Arc<Server>> {
    let (schema, rights) = (Schema::of(&modules), app::rights(&modules));
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let used = TITLES.iter().any(|(name, _)| has_key(&app::files_folder(&config.data, name)));
    let master = Master::open(&config.master_key(), !used)?;
    let mut tenants = Vec::new();
    for (name, title) in TITLES {
        let files = app::files_folder(&config.data, name);
        std::fs::create_dir_all(&files).while_doing("making", files.display())?;
        let path = config.data.join(name).join("vanlang.db");
        let db = Db::open(&format!("sqlite:{}", path.display()), name, &schema).await?;
        let (cx, rights) = (app::founding(texts, name, clock.as_ref()), rights.clone());
        let act = move |db: &dyn kernel::Database| {
            kernel::engine::write(db, &cx, |cx| platform::identity::found_rights(cx, &rights))
        };
        db.write(Scope::Everything, act).await?;
        let files = Store::open(&files, &master).await?;
        tenants.push(TenantParts { name: name.to_owned(), title: title.to_owned(), demo: true, db, files });
    }
    let chance = engine::system_chance;
    Server::new(Parts { config, modules, texts, clock, chance, tenants, async_jobs: Vec::new(), node: None })
        .await
}

async fn serve(server: &Arc<Server>, texts: &'static Texts, listener: TcpListener) -> Result<()> {
    let loops = server.spawn_all().await?;
    server.serve_router(enter::router(server, texts), listener, app::told_to_stop()).await;
    for one in loops {
        one.abort();
    }
    Ok(())
}

fn word(picture: Picture) -> &'static str {
    match picture {
        Picture::FourLevels => "2017",
        Picture::TwoLevels => "2025",
    }
}

fn is_complete(folder: &Path, picture: Picture) -> bool {
    std::fs::read_to_string(folder.join(MARK)).is_ok_and(|mark| mark.trim() == word(picture))
}

/// Removes what an earlier demonstration left in the folder, and nothing else.
fn empty(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).while_doing("making", folder.display())?;
    let mark = folder.join(MARK);
    if mark.exists() {
        std::fs::remove_file(&mark).while_doing("removing", mark.display())?;
    }
    for (name, _) in TITLES {
        let old = folder.join(name);
        if old.exists() {
            std::fs::remove_dir_all(&old).while_doing("removing", old.display())?;
        }
    }
    Ok(())
}

fn say(line: &str) {
    // The reader may have closed its end; there is nobody left to tell.
    let _ = writeln!(std::io::stdout(), "{line}");
}

fn say_filled(t: T, played: &Played, seconds: u64) {
    let values: [(&str, &dyn Display); 3] =
        [("seconds", &seconds), ("incoming", &played.incoming), ("outgoing", &played.outgoing)];
    say(&t.fill("demo.print.filled", &values));
}

/// Address, people and walk, in both languages.
fn print((t, english): (T, T), (tree, cast): (&Tree, &[Staff]), (address, folder): (SocketAddr, &Path)) {
    let address = format!("http://{PROVINCE}.localhost:{}", address.port());
    say(&t.fill("demo.print.ready", &[("address", &address)]));
    say(&t.fill("demo.print.list", &[("address", &address)]));
    say(&t.fill("demo.print.password", &[("password", &PASSWORD)]));
    say(&t.fill("demo.print.pin", &[("pin", &signers::PIN)]));
    say("");
    for one in roster(tree, cast) {
        let who = format!("{}, {}, {}", one.name, one.title, one.agency);
        say(&format!("  {:28} {:10} {who}: {}", one.username, one.tenant, t.text(one.what)));
    }
    for t in [t, english] {
        say("");
        say(t.text("demo.walk"));
        for (nth, (username, key)) in (1..).zip(WALK) {
            let who = if username.is_empty() { commune_clerk(tree.picture) } else { username };
            say(&format!("  {nth:2}. [{who}] {}", t.text(key)));
        }
    }
    say("");
    say(&t.fill("demo.print.data", &[("folder", &folder.display())]));
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::form::Input;
    use kernel::{Method, Response};

    #[tokio::test(flavor = "multi_thread")]
    async fn the_last_days_are_played_without_a_refusal_and_leave_everybody_something_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let mut modules = crate::modules::all();
        modules.push(page::module());
        let texts = app::texts(&modules).unwrap();
        let config =
            Config { data: folder.path().to_owned(), antivirus: Antivirus::None, ..Config::default() };
        let server = open(config, (modules, texts)).await.unwrap();
        let tree = Arc::new(data(Picture::TwoLevels).unwrap());
        let cast = Arc::new(cast(&tree).unwrap());
        let played = fill(&server, texts, (&tree, &cast), 3).await.unwrap();
        assert_eq!(played.refused, 0);
        assert!(played.incoming > 300 && played.outgoing > 80, "{played:?}");
        let now = server.clock.now();
        for one in roster(&tree, &cast).iter().filter(|one| one.what != "demo.what.admin") {
            let tenant = server.tenant(one.tenant).unwrap();
            let town = crate::demo::town::town(tenant, texts, now).await.unwrap();
            let person = town.people[&one.username];
            let desk =
                server.call(one.tenant, (person, now), (Method::Get, "/"), Input::default()).await.unwrap();
            let Response::Page { body, .. } = desk else { panic!("{}: no desk", one.username) };
            assert!(body.matches("data-row").count() >= 1, "{} has nothing to do", one.username);
        }
    }
}
