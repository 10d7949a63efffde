//! Acts with work outside between two transactions (ADR 13): the module says in the first what is to be done, the engine
//! does it, and the module settles it in the second. What they tell each other is JSON of `contracts::signing`.

use base::Result;
use kernel::{Context, Database, Permission, Reader, Reply, Response, Route, Routes, Writer};
use serde_json::Value;
use std::sync::Arc;
use uuid::Uuid;

/// The parts of such an act. Rights and scope of the route hold for each of them.
pub struct Outside<P> {
    /// The act when nothing is wanted.
    pub plain: fn(&mut Writer<'_, P>) -> Reply,
    /// What is wanted (`Work`), if anything is.
    pub begin: fn(&Reader<'_, P>) -> Result<Option<Value>>,
    /// What is to be made for one of the things the work names. Refuses what `finish` would refuse.
    pub prepare: fn(&Reader<'_, P>, Uuid) -> Result<Value>,
    /// Settles one thing with what was made: checks again that it stands where it stood.
    pub finish: fn(&mut Writer<'_, P>, Uuid, Value) -> Reply,
}

type Part<A, V> = Arc<dyn Fn(&dyn Database, &Context, A) -> Result<V> + Send + Sync>;

/// [`Outside`] with its right folded in, for the engine.
#[derive(Clone)]
pub struct OutsideRun {
    /// As [`Outside::begin`].
    pub begin: Part<(), Option<Value>>,
    /// As [`Outside::prepare`].
    pub prepare: Part<Uuid, Value>,
    /// As [`Outside::finish`].
    pub finish: Part<(Uuid, Value), Response>,
}

/// Declares such an act: the right is that of its parts.
pub fn route<'r, P: Permission>(r: &'r mut Routes, path: &'static str, outside: Outside<P>) -> &'r mut Route {
    let Outside { plain, begin, prepare, finish } = outside;
    let route = r.post(path, plain);
    route.outside = Some(Arc::new(OutsideRun {
        begin: Arc::new(move |db, cx, ()| kernel::engine::read(db, cx, begin)),
        prepare: Arc::new(move |db, cx, thing| kernel::engine::read(db, cx, |cx| prepare(cx, thing))),
        finish: Arc::new(move |db, cx, (thing, made)| {
            kernel::engine::act(db, cx, |cx: &mut Writer<'_, P>| finish(cx, thing, made))
        }),
    }));
    route
}
