//! Files that are no schemas.

use std::collections::HashMap;

use ottla_formats::json::Position;
use ottla_gate::error::Error;
use ottla_gate::finding::{Finding, Place, Severity};
use ottla_gate::rule;

use crate::cli::project::{Member, Project};

/// What is wrong with the files that were asked for, and with those that they may be waiting for.
pub fn findings(project: &Project) -> Vec<Finding> {
    let selected: HashMap<&str, &Member> =
        project.selected().map(|member| (member.file.as_str(), member)).collect();
    // Who waits for whom is not known of files that were not read to their end.
    let someone_waits = selected.values().any(|member| is_waiting(project, member));
    let errors = project.loaded.errors.iter();
    let told = errors.filter(|e| someone_waits || e.file().is_none_or(|file| selected.contains_key(file)));
    told.map(|error| {
        let member = error.file().and_then(|file| selected.get(file));
        finding(error, member.and_then(|member| member.subject.clone()))
    })
    .collect()
}

/// Is nothing wrong with the file itself, but with one that it refers to?
pub fn is_waiting(project: &Project, member: &Member) -> bool {
    member.source.is_err() && !project.loaded.errors.iter().any(|error| error.file() == Some(&member.file))
}

fn finding(error: &Error, subject: Option<String>) -> Finding {
    let start = Position { line: error.line().unwrap_or(1), column: error.column().unwrap_or(1) };
    let place = error.file().map(|file| Place {
        file: file.to_owned(),
        position: start,
        end: start,
        pointer: error.pointer().to_owned(),
    });
    Finding {
        place,
        subject,
        fix: error.what_to_do().map(str::to_owned),
        ..Finding::new(&rule::INVALID, Severity::Error, error.message())
    }
}
