//! The matrix of rights: each route against each role, as the manifests declare it, and as the server acts.

use kernel::{Method, Route};
use std::fmt::Write;
use std::path::Path;
use testkit::{Person, Town};
use vanlang::modules::all;

/// The roles a tenant is founded with.
const ROLES: &[&str] = &["clerk", "leader", "head", "officer", "archivist", "admin"];

/// Pages that open only from a place that says what for, in the query.
const FROM_SOMEWHERE: &[&str] = &["/admin/agencies/new", "/admin/people/new"];

/// True when the route may be used by a role; `None` is a visitor.
fn may(route: &Route, role: Option<&str>) -> bool {
    match (route.right, role) {
        ("public", _) => true,
        ("signed-in", role) => role.is_some(),
        (_, role) => role.is_some_and(|role| route.roles.contains(&role)),
    }
}

fn word(route: &Route) -> &'static str {
    match (route.method, route.data) {
        (_, true) => "DATA",
        (Method::Get, _) => "GET",
        (Method::Post, _) => "POST",
    }
}

fn sorted(mut routes: Vec<Route>) -> Vec<Route> {
    routes.sort_by_key(|route| (route.path, word(route)));
    routes
}

fn routes() -> Vec<Route> {
    sorted(all().into_iter().flat_map(|module| module.routes).collect())
}

fn matrix() -> String {
    let routes = routes();
    let path = routes.iter().map(|route| route.path.len()).max().unwrap_or(0);
    let right = routes.iter().map(|route| route.right.len()).max().unwrap_or(0);
    let mut text =
        String::from("# Who holds what when a tenant is founded. DATA is a GET of the API only.\n");
    let _ = write!(text, "{:<4}  {:<path$}  {:<right$}", "", "path", "right");
    for role in ROLES.iter().chain(&["visitor"]) {
        let _ = write!(text, "  {role:<9}");
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    for route in &routes {
        let mut line = format!("{:<4}  {:<path$}  {:<right$}", word(route), route.path, route.right);
        for role in ROLES.iter().copied().map(Some).chain([None]) {
            let _ = write!(line, "  {:<9}", if may(route, role) { "yes" } else { "-" });
        }
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}

fn public() -> String {
    let mut text = String::from(
        "# What anybody may use, signed in or not. The engine adds its own pages for signing in.\n",
    );
    for route in routes().iter().filter(|route| may(route, None)) {
        let _ = writeln!(text, "{:<4}  {}", word(route), route.path);
    }
    text
}

/// Compares with the golden file, or writes it when asked to.
#[expect(clippy::disallowed_methods, reason = "the person who runs the test says that the change is meant")]
pub(crate) fn compare(name: &str, now: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if std::env::var("VANLANG_ACCEPT").is_ok_and(|word| word == "1") {
        std::fs::write(&file, now).unwrap();
        return;
    }
    let before = std::fs::read_to_string(&file).unwrap_or_default().replace("\r\n", "\n");
    let gone = before
        .lines()
        .filter(|line| !now.lines().any(|other| other == *line))
        .map(|line| format!("- {line}"));
    let new = now
        .lines()
        .filter(|line| !before.lines().any(|other| other == *line))
        .map(|line| format!("+ {line}"));
    let difference: Vec<String> = gone.chain(new).collect();
    assert!(
        before == now,
        "tests/golden/{name} is not what the manifests say:\n{}\n\nIs that meant? Then\n  \
         VANLANG_ACCEPT=1 cargo test -p vanlang --test golden\nand let a second person read the change.",
        difference.join("\n")
    );
}

#[test]
fn the_matrix_is_the_one_a_person_has_read() {
    compare("rights.txt", &matrix());
}

#[test]
fn public_pages_are_those_a_person_has_read() {
    compare("public.txt", &public());
}

/// An id nobody has.
pub(crate) const NOBODY: &str = "0192f0c1-0000-7000-8000-000000000000";

/// A path with an id nobody has in each place.
pub(crate) fn filled(path: &str) -> String {
    let part = |part| if str::starts_with(part, '{') { NOBODY } else { part };
    path.split('/').map(part).collect::<Vec<&str>>().join("/")
}

fn person<'t>(town: &'t Town, role: &'static str) -> Person<'t> {
    let unit = if matches!(role, "head" | "officer") { "VX" } else { "" };
    town.person("Phú Thọ", role, unit)
}

/// What a role gets at a path, without following where it leads.
fn status(person: &Person<'_>, route: &Route) -> u16 {
    let path = filled(route.path);
    let page =
        if route.data { person.api(&path, None) } else { person.ask(Method::Get, &path, ("", Vec::new())) };
    page.status
}

#[test]
fn the_server_keeps_to_the_matrix() {
    let town = Town::with(all());
    let mut problems = Vec::new();
    for route in routes().iter().filter(|route| route.method == Method::Get) {
        for role in ROLES.iter().copied() {
            let status = status(&person(&town, role), route);
            let fine = match may(route, Some(role)) {
                false => status == 403,
                // Nothing has this id; a page without one opens.
                true if route.path.contains('{') || FROM_SOMEWHERE.contains(&route.path) => {
                    matches!(status, 200 | 303 | 404)
                }
                true => matches!(status, 200 | 303),
            };
            if !fine {
                problems.push(format!("{role} {} {}: {status}", word(route), route.path));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn a_visitor_is_sent_to_the_door() {
    let town = Town::with(all());
    let mut problems = Vec::new();
    for route in routes() {
        let visitor = town.visitor("phutho");
        let path = if route.data { format!("/api/v1{}", filled(route.path)) } else { filled(route.path) };
        let kind = if route.method == Method::Post { "application/x-www-form-urlencoded" } else { "" };
        let page = visitor.ask(route.method, &path, (kind, Vec::new()));
        let leads_to_door =
            page.status == 303 && page.header("location").is_some_and(|to| to.starts_with("/sign-in"));
        let fine = match (may(&route, None), route.method, route.data) {
            (true, Method::Get, _) => page.status < 500,
            // Without the token of one of our pages even a public form does nothing.
            (true, Method::Post, _) => page.status == 403,
            (false, _, true) => page.status == 401,
            (false, Method::Get, _) => leads_to_door,
            // The form is kept and the door is shown in its place.
            (false, Method::Post, _) => leads_to_door || page.form("/sign-in").is_some(),
        };
        if !fine {
            problems.push(format!("{} {}: {}", word(&route), route.path, page.status));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn without_the_right_no_act_is_done() {
    let town = Town::with(all());
    let mut problems = Vec::new();
    for route in routes().iter().filter(|route| route.method == Method::Post) {
        for role in ROLES.iter().copied().filter(|role| !may(route, Some(role))) {
            let status = person(&town, role).post(&filled(route.path), &[]).status;
            if status != 403 {
                problems.push(format!("{role} POST {}: {status}", route.path));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
