//! The list, the search, and one page of help.

use crate::{pictures, rules};
use base::{Error, Lang, T};
use kernel::{Public, Raw, Reader, Reply, Response, Topic};
use maud::{Markup, PreEscaped, html};

/// The order of the modules in the list; others follow.
const ORDER: [&str; 5] = ["help", "desk", "documents", "archives", "admin"];

/// All pages, those that speak of `q`, or the way to the page of the screen `at`.
pub(crate) fn index(cx: &Reader<'_, Public>) -> Reply {
    if let Some(path) = cx.query("at").and_then(|at| page_for(cx, at)) {
        return Ok(Response::Redirect(path));
    }
    let t = cx.t();
    let words = cx.query("q").map(str::trim).filter(|words| !words.is_empty());
    let body = html! {
        (ui::head(cx.text("help.title"), html! { (cx.text("help.sub")) }, html! {}))
        (ui::stack(html! {
            (ui::filters(t, cx.text("help.search"), "/help",
                ui::filter_text("q", cx.text("help.words"), words.unwrap_or(""))))
            @match words {
                Some(words) => (found(cx, words)),
                None => (list(cx)),
            }
        }))
    };
    cx.page(cx.text("help.title"), body.into_string())
}

/// One page.
pub(crate) fn topic(cx: &Reader<'_, Public>) -> Reply {
    let name = cx.param("name")?;
    let (module, topic) = cx.topics().iter().find(|(_, topic)| topic.name == name).ok_or(Error::NotFound)?;
    let (title, body) = rules::parts(text_of(cx.t(), topic));
    let others: Vec<Topic> = cx
        .topics()
        .iter()
        .filter(|(other, one)| other == module && one != topic)
        .map(|(_, one)| *one)
        .collect();
    let all = ui::link_button(ui::ButtonKind::Quiet, "help", cx.text("help.all"), "/help");
    let body = html! {
        (ui::head(title, html! {}, all))
        (ui::stack(html! {
            div class="card" { div class="card__body prose" { (picture_of(cx, (name, title))) (rendered(body)) } }
            (ui::card("more", cx.text("help.more"), html! {}, links(cx.t(), &others)))
        }))
    };
    cx.page(title, body.into_string())
}

/// What its screen looks like, in the reader's language.
pub(crate) fn picture(cx: &Reader<'_, Public>) -> Reply {
    let name = cx.param("name")?;
    let picture = pictures::of(name, cx.t().lang().code()).ok_or(Error::NotFound)?;
    Ok(Response::Download {
        name: format!("{name}.webp"),
        content_type: "image/webp",
        body: picture.to_vec(),
    })
}

fn picture_of(cx: &Reader<'_, Public>, (name, title): (&str, &str)) -> Markup {
    let (t, (width, height)) = (cx.t(), pictures::SIZE);
    if pictures::of(name, t.lang().code()).is_none() {
        return html! {};
    }
    let alt = t.fill("help.picture", &[("title", &title)]);
    html! { img src={ "/help/" (name) "/picture.webp" } alt=(alt) width=(width) height=(height) loading="lazy"; }
}

/// The address of the page that explains a screen, the most exact one. An act has the screen it is done on: its
/// address is shortened until a screen is found.
fn page_for(cx: &Raw<'_>, at: &str) -> Option<String> {
    let screens: Vec<(&str, &str)> = cx
        .topics()
        .iter()
        .flat_map(|(_, topic)| topic.screens.iter().map(move |screen| (*screen, topic.name)))
        .collect();
    let mut path = at.split(['?', '#']).next().unwrap_or(at);
    loop {
        let of_it = screens.iter().filter(|(screen, _)| rules::is_of(screen, path));
        if let Some((_, name)) = of_it.max_by_key(|(screen, _)| rules::exactness(screen)) {
            return Some(format!("/help/{name}"));
        }
        path = path.rsplit_once('/').map(|(above, _)| above).filter(|above| !above.is_empty())?;
    }
}

fn text_of(t: T, topic: &Topic) -> &'static str {
    if t.lang() == Lang::En { topic.en } else { topic.vi }
}

fn list(cx: &Reader<'_, Public>) -> Markup {
    let t = cx.t();
    let mut modules: Vec<&str> = cx.topics().iter().map(|(module, _)| *module).collect();
    modules.dedup();
    modules.sort_by_key(|module| ORDER.iter().position(|known| known == module).unwrap_or(ORDER.len()));
    html! {
        @for module in modules {
            @let of_it: Vec<Topic> = cx.topics().iter().filter(|(m, _)| *m == module).map(|(_, topic)| *topic).collect();
            (ui::card(module, t.text(&format!("help.module.{module}")), html! {}, links(t, &of_it)))
        }
    }
}

fn found(cx: &Reader<'_, Public>, words: &str) -> Markup {
    let t = cx.t();
    let mut scored: Vec<(usize, Topic)> = cx
        .topics()
        .iter()
        .map(|(_, topic)| (rules::score(text_of(t, topic), words), *topic))
        .filter(|(score, _)| *score > 0)
        .collect();
    scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    let topics: Vec<Topic> = scored.into_iter().map(|(_, topic)| topic).collect();
    if topics.is_empty() {
        let title = t.fill("help.nothing", &[("words", &words)]);
        let all = ui::link_button(ui::ButtonKind::Plain, "help", cx.text("help.all"), "/help");
        return ui::empty(&title, cx.text("help.nothing_text"), all);
    }
    let title = t.fill("help.found", &[("n", &topics.len()), ("words", &words)]);
    ui::card("found", &title, html! {}, links(t, &topics))
}

/// Titles with the first sentence of each page.
fn links(t: T, topics: &[Topic]) -> Markup {
    html! {
        ul class="links" {
            @for topic in topics {
                @let (title, body) = rules::parts(text_of(t, topic));
                li {
                    a href=(format!("/help/{}", topic.name)) { (title) }
                    " " span class="muted" { (first_sentence(body)) }
                }
            }
        }
    }
}

/// What a page begins with, as far as its first full stop.
fn first_sentence(body: &str) -> String {
    let line = body.lines().map(str::trim).find(|line| line.chars().next().is_some_and(char::is_alphabetic));
    let line = line.unwrap_or_default();
    line.split_inclusive(". ").next().unwrap_or(line).replace(['*', '`'], "")
}

/// Our own Markdown; raw HTML in it would be left out.
fn rendered(markdown: &str) -> Markup {
    PreEscaped(comrak::markdown_to_html(markdown, &comrak::Options::default()))
}
