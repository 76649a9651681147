//! Findings that somebody answers for, until a day.

use std::collections::HashMap;

use ottla_formats::json::Position;
use ottla_gate::finding::{Finding, Place, Severity, Waived};
use ottla_gate::rule::{self, Rule};
use ottla_gate::source::nearest;
use ottla_gate::verdict::{Outcome, Verdict};
use toml::Spanned;

use crate::cli::Usage;
use crate::cli::project::config::{FILE_NAME, Waiver};
use crate::cli::project::{Globs, Project};

/// The waivers of a project.
#[derive(Debug)]
pub struct Waivers<'p> {
    all: Vec<(&'p Spanned<Waiver>, Globs)>,
}

/// What nobody can answer for: what is no schema or takes too long was not compared, and a waiver is not covered by another.
const NEVER: [&Rule; 4] = [&rule::INVALID, &rule::LIMIT, &rule::WAIVER_EXPIRED, &rule::WAIVER_UNUSED];

impl<'p> Waivers<'p> {
    /// Reads the rules and globs of all waivers.
    pub fn new(project: &'p Project) -> Result<Self, Usage> {
        let mut all = Vec::new();
        for spanned in &project.config().waivers {
            let waiver = spanned.get_ref();
            let id = waiver.rule.get_ref();
            let wrong = |message: &str| project.wrong(waiver.rule.span().start, message);
            match rule::rule(id) {
                None => {
                    let names: Vec<&str> = rule::RULES.iter().map(|rule| rule.id).collect();
                    let meant = nearest(id, &names).map(|name| format!(" (did you mean {name}?)"));
                    return Err(wrong(&format!("there is no rule {id}{}", meant.unwrap_or_default())));
                }
                Some(rule) if NEVER.iter().any(|never| never.id == rule.id) => {
                    return Err(wrong(&format!("{id} cannot be waived")));
                }
                Some(_) if waiver.subject.is_none() && waiver.file.is_none() => {
                    let message = "this waiver is for every schema: say subject = \"...\" or file = \"...\"";
                    return Err(project.wrong(spanned.span().start, message));
                }
                Some(_) => {}
            }
            let globs = Globs::new(&project.base, waiver.file.as_slice());
            all.push((spanned, globs.map_err(|(at, message)| project.wrong(at, &message))?));
        }
        Ok(Self { all })
    }

    /// Marks what they cover, and adds what is wrong with them: those that are expired, and, if everything was looked at, those
    /// that are for nothing.
    pub fn apply(&self, project: &Project, verdict: &mut Verdict, today: &str, were_all_asked: bool) {
        let is_whole = were_all_asked && project.files.given.is_none();
        // What could not be compared might have had what a waiver is for.
        let unknown = [Outcome::NotCompared, Outcome::Invalid];
        let is_certain = is_whole && !verdict.checks.iter().any(|check| unknown.contains(&check.outcome));
        let gone = gone(verdict);
        let mut wrong = Vec::new();
        for (spanned, globs) in &self.all {
            let waiver = spanned.get_ref();
            let is_expired = waiver.expires.as_str() < today;
            let mut is_used = false;
            for finding in &mut verdict.findings {
                if !covers(waiver, globs, finding, &gone) {
                    continue;
                }
                is_used = true;
                if !is_expired && finding.waived.is_none() {
                    finding.waived = Some(waived(waiver));
                }
            }
            if is_expired {
                let message =
                    format!("this waiver expired on {}: {}", waiver.expires, waiver.reason.get_ref());
                let fix =
                    format!("mend what it was for, or agree on a later day with {}", waiver.owner.get_ref());
                wrong.push(Finding {
                    fix: Some(fix),
                    ..finding(project, spanned, &rule::WAIVER_EXPIRED, Severity::Error, message)
                });
            } else if !is_used && is_certain {
                let message = format!("nothing is found that this waiver is for: {}", waiver.rule.get_ref());
                // It is so right after what it was for has been released, and must not hold up what comes next.
                wrong.push(Finding {
                    fix: Some("take it out".to_owned()),
                    ..finding(project, spanned, &rule::WAIVER_UNUSED, Severity::Warning, message)
                });
            }
        }
        verdict.findings.extend(wrong);
    }
}

/// The files that are gone, by subject and baseline: nothing of them is at a place any more.
type Files = HashMap<(Option<String>, Option<String>), String>;

fn gone(verdict: &Verdict) -> Files {
    let gone = verdict.checks.iter().filter(|check| check.outcome == Outcome::Removed);
    gone.filter_map(|check| {
        Some(((check.subject.clone(), Some(check.baseline.clone())), check.file.clone()?))
    })
    .collect()
}

/// Is it for that finding? Everything that it says has to be so.
fn covers(waiver: &Waiver, globs: &Globs, finding: &Finding, gone: &Files) -> bool {
    let place = finding.place.as_ref();
    let file = || match place {
        Some(place) => Some(&place.file),
        None => gone.get(&(finding.subject.clone(), finding.baseline.clone())),
    };
    let is =
        |wanted: &Option<String>, found: Option<&str>| wanted.as_deref().is_none_or(|w| Some(w) == found);
    finding.rule.id == waiver.rule.get_ref()
        && is(&waiver.subject, finding.subject.as_deref())
        && is(&waiver.pointer, place.map(|place| place.pointer.as_str()))
        && is(&waiver.version, finding.version.as_deref())
        && waiver.direction.is_none_or(|direction| Some(direction) == finding.direction)
        && (waiver.file.is_none() || file().is_some_and(|file| globs.contain(file)))
}

fn waived(waiver: &Waiver) -> Waived {
    Waived {
        owner: waiver.owner.get_ref().clone(),
        reason: waiver.reason.get_ref().clone(),
        expires: Some(waiver.expires.clone()),
    }
}

/// What is wrong with a waiver, where it stands.
fn finding(
    project: &Project,
    waiver: &Spanned<Waiver>,
    rule: &'static Rule,
    severity: Severity,
    message: String,
) -> Finding {
    let position: Position = project.read.position(waiver.span().start);
    let end = Position { line: position.line, column: position.column + "[[waivers]]".len() };
    let file = project.config_file.clone().unwrap_or_else(|| FILE_NAME.to_owned());
    Finding {
        place: Some(Place { file, position, end, pointer: String::new() }),
        subject: waiver.get_ref().subject.clone(),
        ..Finding::new(rule, severity, message)
    }
}
