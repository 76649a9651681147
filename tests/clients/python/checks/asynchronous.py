"""The same client for asyncio."""

import asyncio

from confluent_kafka.schema_registry import AsyncSchemaRegistryClient
from confluent_kafka.schema_registry.avro import AsyncAvroDeserializer, AsyncAvroSerializer

from . import CONF, equal, value_of


def check_round_trips_at_the_same_time(registry):
    schema = registry.record("Async", ("a", "int"))
    asyncio.run(round_trips(registry, schema))


async def round_trips(registry, schema):
    client = AsyncSchemaRegistryClient({"url": registry.url, **CONF})
    topics = [registry.name("async") for _ in range(20)]

    async def round_trip(topic):
        serializer = await AsyncAvroSerializer(client, schema)
        message = await serializer({"a": 5}, value_of(topic))
        deserializer = await AsyncAvroDeserializer(client)
        equal(await deserializer(message, value_of(topic)), {"a": 5})
        equal((await client.get_latest_version(f"{topic}-value")).version, 1)
        return message

    messages = await asyncio.gather(*map(round_trip, topics))
    equal(len(set(messages)), 1)
