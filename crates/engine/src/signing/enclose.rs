//! Keys that are entered, and keys that get another PIN.

use super::{Act, keys, refused, trial};
use crate::dispatch::Answer;
use crate::jobs::destroy::unless_held;
use crate::server::Server;
use base::{Error, Refusal, Result, WhileDoing};
use contracts::signing::{Enclosed, Enclosure, Key, Repin};
use keys::{Open, Opening};
use uuid::Uuid;

/// Shorter PINs are guessed too soon.
const PIN_MIN: usize = 6;
/// A key file is some kilobytes.
const KEY_FILE_MAX: usize = 256 * 1024;

impl Act<'_> {
    /// Reads a key, tries it, seals it, and lets the module keep it.
    pub(super) async fn enclose(&self, enclosure: Enclosure) -> Result<Answer> {
        let Enclosure { key, pin, picture, organisation } = enclosure;
        let picture = match &picture {
            Some(sha256) => Some(self.stored(sha256, "").await?),
            None => None,
        };
        let tried = |open: Open| {
            self.waiting(move || {
                let tried = open.with(|signer| trial::run(signer, (organisation, picture.as_deref())));
                tried.map_err(|error| refused(&error, ""))?;
                open.facts().map_err(|error| refused(&error, ""))
            })
        };
        let enclosed = match key {
            Key::File { sha256, password } => {
                if pin.chars().count() < PIN_MIN {
                    return Err(Error::field("pin", "engine.signing.short_pin"));
                }
                let file =
                    self.stored(&sha256, "").await.map_err(|_| Error::field("file", "form.not_a_file"))?;
                // Whatever it was: a key does not lie about. A file that something else names is not ours to remove.
                unless_held(self.server, self.tenant, sha256).await?;
                if file.len() > KEY_FILE_MAX {
                    return Err(Refusal::new("engine.signing.refuse.key_file").into());
                }
                let (sealable, key) = keys::Read::from_file(&file, &password)?.signer();
                let certificate = tried(key).await?;
                Enclosed { sealed: sealable.seal(&self.tenant.files, pin).await?, certificate }
            }
            Key::Token { token, key } => {
                let _turn = self.server.turns.take(Uuid::nil()).await;
                let module = self.server.config.signing.pkcs11.clone();
                let opened =
                    self.waiting(move || keys::on_token(module.as_deref(), (&token, &key), &pin)).await?;
                let Opening::Open(open) = opened else {
                    return Err(Error::field("pin", "engine.signing.wrong_pin"));
                };
                Enclosed { sealed: String::new(), certificate: tried(open).await? }
            }
            Key::Remote { credential } => {
                let open = Open::Remote { service: self.service()?, credential, pin };
                Enclosed { sealed: String::new(), certificate: tried(open).await? }
            }
        };
        let enclosed = serde_json::to_value(enclosed).while_doing("writing", "a signer")?;
        self.settle(Uuid::nil(), enclosed, self.once.clone()).await
    }
    /// Seals a key anew, or tells its token; what the old PIN does not open stays as it is. A wrong one counts.
    pub(super) async fn repin(&self, change: Repin) -> Result<Answer> {
        let Repin { signer: id, old, new } = change;
        if new.chars().count() < PIN_MIN {
            return Err(Error::field("pin", "engine.signing.short_pin"));
        }
        let signer = self.signer(id).await?;
        let turn = if signer.kind == "token" { Uuid::nil() } else { id };
        let _turn = self.server.turns.take(turn).await;
        if let Some(answer) = self.earlier().await? {
            return Ok(answer);
        }
        let signer = self.signer(id).await?;
        let sealed = match signer.kind.as_str() {
            "software" => keys::reseal(&self.tenant.files, &signer.sealed, (old, new)).await?,
            "token" => {
                let (module, token) = (self.server.config.signing.pkcs11.clone(), signer.token.clone());
                let told = move || keys::repin_token(module.as_deref(), &token, (&old, &new));
                self.waiting(told).await?.then(String::new)
            }
            _ => return Err(Refusal::new("engine.signing.refuse.pin_at_service").into()),
        };
        let Some(sealed) = sealed else { return Err(self.wrong_pin(&signer).await?.into()) };
        self.counted(&signer, false).await?;
        self.settle(id, serde_json::Value::String(sealed), self.once.clone()).await
    }
}

impl Server {
    /// Seals a key that is in a file, PKCS #8 and certificates in PEM, for a tenant: for demonstrations.
    ///
    /// # Errors
    /// `NotFound` for an unknown tenant; `Refused` when the key cannot be read or does not sign.
    pub async fn enclose(&self, tenant: &str, (file, pin): (&[u8], &str)) -> Result<Enclosed> {
        let tenant = self.tenant(tenant).ok_or(Error::NotFound)?;
        let (sealable, key) = keys::Read::from_file(file, "")?.signer();
        let certificate = key.facts().map_err(|error| refused(&error, ""))?;
        Ok(Enclosed { sealed: sealable.seal(&tenant.files, pin.to_owned()).await?, certificate })
    }
}
