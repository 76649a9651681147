//! Ottla's own client against the registry: every call once, with what only a real registry can say about it.
#![allow(clippy::unwrap_used, reason = "a failing unwrap fails the test")]

use std::collections::{BTreeMap, BTreeSet};

use ottla::client::{
    AssociationFilter, Change, CheckOptions, Client, ConfigUpdate, Deleted, Deletion, EntityType, Error,
    HolderFilter, IdQuery, Level, LookUpOptions, Metadata, Mode, Page, Reference, RegisterOptions, Rule,
    RuleSet, Schema, SchemaEntity, SchemaFilter, SchemaId, SchemaTags, SchemaType, Scope, SubjectFilter,
    SubjectVersion, TagsUpdate, Version, VersionFilter, VersionQuery,
};
use ottla_clients::registry::Registry;

const HEARTBEAT: &str = r#"{"type":"record","name":"Heartbeat","namespace":"org.example","fields":[{"name":"beat","type":"long"}]}"#;
const WIDER: &str = r#"{"type":"record","name":"Heartbeat","namespace":"org.example","fields":[{"name":"beat","type":"long"},{"name":"source","type":"string","default":"-"}]}"#;
const BROKEN: &str = r#"{"type":"record","name":"Heartbeat","namespace":"org.example","fields":[{"name":"beat","type":"string"}]}"#;
const POLL: &str = r#"{"type":"record","name":"Poll","namespace":"org.example","fields":[{"name":"last","type":"Heartbeat"}]}"#;

fn start() -> (Registry, Client) {
    let registry = Registry::start();
    let client = Client::builder([registry.url()]).no_proxy().build().unwrap();
    (registry, client)
}

fn poll() -> Schema {
    Schema::avro(POLL).with_references([Reference::new("org.example.Heartbeat", "beats", 1)])
}

#[track_caller]
fn refused<T: std::fmt::Debug>(result: Result<T, Error>, code: i32) {
    assert_eq!(result.unwrap_err().error_code(), Some(code));
}

#[tokio::test]
async fn schemas_by_subject_and_version() {
    let (_registry, client) = start();
    let first = client.register("beats", &Schema::avro(HEARTBEAT)).await.unwrap();
    assert_eq!((first.id, first.version, &*first.schema.text), (SchemaId(1), Some(1), HEARTBEAT));
    assert_eq!(client.register("beats", &Schema::avro(HEARTBEAT)).await.unwrap().version, Some(1));
    let options = RegisterOptions { normalize: true, ..RegisterOptions::default() };
    let second = client.register_with("beats", &Schema::avro(WIDER), &options).await.unwrap();
    assert_eq!((second.id, second.version), (SchemaId(2), Some(2)));
    let error = client.register("beats", &Schema::avro(BROKEN)).await.unwrap_err();
    assert!(error.is_incompatible() && error.to_string().contains("TYPE_MISMATCH"), "{error}");
    let force = RegisterOptions { force: true, version: Some(3), ..RegisterOptions::default() };
    assert_eq!(client.register_with("beats", &Schema::avro(BROKEN), &force).await.unwrap().version, Some(3));

    assert_eq!(client.versions("beats").await.unwrap(), [1, 2, 3]);
    let page = VersionFilter { page: Page { offset: Some(1), limit: Some(1) }, ..VersionFilter::default() };
    assert_eq!(client.versions_with("beats", &page).await.unwrap(), [2]);
    let version = client.version("beats", 1).await.unwrap();
    assert_eq!((version.subject.as_str(), version.id, version.guid), ("beats", first.id, first.guid));
    assert!(version.ts.is_some() && version.deleted == Some(false));
    assert_eq!(
        client.version("beats", Version::Latest).await.unwrap(),
        *client.latest("beats").await.unwrap()
    );
    assert_eq!(client.version_text("beats", 2, &VersionQuery::default()).await.unwrap(), WIDER);
    let found = client.look_up("beats", &Schema::avro(HEARTBEAT)).await.unwrap();
    assert_eq!((found.version, found.id), (1, first.id));
    refused(client.look_up("beats", &Schema::avro("\"int\"")).await, 40403);
    refused(client.version("beats", 9).await, 40402);
    refused(client.versions("nothing").await, 40401);
    refused(client.register("beats", &Schema::avro("nonsense")).await, 42201);
    refused(client.register("beats", &Schema::new(SchemaType::Json, "{}")).await, 42201);
}

