//! `/subjects/{subject}/versions`: registering, fetching, deleting.

use std::sync::Arc;

use serde::Serialize;

use super::call::Call;
use super::error::Error;
use super::options::{Deletion, Page, RegisterOptions, TagsUpdate, Version, VersionFilter, VersionQuery};
use super::schema::{RegisteredSchema, Registration, Schema, SchemaTags};
use super::subjects::path;
use super::{Client, SchemaId};

/// What is sent to register a schema.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    #[serde(flatten)]
    schema: &'a Schema,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<SchemaId>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    schema_tags_to_add: &'a [SchemaTags],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    schema_tags_to_remove: &'a [SchemaTags],
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    propagate_schema_tags: bool,
}

impl RegisterOptions {
    /// Does a second registration find what the first one made? Not if it puts other tags into the text each time.
    fn is_repeatable(&self) -> bool {
        self.tags_to_add.is_empty()
            && self.tags_to_remove.is_empty()
            && !self.propagate_tags
            && self.version != Some(-1)
    }
}

impl Client {
    /// Adds a schema to a subject, unless the subject holds it already.
    ///
    /// # Errors
    /// 40901 (409) if it is incompatible with an earlier version, 42201 if the text is no schema or a reference leads nowhere,
    /// 42205 if nothing may be registered there.
    pub async fn register(&self, subject: &str, schema: &Schema) -> Result<Registration, Error> {
        self.register_with(subject, schema, &RegisterOptions::default()).await
    }

    /// Adds a schema to a subject, as the options say.
    ///
    /// # Errors
    /// As [`Client::register`].
    pub async fn register_with(
        &self,
        subject: &str,
        schema: &Schema,
        options: &RegisterOptions,
    ) -> Result<Registration, Error> {
        let body = Body {
            schema,
            version: options.version,
            id: options.id,
            schema_tags_to_add: &options.tags_to_add,
            schema_tags_to_remove: &options.tags_to_remove,
            propagate_schema_tags: options.propagate_tags,
        };
        let call = Call::post(&versions(subject), &body)
            .about(subject)
            .flag("normalize", options.normalize)
            .flag("force", options.force)
            .maybe("format", options.format.as_deref());
        self.register_call(subject, if options.is_repeatable() { call } else { call.not_repeatable() }).await
    }

    /// Registers an earlier version once more with other tags, metadata or rules. Not sent again once it may have taken place.
    ///
    /// # Errors
    /// 40401, 40402 if there is no such version, 42210 if the rules are not valid.
    pub async fn update_tags(
        &self,
        subject: &str,
        version: impl Into<Version>,
        update: &TagsUpdate,
    ) -> Result<Registration, Error> {
        let call = Call::post(&version_path(subject, version.into(), "/tags"), update);
        self.register_call(subject, call.about(subject).not_repeatable()).await
    }

    async fn register_call(&self, subject: &str, call: Call) -> Result<Registration, Error> {
        let answer = self.sender.send(&call).await;
        self.schemas.forget_missing();
        self.latest.forget(&subject.to_owned());
        answer?.json()
    }

    /// The numbers of a subject's versions that are not deleted, ascending.
    ///
    /// # Errors
    /// 40401 if there is no such subject.
    pub async fn versions(&self, subject: &str) -> Result<Vec<i32>, Error> {
        self.versions_with(subject, &VersionFilter::default()).await
    }

    /// The numbers of the versions that a filter selects.
    ///
    /// # Errors
    /// 40401 if there is no such subject.
    pub async fn versions_with(&self, subject: &str, filter: &VersionFilter) -> Result<Vec<i32>, Error> {
        let call = Call::get(&versions(subject))
            .about(subject)
            .deleted(filter.deleted)
            .flag("deletedAsNegative", filter.deleted_as_negative)
            .page(filter.page);
        self.sender.send(&call).await?.json()
    }

    /// A version of a subject.
    ///
    /// # Errors
    /// 40401 if there is no such subject, 40402 if it has no such version.
    pub async fn version(
        &self,
        subject: &str,
        version: impl Into<Version>,
    ) -> Result<RegisteredSchema, Error> {
        self.version_with(subject, version, &VersionQuery::default()).await
    }

    /// A version of a subject, in the form that the query says.
    ///
    /// # Errors
    /// As [`Client::version`].
    pub async fn version_with(
        &self,
        subject: &str,
        version: impl Into<Version>,
        query: &VersionQuery,
    ) -> Result<RegisteredSchema, Error> {
        let call = shown(version_call(subject, version.into(), ""), query)
            .qualified(query.qualified_references)
            .all("findTags", &query.find_tags);
        self.sender.send(&call).await?.json()
    }

    /// The latest version of a subject. Where [`Builder::latest_ttl`](super::Builder::latest_ttl) says so, for a while the one
    /// that was the latest before, unless this client registered or deleted something in the subject.
    ///
    /// # Errors
    /// 40401 if there is no such subject.
    pub async fn latest(&self, subject: &str) -> Result<Arc<RegisteredSchema>, Error> {
        let fetch = || {
            let (sender, call) = (self.sender.clone(), version_call(subject, Version::Latest, ""));
            async move {
                let answer = sender.send(&call).await?;
                Ok((answer.json()?, answer.response.body.len()))
            }
        };
        if self.sender.settings.latest_ttl.is_zero() {
            return Ok(Arc::new(fetch().await?.0));
        }
        self.latest.get(subject.to_owned(), fetch).await
    }

    /// The text of a version alone; of the query, the form and whether it may be deleted count.
    ///
    /// # Errors
    /// As [`Client::version`].
    pub async fn version_text(
        &self,
        subject: &str,
        version: impl Into<Version>,
        query: &VersionQuery,
    ) -> Result<String, Error> {
        self.sender.send(&shown(version_call(subject, version.into(), "/schema"), query)).await?.text()
    }

    /// The ids of the schemas that refer to a version; with `deleted`, also of those whose versions are all soft-deleted.
    ///
    /// # Errors
    /// As [`Client::version`].
    pub async fn referenced_by(
        &self,
        subject: &str,
        version: impl Into<Version>,
        deleted: bool,
        page: Page,
    ) -> Result<Vec<SchemaId>, Error> {
        let call = version_call(subject, version.into(), "/referencedby").flag("deleted", deleted);
        self.sender.send(&call.page(page)).await?.json()
    }

    /// Deletes a version; tells its number. It is not tried again once it may have taken place
    /// ([`Error::is_outcome_unknown`]).
    ///
    /// # Errors
    /// 40401, 40402 if there is no such version, 40406 if it is soft-deleted already, 40407 if it has to be soft-deleted first,
    /// 42206 if others refer to it, 42205 if nothing may be changed.
    pub async fn delete_version(
        &self,
        subject: &str,
        version: impl Into<Version>,
        deletion: Deletion,
    ) -> Result<i32, Error> {
        let call =
            Call::delete(&version_path(subject, version.into(), "")).about(subject).permanent(deletion);
        let answer = self.sender.send(&call).await;
        self.latest.forget(&subject.to_owned());
        answer?.json()
    }
}

fn versions(subject: &str) -> String {
    format!("{}/versions", path(subject))
}

fn version_path(subject: &str, version: Version, rest: &str) -> String {
    format!("{}/versions/{version}{rest}", path(subject))
}

fn version_call(subject: &str, version: Version, rest: &str) -> Call {
    Call::get(&version_path(subject, version, rest)).about(subject)
}

fn shown(call: Call, query: &VersionQuery) -> Call {
    call.maybe("format", query.format.as_deref()).flag("deleted", query.deleted)
}
