"""JSON from outside: strict and fast, and lenient where strictness would lose what stands around a fault."""

from __future__ import annotations

import json
from typing import Any

import orjson


def decode(content: bytes) -> Any:
    """What JSON says; half a surrogate pair, which some clients send, becomes a question mark.

    Raises:
        ValueError: it is no JSON.
    """
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        try:
            lenient = json.dumps(json.loads(content), ensure_ascii=False, allow_nan=False)
        except RecursionError:
            raise ValueError("nested too deeply") from None
        return orjson.loads(lenient.encode(errors="replace"))
