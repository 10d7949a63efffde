//! Passwords: argon2id, off the async threads, two at a time so that sign-ins cannot fill the memory.

use crate::files::Wrapping;
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use base::{Error, Result};
use tokio::sync::Semaphore;

static TURNS: Semaphore = Semaphore::const_new(2);

// Checked when the name is unknown, so that an unknown name takes as long as a wrong password.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5bm9ib2R5$1XWIUA0zTM+SFnkjPaQ3dpXfsC22b6Vv9BoQc7wMhnM";

/// The stored form of a password. Takes about 50 ms and 19 MiB.
///
/// # Errors
/// `Internal` when the library refuses it.
pub fn hash_password(password: &str) -> Result<String> {
    let hash: PasswordHash = Argon2::default()
        .hash_password(password.as_bytes())
        .map_err(|e| Error::internal(format!("hashing a password: {e}")))?;
    Ok(hash.to_string())
}

/// True when the password is the stored one. `stored` is `None` for a name nobody has.
///
/// # Errors
/// `Internal` when the thread that checks it dies.
pub(crate) async fn verify(stored: Option<String>, password: String) -> Result<bool> {
    let _turn = TURNS.acquire().await.map_err(|e| Error::internal(e.to_string()))?;
    let check = move || {
        let checks = |hash: &str| {
            let hash = PasswordHash::new(hash).ok()?;
            Some(Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
        };
        // Somebody who has not set a password yet has a hash that is none: no quicker an answer for that.
        let right = stored.as_deref().and_then(checks);
        right.unwrap_or_else(|| {
            let _ = checks(NOBODY);
            false
        })
    };
    tokio::task::spawn_blocking(check).await.map_err(|e| Error::internal(e.to_string()))
}

/// Hashes off the async threads.
///
/// # Errors
/// As [`hash_password`].
pub(crate) async fn hash(password: String) -> Result<String> {
    let _turn = TURNS.acquire().await.map_err(|e| Error::internal(e.to_string()))?;
    tokio::task::spawn_blocking(move || hash_password(&password))
        .await
        .map_err(|e| Error::internal(e.to_string()))?
}

/// The key a PIN makes: what is sealed under it is opened by that PIN alone.
///
/// # Errors
/// `Internal` when the library refuses or the thread dies.
pub(crate) async fn sealing_key(pin: String, salt: [u8; 16]) -> Result<Wrapping> {
    let _turn = TURNS.acquire().await.map_err(|e| Error::internal(e.to_string()))?;
    let derive = move || {
        let mut key = [0; 32];
        let derived = Argon2::default().hash_password_into(pin.as_bytes(), &salt, &mut key);
        derived.map_err(|e| Error::internal(format!("deriving a key: {e}")))?;
        Wrapping::of(&key)
    };
    tokio::task::spawn_blocking(derive).await.map_err(|e| Error::internal(e.to_string()))?
}
