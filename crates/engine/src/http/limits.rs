//! Rates: a token bucket for each key, filled evenly over a minute.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

// Above so many keys the idle ones are forgotten; a full bucket and a forgotten one are the same. To look for them costs
// a walk over all, so it is done once a second.
const KEYS: usize = 50_000;
const SWEEP: Duration = Duration::from_secs(1);
/// Above so many keys those that are new share a bucket: somebody asks from more addresses than there are people.
const MOST_KEYS: usize = 2 * KEYS;
/// The shared bucket is so many times as wide as one.
const SHARED: u64 = 100;
const MINUTE_MS: u64 = 60_000;

/// All buckets of the process.
#[derive(Default)]
pub(crate) struct Limiter(Mutex<Buckets>);

#[derive(Default)]
struct Buckets {
    by_key: HashMap<String, Bucket>,
    swept: Option<Instant>,
}

struct Bucket {
    /// Thousandths of a request still free.
    left: u64,
    at: Instant,
}

impl Limiter {
    /// Takes one of `a_minute` from the key's bucket; `Err` is how long to wait for the next.
    pub(crate) fn take(&self, key: String, a_minute: u32, now: Instant) -> Result<(), Duration> {
        let mut full = u64::from(a_minute) * 1000;
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Buckets { by_key, swept } = &mut *buckets;
        if by_key.len() > KEYS && swept.is_none_or(|at| now.duration_since(at) >= SWEEP) {
            by_key.retain(|_, bucket| now.duration_since(bucket.at) < Duration::from_mins(1));
            *swept = Some(now);
        }
        let mut key = key;
        if by_key.len() >= MOST_KEYS && !by_key.contains_key(&key) {
            // What is limited is the first word of a key; whom, the rest.
            key.truncate(key.find(' ').unwrap_or(key.len()));
            full *= SHARED;
        }
        let bucket = by_key.entry(key).or_insert(Bucket { left: full, at: now });
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

#[cfg(test)]
mod tests {
    use super::{KEYS, Limiter, MOST_KEYS};
    use std::time::{Duration, Instant};

    fn held(limiter: &Limiter) -> usize {
        limiter.0.lock().unwrap().by_key.len()
    }

    #[test]
    fn more_addresses_than_people_share_one_bucket_and_slow_nobody_who_was_there_before() {
        let (limiter, now) = (Limiter::default(), Instant::now());
        limiter.take("any 10.0.0.1".to_owned(), 60, now).unwrap();
        let began = Instant::now();
        let mut refused = 0;
        for n in 0..MOST_KEYS + 10_000 {
            refused += usize::from(limiter.take(format!("any 2001:db8::{n:x}"), 60, now).is_err());
        }
        assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
        assert_eq!(held(&limiter), MOST_KEYS + 1);
        // 60 a minute a hundred times, and what filled the last places.
        assert_eq!(refused, 10_000 + 1 - 6000);
        limiter.take("any 10.0.0.1".to_owned(), 60, now).unwrap();
    }

    #[test]
    fn idle_keys_are_looked_for_once_a_second() {
        let (limiter, now) = (Limiter::default(), Instant::now());
        for n in 0..=KEYS {
            limiter.take(format!("any {n}"), 60, now).unwrap();
        }
        let later = now + Duration::from_mins(2);
        limiter.take("any new".to_owned(), 60, later).unwrap();
        assert_eq!(held(&limiter), 1);
        for n in 0..=KEYS {
            limiter.take(format!("any {n}"), 60, now).unwrap();
        }
        limiter.take("any newer".to_owned(), 60, later + Duration::from_millis(500)).unwrap();
        assert!(held(&limiter) > KEYS);
        limiter.take("any newest".to_owned(), 60, later + Duration::from_millis(1500)).unwrap();
        assert!(held(&limiter) < 5);
    }
}
