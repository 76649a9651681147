"""Data contracts: the registry keeps the rules, the client carries them out."""

from confluent_kafka.schema_registry import Rule, RuleKind, RuleMode, RuleParams, RuleSet, Schema
from confluent_kafka.schema_registry.avro import AvroDeserializer, AvroSerializer
from confluent_kafka.schema_registry.rule_registry import RuleRegistry
from confluent_kafka.schema_registry.serde import RuleExecutor

from . import equal, record, refused, value_of


class Rename(RuleExecutor):
    """A rule that renames a field: `expr` is FROM>TO."""

    def type(self):
        return "RENAME"

    def transform(self, ctx, message):
        old, new = ctx.rule.expr.split(">")
        message = dict(message)
        message[new] = message.pop(old)
        return message


def rule(name, mode, expr, type="RENAME"):
    return Rule(
        name,
        "doc",
        RuleKind.TRANSFORM,
        mode,
        type,
        ["PII"],
        RuleParams({"k": "v"}),
        expr,
        "NONE",
        "ERROR",
        False,
    )


def executors():
    registry = RuleRegistry()
    registry.register_executor(Rename())
    return registry


def check_rules_are_kept(registry):
    subject, text = registry.name("rules"), registry.record("Rules", ("a", "int")).schema_str
    rules = RuleSet(
        [rule("up", RuleMode.UPGRADE, "a>b")],
        [rule("write", RuleMode.WRITE, "a>b")],
        [rule("e", RuleMode.WRITEREAD, "x")],
        "CLIENT",
    )
    registered = registry.client().register_schema_full_response(subject, Schema(text, rule_set=rules))
    equal(registered.schema.rule_set, rules)
    equal(registry.client().get_schema(registered.schema_id).rule_set, rules)
    equal(registry.client().get_latest_version(subject).schema.rule_set, rules)
    equal(registry.client().get_schema_by_guid(registered.guid).rule_set, rules)
    # The next version takes them over.
    wider = registry.client().register_schema_full_response(subject, Schema(text.replace('"int"', '"long"')))
    equal((wider.version, wider.schema.rule_set), (2, rules))


def check_broken_rules(registry):
    subject, text = registry.name("rules"), registry.record("Rules", ("a", "int")).schema_str
    broken = RuleSet([rule("up", RuleMode.WRITE, "a>b")], [])
    refused(422, 42210, "", registry.client().register_schema, subject, Schema(text, rule_set=broken))


def check_domain_rules(registry):
    """A rule changes what is written: here the producer has another name for a field."""
    topic, schema = registry.name("domain"), registry.record("Domain", ("note", "string"))
    rules = RuleSet([], [rule("rename", RuleMode.WRITE, "text>note")])
    registry.client().register_schema(f"{topic}-value", Schema(schema.schema_str, rule_set=rules))
    conf = {"auto.register.schemas": False, "use.latest.version": True}
    serializer = AvroSerializer(registry.client(), schema, conf=conf, rule_registry=executors())
    message = serializer({"text": "x"}, value_of(topic))
    equal(AvroDeserializer(registry.client())(message, value_of(topic)), {"note": "x"})


def check_migration_rules(registry):
    """A message of version 1 is read as version 3, by the rules of the versions in between."""
    topic, name = registry.name("migrate"), registry.name("Migrate")
    subject, client = f"{topic}-value", registry.client()
    client.set_compatibility(subject, "NONE")
    schemas = [record(name, (field, "string")) for field in ("a", "b", "c")]
    message = AvroSerializer(registry.client(), schemas[0])({"a": "x"}, value_of(topic))
    for number, expr in ((1, "a>b"), (2, "b>c")):
        rules = RuleSet([rule("up", RuleMode.UPGRADE, expr)], [])
        client.register_schema(subject, Schema(schemas[number].schema_str, rule_set=rules))
    equal(client.get_versions(subject), [1, 2, 3])
    conf = {"use.latest.version": True}
    reader = AvroDeserializer(registry.client(), conf=conf, rule_registry=executors())
    equal(reader(message, value_of(topic)), {"c": "x"})
