//! A schema as a client proposes it, and how it is read.

use std::collections::HashMap;
use std::sync::Arc;

use ottla_formats::avro;
use ottla_formats::{Format, ParsedSchema};

use super::content::{Content, Reference, given_hash};
use super::find::Selector;
use super::metadata::{Metadata, RuleSet};
use super::references::Closures;
use super::rejection::{GivenReference, InvalidSchema, Rejection};
use super::state::State;
use super::subject::{Context, Subject};

/// A schema as a client proposes it: for registration, look-up or comparison.
#[derive(Debug, Clone, Default)]
pub struct Proposal {
    /// The format of the text.
    pub format: Format,
    /// The text, if there is any.
    pub text: Option<Arc<str>>,
    /// The schemas that the text refers to.
    pub references: Vec<GivenReference>,
    /// Tags and properties.
    pub metadata: Option<Metadata>,
    /// Rules.
    pub rule_set: Option<RuleSet>,
    /// The id that an import brings.
    pub id: Option<i32>,
}

/// How strictly a text is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Strictness {
    /// A new schema: names, namespaces and default values are checked, references lead to live versions.
    New,
    /// A known schema: what was registered once has to stay readable.
    Known,
}

/// A text that was read.
#[derive(Debug, Clone)]
pub struct Parsed {
    /// The schema.
    pub schema: Arc<ParsedSchema>,
    /// Its canonical text.
    pub text: Arc<str>,
    /// The references, with concrete versions.
    pub references: Vec<Reference>,
}

impl Parsed {
    /// What would be stored.
    pub fn content(&self, metadata: Option<Metadata>, rule_set: Option<RuleSet>) -> Content {
        let format = self.schema.format();
        Content::new(format, self.text.clone(), self.references.clone(), metadata, rule_set)
    }
}

impl Proposal {
    /// The text, unless it is missing or blank.
    pub fn text(&self) -> Option<&Arc<str>> {
        self.text.as_ref().filter(|t| !t.trim().is_empty())
    }

    /// Reads the text in a subject's context.
    pub fn read(
        &self,
        state: &State,
        subject: &Subject,
        strictness: Strictness,
        normalize: bool,
    ) -> Result<Parsed, Rejection> {
        self.try_read(state, subject.context(), strictness, normalize)
            .map_err(|detail| self.invalid(subject, detail))
    }

    /// Takes a missing text for an empty one, as imports do.
    pub fn read_empty(&self, state: &State, subject: &Subject) -> Result<Parsed, Rejection> {
        let references = self.resolve_references(state, subject.context());
        let references = references.map_err(|detail| self.invalid(subject, detail))?;
        let null = parse(state, subject.context(), self.format, "\"null\"", &[], Strictness::Known);
        let schema = null.map_err(|detail| self.invalid(subject, detail))?;
        Ok(Parsed { schema, text: "".into(), references })
    }

    /// A hash over all that the references reach; 0 if they lead nowhere or too far.
    pub fn references_hash(&self, state: &State, context: &Context) -> [u8; 16] {
        let references = self.resolve_references(state, context);
        let hash = references.ok().and_then(|r| Closures::new(state).of_references(context, &r).ok());
        hash.unwrap_or_default()
    }

    fn try_read(
        &self,
        state: &State,
        context: &Context,
        strictness: Strictness,
        normalize: bool,
    ) -> Result<Parsed, String> {
        let text = self.text.as_deref().unwrap_or_default();
        let mut references = self.resolve_references(state, context)?;
        let mut schema = parse(state, context, self.format, text, &references, strictness)?;
        if normalize {
            references.sort();
            references.dedup();
            schema = Arc::new(schema.normalized()?);
        }
        Ok(Parsed { text: schema.to_text().into(), schema, references })
    }

    /// The refusal of this proposal for what is wrong with its text.
    pub fn invalid(&self, subject: &Subject, detail: String) -> Rejection {
        let text = self.text.as_deref().unwrap_or_default().to_owned();
        // The hash of the request as it was sent: what is missing of a reference adds nothing.
        let guid = given_hash(&text, &self.references, self.metadata.as_ref(), self.rule_set.as_ref());
        InvalidSchema {
            subject: subject.clone(),
            brings_id: self.id.is_some(),
            guid,
            format: self.format,
            references: self.references.clone(),
            metadata: self.metadata.clone(),
            rule_set: self.rule_set.clone(),
            text,
            detail,
        }
        .into()
    }

