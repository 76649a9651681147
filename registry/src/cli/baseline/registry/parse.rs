//! Texts -> schemas, with those that they refer to.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use ottla::client::{Reference, RegisteredSchema, SchemaType};
use ottla_formats::avro::{Mode, Schema, parse_with};

use super::asked::Registry;
use super::trouble::Trouble;
use crate::domain::{Context, Subject};

/// What schemas refer to: a list of references, in the context of whoever has it, leads to the same schemas each time.
#[derive(Debug, Default)]
pub(super) struct Known(Mutex<HashMap<(Context, Vec<Reference>), Schemas>>);

/// Schemas, in the order of the references to them.
type Schemas = Arc<Vec<Arc<Schema>>>;

impl Registry {
    /// The schema of a version, with all types that it refers to.
    pub(in crate::cli) async fn parse(&self, version: &RegisteredSchema) -> Result<Schema, Trouble> {
        let referenced = match version.schema.references.is_empty() {
            true => Schemas::default(),
            false => self.referenced(version).await?,
        };
        read(version, &referenced)
    }

    async fn referenced(&self, version: &RegisteredSchema) -> Result<Schemas, Trouble> {
        let context = Subject::parse(&version.subject).context().clone();
        let key = (context, version.schema.references.clone());
        if let Some(known) = self.known.get(&key) {
            return Ok(known);
        }
        let all = self.client.resolve_references(&version.schema, Some(&version.subject));
        let all = self.ask(all).await?;
        let mut models: Vec<(Subject, i32, Arc<Schema>)> = Vec::with_capacity(all.len());
        for found in &all {
            // They are in such an order that each comes after those that it refers to.
            let direct = direct(found, &models)?;
            models.push((Subject::parse(&found.subject), found.version, Arc::new(read(found, &direct)?)));
        }
        let direct = Arc::new(direct(version, &models)?);
        self.known.put(key, direct.clone());
        Ok(direct)
    }
}

/// The schemas that a version itself refers to.
fn direct(
    version: &RegisteredSchema,
    models: &[(Subject, i32, Arc<Schema>)],
) -> Result<Vec<Arc<Schema>>, Trouble> {
    let context = Subject::parse(&version.subject).context().clone();
    let find = |reference: &Reference| {
        let subject = Subject::within(&context, &reference.subject);
        let is_it = |number: i32| reference.version == -1 || reference.version == number;
        // It may have been found in another context.
        let exact = models.iter().find(|(s, number, _)| *s == subject && is_it(*number));
        let other = || models.iter().find(|(s, number, _)| s.name() == subject.name() && is_it(*number));
        exact.or_else(other).map(|(.., schema)| schema.clone()).ok_or_else(|| {
            Trouble::Said(format!(
                "version {} of {} refers to version {} of {subject}, which the registry answers with another one",
                version.version, version.subject, reference.version
            ))
        })
    };
    version.schema.references.iter().map(find).collect()
}

fn read(version: &RegisteredSchema, referenced: &[Arc<Schema>]) -> Result<Schema, Trouble> {
    let RegisteredSchema { subject, version: number, schema, .. } = version;
    let wrong = |words: String| {
        let help = "somebody stored it without a check: can it be deleted there?";
        Trouble::Said(format!("version {number} of {subject} cannot be read: {words}; {help}"))
    };
    if schema.schema_type != SchemaType::Avro {
        return Err(wrong(format!("it is {}, not Avro", schema.schema_type)));
    }
    let referenced: Vec<&Schema> = referenced.iter().map(|schema| &**schema).collect();
    parse_with(&schema.text, Mode::Lookup, &referenced).map_err(|error| wrong(error.to_string()))
}

impl Known {
    fn get(&self, key: &(Context, Vec<Reference>)) -> Option<Schemas> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
    }

    fn put(&self, key: (Context, Vec<Reference>), schemas: Schemas) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key, schemas);
    }
}
