"""Runs every check of the Python client against an empty registry: suite.py URL [WORD ...]

A check is a function `check_...` of a module in `checks`; it gets a `Registry` and fails with an exception. With words,
only checks whose name contains one of them are run. No Kafka broker is needed: serializers work without one.
"""

import faulthandler
import sys
import traceback

import confluent_kafka

from checks import Registry, asynchronous, contexts, deletion, evolution, framing, references, rules
from checks import schemas, serializers, settings, subjects

MODULES = (
    schemas, subjects, references, settings, contexts, deletion,
    serializers, evolution, framing, rules, asynchronous,
)


def checks(words):
    for module in MODULES:
        for name, function in list(vars(module).items()):
            full_name = f"{module.__name__}.{name}".removeprefix("checks.")
            if name.startswith("check_") and (not words or any(word in full_name for word in words)):
                yield full_name, function


def main(url, *words):
    # A client that waits for ever says where.
    faulthandler.dump_traceback_later(240, exit=True)
    registry = Registry(url)
    outcomes = []
    for name, check in checks(words):
        try:
            check(registry)
            print("ok     ", name)
            outcomes.append(True)
        except Exception:
            print("FAILED ", name)
            traceback.print_exc(file=sys.stdout)
            outcomes.append(False)
    client = f"confluent-kafka {confluent_kafka.version()}, Python {sys.version.split()[0]}"
    print(f"{outcomes.count(True)} passed, {outcomes.count(False)} failed: {client}")
    return 0 if outcomes and all(outcomes) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
