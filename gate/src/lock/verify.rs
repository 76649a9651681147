//! Is every version what it says that it is?

use std::collections::HashSet;

use ottla_formats::avro::Schema;
use ottla_formats::json::Position;

use super::Subject;
use super::resolve::{Place, Problem, Resolver};
use crate::error::Error;

/// Verifies subjects, which are sorted by name, and fills in the full names. What is wrong is told with the place of the
/// entry.
pub(super) fn verify(subjects: &mut [Subject]) -> Vec<Error> {
    let mut errors: Vec<Error> = subjects.windows(2).filter_map(same_name).collect();
    let (looked, problems) = look(subjects);
    errors.extend(looked.iter().filter_map(|looked| other_fingerprint(subjects, looked)));
    errors.extend(problems);
    for Looked { at: (subject, _), full_name, .. } in looked {
        subjects[subject].full_name = full_name;
    }
    errors
}

/// Fills in the fingerprints and full names.
pub(super) fn seal(subjects: &mut [Subject]) -> Vec<Error> {
    let (looked, problems) = look(subjects);
    for Looked { at: (subject, version), fingerprint, full_name } in looked {
        subjects[subject].versions[version].fingerprint = fingerprint;
        subjects[subject].full_name = full_name;
    }
    problems
}

/// What the schema of a version is.
struct Looked {
    at: Place,
    fingerprint: u64,
    full_name: Option<String>,
}

/// Looks at all versions, of each subject the newest last.
fn look(subjects: &[Subject]) -> (Vec<Looked>, Vec<Error>) {
    let (mut looked, mut errors) = (Vec::new(), Vec::new());
    let mut resolver = Resolver::new(subjects);
    let mut told = HashSet::new();
    for at in (0..subjects.len()).flat_map(|s| (0..subjects[s].versions.len()).map(move |v| (s, v))) {
        match resolver.schema(at) {
            Ok(schema) => {
                let (fingerprint, full_name) = (schema.fingerprint(), full_name(&schema));
                looked.push(Looked { at, fingerprint, full_name });
            }
            // What is wrong with one is wrong with all that refer to it.
            Err(problem) if told.insert(problem.place()) => errors.push(problem.error(subjects)),
            Err(_) => {}
        }
    }
    (looked, errors)
}

/// The full name of the outermost type.
pub(super) fn full_name(schema: &Schema) -> Option<String> {
    schema.kind(schema.root()).name().map(|name| name.full().to_owned())
}

fn same_name(pair: &[Subject]) -> Option<Error> {
    let [one, other] = pair else { return None };
    let error = || {
        let later = [one, other].into_iter().filter_map(|s| s.position).max_by_key(|p| (p.line, p.column));
        at(Error::new(format!("subject {} is there twice", one.name)), later)
    };
    (one.name == other.name).then(error)
}

fn other_fingerprint(subjects: &[Subject], looked: &Looked) -> Option<Error> {
    let Looked { at, fingerprint, .. } = looked;
    let message = || format!("the schema has another fingerprint: {fingerprint:016x}");
    let differs = subjects[at.0].versions[at.1].fingerprint != *fingerprint;
    differs.then(|| error(subjects, *at, message()))
}

impl Problem {
    fn place(&self) -> Place {
        let (Self::Missing(place, _)
        | Self::Cycle(place, _)
        | Self::TooDeep(place)
        | Self::NoSchema(place, _)) = self;
        *place
    }

    fn error(&self, subjects: &[Subject]) -> Error {
        let reference = |place: Place, at: usize| {
            let reference = &subjects[place.0].versions[place.1].references[at];
            format!("{} version {}", reference.subject, reference.version)
        };
        let message = match self {
            Self::Missing(place, at) => {
                format!("it refers to {}, which is not in the lock", reference(*place, *at))
            }
            Self::Cycle(place, at) => format!("it refers to {}, which refers to it", reference(*place, *at)),
            Self::TooDeep(_) => "its references are nested too deep".to_owned(),
            Self::NoSchema(_, why) => format!("the text is no schema: {why}"),
        };
        error(subjects, self.place(), message)
    }
}

/// An error about a version.
fn error(subjects: &[Subject], place: Place, message: String) -> Error {
    let (subject, version) = (&subjects[place.0], &subjects[place.0].versions[place.1]);
    at(Error::new(format!("{} version {}: {message}", subject.name, version.version)), version.position)
}

fn at(error: Error, position: Option<Position>) -> Error {
    match position {
        Some(position) => error.at(position, ""),
        None => error,
    }
}
