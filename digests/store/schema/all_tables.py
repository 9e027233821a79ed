"""The whole schema, as the migrations must leave it."""

from __future__ import annotations

from digests.store.schema import report_tables
from digests.store.schema.tables import metadata

__all__ = ["metadata", "report_tables"]
