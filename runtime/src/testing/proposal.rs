//! A schema as it is sent, and how it is read.

use std::sync::Arc;

use ottla_formats::avro::{self, Mode};
use ottla_formats::{Format, ParsedSchema};
use serde::Deserialize;

use super::refusal::Refusal;
use super::state::State;
use crate::client::subject::Subject;
use crate::client::{Metadata, Reference, RuleSet, Version};

/// What is sent to register a schema, to look it up, or to compare it.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Proposal {
    schema: Option<String>,
    schema_type: Option<String>,
    references: Option<Vec<Given>>,
    pub(super) metadata: Option<Metadata>,
    pub(super) rule_set: Option<RuleSet>,
    pub(super) version: Option<i32>,
    pub(super) id: Option<i32>,
    schema_tags_to_add: Option<Vec<serde_json::Value>>,
    schema_tags_to_remove: Option<Vec<serde_json::Value>>,
    propagate_schema_tags: Option<bool>,
}

/// A reference, of which parts may be missing.
#[derive(Debug, Deserialize)]
struct Given {
    name: Option<String>,
    subject: Option<String>,
    version: Option<i32>,
}

/// A schema that was read.
#[derive(Clone)]
pub(super) struct Read {
    pub(super) parsed: Arc<ParsedSchema>,
    pub(super) references: Vec<Reference>,
}

impl Proposal {
    /// Refuses what is not known here.
    pub(super) fn check(&self) -> Result<(), Refusal> {
        if let Some(name) = self.schema_type.as_deref().filter(|name| Format::from_name(name).is_none()) {
            return Err(Refusal::invalid_type(name));
        }
        let tags = [&self.schema_tags_to_add, &self.schema_tags_to_remove];
        if tags.iter().any(|t| t.as_ref().is_some_and(|t| !t.is_empty()))
            || self.propagate_schema_tags == Some(true)
        {
            return Err(Refusal::not_known("tags"));
        }
        Ok(())
    }

    /// Is there no text to speak of?
    pub(super) fn is_blank(&self) -> bool {
        self.schema.as_deref().is_none_or(|text| text.trim().is_empty())
    }

    /// Reads the text in a context: strictly if it is to be a new schema, else as what may have been registered once.
    pub(super) fn read(
        &self,
        state: &State,
        context: &str,
        mode: Mode,
        normalize: bool,
    ) -> Result<Read, Refusal> {
        self.try_read(state, context, mode, normalize).map_err(|detail| Refusal::invalid_schema(&detail))
    }

    fn try_read(&self, state: &State, context: &str, mode: Mode, normalize: bool) -> Result<Read, String> {
        let given = self.references.as_deref().unwrap_or_default();
        let references =
            given.iter().map(|given| given.resolve(state, context)).collect::<Result<Vec<_>, _>>();
        let mut references = references?;
        let mut known = Vec::new();
        for reference in &references {
            let found = state.referenced(context, reference);
            let usable = found.filter(|(_, v)| mode == Mode::Lookup || !v.deleted);
            let (_, version) =
                usable.ok_or_else(|| leads_nowhere(context, &reference.subject, reference.version))?;
            known.push(version.content.parsed.clone());
        }
        let known: Vec<&avro::Schema> = known.iter().filter_map(|schema| schema.as_avro()).collect();
        let text = self.schema.as_deref().unwrap_or_default();
        let schema = avro::parse_with(text, mode, &known).map_err(|e| e.message().to_owned())?;
        let mut parsed = ParsedSchema::Avro(schema);
        if normalize {
            references
                .sort_by(|a, b| (&a.name, &a.subject, a.version).cmp(&(&b.name, &b.subject, b.version)));
            references.dedup();
            parsed = parsed.normalized()?;
        }
        Ok(Read { parsed: Arc::new(parsed), references })
    }
}

impl Given {
    fn resolve(&self, state: &State, context: &str) -> Result<Reference, String> {
        let (Some(name), Some(subject), Some(version)) = (&self.name, &self.subject, self.version) else {
            let [name, subject] = [&self.name, &self.subject].map(|t| t.as_deref().unwrap_or("null"));
            let version = self.version.map_or_else(|| "null".to_owned(), |v| v.to_string());
            return Err(format!(
                "Invalid reference: {{name='{name}', subject='{subject}', version={version}}}"
            ));
        };
        let version = match Version::from(version) {
            Version::Latest => {
                let latest = state.latest(&Subject::within(context, subject)).map(|v| v.version);
                latest.ok_or_else(|| leads_nowhere(context, subject, -1))?
            }
            Version::Number(n) if n < 1 => {
                let class = "io.confluent.kafka.schemaregistry.exceptions.InvalidVersionException";
                return Err(format!("{class}: {n}"));
            }
            Version::Number(n) => n,
        };
        Ok(Reference::new(name, subject, version))
    }
}

fn leads_nowhere(context: &str, subject: &str, version: i32) -> String {
    let subject = Subject::within(context, subject);
    format!("No schema reference found for subject \"{subject}\" and version {version}")
}
