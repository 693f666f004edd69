//! The log of the whole binary, looked through line by line and kept nowhere.

use std::io;
use std::sync::Once;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::FmtSpan;

use super::Canary;

/// Everything that is Lectern's, and of what it links what a deployment logs.
const LEVELS: &str = "info,shared=trace,connections=trace,meetings=trace,conflicts=trace,reminders=trace,\
                      notifications=trace,reconciler=trace,webhooks=trace,local=trace,it=trace";

const NONE_ALLOWED: &[Canary] = &[];

/// Listens from the first call on. The lines are those that functions write in the cloud, and one more for
/// each span, whose fields are logged even where nothing happens in it.
pub(super) fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        tracing_subscriber::fmt()
            .json()
            .flatten_event(true)
            .with_current_span(true)
            .with_span_events(FmtSpan::CLOSE)
            .with_env_filter(EnvFilter::new(LEVELS))
            .with_writer(|| Line)
            .init();
    });
}

/// What takes a line; each is written with one call.
struct Line;

impl io::Write for Line {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        super::look(|| "the log".to_owned(), line, NONE_ALLOWED);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
