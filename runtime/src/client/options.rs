//! What calls can be told besides what they are about.

use serde::Serialize;

use super::SchemaId;
use super::call::Call;
use super::metadata::{Metadata, RuleSet};
use super::schema::SchemaTags;

/// Which version of a subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Version {
    /// The newest one that is not deleted.
    Latest,
    /// The one with this number, from 1.
    Number(i32),
}

/// How thoroughly something is deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Deletion {
    /// It is hidden, and kept for those who know its id.
    Soft,
    /// It is gone. Only what is soft-deleted can be deleted permanently.
    Permanent,
}

/// Does a listing show what is soft-deleted?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Deleted {
    /// No.
    #[default]
    Hidden,
    /// That too.
    Included,
    /// Nothing else.
    Only,
}

/// A part of a listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Page {
    /// How many entries are left out at the beginning.
    pub offset: Option<u32>,
    /// How many entries there are at most. Registries have a limit of their own, 1,000 for schemas.
    pub limit: Option<u32>,
}

/// Which subjects.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SubjectFilter {
    /// How their names begin: `:*:orders` in every context, `:.context:orders` in that one, `orders` in the default one.
    /// Without it: all subjects of all contexts.
    pub prefix: Option<String>,
    /// Those of which all versions are soft-deleted?
    pub deleted: Deleted,
    /// Which part of them.
    pub page: Page,
}

/// Which versions of a subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct VersionFilter {
    /// Soft-deleted ones?
    pub deleted: Deleted,
    /// Are soft-deleted ones told as negative numbers?
    pub deleted_as_negative: bool,
    /// Which part of them.
    pub page: Page,
}

/// Which schemas of all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SchemaFilter {
    /// How the names of their subjects begin, as in [`SubjectFilter`]. Without it: all of the default context.
    pub prefix: Option<String>,
    /// Are subjects that answer for others listed with those?
    pub aliases: bool,
    /// Soft-deleted ones too?
    pub deleted: bool,
    /// Only the latest of each subject?
    pub latest_only: bool,
    /// Only those with a rule of this type.
    pub rule_type: Option<String>,
    /// Which part of them.
    pub page: Page,
}

/// Who holds a schema.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HolderFilter {
    /// A subject of the context that the id is of, such as `:.context:`.
    pub subject: Option<String>,
    /// Soft-deleted versions too?
    pub deleted: bool,
    /// Which part of them.
    pub page: Page,
}

/// How a version is shown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VersionQuery {
    /// The form of the text, such as `resolved`: Avro with all references inlined.
    pub format: Option<String>,
    /// Are the subjects of references told with their context?
    pub qualified_references: bool,
    /// A soft-deleted one too?
    pub deleted: bool,
    /// Which tags in the text are told: `*` for all.
    pub find_tags: Vec<String>,
}

/// How a schema is found by its id, and shown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IdQuery {
    /// A subject that holds it, or a context: `:.context:`. Ids without one are of the default context.
    pub subject: Option<String>,
    /// The form of the text, as in [`VersionQuery`].
    pub format: Option<String>,
    /// Are the subjects of references told with their context?
    pub qualified_references: bool,
    /// Which tags in the text are told: `*` for all.
    pub find_tags: Vec<String>,
    /// Is the highest id of the context told?
    pub fetch_max_id: bool,
}

/// How a schema is registered.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RegisterOptions {
    /// Is the text normalised, so that the order of attributes makes no other schema of it?
    pub normalize: bool,
    /// Is the comparison with earlier versions left out? Newer registries only.
    pub force: bool,
    /// The form of the text in the answer.
    pub format: Option<String>,
    /// The number of the new version. -1: the next one, unless the latest is the same; earlier ones do not count.
    pub version: Option<i32>,
    /// The id, in import mode.
    pub id: Option<SchemaId>,
    /// Tags to put into the text.
    pub tags_to_add: Vec<SchemaTags>,
    /// Tags to take out of the text.
    pub tags_to_remove: Vec<SchemaTags>,
    /// Are the tags of the latest version put in?
    pub propagate_tags: bool,
}

/// How a schema is looked up.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LookUpOptions {
    /// Is the text normalised?
    pub normalize: bool,
    /// Soft-deleted versions too?
    pub deleted: bool,
    /// The form of the text in the answer.
    pub format: Option<String>,
}

/// How a schema is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CheckOptions {
    /// With which version; without one: with those that the level asks for.
    pub version: Option<Version>,
    /// Is the text normalised?
    pub normalize: bool,
    /// Are the reasons told?
    pub verbose: bool,
}

/// A new version that has other tags, metadata or rules than an earlier one.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TagsUpdate {
    /// The version that it is to get.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_version: Option<i32>,
    /// Tags to put into the text.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags_to_add: Vec<SchemaTags>,
    /// Tags to take out of the text.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags_to_remove: Vec<SchemaTags>,
    /// Merged into the metadata.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
    /// Instead of the rules.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule_set: Option<RuleSet>,
    /// Merged into the rules.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rules_to_merge: Option<RuleSet>,
    /// The names of rules to leave out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rules_to_remove: Vec<String>,
}

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Latest => f.write_str("latest"),
            Self::Number(number) => number.fmt(f),
        }
    }
}

impl From<i32> for Version {
    fn from(number: i32) -> Self {
        if number == -1 { Self::Latest } else { Self::Number(number) }
    }
}

impl Call {
    pub(super) fn page(self, page: Page) -> Self {
        let number = |n: Option<u32>| n.map(|n| n.to_string());
        self.maybe("offset", number(page.offset).as_deref()).maybe("limit", number(page.limit).as_deref())
    }

    pub(super) fn deleted(self, deleted: Deleted) -> Self {
        match deleted {
            Deleted::Hidden => self,
            Deleted::Included => self.query("deleted", "true"),
            Deleted::Only => self.query("deletedOnly", "true"),
        }
    }

    pub(super) fn permanent(self, deletion: Deletion) -> Self {
        self.flag("permanent", deletion == Deletion::Permanent)
    }

    pub(super) fn all(self, name: &str, values: &[String]) -> Self {
        values.iter().fold(self, |call, value| call.query(name, value))
    }

    pub(super) fn qualified(self, qualified: bool) -> Self {
        if qualified { self.query("referenceFormat", "qualified") } else { self }
    }
}
