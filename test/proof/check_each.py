"""Checks many files of evidence in one process: each line of standard input is a file in base64, each line of output its verdict.

check_each.py KEY...: the lines of the keys that must have signed.
"""

import base64
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "verifiers"))
from check_evidence import key_of, verdict_on  # noqa: E402

keys = [key_of(line) for line in sys.argv[1:]]
for line in sys.stdin:
    print(json.dumps(verdict_on(base64.b64decode(line), keys)))
