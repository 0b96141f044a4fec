#!/usr/bin/env python3
"""Checks evidence: a file that proves the figures of one initiative without a ledger. docs/proof.md describes the format.
Exit status: 0 it is sound, 1 it is wrong, 2 it could not be checked. Needs Python 3.9 and: pip install --require-hashes -r requirements.txt
"""
import argparse, base64, hashlib, json, re, sys
from datetime import datetime, timezone
from pathlib import Path

FORMAT, DEFINITION, LARGEST = "initiative-ledger/evidence/1", "sums-1", 2**53 - 1
MOST_BYTES, MOST_KEYS, MOST_SIGNATURES, DEEPEST = 128 * 1024 * 1024, 64, 64, 53
STATUSES = ["proposed", "funded", "spending", "finalizing", "finalized", "cancelled"]
SUMS = ["funded", "spent", "returned", "committed"]
# Events that move an initiative's money: the field of the amount, the sum that it changes, and its sign.
MONEY = {
    "InitiativeFunded": ("amount", "funded", 1), "FundingAdjusted": ("change", "funded", 1), "FundingTransferred": ("amount", "funded", 1),
    "FundsCarriedOver": ("amount", "funded", -1), "SpendingRecorded": ("amount", "spent", 1), "SpendingReversed": ("amount", "spent", -1),
    "FundsReturned": ("amount", "returned", 1), "CommitmentMade": ("amount", "committed", 1),
    "CommitmentChanged": ("change", "committed", 1), "CommitmentReleased": ("amount", "committed", -1)}
OTHERS = """InitiativeProposed InitiativeAmended FinalizationStarted InitiativeFinalized InitiativeCancelled InitiativeSuspended
InitiativeResumed MilestonePlanned MilestoneReforecast MilestoneReported ProgressReported ConfidenceAssessed IndicatorDefined
ResultReported ResultCorrected""".split()
STEPS = {"InitiativeFunded": 1, "SpendingRecorded": 2, "FinalizationStarted": 3, "InitiativeFinalized": 4, "InitiativeCancelled": 5}
SUSPENDED = {"InitiativeSuspended": True, "InitiativeResumed": False, "InitiativeFinalized": False, "InitiativeCancelled": False}
SPACE = "\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
NOT_JUDGED = ("format", "definition", "event-type", "schema")  # Faults by which evidence is neither right nor wrong.
ABSENT = object()
# What a part of the format must be: in words, its type, and a test.
KINDS = {
    "object": ("an object", dict), "list": ("a list", list), "text": ("a text", str),
    "count": ("a whole number from 0 on", int, lambda value: value >= 0),
    "year": ("a year of four digits", int, lambda value: 1000 <= value <= 9999),
    "hash": ("32 bytes in base64", str, lambda value: len(unbase64(value)) == 32),
    "digest": ("64 hexadecimal digits", str, re.compile("[0-9a-f]{64}").fullmatch),
    "code": ("a code of 1 to 64 small letters, digits and hyphens", str, re.compile("[a-z0-9][a-z0-9-]{0,63}").fullmatch),
    "amount": ("an amount in minor units, a whole number as text", str, re.compile("0|-?[1-9][0-9]{0,17}").fullmatch),
    "moment": ("a moment such as 2024-03-09T05:12:44.120Z", str, re.compile(r"\d{4}(-\d\d){2}T(\d\d:){2}\d\d\.\d{3}Z", re.A).fullmatch),
    "key": ("the line of a key, name+number+key, of Ed25519 or of cosignatures", str, lambda value: key_of(value))}

class Refused(Exception):
    """The first fault of evidence: a code for programs, and a sentence."""

def check(holds, code, sentence):
    if not holds:
        raise Refused(code, sentence)
def must_be(kind, value, at, position=None):  # The value, if it is of its kind: a part of the file, or of the record at a position.
    words, form, *tests = KINDS[kind]
    code, before = ("shape", "") if position is None else ("record-shape", f"in the record at position {position}, ")
    check(type(value) is form and all(test(value) for test in tests), code, f"{before}{at} must be {words}")
    return value
