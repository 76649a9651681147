"""The files for people's CI, validated and as JSON on standard output: ci.py ROOT"""

import json
import sys
from pathlib import Path

import yaml
from pre_commit.clientlib import load_manifest

import schemas


def main(root):
    root = Path(root)
    wrong = []
    files = {}
    for name, path in [("action", "action.yml"), ("gitlab", "deploy/ci/gitlab.yml")]:
        files[name] = yaml.safe_load((root / path).read_text(encoding="utf-8"))
        validator = schemas.validator(name)
        wrong += [f"{path}: {problem}" for problem in schemas.problems(validator, files[name])]
        # A validator that takes anything would be worth nothing.
        spoilt = {"name": 1, "runs": {}} if name == "action" else {"job": {"script": 1}}
        wrong += [] if schemas.problems(validator, spoilt) else [f"{path}: the validator takes anything"]
    # It fails with an exception that says what is wrong.
    files["hooks"] = load_manifest(str(root / ".pre-commit-hooks.yaml"))
    if wrong:
        sys.exit("\n".join(wrong))
    print(json.dumps(files))


if __name__ == "__main__":
    main(*sys.argv[1:])
