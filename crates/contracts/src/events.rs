//! What programs of others can be told of: names that stay, however the acts behind them are called.

/// An event, and the acts of the audit log that mean it.
#[derive(Debug, Clone, Copy)]
pub struct Event {
    /// Its name: `document.arrived`.
    pub name: &'static str,
    /// Text keys of the acts.
    pub acts: &'static [&'static str],
}

/// Every event, in the order of a document's life.
pub const EVENTS: &[Event] = &[
    Event { name: "document.arrived", acts: &["documents.act.arrived"] },
    Event { name: "document.registered", acts: &["documents.act.registered"] },
    Event { name: "document.returned", acts: &["documents.act.returned"] },
    Event { name: "document.directed", acts: &["documents.act.directed"] },
    Event { name: "document.assigned", acts: &["documents.act.assigned"] },
    Event { name: "document.done", acts: &["documents.act.answered", "documents.act.noted"] },
    Event { name: "document.given_back", acts: &["documents.act.given_back"] },
    Event { name: "document.replaced", acts: &["documents.act.replaced", "documents.act.version_taken"] },
    Event { name: "outgoing.submitted", acts: &["documents.act.outgoing.submitted"] },
    Event { name: "outgoing.approved", acts: &["documents.act.outgoing.approved"] },
    Event { name: "outgoing.issued", acts: &["documents.act.outgoing.issued"] },
    Event { name: "outgoing.delivery", acts: &["documents.act.outgoing.status"] },
    Event { name: "outgoing.undelivered", acts: &["documents.act.outgoing.undelivered"] },
    Event { name: "outgoing.recalled", acts: &["documents.act.outgoing.recalled"] },
    Event {
        name: "outgoing.replaced",
        acts: &["documents.act.outgoing.updated", "documents.act.outgoing.replaced"],
    },
];

/// The event an act means.
pub fn of_act(act: &str) -> Option<&'static str> {
    EVENTS.iter().find(|event| event.acts.contains(&act)).map(|event| event.name)
}

/// Values of an act that may leave: what a document is and how far, never a remark or a person.
pub const VALUES: &[&str] = &["symbol", "number", "code", "n", "to_code"];
