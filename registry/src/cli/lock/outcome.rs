//! What became of a file, and who answers for what it breaks.

use ottla_formats::compatibility::Level;
use ottla_gate::compare::Compared;
use ottla_gate::finding::Waived;
use ottla_gate::lock::Subject;
use ottla_gate::verdict::{Check, Outcome};

use super::Stop;
use super::update::{Place, Update};
use crate::cli::Usage;
use crate::cli::project::Member;

impl Update<'_> {
    /// Why a break is wanted, if somebody says so, or has said so of the same text.
    pub(super) fn reason(&self, name: &str, place: &Place, subject: &Subject) -> Option<String> {
        let said = self.choices.accept.get(name);
        let known = || self.known_reasons.iter().find(|(known, _)| known == name).map(|(_, reason)| reason);
        let before = || subject.newest().and_then(|newest| newest.accepted.as_ref());
        match place {
            Place::Same(_) => said.or_else(before).cloned(),
            Place::New(_) | Place::Amended(_) => said.or_else(known).cloned(),
        }
    }

    /// Tells what became of a file.
    pub(super) fn tell(
        &mut self,
        member: &Member,
        subject: &Subject,
        compared: Compared,
        reason: Option<&str>,
        (is_new, place): (bool, &Place),
    ) {
        let outcome = match (compared.findings.is_empty(), reason) {
            (false, None) => Outcome::Incompatible,
            (false, Some(_)) => Outcome::Waived,
            (true, _) if is_new => Outcome::New,
            (true, _) if matches!(place, Place::Same(_)) => Outcome::Unchanged,
            (true, _) if subject.level == Level::None => Outcome::Unchecked,
            (true, _) => Outcome::Compatible,
        };
        self.verdict.checks.push(Check {
            file: Some(member.file.clone()),
            subject: Some(subject.name.clone()),
            baseline: self.baseline(),
            level: Some(subject.level),
            outcome,
            compared: compared.versions,
            reason: None,
            rollout: compared.rollout,
        });
        self.verdict.findings.extend(compared.findings.into_iter().map(|mut finding| {
            let waived = |reason: &str| Waived {
                owner: "the lock".to_owned(),
                reason: reason.to_owned(),
                expires: None,
            };
            finding.waived = reason.map(waived);
            finding
        }));
    }

    /// Who accepts a break that is none has mistaken something.
    pub(super) fn all_accepted_break(&self) -> Result<(), Stop> {
        let missed: Vec<&String> =
            self.choices.accept.keys().filter(|name| !self.accepted.contains(*name)).collect();
        let Some(name) = missed.first() else { return Ok(()) };
        let known = self.project.selected().any(|member| member.subject.as_deref() == Some(name));
        let why = if known { "it breaks nothing that is locked" } else { "no schema file has that subject" };
        Err(Usage(format!("--accept-breaking {name}: {why}")).into())
    }
}
