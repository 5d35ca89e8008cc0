# SPDX-License-Identifier: BSD-2-Clause-Patent
"""Judges plans by the JSON schema with another program than fwvar.

schema.py SCHEMA good|bad FILE...: status 0 if all are taken, or with bad none is.
"""
import json
import sys

import jsonschema

with open(sys.argv[1], encoding="utf-8") as f:
    schema = json.load(f)
validator = jsonschema.Draft202012Validator
validator.check_schema(schema)
status = 0
for path in sys.argv[3:]:
    with open(path, encoding="utf-8") as f:
        errors = list(validator(schema).iter_errors(json.load(f)))
    for error in errors:
        if sys.argv[2] == "good":
            print(f"{path}: {error.json_path}: {error.message}")
            status = 1
    if sys.argv[2] == "bad" and not errors:
        print(f"{path}: is taken")
        status = 1
print(f"{len(sys.argv) - 3} plans")
sys.exit(status)
