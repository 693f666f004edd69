//! The function's endpoints, one a file.

pub(crate) mod availability;
pub(crate) mod check;

shared::endpoints! {
    [check::check]
    [availability::availability]
}
