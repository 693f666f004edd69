//! The function's endpoints, one a file.

pub(crate) mod availability;
pub(crate) mod check;