def must_say(value, expected, code, before):
    for name, must in expected.items():
        found = value.get(name, ABSENT) if isinstance(value, dict) else ABSENT
        check(type(found) is type(must) and found == must, code, f"{before}{name} is {shown(found)}, and must be {shown(must)}")
def shown(value):
    is_simple = value is None or isinstance(value, (str, int))
    return json.dumps(value, ensure_ascii=False) if is_simple else "nothing" if value is ABSENT else "another value"

def number(digits):  # A number as ECMAScript reads it: 3.0 is whole, and beyond 2^53 none is.
    value = float(digits)
    return int(value) if value.is_integer() and abs(value) <= LARGEST else value
def parsed(data):  # The value of JSON in UTF-8; ABSENT if it is none, or has half of a surrogate pair, which is no text.
    try:
        value = json.loads(data.decode(), parse_int=number, parse_float=number, parse_constant=int)
        json.dumps(value, ensure_ascii=False).encode()
        return value
    except (ValueError, RecursionError):
        return ABSENT
def unbase64(text):  # The bytes of base64 in its one spelling; none of any other text.
    try:
        data = base64.b64decode(text, validate=True)
        return data if base64.b64encode(data).decode() == text else b""
    except ValueError:
        return b""
def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()

def check_fields(value, kinds, at, before):  # Checks that an object has these fields, each of its kind, and no others.
    for name in kinds:
        check(name in must_be("object", value, at), "lacks", f"{at} lacks the field {name}")
    for name in sorted(set(value) - set(kinds)):
        raise Refused("unknown-field", f"{at} has a field that the format does not know: {name}")
    for name, kind in kinds.items():
        must_be(kind, value[name], before + name)
def check_each(kind, values, at, most):
    check(len(values) <= most, "too-many", f"{at} may have at most {most} items")
    for index, value in enumerate(values):
        must_be(kind, value, f"{at}[{index}]")

def read_evidence(data):  # Step 1: the shape of the file.
    check(len(data) <= MOST_BYTES, "too-large", f"the file has more than {MOST_BYTES} bytes")
    file = parsed(data)
    check(file is not ABSENT, "not-json", "the file is not JSON in UTF-8")
    form = must_be("object", file, "evidence").get("format", FORMAT)
    check(form == FORMAT, "format", f"the format is {shown(form)}; this verifier knows {FORMAT}")
    kinds = {"format": "text", "programme": "code", "initiative": "code", "keys": "list", "checkpoint": "text", "records": "list"}
    check_fields(file, {**kinds, "statement": "object", "document": "object", "nodes": "object"}, "evidence", "")
    check_each("text", file["keys"], "keys", MOST_KEYS)
    for at, record in [*((f"records[{index}]", one) for index, one in enumerate(file["records"])), ("statement", file["statement"])]:
        check_fields(record, {"position": "count", "text": "text"}, at, f"{at}.")
    check_fields(file["document"], {"index": "count", "text": "text", "path": "list"}, "document", "document.")
    check_each("hash", file["document"]["path"], "document.path", DEEPEST)
    for name in sorted(file["nodes"]):
        must_be("hash", file["nodes"][name], f"nodes[{name}]")
    check(file["records"], "no-records", "records must have at least one record")
    now = [record["position"] for record in [*file["records"], file["statement"]]]
    for one, next in zip([0, *now], now):
        check(one < next, "order", f"position {next} comes after position {one}, but positions must ascend; the statement is last")
    return file

def key_of(line):  # A key by its line: kind (1 of a ledger, 4 of a witness), name, id, line and public half; None if it is none.
    match = re.fullmatch(f"([^+{SPACE}]+)\\+([0-9a-f]{{8}})\\+(.+)", line)
    typed = unbase64(match[3]) if match else b""
    is_key = len(typed) == 33 and typed[0] in (1, 4) and sha256(match[1].encode(), b"\n", typed)[:4].hex() == match[2]
    return (typed[0], match[1], f"{match[1]}+{match[2]}", line, typed[1:]) if is_key else None