    /// Takes -1 for the latest version, and refuses what is incomplete.
    fn resolve_references(&self, state: &State, context: &Context) -> Result<Vec<Reference>, String> {
        let resolve = |given: &GivenReference| {
            let (Some(name), Some(subject), Some(version)) = (&given.name, &given.subject, given.version)
            else {
                return Err(incomplete_reference(given));
            };
            let target = Subject::within(context, subject);
            let version = match version {
                -1 => state
                    .version(&target, Selector::Latest, false)
                    .map(|v| v.version)
                    .ok_or_else(|| no_such_reference(&target, -1))?,
                n if n < 1 => {
                    return Err(format!(
                        "io.confluent.kafka.schemaregistry.exceptions.InvalidVersionException: {n}"
                    ));
                }
                n => n,
            };
            Ok(Reference { name: name.as_str().into(), subject: subject.as_str().into(), version })
        };
        self.references.iter().map(resolve).collect()
    }
}

fn incomplete_reference(given: &GivenReference) -> String {
    let name = given.name.as_deref().unwrap_or("null");
    let subject = given.subject.as_deref().unwrap_or("null");
    let version = given.version.map_or_else(|| "null".to_owned(), |v| v.to_string());
    format!("Invalid reference: {{name='{name}', subject='{subject}', version={version}}}")
}

fn no_such_reference(target: &Subject, version: i32) -> String {
    format!("No schema reference found for subject \"{target}\" and version {version}")
}

/// Reads a text with the named types of its references. The error is the detail that clients see.
pub fn parse(
    state: &State,
    context: &Context,
    format: Format,
    text: &str,
    references: &[Reference],
    strictness: Strictness,
) -> Result<Arc<ParsedSchema>, String> {
    let mut reader = Reader::new(state);
    reader.closures.of_references(context, references).map_err(|e| e.to_string())?;
    reader.read(context, format, text, references, strictness).map(Arc::new)
}

/// What stored content parses to.
pub fn parsed(state: &State, context: &Context, content: &Content) -> Result<Arc<ParsedSchema>, String> {
    Reader::new(state).stored(context, content)
}

/// Reads texts, and before them those that they refer to, of which none reaches too far.
struct Reader<'a> {
    state: &'a State,
    closures: Closures<'a>,
    /// What was read so far: the memo may forget at any time.
    read: HashMap<[u8; 16], Arc<ParsedSchema>>,
}

impl<'a> Reader<'a> {
    fn new(state: &'a State) -> Self {
        Self { state, closures: Closures::new(state), read: HashMap::new() }
    }

    fn read(
        &mut self,
        context: &Context,
        format: Format,
        text: &str,
        references: &[Reference],
        strictness: Strictness,
    ) -> Result<ParsedSchema, String> {
        let mut known = Vec::with_capacity(references.len());
        for reference in references {
            let found = self.state.referenced(context, reference);
            let usable = found.filter(|(_, v)| strictness == Strictness::Known || !v.deleted);
            let (subject, version) = usable.ok_or_else(|| {
                no_such_reference(&Subject::within(context, &reference.subject), reference.version)
            })?;
            known.push(self.stored(subject.context(), &version.content)?);
        }
        match format {
            Format::Avro => {
                let known: Vec<&avro::Schema> = known.iter().filter_map(|s| s.as_avro()).collect();
                let mode = match strictness {
                    Strictness::New => avro::Mode::Register,
                    Strictness::Known => avro::Mode::Lookup,
                };
                let schema = avro::parse_with(text, mode, &known).map_err(|e| e.message().to_owned())?;
                Ok(ParsedSchema::Avro(schema))
            }
            other => Err(format!("{other} schemas are not supported")),
        }
    }

    fn stored(&mut self, context: &Context, content: &Content) -> Result<Arc<ParsedSchema>, String> {
        let key = self.closures.of(context, content).map_err(|e| e.to_string())?.hash;
        if let Some(schema) = self.read.get(&key).cloned().or_else(|| self.state.memo().get(&key)) {
            return Ok(schema);
        }
        let (format, references) = (content.format, &content.references);
        let schema = Arc::new(self.read(context, format, &content.text, references, Strictness::Known)?);
        self.state.memo().put(key, schema.clone());
        self.read.insert(key, schema.clone());
        Ok(schema)
    }
}
