//! Văn bản: documents received, drafted, issued and tracked by an agency.

mod actions;
mod answers;
mod model;
mod rights;
mod rules;
mod store;
mod web;

use kernel::{Extra, MenuItem, Module, Permission, Queue, Topic, topics};

/// Its pages of help.
const HELP: &[Topic] = topics! {
    "incoming" for ["/documents/incoming"];
    "accept" for ["/documents/incoming/{id}"];
    "direct" for [];
    "paper" for ["/documents/incoming/new"];
    "capture" for ["/documents/incoming/scan", "/documents/incoming/scan/{id}"];
    "import" for ["/documents/incoming/import", "/documents/incoming/import/progress"];
    "letters" for ["/documents/incoming/letters"];
    "recall" for [
        "/documents/demands", "/documents/demands/{id}", "/documents/outgoing/{id}/asked/{asked}"
    ];
    "by-order" for ["/documents/outgoing/by-order"];
    "compose" for ["/documents/outgoing/new", "/documents/outgoing/{id}/edit", "/documents/outgoing/{id}/versions"];
    "approve" for ["/documents/outgoing/{id}"];
    "issue" for ["/documents/outgoing"];
    "tracking" for ["/documents/outgoing/{id}/tracking"];
    "groups" for ["/documents/recipients/groups"];
    "steps" for ["/documents/steps"];
    "board" for ["/documents/board", "/documents/board/late", "/documents/board/owed", "/documents/reports"];
    "opinions" for ["/documents/opinions", "/documents/opinions/new", "/documents/opinions/{id}"];
    "registers" for [
        "/documents/registers/incoming", "/documents/registers/outgoing", "/documents/registers/follow-up"
    ];
    "secret" for ["/documents/secret/new", "/documents/secret/{id}", "/documents/registers/secret"];
};
/// Its texts in Vietnamese.
const VI: &str = concat!(
    include_str!("../i18n/vi/board.toml"),
    "\n",
    include_str!("../i18n/vi/editor.toml"),
    "\n",
    include_str!("../i18n/vi/capture.toml"),
    "\n",
    include_str!("../i18n/vi/incoming.toml"),
    "\n",
    include_str!("../i18n/vi/letters.toml"),
    "\n",
    include_str!("../i18n/vi/opinions.toml"),
    "\n",
    include_str!("../i18n/vi/outgoing.toml"),
    "\n",
    include_str!("../i18n/vi/recall.toml"),
    "\n",
    include_str!("../i18n/vi/registers.toml"),
    "\n",
    include_str!("../i18n/vi/secret.toml"),
    "\n",
    include_str!("../i18n/vi/signatures.toml"),
    "\n",
    include_str!("../i18n/vi/steps.toml"),
    "\n",
    include_str!("../i18n/vi/escalation.toml"),
    "\n",
    include_str!("../i18n/vi/talk.toml"),
    "\n",
    include_str!("../i18n/vi/polled.toml")
);
/// Its texts in English.
const EN: &str = concat!(
    include_str!("../i18n/en/board.toml"),
    "\n",
    include_str!("../i18n/en/editor.toml"),
    "\n",
    include_str!("../i18n/en/capture.toml"),
    "\n",
    include_str!("../i18n/en/incoming.toml"),
    "\n",
    include_str!("../i18n/en/letters.toml"),
    "\n",
    include_str!("../i18n/en/opinions.toml"),
    "\n",
    include_str!("../i18n/en/outgoing.toml"),
    "\n",
    include_str!("../i18n/en/recall.toml"),
    "\n",
    include_str!("../i18n/en/registers.toml"),
    "\n",
    include_str!("../i18n/en/secret.toml"),
    "\n",
    include_str!("../i18n/en/signatures.toml"),
    "\n",
    include_str!("../i18n/en/steps.toml"),
    "\n",
    include_str!("../i18n/en/escalation.toml"),
    "\n",
    include_str!("../i18n/en/talk.toml"),
    "\n",
    include_str!("../i18n/en/polled.toml")
);

/// A queue of the rail: what it is called and where it leads, its tasks and icon, and who sees it.
const fn queue(
    (label, path): (&'static str, &'static str),
    (kind, icon): (&'static str, &'static str),
    right: &'static str,
) -> Queue {
    Queue { section: "documents.menu.section", label, path, icon, kind, right, quiet: false }
}

/// A queue of those who seldom do this work.
fn quiet(queue: Queue) -> Queue {
    Queue { quiet: true, ..queue }
}

