//! Rates: a token bucket for each key, filled evenly over a minute.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

// Above so many keys the idle ones are forgotten; a full bucket and a forgotten one are the same.
const KEYS: usize = 50_000;
const MINUTE_MS: u64 = 60_000;

/// All buckets of the process.
#[derive(Default)]
pub(crate) struct Limiter(Mutex<HashMap<String, Bucket>>);

struct Bucket {
    /// Thousandths of a request still free.
    left: u64,
    at: Instant,
}

impl Limiter {
    /// Takes one of `a_minute` from the key's bucket; `Err` is how long to wait for the next.
    pub(crate) fn take(&self, key: String, a_minute: u32, now: Instant) -> Result<(), Duration> {
        let full = u64::from(a_minute) * 1000;
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() > KEYS {
            buckets.retain(|_, bucket| now.duration_since(bucket.at) < Duration::from_mins(1));
        }
        let bucket = buckets.entry(key).or_insert(Bucket { left: full, at: now });
        let passed = u64::try_from(now.duration_since(bucket.at).as_millis()).unwrap_or(MINUTE_MS);
        // Thousandths a minute over milliseconds.
        let gained = passed.min(MINUTE_MS) * full / MINUTE_MS;
        if gained > 0 {
            bucket.at = now;
        }
        bucket.left = (bucket.left + gained).min(full);
        let Some(left) = bucket.left.checked_sub(1000) else {
            let missing = (1000 - bucket.left) * MINUTE_MS / full.max(1);
            return Err(Duration::from_millis(missing.max(1000)));
        };
        bucket.left = left;
        Ok(())
    }
}
