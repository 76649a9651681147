"""Contexts: subjects and ids of their own."""

from . import canonical, equal, record, refused


def check_contexts(registry):
    context, name = "." + registry.name("ctx"), registry.name("Context")
    schema, client = record(name, ("a", "int")), registry.client()
    subject = f":{context}:things"
    registered = client.register_schema_full_response(subject, schema)
    equal((registered.schema_id, registered.version), (1, 1))
    assert context in client.get_contexts(), client.get_contexts()
    equal(client.get_contexts()[0], ".")
    equal(client.get_contexts(offset=1, limit=1), client.get_contexts()[1:2])
    equal(client.get_subjects(subject_prefix=f":{context}:"), [subject])
    assert subject in client.get_subjects()
    assert subject not in client.get_subjects(subject_prefix="")
    equal(registry.client().get_version(subject, 1).subject, subject)
    equal(registry.client().get_schema(1, subject_name=subject).schema_str, canonical(schema))
    equal(registry.client().get_schema_by_guid(registered.guid).schema_str, canonical(schema))


def check_base_path(registry):
    """A client whose URL ends with a context sees that context alone."""
    context, schema = "." + registry.name("base"), registry.record("Base", ("a", "int"))
    inside = registry.client(f"/contexts/{context}")
    inside.register_schema("things", schema)
    subject = f":{context}:things"
    equal(inside.get_subjects(), [subject])
    equal(inside.get_latest_version("things").subject, subject)
    equal(registry.client(f"/contexts/{context}").get_schema(1).schema_str, canonical(schema))
    equal(inside.get_versions("things"), [1])
    equal(inside.set_compatibility("things", "FULL"), {"compatibility": "FULL"})
    equal(registry.client().get_compatibility(subject), "FULL")
    equal(inside.delete_subject("things"), [1])


def check_settings_of_a_context(registry):
    context, client = "." + registry.name("set"), registry.client()
    subject = f":{context}:things"
    client.set_compatibility(f":{context}:", "NONE")
    equal(client.get_compatibility(f":{context}:"), "NONE")
    client.register_schema(subject, registry.record("Set", ("a", "int")))
    client.register_schema(subject, registry.record("Set", ("b", "string")))
    client.update_mode(f":{context}:", "READONLY")
    other = registry.record("Set", ("c", "int"))
    refused(422, 42205, "is in read-only mode", client.register_schema, subject, other)
    equal(client.delete_mode(f":{context}:"), "READONLY")
    client.register_schema(subject, other)
