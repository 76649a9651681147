"""What the checks share: clients, names that nobody else uses, errors that are to come."""

import itertools
import json

from confluent_kafka.schema_registry import Schema, SchemaRegistryClient, SchemaRegistryError
from confluent_kafka.serialization import MessageField, SerializationContext

# Reading the certificates of all authorities for each client would take most of the time.
CONF = {"timeout": 30, "max.retries": 0, "ssl.ca.location": False}


class Registry:
    """The registry under test."""

    def __init__(self, url):
        self.url = url
        self._numbers = itertools.count(1)

    def client(self, path="", **conf):
        """A client that has cached nothing yet. It does not try again: a failure is to be seen."""
        return SchemaRegistryClient({"url": self.url + path, **CONF, **conf})

    def name(self, stem):
        """A name that no other check uses."""
        return f"{stem}{next(self._numbers)}"

    def record(self, stem, *fields):
        """A record whose content is found in no other check, so that ids tell one from another."""
        return record(self.name(stem), *fields)


def record(name, *fields, **attributes):
    """The schema of a record; fields are pairs of name and type, or objects."""
    fields = [f if isinstance(f, dict) else {"name": f[0], "type": f[1]} for f in fields]
    return Schema(json.dumps({"type": "record", "name": name, **attributes, "fields": fields}))


def field(name, type, **attributes):
    """A field with a default, aliases and so on."""
    return {"name": name, "type": type, **attributes}


def canonical(schema):
    """The text that the registry keeps of a schema whose keys are in canonical order already."""
    return json.dumps(json.loads(schema.schema_str), separators=(",", ":"), ensure_ascii=False)


def value_of(topic, headers=None):
    """Where a value is (de)serialized."""
    return SerializationContext(topic, MessageField.VALUE, headers)


def key_of(topic, headers=None):
    """Where a key is (de)serialized."""
    return SerializationContext(topic, MessageField.KEY, headers)


def refused(status, code, text, call, *arguments, **keywords):
    """The call is refused with this HTTP status, this error code, and a message that contains the text."""
    try:
        answer = call(*arguments, **keywords)
    except SchemaRegistryError as error:
        got = (error.http_status_code, error.error_code)
        assert got == (status, code), f"{got}, not {(status, code)}: {error}"
        assert text in error.error_message, f"{text!r} is not in {error.error_message!r}"
    else:
        raise AssertionError(f"not refused with {code}: {answer!r}")


def equal(got, expected):
    """Both are equal."""
    assert got == expected, f"\n     got {got!r}\nexpected {expected!r}"
