//! No secret gets out: the net under the whole suite catches one wherever it is written, what can be printed
//! holds none, and what Zoom repeats is not passed on.

mod net;
mod printed;
mod repeated;
