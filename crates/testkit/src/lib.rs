//! The engine and platform in a test, with people as clients.
