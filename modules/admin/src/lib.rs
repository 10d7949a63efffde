//! Module admin.
