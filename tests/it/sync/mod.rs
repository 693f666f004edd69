//! What is done in Zoom itself, behind Lectern's back: by a client of Zoom's own API, with no events told unless a
//! test says so.

mod at_once;
mod followed;
mod given;
mod gone;
mod interrupted;
mod kinds;
mod made;
mod settings;
mod shared_account;
mod shares;
mod spread;
mod warnings;
mod world;
