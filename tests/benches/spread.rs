//! How measured values lie.

use std::fmt;

/// The median of some values, and between which of them the middle half lies.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spread {
    median: f64,
    half: [f64; 2],
}

impl Spread {
    pub(crate) fn of(values: impl Iterator<Item = f64>) -> Self {
        let mut values: Vec<f64> = values.collect();
        values.sort_by(f64::total_cmp);
        let quarter = |quarters: usize| values[(values.len() - 1) * quarters / 4];
        Self { median: quarter(2), half: [quarter(1), quarter(3)] }
    }
}

impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [from, to] = self.half;
        fmt::Display::fmt(&self.median, f)?;
        f.write_str(" (half of them ")?;
        fmt::Display::fmt(&from, f)?;
        f.write_str(" to ")?;
        fmt::Display::fmt(&to, f)?;
        f.write_str(")")
    }
}
