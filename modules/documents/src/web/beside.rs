//! From one document of a queue to the next: the way there, and the next one offered once an act is done.

use base::{Id, Result};
use kernel::Raw;
use maud::{Markup, html};
use platform::tasks::{self, Task};
use ui::{ButtonKind, Tone};

/// So long after an act its page offers the next.
const MINUTES: i64 = 10;

/// The way to the documents around this one, and the offer to go on with the next.
pub(crate) fn pages<N: ?Sized>(cx: &Raw<'_>, subject: Id<N>) -> Result<(Markup, Markup)> {
    let (t, found) = (cx.t(), tasks::beside(cx, subject)?);
    let path = |task: &Option<Task>| task.as_ref().map(|task| task.path.clone());
    let (before, after) = (path(&found.before), path(&found.after));
    let around = ui::beside(t, (before.as_deref(), after.as_deref()));
    let recent = found.done_at.is_some_and(|at| at.plus_minutes(MINUTES) > cx.now());
    let next = match found.after.filter(|_| recent) {
        None => html! {},
        Some(task) => ui::banner(
            Tone::Info,
            "inbox",
            html! { (t.text("documents.beside.next")) " " b { (task.title) } },
            ui::link_button(ButtonKind::Plain, "", t.text("documents.beside.open"), &task.path),
        ),
    };
    Ok((around, next))
}
