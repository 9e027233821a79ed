"""A clock that is set from outside the process: how far it is off stands in a file."""

from __future__ import annotations

import mmap
import struct
from datetime import datetime, timedelta
from pathlib import Path

from digests.delivery.clock import SystemClock

_FORMAT = "d"
_SIZE = struct.calcsize(_FORMAT)


class SharedClock(SystemClock):
    """The machine's time and so many seconds; who has the same file may set it while it is read."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(struct.pack(_FORMAT, 0.0))
        with path.open("r+b") as file:
            self._shared = mmap.mmap(file.fileno(), _SIZE)

    def now(self) -> datetime:
        """The instant that this clock shows, in UTC."""
        (seconds,) = struct.unpack_from(_FORMAT, self._shared)
        return super().now() + timedelta(seconds=seconds)

    def set(self, to: datetime) -> None:
        """Make it show *to*, which must be aware."""
        struct.pack_into(_FORMAT, self._shared, 0, (to - super().now()).total_seconds())

    def close(self) -> None:
        """Leave the file alone."""
        self._shared.close()
