//! The differences of two schemas, and whether each reads what the other writes.

use ottla_formats::compatibility::{Direction, Level};
use ottla_gate::compare::{Question, Released, compare};
use ottla_gate::diff::{Change, diff};
use ottla_gate::finding::{Finding, Rollout};

use super::side::Side;

/// What came out.
#[derive(Debug)]
pub(super) struct Outcome {
    /// How the new schema differs from the old one.
    pub(super) changes: Vec<Change>,
    /// Does the new schema read what the old one wrote, and if not, why.
    pub(super) backward: Verdict,
    /// Does the old schema read what the new one writes, and if not, why.
    pub(super) forward: Verdict,
    /// The order of going over from the old schema to the new one.
    pub(super) rollout: Rollout,
}

/// Does one read what the other writes?
#[derive(Debug)]
pub(super) struct Verdict {
    pub(super) is_compatible: bool,
    pub(super) findings: Vec<Finding>,
}

impl Outcome {
    /// Compares.
    pub(super) fn of(old: &Side, new: &Side) -> Self {
        let released = [Released { label: old.label.clone(), schema: old.schema().clone().into() }];
        let question = Question { subject: &new.name, baseline: &old.name, level: Level::Full };
        let compared = compare(&new.sources, new.at, &released, question);
        let has = |direction| compared.findings.iter().any(|finding| finding.direction == Some(direction));
        // Nothing is said of an order between equal schemas; but even those may be unable to read each other.
        let known = Rollout::of(!has(Direction::Backward), !has(Direction::Forward));
        let rollout = compared.rollout.unwrap_or(known);
        let (backward, forward) = match rollout {
            Rollout::Any => (true, true),
            Rollout::ConsumersFirst => (true, false),
            Rollout::ProducersFirst => (false, true),
            Rollout::Never => (false, false),
        };
        // What is about no direction is told with the first that is broken.
        let (mut there, mut back) = (Vec::new(), Vec::new());
        for finding in compared.findings {
            let is_backward = match finding.direction {
                Some(direction) => direction == Direction::Backward,
                None => !backward,
            };
            if is_backward { there.push(finding) } else { back.push(finding) }
        }
        Self {
            changes: diff(old.schema(), new.schema()),
            backward: Verdict { is_compatible: backward, findings: there },
            forward: Verdict { is_compatible: forward, findings: back },
            rollout,
        }
    }
}
