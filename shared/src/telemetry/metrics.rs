//! Metrics for CloudWatch, as lines of the log in its embedded metric format: no call is made for them, and no
//! permission is needed.

use std::fmt::Debug;
use std::io::Write;

use serde_json::json;
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::Context;

use crate::clock::SharedClock;

/// Under which events are metrics.
pub(super) const TARGET: &str = "lectern::metrics";
/// The namespace in CloudWatch.
const NAMESPACE: &str = "Lectern";

/// What is measured, for each function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr)]
pub enum Metric {
    /// Meetings and webinars that were made at Zoom and booked here.
    Bookings,
    /// Requests that were refused since the time is taken.
    Conflicts,
    /// How long one call to Zoom took.
    ZoomLatency,
    /// Reminders that SES took.
    RemindersSent,
    /// Those of them that left more than two minutes after they were due.
    RemindersLate,
    /// How long after they were due they left.
    ReminderLag,
}

impl Metric {
    /// The unit, as CloudWatch names it.
    fn unit(self) -> &'static str {
        match self {
            Self::Bookings | Self::Conflicts | Self::RemindersSent | Self::RemindersLate => "Count",
            Self::ZoomLatency => "Milliseconds",
            Self::ReminderLag => "Seconds",
        }
    }
}

/// Adds a value to a metric.
pub fn record(metric: Metric, value: f64) {
    let name: &'static str = metric.into();
    tracing::info!(target: TARGET, name, unit = metric.unit(), value);
}

/// Writes the metrics of one function.
#[derive(Debug)]
pub(super) struct EmbeddedMetrics<W> {
    function: String,
    clock: SharedClock,
    writer: W,
}

impl<W> EmbeddedMetrics<W> {
    pub(super) fn new(function: String, clock: SharedClock, writer: W) -> Self {
        Self { function, clock, writer }
    }
}

impl<S: Subscriber, W: for<'a> MakeWriter<'a> + 'static> Layer<S> for EmbeddedMetrics<W> {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut sample = Sample::default();
        event.record(&mut sample);
        let Sample { name, unit, value } = sample;
        let line = json!({
            "_aws": {
                "Timestamp": self.clock.now().timestamp_millis(),
                "CloudWatchMetrics": [{
                    "Namespace": NAMESPACE,
                    "Dimensions": [["FunctionName"]],
                    "Metrics": [{"Name": name, "Unit": unit}],
                }],
            },
            "FunctionName": self.function,
            name: value,
        });
        // There is nobody to tell of a log that cannot be written.
        self.writer.make_writer().write_all(format!("{line}\n").as_bytes()).unwrap_or_default();
    }
}

/// The fields of an event.
#[derive(Debug, Default)]
struct Sample {
    name: String,
    unit: String,
    value: f64,
}

impl Visit for Sample {
    fn record_f64(&mut self, _: &Field, value: f64) {
        self.value = value;
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "name" => value.clone_into(&mut self.name),
            _ => value.clone_into(&mut self.unit),
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn Debug) {}
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use chrono::{DateTime, Utc};
    use serde_json::Value;
    use tracing_subscriber::layer::SubscriberExt;

    use super::*;
    use crate::clock::Clock;

    #[derive(Debug)]
    struct At(DateTime<Utc>);

    impl Clock for At {
        fn now(&self) -> DateTime<Utc> {
            self.0
        }
    }

    #[derive(Debug, Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl Write for Written {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_metric_is_one_line_as_cloudwatch_reads_it() {
        let written = Written::default();
        let to = written.clone();
        let clock = Arc::new(At("2027-03-01T08:00:00Z".parse().unwrap()));
        let metrics = EmbeddedMetrics::new("lectern-meetings".to_owned(), clock, move || to.clone());
        tracing::subscriber::with_default(tracing_subscriber::registry().with(metrics), || {
            record(Metric::ZoomLatency, 12.5);
        });
        let written = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
        assert_eq!(written.matches('\n').count(), 1);
        let line: Value = serde_json::from_str(&written).unwrap();
        let expected = json!({
            "_aws": {"Timestamp": 1_803_888_000_000_i64, "CloudWatchMetrics": [{
                "Namespace": "Lectern", "Dimensions": [["FunctionName"]],
                "Metrics": [{"Name": "ZoomLatency", "Unit": "Milliseconds"}],
            }]},
            "FunctionName": "lectern-meetings", "ZoomLatency": 12.5,
        });
        assert_eq!(line, expected);
    }
}