def signed_at(text, data, kind, public):  # When a key signed this text: empty for a ledger's own, None if it did not.
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    seconds, signature = (0, data) if kind == 1 else (int.from_bytes(data[:8], "big"), data[8:])
    if len(signature) != 64 or seconds > 253402300799:
        return None
    try:
        before = "" if kind == 1 else f"cosignature/v1\ntime {seconds}\n"
        Ed25519PublicKey.from_public_bytes(public).verify(signature, (before + text).encode())
    except InvalidSignature:
        return None
    return "" if kind == 1 else datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")

def check_signatures(file, keys):  # Step 2: every key that is asked for signed the checkpoint.
    text, empty_line, rest = file["checkpoint"].rpartition("\n\n")
    *lines, end = rest.split("\n")
    found = [re.fullmatch(f"— ([^+{SPACE}]+) ([^{SPACE}]+)", line) for line in lines]
    signatures = [(match[1], unbase64(match[2])) for match in found if match]
    is_note = empty_line and text and end == "" and not re.search("[\x00-\x09\x0b-\x1f]", text)
    is_signed = 0 < len(lines) == len(signatures) <= MOST_SIGNATURES and all(len(data) > 4 for _, data in signatures)
    check(is_note and is_signed, "note", "the checkpoint is not a signed note: text, an empty line, and lines of signatures")
    head = text.split("\n")
    is_head = len(head) == 3 and head[0] and re.fullmatch("0|[1-9][0-9]{0,15}", head[1]) and int(head[1]) <= LARGEST
    check(is_head and len(unbase64(head[2])) == 32, "checkpoint-lines", "the checkpoint must have origin, size of tree, and root in base64")
    origin, of = head[0], file["programme"]
    check(origin.endswith(f"/{of}"), "origin", f"the checkpoint is of {origin}, and must be of the programme {of}")
    check_each("key", [] if keys else file["keys"], "keys", MOST_KEYS)
    keys = keys or [key_of(line) for line in file["keys"]]
    check(any(key[:2] == (1, origin) for key in keys), "own-key", f"no key is the ledger’s own: of Ed25519, and of the name {origin}")
    signed_by = []
    for kind, name, id, line, public in keys:
        own = [data[4:] for signer, data in signatures if f"{signer}+{data[:4].hex()}" == id]
        check(own, "not-signed", f"the checkpoint bears no signature of the key {id}")
        times = [signed_at(text + "\n", data, kind, public) for data in own]
        check(None not in times, "signature", f"the signature of the key {id} is not of this checkpoint: one of them was changed")
        signed_by.append({"name": name, "key": line, **({"at": max(times)} if kind == 4 else {})})
    return {"origin": origin, "size": int(head[1]), "root": head[2]}, signed_by

def check_tree(file, size, root):  # Step 3: the checkpoint's tree (RFC 6962) has the records at their positions.
    records, nodes, used, at = [*file["records"], file["statement"]], file["nodes"], set(), file["statement"]["position"]
    check(at <= size, "beyond", f"position {at} is not among the {size} records of the checkpoint")
    leaves = {one["position"] - 1: sha256(b"\0", sha256(one["text"].encode())) for one in records}
    def root_of(start, end, own):
        width = end - start
        if not own and width & (width - 1) == 0:
            name = f"{width.bit_length() - 1}/{start // width}"
            used.add(name)
            check(name in nodes, "node-missing", f"nodes lacks {name}, which leads to the root of {size} records")
            return unbase64(nodes[name])
        if width == 1:
            return leaves[start]
        middle = start + (1 << (width - 1).bit_length() - 1)
        left = root_of(start, middle, [index for index in own if index < middle])
        return sha256(b"\1", left, root_of(middle, end, [index for index in own if index >= middle]))
    found = base64.b64encode(root_of(0, size, sorted(leaves))).decode()
    for name in sorted(set(nodes) - used):
        raise Refused("node-unused", f"nodes has {name}, which leads from no record to the root of {size} records")
    check(found == root, "root", f"the records and nodes lead to the root {found}, and the checkpoint says {root}")

