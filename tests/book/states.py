"""A widget's state as JSON, for pages that a test makes by itself."""

import base64


def jsonable(value):
    """A trait's value with its bytes as {"$bytes": base64}."""
    if isinstance(value, bytes | memoryview):
        return {"$bytes": base64.b64encode(bytes(value)).decode()}
    return {key: jsonable(inner) for key, inner in value.items()} if isinstance(value, dict) else value
