//! What became of each file against each baseline, and what that means for all.

use std::collections::HashMap;

use ottla_formats::compatibility::Level;

use crate::finding::{Finding, Rollout, Severity, merge};

/// What became of a file against a baseline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// The baseline has no such subject.
    New,
    /// It is what the baseline has.
    Unchanged,
    /// It may follow what the baseline has.
    Compatible,
    /// The level of its subject is NONE: nothing is asked of it.
    Unchecked,
    /// It breaks what the baseline has, and somebody answers for that.
    Waived,
    /// It breaks what the baseline has.
    Incompatible,
    /// It is no schema.
    Invalid,
    /// The baseline has it, and it is gone.
    Removed,
    /// Nothing could be compared.
    NotCompared,
}

/// A file and a baseline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// The file, with `/`; for what is removed the file that it was. None if a baseline as a whole could not be had.
    pub file: Option<String>,
    /// The subject, where it is known.
    pub subject: Option<String>,
    /// The baseline, as in `git:origin/main`.
    pub baseline: String,
    /// The level that was asked for, where it is known.
    pub level: Option<Level>,
    /// What became of it.
    pub outcome: Outcome,
    /// The versions that it was compared with, the newest first.
    pub compared: Vec<String>,
    /// Why nothing could be compared, or what else is to be said.
    pub reason: Option<String>,
    /// The order of going over from the latest version, if it differs from it.
    pub rollout: Option<Rollout>,
}

/// All of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verdict {
    /// By file, subject and baseline.
    pub checks: Vec<Check>,
    /// In the order of [`Finding::order`].
    pub findings: Vec<Finding>,
}

/// What the exit code says. The order is that of their weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Every file was compared and is fine.
    Fine = 0,
    /// There are findings.
    Findings = 1,
    /// The command line or the configuration is wrong, or no file matches.
    Usage = 2,
    /// Something could not be compared.
    NotCompared = 3,
}

impl Verdict {
    /// Puts everything into its order, and what is said twice, or of many versions, once. Waivers have to be applied before.
    pub fn sort(&mut self) {
        self.merge();
        self.findings.sort_by(|a, b| a.order().cmp(&b.order()));
        self.findings.dedup();
        let key = |c: &Check| (c.file.is_none(), c.file.clone(), c.subject.clone(), c.baseline.clone());
        self.checks.sort_by_cached_key(key);
        self.checks.dedup();
    }

    fn merge(&mut self) {
        let mut compared: HashMap<(Option<&str>, &str), &[String]> = HashMap::new();
        for check in &self.checks {
            compared.insert((check.subject.as_deref(), &check.baseline), &check.compared);
        }
        let compared = |finding: &Finding| {
            let baseline = finding.baseline.as_deref().unwrap_or_default();
            compared.get(&(finding.subject.as_deref(), baseline)).copied().unwrap_or_default()
        };
        self.findings = merge(std::mem::take(&mut self.findings), compared);
    }

    /// What the exit code says, if findings of that weight count. A finding counts more than what could not be compared:
    /// a script that lets the latter pass must not let the former pass. What became of the files counts as well, lest
    /// something is fine because nobody has put it into words. That there are files at all is for the caller to see.
    pub fn exit(&self, fail_on: Severity) -> Exit {
        let became = |outcomes: &[Outcome]| self.checks.iter().any(|check| outcomes.contains(&check.outcome));
        if self.counted().any(|finding| finding.severity >= fail_on)
            || became(&[Outcome::Incompatible, Outcome::Removed])
        {
            Exit::Findings
        } else if became(&[Outcome::NotCompared, Outcome::Invalid]) {
            Exit::NotCompared
        } else {
            Exit::Fine
        }
    }

    /// The findings that nobody answers for.
    pub fn counted(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.waived.is_none())
    }
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Self; 9] = [
        Self::New,
        Self::Unchanged,
        Self::Compatible,
        Self::Unchecked,
        Self::Waived,
        Self::Incompatible,
        Self::Invalid,
        Self::Removed,
        Self::NotCompared,
    ];

    /// The name for tools.
    pub fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Unchanged => "unchanged",
            Self::Compatible => "compatible",
            Self::Unchecked => "unchecked",
            Self::Waived => "waived",
            Self::Incompatible => "incompatible",
            Self::Invalid => "invalid",
            Self::Removed => "removed",
            Self::NotCompared => "not-compared",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Waived;
    use crate::rule;

    fn verdict(outcome: Outcome, findings: Vec<Finding>) -> Verdict {
        let check = Check {
            file: Some("a.avsc".to_owned()),
            subject: Some("a".to_owned()),
            baseline: "git".to_owned(),
            level: None,
            outcome,
            compared: Vec::new(),
            reason: None,
            rollout: None,
        };
        Verdict { checks: vec![check], findings }
    }

    /// Whatever the findings say or do not say.
    #[test]
    fn only_what_was_compared_is_fine() {
        let waived = Waived { owner: "me".to_owned(), reason: "because".to_owned(), expires: None };
        let waived = Finding { waived: Some(waived), ..Finding::new(&rule::TYPE, Severity::Error, "x") };
        for outcome in Outcome::ALL {
            for findings in
                [Vec::new(), vec![waived.clone()], vec![Finding::new(&rule::TYPE, Severity::Note, "x")]]
            {
                let expected = match outcome {
                    Outcome::Incompatible | Outcome::Removed => Exit::Findings,
                    Outcome::NotCompared | Outcome::Invalid => Exit::NotCompared,
                    _ => Exit::Fine,
                };
                assert_eq!(verdict(outcome, findings).exit(Severity::Error), expected, "{outcome:?}");
            }
            let error = Finding::new(&rule::TYPE, Severity::Error, "x");
            assert_eq!(verdict(outcome, vec![error]).exit(Severity::Error), Exit::Findings, "{outcome:?}");
        }
    }

    #[test]
    fn newer_versions_come_first() {
        let finding = |label: &str| Finding {
            version: Some(label.to_owned()),
            old: Some(label.to_owned()),
            ..Finding::new(&rule::TYPE, Severity::Error, "x")
        };
        let labels = ["version 2", "version 10", "version 1"];
        let mut verdict = Verdict { checks: Vec::new(), findings: labels.map(finding).into() };
        verdict.sort();
        let labels: Vec<_> = verdict.findings.iter().filter_map(|f| f.version.as_deref()).collect();
        assert_eq!(labels, ["version 10", "version 2", "version 1"]);
    }
}