def outline_of(record, expected):  # A record that has what every record has, and says what it must say.
    at, value = record["position"], parsed(record["text"].encode())
    check(value is not ABSENT, "record-json", f"the record at position {at} is not JSON in UTF-8")
    must_be("object", value, "record", at)
    kinds = {"programme": "text", "position": "count", "type": "text", "recordedAt": "moment", "data": "object", "context": "object"}
    for name, kind in kinds.items():
        must_be(kind, value.get(name), name, at)
    schema = value.get("schema", ABSENT)
    check(shown(schema) == "1", "schema", f"the record at position {at} has the schema {shown(schema)}; this verifier knows 1")
    must_say(value, {"programme": expected["programme"], "position": at, **expected}, "record-says", f"in the record at position {at}, ")
    return value

def check_statement(file):  # Steps 4 and 5: the statement, and that it has the document of the initiative.
    at, document, records = file["statement"]["position"], file["document"], file["records"]
    stated = outline_of(file["statement"], {"programme": file["programme"], "type": "StatementPublished"})
    data = stated["data"]
    of = must_be("count", data.get("position"), "data.position", at)
    check(of < at, "statement-ahead", f"the statement at position {at} is of position {of}, and must be of one before it")
    name = must_be("text", data.get("definition"), "data.definition", at)
    check(name == DEFINITION, "definition", f"the statement is of the definition {shown(name)}; this verifier knows {DEFINITION}")
    size, root = must_be("count", data.get("size"), "data.size", at), must_be("digest", data.get("root"), "data.root", at)
    index, path, found = document["index"], [unbase64(hash) for hash in document["path"]], sha256(b"\0", document["text"].encode())
    place, last, is_path = index, size - 1, index < size
    while is_path and last > 0:
        if place % 2 == 1 or place < last:  # A node without a right neighbour is its own parent.
            is_path, beside = bool(path), path.pop(0) if path else b""
            found = sha256(b"\1", beside, found) if place % 2 == 1 else sha256(b"\1", found, beside)
        place, last = place // 2, last // 2
    check(is_path and not path, "document-path", f"the path is not as long as document {index} of {size} needs it to be")
    check(found.hex() == root, "document-root", f"the document and its path lead to the root {found.hex()}, and the statement says {root}")
    said = parsed(document["text"].encode())
    check(isinstance(said, dict), "document-json", "the text of the document is not an object of JSON")
    digest = bytes(32)
    for record in records:
        digest = sha256(digest, record["position"].to_bytes(8, "big"))
    own = {"key": f"initiatives/{file['initiative']}", "versions": len(records), "positions": digest.hex()}
    must_say(said, own, "document-says", "in the document, ")
    return stated, said.get("document"), own

def fold(file, of):  # Step 6: each record is the initiative's next one. Returns the document that they fold to.
    document, years = {"authority": "", "status": STATUSES[0], "suspended": False}, {}
    for version, record in enumerate(file["records"], 1):
        at = record["position"]
        event = outline_of(record, {"programme": file["programme"], "position": at, "initiative": file["initiative"], "version": version})
        kind, data, context, changes = event["type"], event["data"], event["context"], []
        check(at <= of, "record-later", f"the record at position {at} is later than position {of}, which the statement is of")
        check(kind in MONEY or kind in OTHERS, "event-type", f"the record at position {at} is no known event of initiatives: {shown(kind)}")
        step = STEPS.get(kind, 0)
        if kind == "InitiativeProposed" or kind == "InitiativeAmended" and "authority" in data:
            document["authority"] = must_be("code", data.get("authority"), "data.authority", at)
        if kind in MONEY:
            field, name, sign = MONEY[kind]
            is_given, is_left_out = "to" in data, kind == "CommitmentChanged" and field not in data
            amount = sign * int("0" if is_left_out else must_be("amount", data.get(field), f"data.{field}", at))
            year = must_be("year", context.get("fiscalYear"), "context.fiscalYear", at)
            step = 1 if kind == "FundingAdjusted" and amount > 0 or kind == "FundingTransferred" and not is_given else step
            changes.append((year, name, -amount if kind == "FundingTransferred" and is_given else amount))
            if name == "spent" and "commitment" in context:
                drawn = must_be("object", context["commitment"], "context.commitment", at).get("fiscalYear")
                changes.append((must_be("year", drawn, "context.commitment.fiscalYear", at), "committed", -amount))
            if kind == "FundsCarriedOver":
                left = int(must_be("amount", context.get("committed", "0"), "context.committed", at))
                changes += [(year + 1, "funded", -amount), (year, "committed", -left), (year + 1, "committed", left)]
        document["status"] = STATUSES[max(step, STATUSES.index(document["status"]))]
        document["suspended"] = SUSPENDED.get(kind, document["suspended"])
        for year, name, change in changes:
            years.setdefault(str(year), dict.fromkeys(SUMS, 0))[name] += change
    return document, dict(sorted(years.items(), key=lambda one: int(one[0])))

