//! From what a message names its schema by to the schema: through the registry, or from files.

use std::collections::HashMap;
use std::rc::Rc;

use ottla::client::{Client, Error, Guid, SchemaId, SchemaType, StoredSchema};
use ottla::framing::SchemaRef;
use ottla_formats::avro::{Mode, Schema, parse_with};
use tokio::runtime::{self, Runtime};

use super::failure::Failure;
use super::sources::Sources;

/// Schemas as they were found so far.
#[derive(Debug)]
pub(super) struct Schemas<'o> {
    options: &'o Sources,
    local: Vec<Rc<Found>>,
    known: HashMap<SchemaRef, Result<Rc<Found>, String>>,
    /// What asks the registry, once it is needed.
    asking: Option<(Runtime, Client)>,
}

/// A schema.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) schema: Schema,
    /// Where it comes from, for people.
    pub(super) words: String,
}

impl<'o> Schemas<'o> {
    /// Reads the files; a registry is not asked before a message needs it.
    pub(super) fn new(options: &'o Sources) -> Result<Self, Failure> {
        let mut local: Vec<Rc<Found>> = Vec::new();
        for path in &options.schema {
            let wrong = |e: &dyn std::fmt::Display| Failure::end(format!("{}: {e}", path.display()));
            let text = std::fs::read_to_string(path).map_err(|e| wrong(&e))?;
            let references: Vec<&Schema> = local.iter().map(|found| &found.schema).collect();
            let schema = parse_with(&text, Mode::Lookup, &references).map_err(|e| wrong(&e))?;
            let words = format!("{} of {}", name(&schema), path.display());
            local.push(Rc::new(Found { schema, words }));
        }
        Ok(Self { options, local, known: HashMap::new(), asking: None })
    }

    /// The schema that was given.
    pub(super) fn given(&self) -> Option<Rc<Found>> {
        self.local.last().cloned()
    }

    /// The schema that a message names.
    pub(super) fn find(&mut self, wanted: SchemaRef) -> Result<Rc<Found>, Failure> {
        if let SchemaRef::Fingerprint(fingerprint) = wanted {
            let mut local = self.local.iter();
            return local.find(|found| found.schema.fingerprint() == fingerprint).cloned().ok_or_else(|| {
                Failure::message(format!(
                    "{wanted} is not known: registries find none by it, --schema FILE gives one"
                ))
            });
        }
        if let Some(found) = self.given() {
            return Ok(found);
        }
        if !self.known.contains_key(&wanted) {
            let found = self.ask(wanted)?.map(Rc::new);
            self.known.insert(wanted, found);
        }
        match &self.known[&wanted] {
            Ok(found) => Ok(found.clone()),
            Err(why) => Err(Failure::message(why)),
        }
    }

    /// Asks the registry. The inner error is about the schema, the outer one about the registry.
    fn ask(&mut self, wanted: SchemaRef) -> Result<Result<Found, String>, Failure> {
        let subject = self.options.subject.as_deref();
        let (runtime, client) = match &mut self.asking {
            Some(asking) => asking,
            none => {
                let runtime = runtime::Builder::new_current_thread().enable_all().build();
                none.insert((runtime.map_err(Failure::end)?, self.options.client()?))
            }
        };
        match runtime.block_on(fetch(client, wanted, subject)) {
            Ok(found) => Ok(found.map_err(|why| format!("{wanted}: {why}"))),
            Err(error) if error.is_not_found() => {
                Ok(Err(format!("{wanted} is not in the registry ({error})")))
            }
            Err(error) => Err(Failure::end(format!("{wanted}: {error}"))),
        }
    }
}

async fn fetch(
    client: &Client,
    wanted: SchemaRef,
    subject: Option<&str>,
) -> Result<Result<Found, String>, Error> {
    let stored = match wanted {
        SchemaRef::Guid(guid) => client.schema_by_guid(guid).await?,
        SchemaRef::Id(id) => client.schema_by_id(SchemaId(id), subject).await?,
        SchemaRef::Fingerprint(_) => {
            return Ok(Err("registries find no schema by its fingerprint".to_owned()));
        }
    };
    if stored.schema.schema_type != SchemaType::Avro {
        return Ok(Err(format!("it is a schema of type {}, not Avro", stored.schema.schema_type)));
    }
    // References are of the context where the schema was found.
    let found_in = match wanted {
        SchemaRef::Guid(guid) if !stored.schema.references.is_empty() => context_of(client, guid).await?,
        _ => stored.subject.clone(),
    };
    let references = match client.resolve_references(&stored.schema, subject.or(found_in.as_deref())).await {
        Err(error) if error.is_not_found() => {
            return Ok(Err(format!("a schema that it refers to is not in the registry ({error})")));
        }
        found => found?,
    };
    let mut models: Vec<Schema> = Vec::with_capacity(references.len() + 1);
    for schema in references.iter().map(|found| &found.schema).chain([&stored.schema]) {
        let known: Vec<&Schema> = models.iter().collect();
        match parse_with(&schema.text, Mode::Lookup, &known) {
            Ok(model) => models.push(model),
            Err(error) => return Ok(Err(error.to_string())),
        }
    }
    // The last one is the schema itself.
    let found = models.pop().map(|schema| Found { words: words(wanted, &stored, &schema), schema });
    Ok(found.ok_or_else(|| "there is none".to_owned()))
}

/// The context that holds a schema, as a subject; the default one, if several do.
async fn context_of(client: &Client, guid: Guid) -> Result<Option<String>, Error> {
    let mut held = client.ids_of(guid).await?;
    held.sort_by(|a, b| a.context.cmp(&b.context));
    Ok(held.first().map(|held| format!(":{}:", held.context)))
}

/// What is known of a schema, for people.
fn words(wanted: SchemaRef, stored: &StoredSchema, schema: &Schema) -> String {
    let mut words = wanted.to_string();
    if let (SchemaRef::Id(_), Some(guid)) = (wanted, stored.guid) {
        words.push_str(&format!(" (GUID {guid})"));
    }
    if let Some(subject) = &stored.subject {
        words.push_str(&format!(", subject {subject}"));
        if let Some(version) = stored.version {
            words.push_str(&format!(" version {version}"));
        }
    }
    format!("{words}, {}", name(schema))
}

/// The full name, or the word for the kind of what has none.
pub(super) fn name(schema: &Schema) -> &str {
    let kind = schema.kind(schema.root());
    kind.name().map_or(kind.word(), |name| name.full())
}
