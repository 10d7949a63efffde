//! Stories run on both databases.

use crate::town::Town;
use kernel::Module;
use std::sync::Once;

/// The database a story runs on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Engine {
    /// A file that goes with the story.
    Sqlite,
    /// Schemas of their own on the server at this address.
    Postgres(String),
}

impl Engine {
    /// The PostgreSQL server for tests, when there is one. Says once in a process that there is none.
    #[expect(
        clippy::disallowed_methods,
        reason = "the chore that runs the tests starts the server and says where"
    )]
    pub fn postgres() -> Option<Engine> {
        static SAID: Once = Once::new();
        let url = std::env::var("VANLANG_TEST_POSTGRES").ok().filter(|url| !url.is_empty());
        if url.is_none() {
            SAID.call_once(|| println!("skipped: no PostgreSQL"));
        }
        url.map(Engine::Postgres)
    }
}

/// Tells a story in a town of its own.
pub fn tell(engine: Engine, modules: Vec<Module>, story: impl FnOnce(Town)) {
    story(Town::on(&engine, modules));
}

/// Stories, each told on SQLite (`name::sqlite`) and on PostgreSQL (`name::postgres`, skipped without a server).
/// The modules are named from the crate root: `of [documents::module(), desk::module()];`.
#[macro_export]
macro_rules! stories {
    (of [$($module:expr),* $(,)?]; $($(#[$m:meta])* fn $name:ident($town:ident : Town) $body:block)*) => {
        $crate::stories! { @each [$($module),*] $($(#[$m])* fn $name($town) $body)* }
    };
    (@each $modules:tt $($(#[$m:meta])* fn $name:ident($town:ident) $body:block)*) => {
        $($crate::stories! { @one $modules $(#[$m])* fn $name($town) $body })*
    };
    (@one [$($module:expr),*] $(#[$m:meta])* fn $name:ident($town:ident) $body:block) => {
        // Marked as a test, so that a story may unwrap.
        $(#[$m])*
        #[cfg(test)]
        fn $name($town: $crate::Town) $body
        #[cfg(test)]
        mod $name {
            #[test]
            fn sqlite() {
                $crate::tell($crate::Engine::Sqlite, vec![$($module),*], super::$name);
            }
            #[test]
            fn postgres() {
                if let Some(engine) = $crate::Engine::postgres() {
                    $crate::tell(engine, vec![$($module),*], super::$name);
                }
            }
        }
    };
}
