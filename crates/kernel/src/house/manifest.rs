//! The manifest: routes, rights, places in the rail, and the shape of the folder.

use super::House;
use crate::module::{Method, Route};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn problems(house: &House<'_>) -> Vec<String> {
    let mut problems = Vec::new();
    if house.is_domain() {
        for path in ["README.md", "src/lib.rs"] {
            if house.read(path).is_none() {
                problems.push(format!("{path} is missing"));
            }
        }
        let exists = |name: &str| {
            let begins = [format!("src/{name}.rs"), format!("src/{name}/")];
            house
                .sources
                .iter()
                .any(|source| begins.iter().any(|begin| source.path.starts_with(begin.as_str())))
        };
        if !house.module.routes.is_empty() && !exists("web") {
            problems.push("src/web.rs or src/web/ is missing: routes live there".to_owned());
        }
        if !house.module.migrations.is_empty() && !exists("store") {
            problems.push("src/store.rs or src/store/ is missing: statements live there".to_owned());
        }
    }
    for name in house.files("migrations", ".sql") {
        let stem = name.trim_end_matches(".sql");
        if !house.module.migrations.iter().any(|migration| migration.name == stem) {
            problems.push(format!("migrations/{name} is not in the manifest"));
        }
    }
    for name in house.files("rules", ".toml") {
        let stem = name.trim_end_matches(".toml");
        if house.is_domain() && !house.module.rules.iter().any(|(rule, _)| *rule == stem) {
            problems.push(format!("rules/{name} is not in the manifest as {stem:?}"));
        }
    }
    // Roles get the rights that routes ask for: one that no route asks for would be held by nobody.
    for right in super::texts::declared_rights(&house.sources) {
        if !house.module.routes.iter().any(|route| route.right == right) {
            problems.push(format!("right {right} is asked for by no route"));
        }
    }
    problems.extend(routes(house));
    problems.extend(menu(house));
    problems
}

/// A path with every parameter called the same: what two routes may not share.
pub(super) fn pattern(path: &str) -> String {
    path.split('/').map(|part| if part.starts_with('{') { "{}" } else { part }).collect::<Vec<_>>().join("/")
}

fn routes(house: &House<'_>) -> Vec<String> {
    let (module, mut problems, mut seen) = (house.module, Vec::new(), BTreeSet::new());
    let handlers = handlers(house);
    for route in &module.routes {
        let (method, path) = (route.method, route.path);
        let mut say = |text: String| problems.push(format!("route {method:?} {path}: {text}"));
        if !seen.insert((method == Method::Get, route.data, pattern(path))) {
            say("is declared twice".to_owned());
        }
        if !path.starts_with('/') || path.len() > 1 && path.ends_with('/') {
            say("a path begins with / and does not end with it".to_owned());
        }
        if let Some(text) = right_problem(house, route.right) {
            say(text);
        }
        let page_is_route = |page: &str| {
            module
                .routes
                .iter()
                .any(|r| r.method == Method::Get && !r.data && pattern(r.path) == pattern(page))
        };
        if let Some(page) = route.page.filter(|page| !page_is_route(page)) {
            say(format!("its page {page} is no GET route of the module"));
        }
        if method == Method::Post
            && let Some(text) = form_problem(route, &handlers)
        {
            say(text);
        }
    }
    problems
}

fn right_problem(house: &House<'_>, right: &str) -> Option<String> {
    if matches!(right, "public" | "signed-in") {
        return None;
    }
    if right == "system" {
        return Some("no route may ask for the right of the system".to_owned());
    }
    let parts: Vec<&str> = right.split('.').collect();
    let letters = |part: &&str| {
        !part.is_empty()
            && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_')
    };
    let is_good = parts.len() == 3 && parts.iter().all(letters) && parts.first() == Some(&house.module.name);
    (!is_good).then(|| format!("its right {right} is not `{}.noun.verb`", house.module.name))
}

/// A handler that reads a form but does not say which, so that the API and the error page know nothing of it.
fn form_problem(route: &Route, handlers: &BTreeMap<String, bool>) -> Option<String> {
    let reads = handlers.get(&format!("post {}", route.path)).copied().unwrap_or(false);
    if reads && route.fields.is_empty() {
        return Some("its handler reads a form: declare it with `.form::<…>()`".to_owned());
    }
    let mut names: Vec<&str> = route.fields.iter().map(|field| field.name).collect();
    names.sort_unstable();
    let twice = names.windows(2).find_map(|pair| match pair {
        [one, other] if one == other => Some(*one),
        _ => None,
    });
    if let Some(name) = twice {
        return Some(format!("its form has two fields called {name}"));
    }
    (!route.fields.is_empty() && route.page.is_none())
        .then(|| "it has a form: name the page that holds it with `.page(\"…\")`".to_owned())
}

/// For each `post("path", web::incoming::assign)` of the sources, whether the handler reads a form.
fn handlers(house: &House<'_>) -> BTreeMap<String, bool> {
    let mut found = BTreeMap::new();
    for source in &house.sources {
        for literal in &source.literals {
            let (before, after) = source.around(literal);
            let Some(after) = after.strip_prefix(',').filter(|_| before.ends_with(".post(")) else {
                continue;
            };
            let handler = after.split([')', ',']).next().unwrap_or("").trim();
            let mut parts = handler.rsplit("::");
            let own = source.path.trim_end_matches(".rs").rsplit('/').next().unwrap_or("");
            let (name, file) = (parts.next().unwrap_or(""), parts.next().unwrap_or(own));
            found.insert(format!("post {}", literal.text), reads_form(house, (file, name)));
        }
    }
    found
}

fn reads_form(house: &House<'_>, (file, name): (&str, &str)) -> bool {
    let endings = [format!("/{file}.rs"), format!("/{file}/mod.rs")];
    let sources =
        house.sources.iter().filter(|s| endings.iter().any(|ending| s.path.ends_with(ending.as_str())));
    sources.flat_map(super::source::Source::functions).any(|function| {
        function.name == name && (function.text.contains("cx.form()") || function.text.contains("cx.form::<"))
    })
}

/// A place in the rail leads to a page, and whoever sees the place may open the page.
fn menu(house: &House<'_>) -> Vec<String> {
    let mut problems = Vec::new();
    for item in &house.module.menu {
        let path = item.path.split('?').next().unwrap_or(item.path);
        let page = house.module.routes.iter().find(|r| r.method == Method::Get && !r.data && r.path == path);
        match page {
            None => problems.push(format!("menu {}: no GET route of the module is {path}", item.label)),
            Some(route) if route.right != item.right => problems.push(format!(
                "menu {}: needs {} but its page needs {}",
                item.label, item.right, route.right
            )),
            Some(_) => {}
        }
    }
    for queue in &house.module.queues {
        let Some((_, asked)) = queue.path.split_once('?') else { continue };
        if asked != format!("kind={}", queue.kind) {
            problems.push(format!("queue {}: counts {} but leads to {asked}", queue.label, queue.kind));
        }
    }
    problems
}
