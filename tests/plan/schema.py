# SPDX-License-Identifier: BSD-2-Clause-Patent
"""Judges documents by a JSON schema with another program than fwvar.

schema.py SCHEMA good|bad FILE...: status 0 if all are taken, or with bad none is. A schema
may refer to others in its folder.
"""
import json
import os
import sys

import jsonschema


def load(path):
    with open(path, encoding="utf-8") as f:
        return json.load(f)


def embed(node, prefix, met):
    """A copy without an address of its own whose references all lead into one document:
    NAME#/PATH to #/$defs/NAME/PATH. Every version of jsonschema follows these."""
    if isinstance(node, list):
        return [embed(each, prefix, met) for each in node]
    if not isinstance(node, dict):
        return node
    node = {key: embed(value, prefix, met) for key, value in node.items() if key != "$id"}
    if isinstance(node.get("$ref"), str):
        name, path = node["$ref"].split("#")
        if name:
            met.add(name)
        node["$ref"] = (f"#/$defs/{name}" if name else prefix) + path
    return node


def load_whole(path):
    met = set()
    whole = embed(load(path), "#", met)
    for name in met:
        there = load(os.path.join(os.path.dirname(path), name))
        whole.setdefault("$defs", {})[name] = embed(there, f"#/$defs/{name}", set())
    return whole


validator = jsonschema.Draft202012Validator
validator.check_schema(load(sys.argv[1]))
judge = validator(load_whole(sys.argv[1]))
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
