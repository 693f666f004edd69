//! What Zoom tells.

mod attendance;
mod batches;
mod bounds;
mod deauthorized;
mod examples;
mod live;
mod receiving;
mod recordings;
mod sessions;
mod shuffle;
mod teaching;
mod unheard;
mod world;
