//! What the tests of this crate build on.
