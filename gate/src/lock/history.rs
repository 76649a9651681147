//! What a new version is compared with.

use ottla_formats::ParsedSchema;
use ottla_formats::avro::Schema;

use super::Lock;
use super::resolve::{Resolver, find};
use crate::compare::Released;

impl Lock {
    /// The versions that a new one is compared with, the newest first: all since the newest that was accepted as a break,
    /// that one included. Empty for a subject that is not known.
    pub fn history(&self, subject: &str) -> Vec<Released> {
        self.history_before(subject, i32::MAX)
    }

    /// The same for a version that is there already: those before it.
    pub fn history_before(&self, subject: &str, version: i32) -> Vec<Released> {
        let Ok(at) = self.find(subject) else { return Vec::new() };
        let mut resolver = Resolver::new(&self.subjects);
        let mut history = Vec::new();
        for (number, known) in self.subjects[at].versions.iter().enumerate().rev() {
            if known.version >= version {
                continue;
            }
            // That every version has a schema was seen when the lock was read.
            let Ok(schema) = resolver.schema((at, number)) else { continue };
            let schema = ParsedSchema::Avro((*schema).clone());
            history.push(Released { label: known.label(), schema });
            if known.accepted.is_some() {
                break;
            }
        }
        history
    }

    /// The schema of a version, with all that it refers to. None if there is no such version, or something that it refers to is
    /// not there.
    pub fn schema(&self, subject: &str, version: i32) -> Option<Schema> {
        let place = find(&self.subjects, subject, version)?;
        Resolver::new(&self.subjects).schema(place).ok().map(|schema| (*schema).clone())
    }
}
