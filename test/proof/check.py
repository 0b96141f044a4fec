"""Checks a .tlog-proof of one record with other people's code: the package proofbundle.

check.py PROOF RECORD KEY: a proof, a file with the record's exact bytes, and the line of the key.
"""

import hashlib
import pathlib
import sys

from proofbundle.tlogproof import verify_tlog_proof

proof, record, key = sys.argv[1:]
# A leaf is the 32-byte hash of a record.
leaf = hashlib.sha256(pathlib.Path(record).read_bytes()).digest()
text = pathlib.Path(proof).read_bytes().decode("utf-8", "replace")
found = verify_tlog_proof(text, leaf, key, expected_origin=key.split("+")[0])
parts = [name for name in ("log_ok", "inclusion_ok") if not found[name]]
print(f"accepted: {found['tree_size']}" if found["ok"] else f"refused: {' '.join(parts)} {found.get('detail', '')}".rstrip())
sys.exit(0 if found["ok"] else 1)
