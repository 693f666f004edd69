//! What Lectern's functions have in common.

pub mod clock;
