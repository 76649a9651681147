//! Which files under which subjects, in which order.

use std::collections::{BTreeMap, BTreeSet};

use ottla::client::{Level, Reference, Schema};
use ottla_formats::avro;
use ottla_gate::error::Errors;
use ottla_gate::source::Source;

use crate::cli::Usage;
use crate::cli::project::{Member, Project};
use crate::domain::Subject;

/// Files with their subjects, each after those that it refers to.
#[derive(Debug)]
pub(in crate::cli) struct Plan<'p> {
    pub(in crate::cli) sources: &'p [Source],
    pub(in crate::cli) steps: Vec<Step<'p>>,
}

/// A file under a subject.
#[derive(Debug, Clone, Copy)]
pub(in crate::cli) struct Step<'p> {
    pub(in crate::cli) file: &'p str,
    pub(in crate::cli) subject: &'p str,
    /// What the project says.
    pub(in crate::cli) level: Option<Level>,
    /// The index of the file among the sources.
    pub(in crate::cli) source: usize,
}

impl<'p> Plan<'p> {
    /// The files that were asked for, and those that they refer to. If something is wrong with one of them, nothing is to be
    /// done at all.
    pub(in crate::cli) fn of(project: &'p Project) -> Result<Self, Box<dyn std::error::Error>> {
        let given: Vec<&Member> =
            project.members.iter().filter(|member| project.files.is_given(&member.file)).collect();
        if given.is_empty() {
            return Err(Usage("there are no schema files".to_owned()).into());
        }
        let wrong: Vec<_> = given.iter().filter_map(|member| member.source.clone().err()).collect();
        if !wrong.is_empty() {
            return Err(Errors::of(wrong.into_iter().chain(project.loaded.errors.clone()).collect()).into());
        }
        let sources = &project.loaded.sources;
        let mut wanted: BTreeSet<usize> =
            given.iter().filter_map(|member| member.source.clone().ok()).collect();
        for (at, source) in sources.iter().enumerate().rev() {
            if wanted.contains(&at) {
                wanted.extend(source.references.iter().map(|(_, to)| *to));
            }
        }
        let mut plan = Self { sources, steps: Vec::new() };
        for at in wanted {
            let members = project.members.iter().filter(|member| member.source == Ok(at));
            for member in members {
                plan.steps.push(step(member, at)?);
            }
        }
        plan.one_file_a_subject()?;
        Ok(plan)
    }

    /// The schema of a step's file.
    pub(in crate::cli) fn schema(&self, step: &Step<'_>) -> &'p avro::Schema {
        &self.sources[step.source].schema
    }

    /// A schema as it is registered: its own text, and where the types are that it refers to. None if one of the files that it
    /// refers to has no version yet. `version`: of the file at an index.
    pub(super) fn request(&self, step: &Step<'_>, version: impl Fn(usize) -> Option<i32>) -> Option<Schema> {
        let source = &self.sources[step.source];
        let mut met = BTreeSet::new();
        let mut references = Vec::new();
        for (name, to) in source.references.iter().filter(|(_, to)| met.insert(*to)) {
            // The first subject of a file stands for it, as in is_first.
            let of = self.steps.iter().find(|step| step.source == *to)?;
            let subject = within(step.subject, of.subject);
            let name = reference_name(&self.sources[*to]).unwrap_or(name);
            references.push(Reference::new(name, subject, version(*to)?));
        }
        Some(Schema::avro(source.schema.to_text()).with_references(references))
    }

    /// Is it the subject by which others refer to the file?
    pub(super) fn is_first(&self, step: &Step<'_>) -> bool {
        let first = self.steps.iter().find(|other| other.source == step.source);
        first.is_some_and(|first| first.subject == step.subject)
    }

    fn one_file_a_subject(&self) -> Result<(), Usage> {
        let mut files: BTreeMap<&str, &str> = BTreeMap::new();
        for Step { file, subject, .. } in &self.steps {
            if let Some(first) = files.insert(subject, file) {
                return Err(Usage(format!("subject {subject} is that of {first} and of {file}")));
            }
        }
        Ok(())
    }
}

fn step(member: &Member, source: usize) -> Result<Step<'_>, Usage> {
    let subject = member.subject.as_deref().ok_or_else(|| {
        Usage(format!("{} is referred to, and has no subject: give it one in [[subjects]]", member.file))
    })?;
    Ok(Step { file: &member.file, subject, level: member.level, source })
}

/// By what name others refer to a file: always the same, as some registries tell references apart by it.
pub(in crate::cli) fn reference_name(source: &Source) -> Option<&str> {
    let root = source.schema.kind(source.schema.root()).name().map(|name| name.full());
    root.or_else(|| source.file.scan.definitions.first().map(|definition| definition.name.as_str()))
}

/// A subject as another one refers to it: without a context it is of that one's context.
pub(in crate::cli) fn within(referrer: &str, subject: &str) -> String {
    let (from, to) = (Subject::parse(referrer), Subject::parse(subject));
    match (from.context() == to.context(), to.context().is_default()) {
        (true, _) => to.name().to_owned(),
        (false, true) => format!(":.:{}", to.name()),
        (false, false) => subject.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::within;

    #[test]
    fn references_lead_into_the_right_context() {
        for (referrer, subject, expected) in [
            ("orders", "money", "money"),
            (":.a:orders", ":.a:money", "money"),
            (":.a:orders", "money", ":.:money"),
            ("orders", ":.a:money", ":.a:money"),
            (":.b:orders", ":.a:money", ":.a:money"),
            (":.:orders", "money", "money"),
        ] {
            assert_eq!(within(referrer, subject), expected, "{referrer} {subject}");
        }
    }
}
