//! What Lectern's functions have in common.
//!
//! # Invariants
//!
//! 1. No two meetings overlap on a host beyond the number that it may run at one time. The guarantee is a
//!    conditional write of the host's ledger ([`store::ledger`]), never a check followed by a write.
//! 2. A booking is reserved here, then made at Zoom, then confirmed here ([`booking`]). What Zoom has not
//!    answered for is marked and holds the host's time, until Zoom is asked ([`booking::settled`]): within one
//!    run of the reconciler both sides have the meeting or neither does.
//! 3. A reminder reaches each attendee once per start of a date and offset, never for a time that has moved or
//!    was cancelled, and not after the start ([`store::deliveries`]).
//! 4. A secret is in Secrets Manager and in memory ([`secrets`]), nowhere else. Caches of it are keyed by the
//!    version that the connection, or the record of its grant ([`store::grants`]), names.
//! 5. A host link (`start_url`) is fetched when the host asks, given to no one else, and never stored.
//! 6. A tenant sees nothing of another: every key in [`store::keys`] but the ledger's begins with the
//!    caller's tenant, and a ledger's entry of another tenant is shown as busy time and nothing more.

pub mod again;
pub mod auth;
pub mod booking;
pub mod calendar;
pub mod clock;
pub mod config;
pub mod deps;
pub mod domain;
pub mod hearing;
pub mod http;
pub mod ids;
pub mod language;
pub mod mail;
pub mod notices;
pub mod outgoing;
pub mod platform;
pub mod queued;
pub mod removal;
pub mod secrets;
pub mod signing;
pub mod store;
pub mod sync;
pub mod telemetry;
pub mod unsubscribing;
pub mod verification;
pub mod zoom;
