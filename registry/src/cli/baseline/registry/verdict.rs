//! What the registry itself says of a schema.

use ottla::client::{CheckOptions, Compatibility, Error, Metadata, Schema, Version};
use ottla_formats::avro;

use super::asked::Registry;
use super::trouble::Trouble;

/// A schema that is to follow.
#[derive(Debug)]
pub(in crate::cli) struct Proposed<'a> {
    /// The schema, with all types that it refers to.
    pub(in crate::cli) schema: &'a avro::Schema,
    /// The metadata by which the registry tells which versions it is compared with.
    pub(in crate::cli) group: Option<&'a Metadata>,
    /// The versions that the registry's level asks for, the newest first.
    pub(in crate::cli) versions: &'a [i32],
}

/// What it says.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::cli) struct Said {
    pub(in crate::cli) is_compatible: bool,
    pub(in crate::cli) messages: Vec<String>,
}

impl Registry {
    /// May a schema follow? Types that it refers to are sent within its text: they may be new as well.
    pub(in crate::cli) async fn verdict(
        &self,
        subject: &str,
        proposed: &Proposed<'_>,
    ) -> Result<Said, Trouble> {
        let mut schema = Schema::avro(proposed.schema.to_inlined_text());
        schema.metadata = proposed.group.cloned();
        let options = CheckOptions { verbose: true, ..CheckOptions::default() };
        let answer = match self.ask(self.client.check(subject, &schema, &options)).await {
            Err(Trouble::Registry(error)) if is_no_route(&error) => {
                return self.one_by_one(subject, &schema, proposed.versions).await;
            }
            answer => answer?,
        };
        self.judged(subject, &schema, answer, CheckOptions::default()).await
    }

    /// Asks about each version: some registries have no other way.
    async fn one_by_one(&self, subject: &str, schema: &Schema, versions: &[i32]) -> Result<Said, Trouble> {
        for number in versions {
            let plain = CheckOptions { version: Some(Version::Number(*number)), ..CheckOptions::default() };
            let options = CheckOptions { verbose: true, ..plain };
            let answer = self.ask(self.client.check(subject, schema, &options)).await?;
            let said = self.judged(subject, schema, answer, plain).await?;
            if !said.is_compatible {
                return Ok(said);
            }
        }
        Ok(Said { is_compatible: true, messages: Vec::new() })
    }

    /// Asked for reasons, registries tell what is wrong with a schema as if it did not follow. Not asked, they refuse it.
    async fn judged(
        &self,
        subject: &str,
        schema: &Schema,
        answer: Compatibility,
        plain: CheckOptions,
    ) -> Result<Said, Trouble> {
        let mut said = Said { is_compatible: answer.is_compatible, messages: answer.messages };
        if said.is_compatible || said.messages.iter().any(|message| message.starts_with('{')) {
            return Ok(said);
        }
        match self.ask(self.client.check(subject, schema, &plain)).await {
            Err(Trouble::Registry(error)) if error.is_invalid_schema() => {
                let words = error.refusal().map(|refusal| refusal.message.clone()).unwrap_or_default();
                said.messages = vec![format!("the registry does not take it for a valid schema: {words}")];
                Ok(said)
            }
            answer => answer.map(|_| said),
        }
    }
}

/// Does the registry not know the call? What it says then is nothing of its own.
fn is_no_route(error: &Error) -> bool {
    matches!(error.status(), Some(404 | 405)) && !error.is_not_found()
}
