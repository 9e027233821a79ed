"""``silkline run`` with a clock that is set from outside: ``python -m tests.chaos.instance CLOCK_FILE``."""

from __future__ import annotations

import sys
from pathlib import Path

from bot.telegram.calls.lazy_models import build_on_demand

build_on_demand()  # as the command does, before aiogram is imported

from bot import lifecycle  # noqa: E402 - see above
from bot.cli import main  # noqa: E402 - likewise
from tests.chaos.clock import SharedClock  # noqa: E402 - likewise

if __name__ == "__main__":
    clock = SharedClock(Path(sys.argv.pop()))
    lifecycle.SystemClock = lambda: clock  # type: ignore[attr-defined, assignment] # the one thing that differs
    sys.argv[1:] = ["run"]
    main()
