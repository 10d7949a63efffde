//! Where a thing has been, where it is and what comes next, in plain words.

use crate::icons::icon;
use base::T;
use maud::{Markup, html};

/// How far a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Done.
    Done,
    /// Under way, here.
    Now,
    /// Failed or refused.
    Bad,
    /// Still to come.
    Next,
}

impl Step {
    fn class(self) -> &'static str {
        match self {
            Step::Done => "is-done",
            Step::Now => "is-now",
            Step::Bad => "is-bad",
            Step::Next => "is-next",
        }
    }

    fn text_key(self) -> &'static str {
        match self {
            Step::Done => "ui.step.done",
            Step::Now => "ui.step.now",
            Step::Bad => "ui.step.bad",
            Step::Next => "ui.step.next",
        }
    }

    fn dot(self, number: Option<usize>) -> Markup {
        html! {
            span class="dot" aria-hidden="true" {
                @match (self, number) {
                    (Step::Done, _) => (icon("check")),
                    (Step::Now, _) => (icon("wait")),
                    (Step::Bad, _) => (icon("x")),
                    (Step::Next, Some(number)) => (number),
                    (Step::Next, None) => {}
                }
            }
        }
    }
}

/// One thing that happened or will happen.
#[derive(Debug, Clone)]
pub struct Event<'a> {
    /// When, as short as the list allows.
    pub when: &'a str,
    /// How far it is.
    pub step: Step,
    /// What, and who.
    pub what: Markup,
    /// A word on it; empty for none.
    pub note: &'a str,
}

/// What happened, oldest first, and what comes next.
pub fn timeline(t: T, events: &[Event<'_>]) -> Markup {
    html! {
        ol class="timeline" {
            @for event in events {
                li class=(event.step.class()) {
                    span class="timeline__when" { (event.when) }
                    (event.step.dot(None))
                    div class="timeline__what" {
                        span class="hidden" { (t.text(event.step.text_key())) ": " }
                        b { (event.what) }
                        @if !event.note.is_empty() { p { (event.note) } }
                    }
                }
            }
        }
    }
}

/// One level a document passes.
#[derive(Debug, Clone, Copy)]
pub struct Leg<'a> {
    /// The level.
    pub name: &'a str,
    /// What happened there.
    pub note: &'a str,
    /// How far it is.
    pub step: Step,
}

/// The way of a document through the levels of government.
pub fn trip(t: T, legs: &[Leg<'_>]) -> Markup {
    html! {
        ol class="trip" aria-label=(t.text("ui.trip")) {
            @for leg in legs {
                li class=(leg.step.class()) {
                    (leg.step.dot(None))
                    p {
                        b { (leg.name) }
                        @if leg.step == Step::Now { " " small { "(" (t.text("ui.here")) ")" } }
                        @else { span class="hidden" { ", " (t.text(leg.step.text_key())) } }
                    }
                    p { (leg.note) }
                }
            }
        }
    }
}

/// One person on the route of approval.
#[derive(Debug, Clone, Copy)]
pub struct Hand<'a> {
    /// Who.
    pub who: &'a str,
    /// What they do.
    pub what: &'a str,
    /// When, or by when.
    pub when: &'a str,
    /// How far it is.
    pub step: Step,
}

/// The hands a draft passes through, in order.
pub fn path(t: T, hands: &[Hand<'_>]) -> Markup {
    html! {
        ol class="path" {
            @for (n, hand) in hands.iter().enumerate() {
                li class=(hand.step.class()) {
                    (hand.step.dot(Some(n + 1)))
                    span {
                        span class="hidden" { (t.text(hand.step.text_key())) ": " }
                        b { (hand.who) } " " (hand.what)
                    }
                    span class="muted" { (hand.when) }
                }
            }
        }
    }
}
