//! What a schema refers to.

use std::collections::HashSet;

use thiserror::Error;

use super::Client;
use super::error::Error;
use super::options::{Version, VersionQuery};
use super::schema::{Reference, RegisteredSchema, Schema};
use super::subject::Subject;

/// How deep references may be nested: as deep as Ottla's registry takes them.
pub const MAX_REFERENCE_DEPTH: usize = 100;

/// How many versions a schema may refer to, directly and through others.
pub const MAX_REFERENCES: usize = 10_000;

/// How long the texts of all of them may be together, in bytes.
pub const MAX_REFERENCED_BYTES: usize = 64 << 20;

/// Why the references of a schema cannot be followed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReferenceError {
    /// A version refers to itself, through others or not.
    #[error("version {version} of subject {subject} refers to itself")]
    Cycle {
        /// The subject.
        subject: String,
        /// The version.
        version: i32,
    },
    /// They are nested too deep.
    #[error("references are nested deeper than {MAX_REFERENCE_DEPTH}")]
    TooDeep,
    /// There are too many.
    #[error("there are more than {MAX_REFERENCES} references")]
    TooMany,
    /// Their texts are too long.
    #[error("the texts that are referred to are longer than {MAX_REFERENCED_BYTES} bytes")]
    TooLong,
}

/// A subject and a version of it.
type Place = (Subject, i32);

/// A version whose references are being followed.
struct Open {
    /// Nothing for the schema that it all began with.
    schema: Option<RegisteredSchema>,
    place: Option<Place>,
    /// The context of unqualified references.
    context: Box<str>,
    /// Those that are not followed yet, the next one last.
    left: Vec<Reference>,
}

impl Client {
    /// All that a schema refers to, directly and through others: each version once, after all that it refers to itself. Soft-deleted
    /// versions too: what was written with them has to stay readable.
    ///
    /// `subject`: the one that the schema is of. Unqualified references are of its context.
    ///
    /// # Errors
    /// [`Error::References`] if they go round in a circle, or there are too many; 40401, 40402 if one leads nowhere.
    pub async fn resolve_references(
        &self,
        schema: &Schema,
        subject: Option<&str>,
    ) -> Result<Vec<RegisteredSchema>, Error> {
        let mut done = Vec::new();
        let mut known: HashSet<Place> = HashSet::new();
        let mut bytes = 0;
        let mut open =
            vec![Open::new(None, schema, Subject::parse(subject.unwrap_or_default()).context, None)];
        while let Some(top) = open.last_mut() {
            let Some(reference) = top.left.pop() else {
                done.extend(open.pop().and_then(|open| open.schema));
                continue;
            };
            let asked = (Subject::within(&top.context, &reference.subject), reference.version);
            if asked.1 != -1 && known.contains(&asked) {
                refuse_cycle(&open, &asked)?;
                continue;
            }
            let query = VersionQuery { deleted: true, ..VersionQuery::default() };
            let found = self.version_with(&asked.0.to_string(), Version::from(asked.1), &query).await?;
            let place = (asked.0, found.version);
            if !known.insert(place.clone()) {
                refuse_cycle(&open, &place)?;
                continue;
            }
            bytes += found.schema.text.len();
            refuse_excess(open.len(), known.len(), bytes)?;
            // It may have been found in another context.
            let context = Subject::parse(&found.subject).context;
            let schema = found.schema.clone();
            open.push(Open::new(Some(found), &schema, context, Some(place)));
        }
        Ok(done)
    }
}

impl Open {
    fn new(
        found: Option<RegisteredSchema>,
        schema: &Schema,
        context: Box<str>,
        place: Option<Place>,
    ) -> Self {
        let left = schema.references.iter().rev().cloned().collect();
        Self { schema: found, place, context, left }
    }
}

fn refuse_cycle(open: &[Open], place: &Place) -> Result<(), ReferenceError> {
    if open.iter().any(|open| open.place.as_ref() == Some(place)) {
        return Err(ReferenceError::Cycle { subject: place.0.to_string(), version: place.1 });
    }
    Ok(())
}

fn refuse_excess(depth: usize, count: usize, bytes: usize) -> Result<(), ReferenceError> {
    if depth > MAX_REFERENCE_DEPTH {
        return Err(ReferenceError::TooDeep);
    }
    if count > MAX_REFERENCES {
        return Err(ReferenceError::TooMany);
    }
    if bytes > MAX_REFERENCED_BYTES {
        return Err(ReferenceError::TooLong);
    }
    Ok(())
}
