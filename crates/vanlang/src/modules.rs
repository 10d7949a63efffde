//! The modules of the program. A new module is one line here.

use kernel::Module;

/// Every module: kernel and platform first, since the others stand on their tables.
pub fn all() -> Vec<Module> {
    vec![
        kernel::module(),
        platform::module(),
        desk::module(),
        documents::module(),
        archives::module(),
        admin::module(),
        help::module(),
    ]
}
