"""Teaches schemathesis JSON lines (application/x-ndjson): a request is one line, and each line of an answer has the schema."""

import json

import schemathesis

LINES = "application/x-ndjson"


@schemathesis.serializer(LINES)
def _line(context, value):
    return (json.dumps(value) + "\n").encode()


@schemathesis.deserializer(LINES)
def _lines(context, response):
    return [json.loads(line) for line in response.text.split("\n") if line]


@schemathesis.hook
def before_load_schema(context, schema):
    for operations in schema["paths"].values():
        for operation in operations.values():
            for response in operation["responses"].values():
                content = response.get("content", {}).get(LINES)
                if content:
                    content["schema"] = {"type": "array", "items": content["schema"]}
