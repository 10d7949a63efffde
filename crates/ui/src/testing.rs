//! What the tests of this crate share.

use base::{FieldErrors, Instant, Lang, T, Texts};
use std::sync::LazyLock;

static TEXTS: LazyLock<Texts> = LazyLock::new(|| {
    let mut texts = Texts::default();
    texts.add(crate::VI, crate::EN).unwrap();
    texts
});
pub(crate) static NO_ERRORS: LazyLock<FieldErrors> = LazyLock::new(FieldErrors::default);

/// The texts in Vietnamese.
pub(crate) fn t() -> T {
    T::new(&TEXTS, Lang::Vi)
}

/// Tuesday 14 March 2017, 09:42.
pub(crate) fn now() -> Instant {
    Instant::local(2017, 3, 14, 9, 42).unwrap()
}
