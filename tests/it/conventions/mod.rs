//! What all endpoints have in common: tokens, tenants, problems, validation, idempotency, versions, cursors.

mod cors;
mod cursors;
mod fields;
mod fields_elsewhere;
mod idempotency;
mod idempotency_races;
mod jwks;
mod problems;
mod roles;
mod tokens;
mod versions;
