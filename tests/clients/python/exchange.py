"""Reads and writes messages for a test in another language: exchange.py

Each line of the input is a request, {"do": name of a function in REQUESTS, "registry": URL, ...its arguments}; each line of
the output its answer: {"value": ...} or {"error": "why not"}. Bytes are hexadecimal, Avro's values as in `tagged`.
"""

import copy
import faulthandler
import io
import json
import sys

import fastavro
from confluent_kafka.schema_registry import Schema, SchemaReference, header_schema_id_serializer
from confluent_kafka.schema_registry.avro import AvroDeserializer, AvroSerializer
from fastavro.repository.base import AbstractSchemaRepository
from fastavro.schema import fingerprint as crc, load_schema, to_parsing_canonical_form

from checks import Registry, key_of, value_of
from tagged import tag, untag


def write(registry, topic, side, schema, value, conf, header=False):
    """A message of the stock serializer."""
    if header:
        conf = {**conf, "schema.id.serializer": header_schema_id_serializer}
    headers = []
    serializer = AvroSerializer(registry.client(), confluent(schema), conf=conf)
    payload = serializer(untag(value), context(topic, side, headers))
    return {"payload": payload.hex(), "headers": [[name, value.hex()] for name, value in headers]}


def read(registry, topic, side, payload, headers, reader=None):
    """The value of a message, by the stock deserializer. With a schema it is that of the reader."""
    headers = [(name, bytes.fromhex(value)) for name, value in headers]
    deserializer = AvroDeserializer(registry.client(), confluent(reader), return_record_name=True)
    return tag(deserializer(bytes.fromhex(payload), context(topic, side, headers)))


def write_body(_, schemas, value):
    """A value in Avro's binary encoding, by fastavro alone."""
    body = io.BytesIO()
    fastavro.schemaless_writer(body, parsed(schemas), untag(value))
    return body.getvalue().hex()


def read_body(_, schemas, body):
    """A value from Avro's binary encoding, by fastavro alone."""
    body = io.BytesIO(bytes.fromhex(body))
    value = fastavro.schemaless_reader(body, parsed(schemas), None, return_record_name=True)
    assert not body.read(), "bytes are left"
    return tag(value)


def fingerprint(_, schemas):
    """CRC-64-AVRO of the schema's canonical form: hexadecimal, lowest byte first, as in single objects."""
    return crc(to_parsing_canonical_form(parsed(schemas)), "CRC-64-AVRO")


REQUESTS = {function.__name__: function for function in (write, read, write_body, read_body, fingerprint)}


def context(topic, side, headers):
    return {"key": key_of, "value": value_of}[side](topic, headers)


def confluent(schema):
    """A schema as the registry has it: its text, and [name, subject, version] of what it refers to."""
    if schema is None or not schema["references"]:
        return schema and schema["text"]
    references = [SchemaReference(*reference) for reference in schema["references"]]
    return Schema(schema["text"], "AVRO", references)


class Known(AbstractSchemaRepository):
    """Schemas by their full names."""

    def __init__(self, schemas):
        self.schemas = schemas

    def load(self, name):
        return copy.deepcopy(self.schemas[name])


def parsed(schemas):
    """The last one of schemas, which may refer to the others."""
    *others, last = (json.loads(text) for text in schemas)
    known = {f"{schema['namespace']}.{schema['name']}": schema for schema in others}
    return load_schema("", repo=Known({**known, "": last}))


def main():
    for line in sys.stdin:
        # A client that waits for ever says where.
        faulthandler.dump_traceback_later(60, exit=True)
        request = json.loads(line)
        function, registry = REQUESTS[request.pop("do")], Registry(request.pop("registry"))
        try:
            answer = {"value": function(registry, **request)}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        faulthandler.cancel_dump_traceback_later()
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
