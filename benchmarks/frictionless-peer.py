"""Which rows of a Data Package's files frictionless-py finds wrong, as JSON by file.

    python benchmarks/frictionless-peer.py PACKAGE...

`rows` are lines of a file of which each row is one line; `other` is what is wrong with it as a whole.
"""

import json
import sys
from pathlib import Path

from frictionless import Package, Resource, system

system.trusted = True


def findings(package: str) -> dict:
    found = {}
    for resource in Package(package).resources:
        for path in [resource.path, *(resource.extrapaths or [])]:
            one = resource.to_descriptor()
            one.pop("extrapaths", None)
            one["path"] = path
            file = Resource.from_descriptor(one, basepath=str(Path(package).parent))
            errors = [e for task in file.validate(limit_errors=1_000_000).tasks for e in task.errors]
            rows = sorted({e.row_number for e in errors if getattr(e, "row_number", None)})
            other = [e.message for e in errors if not getattr(e, "row_number", None)]
            found[path] = {"rows": rows, "other": other}
    return found


print(json.dumps([findings(package) for package in sys.argv[1:]]))
