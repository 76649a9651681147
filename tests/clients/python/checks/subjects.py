"""Subjects and their versions."""

from . import canonical, equal, field, refused


def check_versions(registry):
    subject, name = registry.name("versions"), registry.name("Versions")
    schemas = grow(registry, subject, name, 3)
    equal(registry.client().get_versions(subject), [1, 2, 3])
    equal(registry.client().get_versions(subject, offset=1, limit=1), [2])
    second = registry.client().get_version(subject, 2)
    equal((second.subject, second.version, second.schema.schema_str), (subject, 2, canonical(schemas[1])))
    equal(registry.client().get_version(subject).version, 3)
    equal(registry.client().get_version(subject, fmt="resolved").version, 3)
    latest = registry.client().get_latest_version(subject)
    equal((latest.version, latest.schema.schema_str), (3, canonical(schemas[2])))


def check_versions_that_are_not_there(registry):
    subject, unknown, client = registry.name("versions"), registry.name("unknown"), registry.client()
    grow(registry, subject, registry.name("Versions"), 1)
    refused(404, 40402, "Version 9 not found", client.get_version, subject, 9)
    refused(422, 42202, "The specified version '0' is not a valid version id", client.get_version, subject, 0)
    refused(404, 40401, f"Subject '{unknown}' not found", client.get_version, unknown, 1)
    refused(404, 40401, f"Subject '{unknown}' not found", client.get_latest_version, unknown)
    refused(404, 40401, f"Subject '{unknown}' not found", client.get_versions, unknown)


def check_list_of_subjects(registry):
    prefix, client = registry.name("list-"), registry.client()
    names = [f"{prefix}-{letter}" for letter in "abc"]
    for name in names:
        grow(registry, name, registry.name("List"), 1)
    equal(client.get_subjects(subject_prefix=prefix), names)
    equal(client.get_subjects(subject_prefix=prefix, offset=1, limit=1), names[1:2])
    assert set(names) <= set(client.get_subjects())


def check_names_of_subjects(registry):
    """Whatever a topic, a record or a file may be called."""
    for stem in (
        "a/b.avsc",
        "with space",
        "größe-大",
        "100%",
        "a+b",
        "who?",
        "#1",
        "a&b=c",
        "a;b",
        "org.example.R$",
        "~_-.",
    ):
        subject = registry.name(stem)
        grow(registry, subject, registry.name("Name"), 2)
        latest = registry.client().get_latest_version(subject)
        equal((latest.subject, latest.version), (subject, 2))
        equal(registry.client().get_subjects(subject_prefix=subject), [subject])
        equal(registry.client().set_compatibility(subject, "NONE"), {"compatibility": "NONE"})
        equal(registry.client().get_compatibility(subject), "NONE")
        equal(registry.client().delete_subject(subject), [1, 2])


def grow(registry, subject, name, versions):
    """Registers so many versions, each with a field more, and gives their schemas."""
    from . import record

    fields, schemas = [], []
    for number in range(1, versions + 1):
        fields.append(field(f"f{number}", "int", default=number))
        schemas.append(record(name, *fields))
        equal(registry.client().register_schema_full_response(subject, schemas[-1]).version, number)
    return schemas
