"""How property tests search: anew at each run, but alike on every run of a shared machine."""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("shared machine", deadline=None, derandomize=True)
settings.register_profile("developer", deadline=None)
settings.load_profile("shared machine" if os.environ.get("CI") else "developer")
