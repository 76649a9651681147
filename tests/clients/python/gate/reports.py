"""Validates the reports in a folder: reports.py FOLDER JSON_SCHEMA JUNIT_XSD

The end of a file's name says what it is. A validator that takes anything would be worth nothing, so each is also shown
reports that were spoilt.
"""

import copy
import json
import re
import sys
from pathlib import Path

import xmlschema

import schemas


def ours(validator):
    def check(text):
        report = json.loads(text)
        found = schemas.problems(validator, report)
        if not found:
            summary = report["summary"]
            checks, findings = report["checks"], report["findings"]
            for outcome, number in summary["outcomes"].items():
                found += differs(outcome, sum(c["outcome"] == outcome for c in checks), number)
            found += differs("checks", len(checks), summary["checks"])
            found += differs("findings", len(findings), sum(summary["findings"].values()))
        return found
    return check


def sarif(validator):
    def check(text):
        log = json.loads(text)
        found = schemas.problems(validator, log)
        for run in [] if found else log["runs"]:
            rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
            found += differs("rules", len(set(rules)), len(rules))
            for result in run["results"]:
                found += differs("rule", rules[result["ruleIndex"]], result["ruleId"])
                found += differs("locations", len(result["locations"]), 1)
                uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
                found += [] if re.fullmatch(r"[-\w./~%!$&'()*+,;=@]+", uri, re.ASCII) else [f"no URI: {uri}"]
            known = [notification["id"] for notification in run["tool"]["driver"]["notifications"]]
            notifications = run["invocations"][0]["toolExecutionNotifications"]
            found += [f"unknown: {n}" for n in notifications if known[n["descriptor"]["index"]] != n["descriptor"]["id"]]
        return found
    return check


def junit(schema):
    def check(text):
        found = [str(error.reason) for error in schema.iter_errors(text)]
        if found:
            return found
        root = xmlschema.XMLResource(text).root
        for element in [root, *root.iter("testsuite")]:
            for attribute, child in [("tests", "testcase"), ("failures", "failure"), ("errors", "error")]:
                found += differs(attribute, len(list(element.iter(child))), int(element.get(attribute)))
        return found
    return check


# Code Quality has no published schema: these are the fields that GitLab documents.
def gitlab(text):
    issues = json.loads(text)
    found = []
    for issue in issues:
        found += differs("members", set(issue), {"description", "check_name", "fingerprint", "severity", "location"})
        location = issue.get("location", {})
        found += differs("location", set(location), {"path", "lines"})
        found += differs("lines", set(location.get("lines", {})), {"begin"})
        if not found:
            path, line = location["path"], location["lines"]["begin"]
            texts = [issue["description"], issue["check_name"], issue["fingerprint"], path]
            found += [f"no text: {text!r}" for text in texts if not (isinstance(text, str) and text)]
            found += [] if type(line) is int and line >= 1 else [f"no line: {line!r}"]
            found += [] if not path.startswith(("./", "/")) else [f"not from the root on: {path}"]
            severities = ("info", "minor", "major", "critical", "blocker")
            found += [] if issue["severity"] in severities else [f"no severity: {issue['severity']}"]
    fingerprints = [issue.get("fingerprint") for issue in issues]
    return found + differs("fingerprints", len(set(fingerprints)), len(fingerprints))


def differs(what, is_, says):
    return [] if is_ == says else [f"{what}: {is_!r}, but it says {says!r}"]


def spoilt_json(text):
    """The document with another member in one of its objects."""
    document = json.loads(text)
    for path in objects(document):
        spoilt = copy.deepcopy(document)
        at(spoilt, path)["unheardOf"] = 1
        yield f"with a member at {path}", json.dumps(spoilt)


# Members whose objects may hold anything.
OPEN = ("properties", "partialFingerprints", "originalUriBaseIds")


def objects(value, path=()):
    if isinstance(value, dict) and not (path and path[-1] in OPEN):
        yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from objects(inner, (*path, key))


def at(value, path):
    for key in path:
        value = value[key]
    return value


def spoilt_xml(text):
    yield "with an element", text.replace("<testcase ", "<unheardOf/><testcase ", 1)
    yield "without a name", re.sub(r'(<testcase [^>]*?) name="[^"]*"', r"\1", text, count=1)
    yield "with a control character", text.replace("</testsuites>", "\x1b</testsuites>")
    yield "with another number", re.sub(r'tests="\d+"', 'tests="99"', text, count=1)


def fails(check, text):
    try:
        return bool(check(text))
    except Exception:
        return True


def main(folder, json_schema, junit_xsd):
    own = schemas.validator_of(json.loads(Path(json_schema).read_text(encoding="utf-8")))
    kinds = {
        ".gitlab.json": (gitlab, spoilt_json),
        ".junit.xml": (junit(xmlschema.XMLSchema10(junit_xsd)), spoilt_xml),
        ".sarif": (sarif(schemas.validator("sarif")), spoilt_json),
        ".json": (ours(own), spoilt_json),
    }
    counts = dict.fromkeys(kinds, 0)
    wrong = []
    for file in sorted(Path(folder).iterdir()):
        kind = next((kind for kind in kinds if file.name.endswith(kind)), None)
        if kind is None:
            continue
        counts[kind] += 1
        check, spoil = kinds[kind]
        text = file.read_text(encoding="utf-8")
        wrong += [f"{file.name}: {problem}" for problem in check(text)]
        if file.name.startswith("outcomes."):
            spoilt = list(spoil(text))
            wrong += [f"{file.name} {how}: is taken" for how, text in spoilt if not fails(check, text)]
            print(f"{file.name}: {len(spoilt)} spoilt ones are refused")
    wrong += [f"there is no {kind}" for kind, count in counts.items() if count == 0]
    print(*wrong, sep="\n")
    print(f"{sum(counts.values())} reports, {len(wrong)} problems")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
