//! `/subjects`: names, looking up, deleting.

use super::Client;
use super::call::{Call, subject_segment};
use super::error::Error;
use super::options::{Deletion, LookUpOptions, SubjectFilter};
use super::schema::{RegisteredSchema, Schema};

impl Client {
    /// The subjects that are not deleted, of all contexts, by name; outside the default context as `:.context:name`.
    ///
    /// # Errors
    /// None but those of every call.
    pub async fn subjects(&self) -> Result<Vec<String>, Error> {
        self.subjects_with(&SubjectFilter::default()).await
    }

    /// The subjects that a filter selects.
    ///
    /// # Errors
    /// None but those of every call.
    pub async fn subjects_with(&self, filter: &SubjectFilter) -> Result<Vec<String>, Error> {
        let call = Call::get("/subjects").maybe("subjectPrefix", filter.prefix.as_deref());
        self.sender.send(&call.deleted(filter.deleted).page(filter.page)).await?.json()
    }

    /// Finds the version of a subject that holds a schema.
    ///
    /// # Errors
    /// 40401 if there is no such subject, 40403 if it does not hold the schema, 42201 if the text is no schema.
    pub async fn look_up(&self, subject: &str, schema: &Schema) -> Result<RegisteredSchema, Error> {
        self.look_up_with(subject, schema, &LookUpOptions::default()).await
    }

    /// Finds the version of a subject that holds a schema, as the options say.
    ///
    /// # Errors
    /// As [`Client::look_up`].
    pub async fn look_up_with(
        &self,
        subject: &str,
        schema: &Schema,
        options: &LookUpOptions,
    ) -> Result<RegisteredSchema, Error> {
        let call = Call::post(&path(subject), schema)
            .about(subject)
            .flag("normalize", options.normalize)
            .flag("deleted", options.deleted)
            .maybe("format", options.format.as_deref());
        self.sender.send(&call).await?.json()
    }

    /// The newest version of a subject whose metadata has all these properties.
    ///
    /// # Errors
    /// 40401 if there is no such subject, 40403 if it has no such version.
    pub async fn latest_with_metadata(
        &self,
        subject: &str,
        properties: &[(&str, &str)],
        deleted: bool,
    ) -> Result<RegisteredSchema, Error> {
        let mut call = Call::get(&format!("{}/metadata", path(subject))).about(subject);
        for (key, value) in properties {
            call = call.query("key", key).query("value", value);
        }
        self.sender.send(&call.flag("deleted", deleted)).await?.json()
    }

    /// Deletes all versions of a subject; tells their numbers. It is not tried again once it may have taken place
    /// ([`Error::is_outcome_unknown`]).
    ///
    /// # Errors
    /// 40401 if there is no such subject, 40404 if it is soft-deleted already, 40405 if it has to be soft-deleted first, 42206
    /// if others refer to it, 42205 if nothing may be changed.
    pub async fn delete_subject(&self, subject: &str, deletion: Deletion) -> Result<Vec<i32>, Error> {
        let call = Call::delete(&path(subject)).about(subject).permanent(deletion);
        let answer = self.sender.send(&call).await;
        self.latest.forget(&subject.to_owned());
        answer?.json()
    }
}

/// `/subjects/{subject}`
pub(super) fn path(subject: &str) -> String {
    format!("/subjects/{}", subject_segment(subject))
}
