//! What is the same in every town: limits, texts, and the context in which the system acts.

use base::texts::Texts;
use base::{Instant, Lang, T};
use engine::Config;
use kernel::{Actor, Context, Module, Request};
use std::path::Path;
use std::sync::Arc;

/// Limits that no story meets by chance: sessions last, nobody asks too often.
pub(crate) fn config(folder: &Path) -> Config {
    let mut config = Config::default();
    let roots = folder.join("roots");
    std::fs::create_dir_all(&roots).unwrap();
    config.signing.roots = vec![roots];
    "phutho".clone_into(&mut config.default_tenant);
    (config.sessions.idle_minutes, config.sessions.hours) = (50 * 365 * 24 * 60, 50 * 365 * 24);
    config.push.services = vec!["127.0.0.1".to_owned()];
    "mailto:quantri@phutho.example".clone_into(&mut config.push.contact);
    // Most stories are not about scanning.
    config.antivirus = engine::config::Antivirus::None;
    config.limits.requests_a_minute = 1_000_000;
    config.limits.writes_a_minute = 1_000_000;
    config.limits.asks_a_minute = 1_000_000;
    config.limits.sign_ins_a_minute = 1_000_000;
    config
}

/// All texts, for as long as the process runs.
pub(crate) fn texts(modules: &[Module]) -> &'static Texts {
    let mut texts = Texts::default();
    texts.add(ui::VI, ui::EN).expect("the texts of the components");
    texts.add(engine::VI, engine::EN).expect("the texts of the engine");
    for module in modules {
        let (vi, en) = module.texts;
        texts.add(vi, en).unwrap_or_else(|error| panic!("the texts of {}: {error:?}", module.name));
    }
    Box::leak(Box::new(texts))
}

pub(crate) fn context((texts, tenant): (&'static Texts, &str), now: Instant) -> Context {
    Context {
        actor: Actor::system("testkit"),
        request: Request::default(),
        t: T::new(texts, Lang::Vi),
        now,
        tenant: tenant.to_owned(),
        chance: engine::system_chance,
        offers: Arc::default(),
    }
}
