"""Compatibility levels and other configuration, modes, and what they do."""

from confluent_kafka.schema_registry import (
    ConfigCompatibilityLevel,
    Metadata,
    MetadataProperties,
    Schema,
    ServerConfig,
)

from . import equal, field, record, refused

LEVELS = [level.value for level in ConfigCompatibilityLevel]


def check_levels(registry):
    subject, client = registry.name("levels"), registry.client()
    equal(client.get_compatibility(), "BACKWARD")
    text = f"Subject '{subject}' does not have subject-level compatibility configured"
    refused(404, 40408, text, client.get_compatibility, subject)
    for level in LEVELS:
        equal(client.set_compatibility(subject, level.lower()), {"compatibility": level})
        equal(client.get_compatibility(subject), level)
    refused(422, 42203, "Invalid compatibility level", client.set_compatibility, subject, "sideways")
    equal(client.delete_config(subject).compatibility_level, LEVELS[-1])
    refused(404, 40408, text, client.get_compatibility, subject)
    refused(404, 40401, f"Subject '{subject}' not found", client.delete_config, subject)


def check_global_level(registry):
    client = registry.client()
    equal(client.set_compatibility(level="FULL"), {"compatibility": "FULL"})
    equal(client.get_compatibility(), "FULL")
    equal(client.get_config().compatibility_level, ConfigCompatibilityLevel.FULL)
    equal(client.delete_config().compatibility_level, ConfigCompatibilityLevel.FULL)
    equal(client.get_compatibility(), "BACKWARD")


def check_configuration(registry):
    """Groups and metadata are kept, and metadata is given to what is registered."""
    subject, client = registry.name("config"), registry.client()
    metadata = Metadata(None, MetadataProperties({"team": "stock", "major": "1"}), [])
    config = ServerConfig(
        ConfigCompatibilityLevel.FORWARD, compatibility_group="major", default_metadata=metadata
    )
    equal(client.set_config(subject, config)["compatibilityGroup"], "major")
    got = client.get_config(subject)
    equal((got.compatibility_level, got.compatibility_group), (ConfigCompatibilityLevel.FORWARD, "major"))
    equal(got.default_metadata, metadata)
    schema = registry.record("Config", ("a", "int"))
    equal(
        client.register_schema_full_response(subject, schema).schema.metadata.properties, metadata.properties
    )
    # Another group: nothing to compare with.
    other = Metadata(None, MetadataProperties({"major": "2"}), [])
    registry.client().register_schema(subject, Schema('"string"', metadata=other))


def check_compatibility(registry):
    subject, name = registry.name("compatibility"), registry.name("Compatibility")
    one = record(name, ("a", "int"))
    good = record(name, ("a", "long"), field("b", "int", default=0))
    bad = record(name, ("a", "int"), ("b", "int"))
    client = registry.client()
    assert client.test_compatibility(subject, one), "nothing to compare with"
    refused(404, 40402, "Version 1 not found", client.test_compatibility, subject, one, 1)
    client.register_schema(subject, one)
    for verbose in (False, True):
        for normalize in (False, True):
            for test in (client.test_compatibility, client.test_compatibility_all_versions):
                assert test(subject, good, normalize=normalize, verbose=verbose)
                assert not test(subject, bad, normalize=normalize, verbose=verbose)
        assert client.test_compatibility(subject, good, version=1, verbose=verbose)
    broken = Schema('{"type":"record"}')
    refused(422, 42201, "", client.test_compatibility, subject, broken)
    assert not client.test_compatibility(subject, broken, verbose=True)
    refused(409, 40901, "READER_FIELD_MISSING_DEFAULT_VALUE", client.register_schema, subject, bad)
    equal(client.register_schema_full_response(subject, good).version, 2)


def check_transitive_levels(registry):
    """One version is compared with that version, all versions with what the level demands."""
    subject, name = registry.name("transitive"), registry.name("Transitive")
    client = registry.client()
    client.set_compatibility(subject, "NONE")
    client.register_schema(subject, record(name, ("a", "string")))
    client.register_schema(subject, record(name, ("a", "int")))
    three = record(name, ("a", "long"))
    client.set_compatibility(subject, "BACKWARD_TRANSITIVE")
    assert client.test_compatibility(subject, three)
    assert not client.test_compatibility(subject, three, version=1)
    assert not client.test_compatibility_all_versions(subject, three)
    refused(409, 40901, "TYPE_MISMATCH", client.register_schema, subject, three)
    client.set_compatibility(subject, "BACKWARD")
    assert client.test_compatibility_all_versions(subject, three)
    client.register_schema(subject, three)


def check_modes(registry):
    subject, client = registry.name("mode"), registry.client()
    schema = registry.record("Mode", ("a", "int"))
    client.register_schema(subject, schema)
    text = f"Subject '{subject}' does not have subject-level mode configured"
    refused(404, 40409, text, client.get_mode, subject)
    equal(client.update_mode(subject, "READONLY"), "READONLY")
    equal(client.get_mode(subject), "READONLY")
    other = registry.record("Mode", ("a", "int"))
    refused(422, 42205, "is in read-only mode", client.register_schema, subject, other)
    refused(422, 42205, "is in read-only mode", client.delete_subject, subject)
    equal(registry.client().register_schema_full_response(subject, schema).version, 1)
    refused(422, 42205, "Cannot import since found existing subjects", client.update_mode, subject, "IMPORT")
    equal(client.update_mode(subject, "IMPORT", force=True), "IMPORT")
    refused(422, 42205, "is not in read-write mode", client.register_schema, subject, other)
    refused(422, 42204, "Invalid mode", client.update_mode, subject, "SIDEWAYS")
    equal(client.delete_mode(subject), "IMPORT")
    refused(404, 40409, text, client.get_mode, subject)


def check_global_mode(registry):
    client = registry.client()
    equal(client.get_global_mode(), "READWRITE")
    equal(client.update_global_mode("READONLY"), "READONLY")
    try:
        equal(client.get_global_mode(), "READONLY")
        schema = registry.record("Mode", ("a", "int"))
        refused(422, 42205, "is in read-only mode", client.register_schema, registry.name("mode"), schema)
    finally:
        equal(client.update_global_mode("READWRITE"), "READWRITE")
