//! One endpoint, one file.

pub(crate) mod receive;
