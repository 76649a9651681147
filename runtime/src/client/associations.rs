//! `/associations`: which subject belongs to which topic. Newer registries only, and this one keeps none.

use serde::Deserialize;

use super::Client;
use super::call::{Call, segment, subject_segment};
use super::error::Error;
use super::options::Page;

/// A subject that belongs to a topic.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[non_exhaustive]
#[allow(missing_docs, reason = "the fields are what their names say")]
pub struct Association {
    pub subject: String,
    pub guid: Option<String>,
    pub resource_name: Option<String>,
    pub resource_namespace: Option<String>,
    pub resource_id: Option<String>,
    /// Mostly `topic`.
    pub resource_type: Option<String>,
    /// `key` or `value`.
    pub association_type: Option<String>,
    /// `STRONG` (the subject is the topic's own) or `WEAK`.
    pub lifecycle: Option<String>,
    pub frozen: bool,
    /// In milliseconds since 1970.
    pub create_ts: Option<i64>,
    /// In milliseconds since 1970.
    pub update_ts: Option<i64>,
}

/// Which associations.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AssociationFilter {
    /// What the subjects belong to; without it: `topic`.
    pub resource_type: Option<String>,
    /// `key`, `value`; without any: both.
    pub association_types: Vec<String>,
    /// `STRONG` or `WEAK`.
    pub lifecycle: Option<String>,
    /// Which part of them.
    pub page: Page,
}

impl Client {
    /// What a subject belongs to.
    ///
    /// # Errors
    /// None but those of every call; older registries do not know the call (404).
    pub async fn associations_of_subject(
        &self,
        subject: &str,
        filter: &AssociationFilter,
    ) -> Result<Vec<Association>, Error> {
        let call = Call::get(&format!("/associations/subjects/{}", subject_segment(subject))).about(subject);
        self.sender.send(&filtered(call, filter)).await?.json()
    }

    /// The subjects of a resource, by its id.
    ///
    /// # Errors
    /// As [`Client::associations_of_subject`].
    pub async fn associations_of_resource(
        &self,
        id: &str,
        filter: &AssociationFilter,
    ) -> Result<Vec<Association>, Error> {
        self.sender.send(&filtered(Call::get(&resource(id)), filter)).await?.json()
    }

    /// The subjects of a topic, by its cluster (`-`: any) and name (`-`: all of the cluster).
    ///
    /// # Errors
    /// As [`Client::associations_of_subject`].
    pub async fn associations_of_topic(
        &self,
        cluster: &str,
        topic: &str,
        filter: &AssociationFilter,
    ) -> Result<Vec<Association>, Error> {
        let path = format!("{}/{}", resource(cluster), segment(topic));
        self.sender.send(&filtered(Call::get(&path), filter)).await?.json()
    }

    /// Takes the subjects of a resource from it; with `cascade`, its own are deleted. It is not tried again once it may have taken
    /// place. Of the filter, page and lifecycle do not count.
    ///
    /// # Errors
    /// 40410 if there are none.
    pub async fn delete_associations(
        &self,
        id: &str,
        filter: &AssociationFilter,
        cascade: bool,
    ) -> Result<(), Error> {
        let call = Call::delete(&resource(id))
            .maybe("resourceType", filter.resource_type.as_deref())
            .all("associationType", &filter.association_types)
            .flag("cascadeLifecycle", cascade);
        self.sender.send(&call).await.map(drop)
    }
}

fn resource(id: &str) -> String {
    format!("/associations/resources/{}", segment(id))
}

fn filtered(call: Call, filter: &AssociationFilter) -> Call {
    call.maybe("resourceType", filter.resource_type.as_deref())
        .all("associationType", &filter.association_types)
        .maybe("lifecycle", filter.lifecycle.as_deref())
        .page(filter.page)
}
