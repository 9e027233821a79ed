"""The former names of the readers of times and zones, for callers that are not moved yet."""

from __future__ import annotations

from digests.inputs import InputError as UnknownTimezoneError
from digests.inputs.times import read_time as parse_time
from digests.inputs.zones import read_zone as parse_timezone

__all__ = ["UnknownTimezoneError", "parse_time", "parse_timezone"]
