//! Speed and memory, each against a limit or a peer measured in the same run. Prints one table row a
//! measurement: what, measured, bound, ratio, verdict.
#![expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    clippy::expect_used,
    clippy::float_arithmetic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::missing_docs_in_private_items,
    reason = "a measuring program: its figures are estimates, and it stops at the first surprise"
)]

mod client;
mod edxml_speed;
mod files;
mod pages;
mod profile;
mod register;
mod seed;
mod sending;

// What is measured runs on the allocator the program runs on.
use vanlang as _;

use std::net::SocketAddr;
use std::time::Duration;
use testkit::Town;

/// One line of the report.
pub(crate) fn report(what: &str, measured: &str, bound: &str, (ratio, good): (f64, bool)) {
    let verdict = if good { "ok" } else { "**missed**" };
    println!("| {what} | {measured} | {bound} | {ratio:.2} | {verdict} |");
}

/// A percentile of sorted or unsorted times, in milliseconds.
pub(crate) fn percentile(times: &mut [Duration], percent: usize) -> f64 {
    times.sort_unstable();
    let at = (times.len() * percent / 100).min(times.len().saturating_sub(1));
    times.get(at).map_or(0.0, |time| time.as_secs_f64() * 1000.0)
}

/// Serves a town on a free port of this machine.
pub(crate) fn serve(town: &Town) -> u16 {
    let server = town.server().clone();
    town.wait(async {
        let listener = tokio::net::TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move { server.serve_on(listener, std::future::pending()).await });
        port
    })
}

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    if let [first, what, times] = wanted.as_slice()
        && first == "profile"
    {
        return profile::run(what, times.parse().unwrap());
    }
    let runs = |name: &str| wanted.is_empty() || wanted.iter().any(|w| w == name);
    println!("| What | Measured | Bound | Ratio to bound | |");
    println!("|---|---|---|---|---|");
    if runs("edxml") {
        edxml_speed::run();
    }
    if runs("files") {
        files::run();
    }
    if runs("register") {
        register::run();
    }
    if runs("sending") {
        sending::run();
    }
    if runs("picker") {
        pages::picker();
    }
    if runs("pages") {
        pages::run();
    }
}