/// The queues of documents that came, in the order of the work on them.
fn incoming_queues() -> [Queue; 9] {
    use rights::{
        IncomingAssign, IncomingDirect, IncomingGiveBack, IncomingHandle, IncomingRegister, OpinionAsk,
        OpinionGive,
    };
    [
        queue(
            ("documents.task.register.queue", "/?kind=documents.task.register"),
            ("documents.task.register", "inbox"),
            IncomingRegister::ID,
        ),
        queue(
            ("documents.task.direct.queue", "/?kind=documents.task.direct"),
            ("documents.task.direct", "flag"),
            IncomingDirect::ID,
        ),
        quiet(queue(
            ("documents.task.assign.queue", "/?kind=documents.task.assign"),
            ("documents.task.assign", "users"),
            IncomingAssign::ID,
        )),
        quiet(queue(
            ("documents.task.handle.queue", "/?kind=documents.task.handle"),
            ("documents.task.handle", "user"),
            IncomingHandle::ID,
        )),
        quiet(queue(
            ("documents.task.assist.queue", "/?kind=documents.task.assist"),
            ("documents.task.assist", "users"),
            IncomingHandle::ID,
        )),
        quiet(queue(
            ("documents.task.opinion.queue", "/?kind=documents.task.opinion"),
            ("documents.task.opinion", "chat"),
            OpinionGive::ID,
        )),
        quiet(queue(
            ("documents.task.opinion_came.queue", "/?kind=documents.task.opinion_came"),
            ("documents.task.opinion_came", "chat"),
            OpinionAsk::ID,
        )),
        quiet(queue(
            ("documents.task.recall.queue", "/?kind=documents.task.recall"),
            ("documents.task.recall", "undo"),
            IncomingGiveBack::ID,
        )),
        quiet(queue(
            ("documents.task.update.queue", "/?kind=documents.task.update"),
            ("documents.task.update", "copy"),
            IncomingGiveBack::ID,
        )),
    ]
}

/// The queues of what came through a door and needs a second look.
fn door_queues() -> [Queue; 2] {
    use rights::IncomingRegister;
    [
        quiet(queue(
            ("documents.task.letter.queue", "/documents/incoming/letters"),
            ("documents.task.letter", "inbox"),
            IncomingRegister::ID,
        )),
        quiet(queue(
            ("platform.task.infected.queue", "/?kind=platform.task.infected"),
            (platform::scans::TASK, "shieldx"),
            IncomingRegister::ID,
        )),
    ]
}

/// The queues of documents that are written, in the order of the work on them.
fn outgoing_queues() -> [Queue; 7] {
    use rights::{
        OutgoingApprove, OutgoingApproveContent, OutgoingApproveFormat, OutgoingDraft, OutgoingIssue,
        OutgoingReview,
    };
    [
        quiet(queue(
            ("documents.task.returned_draft.queue", "/?kind=documents.task.returned_draft"),
            ("documents.task.returned_draft", "undo"),
            OutgoingDraft::ID,
        )),
        queue(
            ("documents.task.content.queue", "/?kind=documents.task.content"),
            ("documents.task.content", "check"),
            OutgoingApproveContent::ID,
        ),
        quiet(queue(
            ("documents.task.consult.queue", "/?kind=documents.task.consult"),
            ("documents.task.consult", "chat"),
            OutgoingReview::ID,
        )),
        queue(
            ("documents.task.format.queue", "/?kind=documents.task.format"),
            ("documents.task.format", "check"),
            OutgoingApproveFormat::ID,
        ),
        queue(
            ("documents.task.approve.queue", "/?kind=documents.task.approve"),
            ("documents.task.approve", "pen"),
            OutgoingApprove::ID,
        ),
        queue(
            ("documents.task.issue.queue", "/?kind=documents.task.issue"),
            ("documents.task.issue", "stamp"),
            OutgoingIssue::ID,
        ),
        queue(
            ("documents.task.trouble.queue", "/?kind=documents.task.trouble"),
            ("documents.task.trouble", "alert"),
            OutgoingIssue::ID,
        ),
    ]
}

