//! `/schemas`: schemas by id and content hash.

use std::sync::Arc;

use super::call::Call;
use super::error::Error;
use super::options::{HolderFilter, IdQuery, SchemaFilter};
use super::schema::{ContextId, ListedSchema, SchemaType, StoredSchema, SubjectVersion};
use super::{Client, Guid, SchemaId};

/// What a schema is kept under.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Key {
    /// Ids are of a context, which the subject tells.
    Id(SchemaId, Option<Box<str>>),
    Guid(Guid),
}

impl Client {
    /// The schema with an id. It is kept: the text of an id never changes. Of what else is told, such as the subject, that is
    /// what it was when it was fetched.
    ///
    /// `subject`: one that holds the schema, or a context (`:.context:`); without one the id is of the default context.
    ///
    /// # Errors
    /// 40403 if there is no such id; this is remembered for a short while.
    pub async fn schema_by_id(
        &self,
        id: SchemaId,
        subject: Option<&str>,
    ) -> Result<Arc<StoredSchema>, Error> {
        let call = || id_call(id, "").maybe("subject", subject);
        self.kept_schema(Key::Id(id, subject.map(Into::into)), call).await
    }

    /// The schema with a content hash, in whatever context. It is kept: its text never changes.
    ///
    /// # Errors
    /// 40403 if there is no such schema; this is remembered for a short while. Older registries do not know the call (404).
    pub async fn schema_by_guid(&self, guid: Guid) -> Result<Arc<StoredSchema>, Error> {
        self.kept_schema(Key::Guid(guid), || guid_call(guid, "")).await
    }

    async fn kept_schema(&self, key: Key, call: impl FnOnce() -> Call) -> Result<Arc<StoredSchema>, Error> {
        let fetch = || {
            let (sender, call) = (self.sender.clone(), call());
            async move {
                let answer = sender.send(&call).await?;
                Ok((answer.json()?, answer.response.body.len()))
            }
        };
        self.schemas.get(key, fetch).await
    }

    /// The schema with an id, asked for anew, in the form that the query says.
    ///
    /// # Errors
    /// 40403 if there is no such id.
    pub async fn fetch_schema(&self, id: SchemaId, query: &IdQuery) -> Result<StoredSchema, Error> {
        let call = id_call(id, "")
            .maybe("subject", query.subject.as_deref())
            .maybe("format", query.format.as_deref())
            .qualified(query.qualified_references)
            .all("findTags", &query.find_tags)
            .flag("fetchMaxId", query.fetch_max_id);
        self.sender.send(&call).await?.json()
    }

    /// The text of a schema alone; of the query, subject and form count.
    ///
    /// # Errors
    /// 40403 if there is no such id; Confluent's registry answers 500.
    pub async fn schema_text(&self, id: SchemaId, query: &IdQuery) -> Result<String, Error> {
        let call = id_call(id, "/schema")
            .maybe("subject", query.subject.as_deref())
            .maybe("format", query.format.as_deref());
        self.sender.send(&call).await?.text()
    }

    /// The subjects that hold a schema.
    ///
    /// # Errors
    /// 40403 if there is no such id.
    pub async fn subjects_of(&self, id: SchemaId, filter: &HolderFilter) -> Result<Vec<String>, Error> {
        self.sender.send(&holders(id_call(id, "/subjects"), filter)).await?.json()
    }

    /// The versions that hold a schema: of each subject one, the newest.
    ///
    /// # Errors
    /// 40403 if there is no such id.
    pub async fn versions_of(
        &self,
        id: SchemaId,
        filter: &HolderFilter,
    ) -> Result<Vec<SubjectVersion>, Error> {
        self.sender.send(&holders(id_call(id, "/versions"), filter)).await?.json()
    }

    /// The schema with a content hash, asked for anew, in a form such as `resolved`.
    ///
    /// # Errors
    /// 40403 if there is no such schema.
    pub async fn fetch_schema_by_guid(
        &self,
        guid: Guid,
        format: Option<&str>,
    ) -> Result<StoredSchema, Error> {
        self.sender.send(&guid_call(guid, "").maybe("format", format)).await?.json()
    }

    /// The ids of a schema, in each context that holds it.
    ///
    /// # Errors
    /// None but those of every call: nobody holding it is an empty list.
    pub async fn ids_of(&self, guid: Guid) -> Result<Vec<ContextId>, Error> {
        self.sender.send(&guid_call(guid, "/ids")).await?.json()
    }

    /// The formats that the registry takes, in no order.
    ///
    /// # Errors
    /// None but those of every call.
    pub async fn schema_types(&self) -> Result<Vec<SchemaType>, Error> {
        self.sender.send(&Call::get("/schemas/types")).await?.json()
    }

    /// Versions of many subjects, by subject and version; 1,000 at most, unless the registry allows more.
    ///
    /// # Errors
    /// None but those of every call.
    pub async fn schemas(&self, filter: &SchemaFilter) -> Result<Vec<ListedSchema>, Error> {
        let call = Call::get("/schemas")
            .maybe("subjectPrefix", filter.prefix.as_deref())
            .flag("aliases", filter.aliases)
            .flag("deleted", filter.deleted)
            .flag("latestOnly", filter.latest_only)
            .maybe("ruleType", filter.rule_type.as_deref())
            .page(filter.page);
        self.sender.send(&call).await?.json()
    }
}

fn id_call(id: SchemaId, rest: &str) -> Call {
    Call::get(&format!("/schemas/ids/{id}{rest}")).about_id(id)
}

fn guid_call(guid: Guid, rest: &str) -> Call {
    Call::get(&format!("/schemas/guids/{guid}{rest}")).about_guid(guid)
}

fn holders(call: Call, filter: &HolderFilter) -> Call {
    call.maybe("subject", filter.subject.as_deref()).flag("deleted", filter.deleted).page(filter.page)
}
