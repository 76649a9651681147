//! The versions that a level asks for.

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use ottla::client::{Config, Metadata, RegisteredSchema, SchemaType, Version};
use ottla_gate::compare::Released;

use super::asked::Registry;
use super::trouble::{NO_REGISTRY, Trouble};
use crate::domain::Subject;

/// A subject with more versions than that is one that something registers to without end.
const MAX_VERSIONS: usize = 10_000;

/// Versions of a subject.
#[derive(Debug)]
pub(in crate::cli) struct History {
    /// The newest first.
    pub(in crate::cli) versions: Vec<Numbered>,
    /// The metadata by which the registry tells which versions a new one is compared with, if it does.
    pub(super) group: Option<Metadata>,
}

/// A version and its number.
#[derive(Debug)]
pub(in crate::cli) struct Numbered {
    pub(in crate::cli) number: i32,
    pub(in crate::cli) released: Released,
}

impl Registry {
    /// The numbers of a subject's versions that are not deleted, ascending; nothing if there is no such subject.
    pub(in crate::cli) async fn numbers(&self, subject: &str) -> Result<Option<Vec<i32>>, Trouble> {
        let mut numbers = match self.ask(self.client.versions(subject)).await {
            // Nothing else says that there is no such subject, and not that something else is wrong.
            Err(Trouble::Registry(error)) if error.is_not_found() && error.error_code() == Some(40401) => {
                return Ok(None);
            }
            numbers => numbers?,
        };
        numbers.sort_unstable();
        numbers.dedup();
        if numbers.len() > MAX_VERSIONS {
            return Err(self.nonsense(&format!("{subject} has more than {MAX_VERSIONS} versions")));
        }
        // A subject without versions is no subject: registries say that there is none.
        match numbers.first() {
            Some(1..) => Ok(Some(numbers)),
            Some(number) => Err(self.nonsense(&format!("{subject} has a version {number}"))),
            None => Err(self.nonsense(&format!("there is {subject}, but it has no versions"))),
        }
    }

    /// As many versions as are asked for, of those that a new version is compared with.
    pub(in crate::cli) async fn history(
        &self,
        subject: &str,
        numbers: &[i32],
        config: &Config,
        reach: usize,
    ) -> Result<History, Trouble> {
        let latest = self.latest(subject, numbers).await?;
        let group = config.compatibility_group.as_deref().filter(|property| !property.is_empty());
        let own = group.and_then(|property| own_group(property, config, &latest));
        let before = &numbers[..numbers.len() - 1];
        let before: Vec<i32> = match group {
            // Which versions are of the group, only they themselves tell.
            Some(_) => before.iter().rev().copied().collect(),
            None => before.iter().rev().take(reach.saturating_sub(1)).copied().collect(),
        };
        let older = stream::iter(before).map(|number| self.version(subject, number)).buffered(super::AT_ONCE);
        let mut found: Vec<RegisteredSchema> = vec![latest];
        found.append(&mut older.try_collect().await?);
        if let Some(property) = group {
            found.retain(|version| group_of(property, version.schema.metadata.as_ref()) == own.as_deref());
        }
        found.truncate(reach);
        let mut versions = Vec::with_capacity(found.len());
        for version in &found {
            let released = self.released(version).await?;
            versions.push(Numbered { number: version.version, released });
        }
        let group = group.zip(own).map(|(property, value)| {
            let properties = [(property.to_owned(), value)].into();
            Metadata { properties, ..Metadata::default() }
        });
        Ok(History { versions, group })
    }

    /// The latest version, which has to be the last of the list: otherwise the list is not all there is.
    pub(in crate::cli) async fn latest(
        &self,
        subject: &str,
        numbers: &[i32],
    ) -> Result<RegisteredSchema, Trouble> {
        let found = self.ask(self.client.version(subject, Version::Latest)).await?;
        self.is_of(subject, &found)?;
        if numbers.last() != Some(&found.version) {
            return Err(self.nonsense(&format!(
                "the latest version of {subject} is {}, which is not the last one in the list of its versions",
                found.version
            )));
        }
        Ok(found)
    }

    /// A version by its number.
    pub(in crate::cli) async fn version(
        &self,
        subject: &str,
        number: i32,
    ) -> Result<RegisteredSchema, Trouble> {
        let found = self.ask(self.client.version(subject, number)).await?;
        self.is_of(subject, &found)?;
        if found.version != number {
            let other = found.version;
            return Err(self.nonsense(&format!("version {number} of {subject} is version {other}")));
        }
        Ok(found)
    }

    /// Registries look into other contexts as well.
    fn is_of(&self, subject: &str, found: &RegisteredSchema) -> Result<(), Trouble> {
        if Subject::parse(subject).context() == Subject::parse(&found.subject).context() {
            return Ok(());
        }
        Err(self.nonsense(&format!("{subject} is {}", found.subject)))
    }

    /// A version as it is compared with.
    pub(in crate::cli) async fn released(&self, version: &RegisteredSchema) -> Result<Released, Trouble> {
        let RegisteredSchema { subject, version: number, schema, .. } = version;
        if schema.schema_type != SchemaType::Avro {
            return Err(Trouble::Said(format!(
                "version {number} of {subject} is {}, and only Avro schemas can be compared: is it the right subject?",
                schema.schema_type
            )));
        }
        let schema = self.parse(version).await?;
        Ok(Released { label: format!("version {number}"), schema: schema.into() })
    }

    pub(super) fn nonsense(&self, words: &str) -> Trouble {
        Trouble::Said(format!("{} says that {words}; {NO_REGISTRY}", self.url()))
    }
}

/// The group of a schema that brings no metadata: what a registry gives it.
fn own_group(property: &str, config: &Config, latest: &RegisteredSchema) -> Option<String> {
    let sources = [
        config.override_metadata.as_ref(),
        latest.schema.metadata.as_ref(),
        config.default_metadata.as_ref(),
    ];
    sources.into_iter().find_map(|metadata| group_of(property, metadata)).map(str::to_owned)
}

fn group_of<'m>(property: &str, metadata: Option<&'m Metadata>) -> Option<&'m str> {
    metadata?.properties.get(property).map(String::as_str)
}
