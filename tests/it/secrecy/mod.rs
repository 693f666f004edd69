//! No secret gets out: the net under the whole suite catches one wherever it is written, and what only goes
//! wrong, or is only printed in need, holds none either.

mod net;
mod printed;
mod repeated;