#[tokio::test]
async fn schemas_by_id_and_guid() {
    let (_registry, client) = start();
    let first = client.register("beats", &Schema::avro(HEARTBEAT)).await.unwrap();
    let (id, guid) = (first.id, first.guid.unwrap());
    client.register(":.other:beats", &Schema::avro(HEARTBEAT)).await.unwrap();
    client.register("more", &Schema::avro(HEARTBEAT)).await.unwrap();
    client.register("polls", &poll()).await.unwrap();

    let stored = client.schema_by_id(id, Some("more")).await.unwrap();
    assert_eq!((stored.subject.as_deref(), stored.version, stored.guid), (Some("more"), Some(1), Some(guid)));
    assert_eq!(
        client.schema_by_id(id, Some(":.other:")).await.unwrap().subject.as_deref(),
        Some(":.other:beats")
    );
    assert_eq!(&*client.schema_by_guid(guid).await.unwrap().schema.text, HEARTBEAT);
    refused(client.schema_by_id(SchemaId(99), None).await, 40403);
    refused(client.schema_by_guid(ottla::client::Guid([9; 16])).await, 40403);
    let query = IdQuery { fetch_max_id: true, format: Some("resolved".to_owned()), ..IdQuery::default() };
    let polls = client.fetch_schema(SchemaId(2), &query).await.unwrap();
    assert_eq!(polls.max_id, Some(SchemaId(2)));
    assert!(polls.schema.text.contains(r#""name":"beat""#), "references are inlined: {}", polls.schema.text);
    assert_eq!(polls.schema.references, poll().references);
    assert_eq!(client.schema_text(SchemaId(2), &IdQuery::default()).await.unwrap(), POLL);
    let mut subjects = client.subjects_of(id, &HolderFilter::default()).await.unwrap();
    subjects.sort();
    assert_eq!(subjects, ["beats", "more"]);
    let other = HolderFilter { subject: Some(":.other:".to_owned()), ..HolderFilter::default() };
    let version = SubjectVersion { subject: ":.other:beats".to_owned(), version: 1 };
    assert_eq!(client.versions_of(id, &other).await.unwrap(), [version]);
    let ids = client.ids_of(guid).await.unwrap();
    let ids: Vec<_> = ids.iter().map(|c| (c.context.as_str(), c.id.0)).collect();
    assert_eq!(ids, [(".", 1), (".other", 1)]);
    let by_guid = client.fetch_schema_by_guid(polls.guid.unwrap(), Some("resolved")).await.unwrap();
    assert_eq!(by_guid.schema.text, polls.schema.text);
    assert_eq!(client.schema_types().await.unwrap(), [SchemaType::Avro]);
}

#[tokio::test]
async fn listings() {
    let (_registry, client) = start();
    for subject in ["a/1", "a 2", "ü?#%;", ":.other:a", ".."] {
        client.register(subject, &Schema::avro(HEARTBEAT)).await.unwrap();
        assert_eq!(client.versions(subject).await.unwrap(), [1], "{subject}");
    }
    client.register("a/1", &Schema::avro(WIDER)).await.unwrap();
    client.delete_subject("a 2", Deletion::Soft).await.unwrap();
    assert_eq!(client.subjects().await.unwrap(), ["..", ":.other:a", "a/1", "ü?#%;"]);
    let filter = SubjectFilter {
        prefix: Some(":*:a".to_owned()),
        deleted: Deleted::Included,
        ..SubjectFilter::default()
    };
    assert_eq!(client.subjects_with(&filter).await.unwrap(), [":.other:a", "a 2", "a/1"]);
    let only = SubjectFilter { deleted: Deleted::Only, ..SubjectFilter::default() };
    assert_eq!(client.subjects_with(&only).await.unwrap(), ["a 2"]);

    let listed = async |filter: SchemaFilter| -> Vec<(String, i32)> {
        let listed = client.schemas(&filter).await.unwrap().into_iter();
        listed.map(|listed| (listed.schema.subject, listed.schema.version)).collect()
    };
    let a = || SchemaFilter { prefix: Some("a".to_owned()), ..SchemaFilter::default() };
    assert_eq!(listed(a()).await, [("a/1".to_owned(), 1), ("a/1".to_owned(), 2)]);
    assert_eq!(listed(SchemaFilter { latest_only: true, ..a() }).await, [("a/1".to_owned(), 2)]);
    assert_eq!(listed(SchemaFilter { deleted: true, ..a() }).await.len(), 3);
    assert_eq!(client.contexts(None, Page::default()).await.unwrap(), [".", ".other"]);
    assert_eq!(client.contexts(Some(".o"), Page::default()).await.unwrap(), [".other"]);
}

#[tokio::test]
async fn references() {
    let (_registry, client) = start();
    client.register("beats", &Schema::avro(HEARTBEAT)).await.unwrap();
    let polls = client.register("polls", &poll()).await.unwrap();
    let page = Page::default();
    assert_eq!(client.referenced_by("beats", 1, false, page).await.unwrap(), [polls.id]);
    let found = client.resolve_references(&poll(), Some("polls")).await.unwrap();
    assert_eq!(found.iter().map(|f| (f.subject.as_str(), f.version)).collect::<Vec<_>>(), [("beats", 1)]);
    refused(client.delete_version("beats", 1, Deletion::Soft).await, 42206);
    refused(client.register("lost", &Schema::avro(POLL)).await, 42201);
    client.register(":.c:beats", &Schema::avro(HEARTBEAT)).await.unwrap();
    client.register(":.c:polls", &poll()).await.unwrap();
    let query = VersionQuery { qualified_references: true, ..VersionQuery::default() };
    let qualified = client.version_with(":.c:polls", 1, &query).await.unwrap();
    assert_eq!(qualified.schema.references[0].subject, ":.c:beats");
    let found = client.resolve_references(&poll(), Some(":.c:polls")).await.unwrap();
    assert_eq!(found[0].subject, ":.c:beats");
}

#[tokio::test]
async fn deletions() {
    let (_registry, client) = start();
    for text in [HEARTBEAT, WIDER] {
        client.register(":.c:beats", &Schema::avro(text)).await.unwrap();
    }
    let subject = ":.c:beats";
    refused(client.delete_version(subject, 1, Deletion::Permanent).await, 40407);
    assert_eq!(client.delete_version(subject, 1, Deletion::Soft).await.unwrap(), 1);
    refused(client.delete_version(subject, 1, Deletion::Soft).await, 40406);
    let negative = VersionFilter { deleted_as_negative: true, ..VersionFilter::default() };
    assert_eq!(client.versions_with(subject, &negative).await.unwrap(), [-1, 2]);
    let query = VersionQuery { deleted: true, ..VersionQuery::default() };
    assert_eq!(client.version_with(subject, 1, &query).await.unwrap().deleted, Some(true));
    let options = LookUpOptions { deleted: true, ..LookUpOptions::default() };
    assert_eq!(client.look_up_with(subject, &Schema::avro(HEARTBEAT), &options).await.unwrap().version, 1);
    refused(client.look_up(subject, &Schema::avro(HEARTBEAT)).await, 40403);
    assert_eq!(client.delete_version(subject, 1, Deletion::Permanent).await.unwrap(), 1);
    refused(client.delete_context(".c").await, 42211);
    assert_eq!(client.delete_subject(subject, Deletion::Soft).await.unwrap(), [2]);
    refused(client.delete_subject(subject, Deletion::Soft).await, 40404);
    assert_eq!(client.delete_subject(subject, Deletion::Permanent).await.unwrap(), [2]);
    for name in [".c", "c", ":.c:", ".never"] {
        client.delete_context(name).await.unwrap();
    }
    assert_eq!(client.contexts(None, Page::default()).await.unwrap(), ["."]);
}

#[tokio::test]
async fn compatibility() {
    let (_registry, client) = start();
    let check =
        async |text: &str, options| client.check("beats", &Schema::avro(text), &options).await.unwrap();
    let verbose = CheckOptions { verbose: true, ..CheckOptions::default() };
    assert!(check(BROKEN, verbose).await.is_compatible, "nothing to compare with");
    client.register("beats", &Schema::avro(HEARTBEAT)).await.unwrap();
    assert!(check(WIDER, CheckOptions::default()).await.is_compatible);
    let broken = check(BROKEN, verbose).await;
    assert!(!broken.is_compatible && broken.messages[0].contains("TYPE_MISMATCH"), "{broken:?}");
    assert!(check(BROKEN, CheckOptions::default()).await.messages.is_empty());
    let with = |number| CheckOptions { version: Some(number), normalize: true, ..verbose };
    assert!(!check(BROKEN, with(1.into())).await.is_compatible);
    assert!(!check(BROKEN, with(Version::Latest)).await.is_compatible);
    refused(client.check("beats", &Schema::avro(BROKEN), &with(7.into())).await, 40402);
}

#[tokio::test]
async fn settings() {
    let (_registry, client) = start();
    refused(client.config("s").await, 40408);
    assert_eq!(client.config(Scope::Global).await.unwrap().compatibility_level, Some(Level::Backward));
    let defaults =
        Metadata { properties: [("owner".to_owned(), "me".to_owned())].into(), ..Metadata::default() };
    let update = ConfigUpdate {
        compatibility: Level::FullTransitive.into(),
        normalize: true.into(),
        default_metadata: defaults.clone().into(),
        ..ConfigUpdate::default()
    };
    let written = client.update_config("s", &update).await.unwrap();
    assert_eq!(written, client.config("s").await.unwrap());
    assert_eq!((written.compatibility_level, written.normalize), (Some(Level::FullTransitive), Some(true)));
    assert_eq!(written.default_metadata.as_ref(), Some(&defaults));
    let update = ConfigUpdate { normalize: Change::Clear, ..ConfigUpdate::default() };
    assert_eq!(client.update_config("s", &update).await.unwrap().normalize, None);
    let unknown =
        ConfigUpdate { compatibility_policy: "LENIENT".to_owned().into(), ..ConfigUpdate::default() };
    client.update_config(":.c:", &unknown).await.unwrap();
    let inherited = client.effective_config(":.c:s").await.unwrap();
    assert_eq!(inherited.compatibility_policy.as_deref(), Some("LENIENT"));
    assert_eq!(client.delete_config("s").await.unwrap().compatibility_level, Some(Level::FullTransitive));
    refused(client.delete_config("s").await, 40401);

    refused(client.mode("s").await, 40409);
    assert_eq!(client.mode(Scope::Global).await.unwrap(), Mode::ReadWrite);
    client.set_mode("s", Mode::Import, false).await.unwrap();
    let import = RegisterOptions { id: Some(SchemaId(77)), version: Some(5), ..RegisterOptions::default() };
    let imported = client.register_with("s", &Schema::avro(HEARTBEAT), &import).await.unwrap();
    assert_eq!((imported.id, imported.version), (SchemaId(77), Some(5)));
    client.set_mode("s", Mode::ReadOnly, true).await.unwrap();
    assert_eq!(client.effective_mode("s").await.unwrap(), Mode::ReadOnly);
    refused(client.register("s", &Schema::avro(WIDER)).await, 42205);
    assert_eq!(client.delete_mode("s", false).await.unwrap(), Mode::ReadOnly);
    refused(client.set_mode("s", Mode::Other("NONSENSE".into()), false).await, 42204);
}

#[tokio::test]
async fn metadata_rules_and_tags() {
    let (_registry, client) = start();
    let metadata = |owner: &str| Metadata {
        tags: BTreeMap::from([("**.beat".to_owned(), BTreeSet::from(["PII".to_owned()]))]),
        properties: BTreeMap::from([("owner".to_owned(), owner.to_owned())]),
        sensitive: BTreeSet::from(["owner".to_owned()]),
    };
    let rule = Rule {
        name: Some("r".to_owned()),
        ty: Some("CEL".to_owned()),
        expr: Some("true".to_owned()),
        ..Rule::default()
    };
    let rules = RuleSet { domain_rules: vec![rule], ..RuleSet::default() };
    let schema = Schema::avro(HEARTBEAT).with_metadata(metadata("a")).with_rule_set(rules.clone());
    let first = client.register("beats", &schema).await.unwrap();
    assert_eq!(client.schema_by_id(first.id, None).await.unwrap().schema, schema);
    client.register("beats", &Schema::avro(WIDER).with_metadata(metadata("b"))).await.unwrap();
    let found = client.latest_with_metadata("beats", &[("owner", "a")], false).await.unwrap();
    assert_eq!((found.version, found.schema.rule_set), (1, Some(rules)));
    refused(client.latest_with_metadata("beats", &[("owner", "c")], false).await, 40403);
    let with_rule = SchemaFilter { rule_type: Some("CEL".to_owned()), ..SchemaFilter::default() };
    assert_eq!(client.schemas(&with_rule).await.unwrap().len(), 2, "the second one inherits the rule");

    let tags = |tag: &str| SchemaTags {
        schema_entity: SchemaEntity {
            entity_path: "org.example.Heartbeat.beat".to_owned(),
            entity_type: EntityType::Field,
        },
        tags: vec![tag.to_owned()],
    };
    let update = TagsUpdate { tags_to_add: vec![tags("HEART")], ..TagsUpdate::default() };
    assert_eq!(client.update_tags("beats", Version::Latest, &update).await.unwrap().version, Some(3));
    let options = RegisterOptions {
        tags_to_add: vec![tags("LUNG")],
        propagate_tags: true,
        ..RegisterOptions::default()
    };
    assert_eq!(client.register_with("beats", &Schema::avro(WIDER), &options).await.unwrap().version, Some(4));
    let query = VersionQuery { find_tags: vec!["*".to_owned()], ..VersionQuery::default() };
    let tagged = client.version_with("beats", 4, &query).await.unwrap();
    assert_eq!(tagged.schema_tags.len(), 1, "{tagged:?}");
    assert_eq!(tagged.schema_tags[0].tags, ["HEART", "LUNG"]);
}

#[tokio::test]
async fn what_the_registry_is() {
    let (registry, client) = start();
    client.ping().await.unwrap();
    assert!(client.cluster_id().await.unwrap().clusters.contains_key("schema-registry-cluster"));
    assert!(!client.server_version().await.unwrap().version.is_empty());
    assert_eq!(client.deployment().await.unwrap(), [""; 0]);
    let filter =
        AssociationFilter { association_types: vec!["value".to_owned()], ..AssociationFilter::default() };
    assert!(client.associations_of_subject("s", &filter).await.unwrap().is_empty());
    assert!(client.associations_of_resource("r", &filter).await.unwrap().is_empty());
    assert!(client.associations_of_topic("-", "orders", &filter).await.unwrap().is_empty());
    refused(client.delete_associations("r", &filter, true).await, 40410);
    // Through a path that names a context, as through a proxy.
    let client = Client::builder([format!("{}/contexts/.c", registry.url())]).no_proxy().build().unwrap();
    client.register("beats", &Schema::avro(HEARTBEAT)).await.unwrap();
    assert_eq!(client.subjects().await.unwrap(), [":.c:beats"]);
}
