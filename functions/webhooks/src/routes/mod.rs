//! One endpoint, one file.

pub(crate) mod receive;

shared::endpoints! {
    [receive::receive]
}
