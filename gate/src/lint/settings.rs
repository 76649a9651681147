//! Which lints are on, and how much their findings weigh.

use super::{LINTS, Lint};
use crate::finding::Severity;
use crate::rule::Rule;
use crate::source::nearest;

/// For each lint the weight of its findings; nothing if it is off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    severities: [Option<Severity>; LINTS.len()],
}

/// The name of no lint, or the weight of no finding.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnknownSetting {
    /// There is no such lint.
    #[error("no lint is called {name:?}{}: there are {}", meant.map(|m| format!(" (did you mean {m}?)")).unwrap_or_default(), known())]
    Lint {
        /// What was given.
        name: String,
        /// What was perhaps meant.
        meant: Option<&'static str>,
    },
    /// There is no such weight.
    #[error("{level:?} is no severity: expected off, note, warning or error")]
    Severity {
        /// What was given.
        level: String,
    },
}

impl Settings {
    /// Every lint off.
    pub fn off() -> Self {
        Self { severities: [None; LINTS.len()] }
    }

    /// Sets one lint, by its name: `off`, `note`, `warning` or `error`.
    pub fn set(&mut self, name: &str, level: &str) -> Result<(), UnknownSetting> {
        let Some(at) = LINTS.iter().position(|lint| lint.name == name) else {
            let names: Vec<&str> = LINTS.iter().map(|lint| lint.name).collect();
            let meant = nearest(name, &names).and_then(|m| LINTS.iter().find(|lint| lint.name == m));
            return Err(UnknownSetting::Lint { name: name.to_owned(), meant: meant.map(|lint| lint.name) });
        };
        self.severities[at] = match level {
            "off" => None,
            level => {
                let unknown = |_| UnknownSetting::Severity { level: level.to_owned() };
                Some(level.parse().map_err(unknown)?)
            }
        };
        Ok(())
    }

    /// All lints and what their findings weigh.
    pub fn iter(&self) -> impl Iterator<Item = (&'static Lint, Option<Severity>)> + '_ {
        LINTS.iter().zip(self.severities)
    }

    /// What the findings of a rule weigh.
    pub(super) fn severity(&self, rule: &Rule) -> Option<Severity> {
        self.iter().find(|(lint, _)| lint.rule == rule).and_then(|(_, severity)| severity)
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self { severities: std::array::from_fn(|at| LINTS[at].default) }
    }
}

fn known() -> String {
    let names: Vec<&str> = LINTS.iter().map(|lint| lint.name).collect();
    names.join(", ")
}