/// The manifest.
pub fn module() -> Module {
    let module = Module::new("documents", env!("CARGO_MANIFEST_DIR"));
    let queues = incoming_queues().into_iter().chain(door_queues()).chain(outgoing_queues());
    with_tables(with_menu(queues.fold(module, Module::queue)))
        .rules("types", rules::types::TOML)
        .rules("escalation", rules::escalation::TOML)
        .help(HELP)
        .texts(VI, EN)
        .routes(|r| {
            web::incoming::routes(r);
            web::capture::routes(r);
            web::letters::routes(r);
            web::outgoing::routes(r);
            web::recall::routes(r);
            web::demands::routes(r);
            web::packets::routes(r);
            web::print::routes(r);
            web::registers::routes(r);
            web::opinions::routes(r);
            web::board::routes(r);
            web::reports::routes(r);
            web::reports_print::routes(r);
            web::secret::routes(r);
            web::steps::routes(r);
            web::ladder::routes(r);
            web::follow::routes(r);
            web::remarks::routes(r);
            web::polled::routes(r);
        })
        .extra(about("incoming", "/documents/opinions/new?incoming="))
        .extra(about("outgoing", "/documents/opinions/new?outgoing="))
        .answers(answers::incoming)
        .answers(answers::outgoing)
        .job("envelope.document", actions::arrival::on_document)
        .job("envelope.status", actions::statuses::on_status)
        .job("envelope.undelivered", actions::statuses::on_undelivered)
        .job("envelope.overtaken", actions::recall::on_overtaken)
        .every(5, "documents.escalate", actions::escalation::run)
        .job(actions::follow::JOB, actions::follow::on_moved)
        .job("document.imported", actions::arrival::on_imported)
        .job("files.being-read", actions::capture::on_being_read)
        .job("files.were-read", actions::capture::on_were_read)
        .daily("documents.put-scans-away", actions::capture::put_old_away)
        .job(platform::scans::TOLD, actions::infected::on_infected)
        .job(platform::mailboxes::ARRIVED, actions::letters::on_letter)
        .job("document.verified", actions::verdicts::on_verified)
}

/// Its tables, and those of them that name stored files.
fn with_tables(module: Module) -> Module {
    module
        .migration("0001_documents", include_str!("../migrations/0001_documents.sql"))
        .migration("0002_board", include_str!("../migrations/0002_board.sql"))
        .migration("0003_opinions", include_str!("../migrations/0003_opinions.sql"))
        .migration("0004_signatures", include_str!("../migrations/0004_signatures.sql"))
        .migration("0005_body", include_str!("../migrations/0005_body.sql"))
        .migration("0006_capture", include_str!("../migrations/0006_capture.sql"))
        .migration("0007_letters", include_str!("../migrations/0007_letters.sql"))
        .migration("0008_steps", include_str!("../migrations/0008_steps.sql"))
        .migration("0009_escalation", include_str!("../migrations/0009_escalation.sql"))
        .migration("0009_follow", include_str!("../migrations/0009_follow.sql"))
        .migration("0009_polled", include_str!("../migrations/0009_polled.sql"))
        .migration("0009_remarks", include_str!("../migrations/0009_remarks.sql"))
        .migration("0010_copies", include_str!("../migrations/0010_copies.sql"))
        .migration("0013_standing", include_str!("../migrations/0013_standing.sql"))
        .holds_files(&store::signatures::HELD)
        .holds_files(&store::captures::HOLDS)
}

/// Asking for opinions about what a page shows.
const fn about(on: &'static str, path: &'static str) -> Extra {
    Extra { on, label: "documents.opinions.about", path, icon: "users", right: rights::OpinionAsk::ID }
}

/// Where paper is taken in.
const SCAN: MenuItem = MenuItem {
    section: "documents.menu.section",
    label: "documents.capture.title",
    path: "/documents/incoming/scan",
    icon: "scan",
    right: rights::IncomingRegister::ID,
    waiting: None,
};

/// Its places in the rail.
fn with_menu(module: Module) -> Module {
    module
        .menu(MenuItem {
            section: "documents.menu.section",
            label: "documents.menu.incoming",
            path: "/documents/incoming",
            icon: "inbox",
            right: rights::IncomingRead::ID,
            waiting: None,
        })
        .menu(SCAN)
        .menu(MenuItem {
            section: "documents.menu.section",
            label: "documents.menu.outgoing",
            path: "/documents/outgoing",
            icon: "send",
            right: rights::OutgoingRead::ID,
            waiting: None,
        })
        .menu(MenuItem {
            section: "documents.menu.section",
            label: "documents.menu.registers",
            path: "/documents/registers/incoming",
            icon: "book",
            right: rights::RegisterRead::ID,
            waiting: None,
        })
        .menu(MenuItem {
            section: "documents.menu.section",
            label: "documents.opinions.title",
            path: "/documents/opinions",
            icon: "users",
            right: rights::OpinionGive::ID,
            waiting: None,
        })
        .menu(MenuItem {
            section: "documents.menu.lead",
            label: "documents.board.title",
            path: "/documents/board",
            icon: "chart",
            right: rights::BoardRead::ID,
            waiting: None,
        })
        .menu(MenuItem {
            section: "documents.menu.lead",
            label: "documents.steps.title",
            path: "/documents/steps",
            icon: "check",
            right: rights::StepsEdit::ID,
            waiting: None,
        })
        .menu(MenuItem {
            section: "documents.menu.lead",
            label: "documents.reports.title",
            path: "/documents/reports",
            icon: "book",
            right: rights::BoardRead::ID,
            waiting: None,
        })
}
