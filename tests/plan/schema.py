# SPDX-License-Identifier: BSD-2-Clause-Patent
"""Judges documents by a JSON schema with another program than fwvar.

schema.py SCHEMA good|bad FILE...: status 0 if all are taken, or with bad none is. A schema
may refer to others in its folder.
"""
import json
import os
import sys

import jsonschema
from referencing import Registry, Resource


def load(path):
    with open(path, encoding="utf-8") as f:
        return json.load(f)


def neighbour(name):
    return Resource.from_contents(load(os.path.join(os.path.dirname(sys.argv[1]), name)))


schema = load(sys.argv[1])
validator = jsonschema.Draft202012Validator
validator.check_schema(schema)
judge = validator(schema, registry=Registry(retrieve=neighbour))
status = 0
for path in sys.argv[3:]:
    errors = list(judge.iter_errors(load(path)))
    for error in errors:
        if sys.argv[2] == "good":
            print(f"{path}: {error.json_path}: {error.message}")
            status = 1
    if sys.argv[2] == "bad" and not errors:
        print(f"{path}: is taken")
        status = 1
print(f"{len(sys.argv) - 3} documents")
sys.exit(status)
