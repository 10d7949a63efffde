//! Counters of the process, and their Prometheus text.

use crate::server::Server;
use axum::http::StatusCode;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::atomic::Ordering;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

// Upper ends in milliseconds.
const BUCKETS: [u64; 10] = [5, 10, 25, 50, 100, 250, 500, 1000, 2500, 10_000];

/// What is counted.
#[derive(Default)]
pub(crate) struct Metrics(Mutex<Counts>);

#[derive(Default)]
struct Counts {
    requests: BTreeMap<(String, u16), u64>,
    latency: BTreeMap<String, Latency>,
}

#[derive(Default)]
struct Latency {
    under: [u64; BUCKETS.len()],
    count: u64,
    micros: u64,
}

impl Metrics {
    /// Counts one request.
    pub(crate) fn count(&self, route: &str, status: StatusCode, took: Duration) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.requests.entry((route.to_owned(), status.as_u16())).or_default() += 1;
        let latency = counts.latency.entry(route.to_owned()).or_default();
        latency.count += 1;
        latency.micros += u64::try_from(took.as_micros()).unwrap_or(0);
        let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        for (end, under) in BUCKETS.iter().zip(latency.under.iter_mut()) {
            if ms < *end {
                *under += 1;
            }
        }
    }

    fn text(&self) -> String {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut out = String::from("# TYPE vanlang_requests_total counter\n");
        for ((route, status), n) in &counts.requests {
            let _ = writeln!(out, "vanlang_requests_total{{route=\"{route}\",status=\"{status}\"}} {n}");
        }
        out.push_str("# TYPE vanlang_request_seconds histogram\n");
        for (route, latency) in &counts.latency {
            for (end, under) in BUCKETS.iter().zip(latency.under) {
                let (whole, rest) = (end / 1000, end % 1000);
                let _ = writeln!(
                    out,
                    "vanlang_request_seconds_bucket{{route=\"{route}\",le=\"{whole}.{rest:03}\"}} {under}"
                );
            }
            let (count, micros) = (latency.count, latency.micros);
            let (whole, rest) = (micros / 1_000_000, micros % 1_000_000);
            let _ = writeln!(out, "vanlang_request_seconds_bucket{{route=\"{route}\",le=\"+Inf\"}} {count}");
            let _ = writeln!(out, "vanlang_request_seconds_sum{{route=\"{route}\"}} {whole}.{rest:06}");
            let _ = writeln!(out, "vanlang_request_seconds_count{{route=\"{route}\"}} {count}");
        }
        out
    }
}

impl Server {
    /// The state of the process in Prometheus text.
    pub(crate) async fn metrics_text(&self) -> String {
        let mut out = self.metrics.text();
        if let Some(node) = &self.node {
            node.gauges(&mut out);
        }
        for tenant in self.tenants() {
            self.gauges(tenant, &mut out).await;
            self.link_gauges(tenant, &mut out).await;
            let writes = tenant.writing.load(Ordering::Relaxed);
            let _ = writeln!(out, "vanlang_writes_waiting{{tenant=\"{}\"}} {writes}", tenant.name);
        }
        out
    }
}
