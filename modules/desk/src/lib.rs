//! Module desk.