def check_figures(text, said, own, document, years):  # Step 7: the records fold to what the document says.
    texts = {year: {name: str(value) for name, value in sums.items()} for year, sums in years.items()}
    must_say(said, document, "figure", "the records fold to other figures: ")
    for year, sums in texts.items():
        of_years = said.get("years")
        must_say(of_years.get(year) if isinstance(of_years, dict) else None, sums, "figure", f"the records fold to other figures: {year} ")
    folded = json.dumps({**own, "document": {**document, "years": texts}}, sort_keys=True, separators=(",", ":"))
    check(folded == text, "document-text", "the text of the document is not what the records fold to, though its figures are")

def verdict_on(data, keys):  # What evidence proves, or its first fault.
    try:
        file = read_evidence(data)
        checkpoint, signed_by = check_signatures(file, keys)
        check_tree(file, checkpoint["size"], checkpoint["root"])
        stated, said, own = check_statement(file)
        document, years = fold(file, stated["data"]["position"])
        check_figures(file["document"]["text"], said, own, document, years)
    except Refused as fault:
        code, text = fault.args
        return {"verdict": "not-checked" if code in NOT_JUDGED else "wrong", "fault": {"code": code, "text": text}}
    total = {name: sum(sums[name] for sums in years.values()) for name in SUMS}
    for sums in [*years.values(), total]:
        sums["free"] = sums["funded"] - sums["spent"] - sums["returned"] - sums["committed"]
        sums.update({name: str(value) for name, value in sums.items()})
    return {"verdict": "sound", "programme": file["programme"], "initiative": file["initiative"], "position": stated["data"]["position"],
            "recordedAt": stated["recordedAt"], "definition": DEFINITION, "checkpoint": checkpoint, "signedBy": signed_by,
            "keysFrom": "reader" if keys else "file", "records": len(file["records"]), **document, "years": years, "total": total}

def in_words(verdict):
    if "fault" in verdict:
        return f"{verdict['verdict'].upper().replace('-', ' ')}: {verdict['fault']['text']}"
    rows = [("year", {name: name for name in [*SUMS, "free"]}), *verdict["years"].items(), ("in all", verdict["total"])]
    return "\n".join([
        "SOUND: {initiative} in {programme} as of position {position}, stated {recordedAt}; amounts in minor units".format(**verdict),
        *(label.ljust(6) + "".join(f"{sum:>21}" for sum in sums.values()) for label, sums in rows),
        "authority {authority}, status {status}, suspended {suspended}; from {records} records".format(**verdict),
        *(f"Signed by {one['key']} {one.get('at', '')}".rstrip() for one in verdict["signedBy"]),
        *(["The keys are the file's own: compare them with published ones."] if verdict["keysFrom"] == "file" else []),
        "Not shown: that the records are true, and that others are shown the same history; ask a witness for that."])

def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("file")
    arguments.add_argument("--key", action="append", default=[], help="a key that must have signed, by its published line; repeatable")
    arguments.add_argument("--json", action="store_true", help="print JSON")
    asked = arguments.parse_args()
    keys = [key_of(line) or arguments.error(f"{line} is not the line of a key") for line in asked.key]
    try:
        verdict = verdict_on(Path(asked.file).read_bytes(), keys)
    except (OSError, ImportError) as error:
        arguments.error(str(error))
    print(json.dumps(verdict, indent=2) if asked.json else in_words(verdict))
    return {"sound": 0, "wrong": 1, "not-checked": 2}[verdict["verdict"]]

if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")
    sys.exit(main())
