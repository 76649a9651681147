//! Figures, and the rows that they stand in.

use serde::{Serialize, Serializer};

/// What a number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(super) enum Unit {
    /// CPU time of the server for one request.
    #[serde(rename = "µs CPU")]
    CpuMicros,
    /// Time.
    #[serde(rename = "µs")]
    Micros,
    /// Time.
    #[serde(rename = "ms")]
    Millis,
    /// A rate.
    #[serde(rename = "/s")]
    PerSecond,
    /// Millions of bytes.
    #[serde(rename = "MB")]
    Megabytes,
}

/// A quantity as it was measured, once in each round.
#[derive(Debug, Clone)]
pub(super) struct Figure {
    pub(super) unit: Unit,
    pub(super) values: Vec<f64>,
}

/// The middle of some numbers, with the lowest and the highest.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(super) struct Spread {
    pub(super) median: f64,
    pub(super) lowest: f64,
    pub(super) highest: f64,
}

/// What is to be reached.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(super) enum Target {
    /// So many times what it is compared with, at most.
    RatioAtMost(f64),
    /// So many times what it is compared with, at least.
    RatioAtLeast(f64),
    /// That figure, at most.
    AtMost(f64),
    /// About that figure at most, measured on another machine.
    Around(f64),
}

/// A row of the table.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) case: String,
    pub(super) figure: Figure,
    /// What it is compared with.
    pub(super) against: Option<(String, Figure)>,
    pub(super) target: Option<Target>,
    pub(super) note: String,
}

impl Unit {
    /// As it stands behind a number.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::CpuMicros => " µs CPU",
            Self::Micros => " µs",
            Self::Millis => " ms",
            Self::PerSecond => "/s",
            Self::Megabytes => " MB",
        }
    }
}

impl Figure {
    pub(super) fn new(unit: Unit, values: impl IntoIterator<Item = f64>) -> Self {
        Self { unit, values: values.into_iter().collect() }
    }

    pub(super) fn spread(&self) -> Spread {
        Spread::of(self.values.clone())
    }
}

impl Serialize for Figure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Fields<'a> {
            unit: Unit,
            rounds: &'a [f64],
            #[serde(flatten)]
            spread: Spread,
        }
        Fields { unit: self.unit, rounds: &self.values, spread: self.spread() }.serialize(serializer)
    }
}

impl Spread {
    fn of(mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        let (Some(&lowest), Some(&highest)) = (values.first(), values.last()) else {
            return Self { median: f64::NAN, lowest: f64::NAN, highest: f64::NAN };
        };
        let middle = values.len() / 2;
        let median = if values.len().is_multiple_of(2) {
            f64::midpoint(values[middle - 1], values[middle])
        } else {
            values[middle]
        };
        Self { median, lowest, highest }
    }
}

impl Row {
    pub(super) fn new(case: impl Into<String>, figure: Figure) -> Self {
        Self { case: case.into(), figure, against: None, target: None, note: String::new() }
    }

    pub(super) fn against(mut self, what: impl Into<String>, figure: Figure) -> Self {
        self.against = Some((what.into(), figure));
        self
    }

    pub(super) fn target(mut self, target: Target) -> Self {
        self.target = Some(target);
        self
    }

    pub(super) fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    /// How many times the other figure it is, round by round.
    pub(super) fn ratio(&self) -> Option<Spread> {
        let (_, against) = self.against.as_ref()?;
        let other = against.spread().median;
        let values = self.figure.values.iter().enumerate();
        Some(Spread::of(values.map(|(i, v)| v / against.values.get(i).unwrap_or(&other)).collect()))
    }

    /// Is the target reached?
    pub(super) fn reached(&self) -> Option<bool> {
        let ratio = self.ratio().map(|r| r.median);
        Some(match self.target? {
            Target::RatioAtMost(most) => ratio? <= most,
            Target::RatioAtLeast(least) => ratio? >= least,
            Target::AtMost(most) | Target::Around(most) => self.figure.spread().median <= most,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_are_those_of_the_rounds() {
        let figure = |values: &[f64]| Figure::new(Unit::Micros, values.iter().copied());
        let row = Row::new("x", figure(&[10.0, 20.0, 60.0])).against("y", figure(&[10.0, 10.0, 20.0]));
        let ratio = Spread { median: 2.0, lowest: 1.0, highest: 3.0 };
        assert_eq!(row.ratio(), Some(ratio));
        for (target, reached) in [
            (Target::RatioAtMost(2.0), true),
            (Target::RatioAtMost(1.9), false),
            (Target::RatioAtLeast(2.0), true),
            (Target::RatioAtLeast(2.1), false),
            (Target::AtMost(20.0), true),
            (Target::Around(19.0), false),
        ] {
            assert_eq!(row.clone().target(target).reached(), Some(reached), "{target:?}");
        }
        assert_eq!(figure(&[4.0, 1.0]).spread().median, 2.5);
        assert!(figure(&[]).spread().median.is_nan());
    }
}
