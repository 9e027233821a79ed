"""The options of a PostgreSQL URL, as libpq names them and hosting services write them, for asyncpg."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from typing import Any

from sqlalchemy import URL

from digests.store.connections.database import UnsupportedDatabaseError

_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")

#: Options that asyncpg takes as they are.
_PASSED = frozenset({"host", "port", "target_session_attrs", "passfile", "prepared_statement_name_func"})

#: Options that must be numbers.
_NUMBERS = frozenset({"statement_cache_size", "prepared_statement_cache_size"})

#: What asyncpg does by itself, or what changes nothing for it.
_NEEDLESS = frozenset({"channel_binding", "gssencmode", "sslsni", "connect_timeout", "application_name"})


def split_options(url: URL) -> tuple[URL, dict[str, Any]]:
    """The URL with the options that the driver takes, and what it is to be told besides.

    Raises:
        UnsupportedDatabaseError: an option or its value is unknown, or a file cannot be read.
    """
    given = {name: value for name, value in url.query.items() if name not in _NEEDLESS}
    passed = {name: value for name, value in given.items() if name in _PASSED}
    numbers = {name: _number(name, given[name]) for name in _NUMBERS & given.keys()}
    secure = _ssl(given)
    unknown = given.keys() - _PASSED - _NUMBERS - {"ssl", "sslmode", "sslrootcert", "sslcert", "sslkey"}
    if unknown:
        raise UnsupportedDatabaseError(f"the option {min(unknown)} is not known")
    return url.set(query=passed), numbers | ({} if secure is None else {"ssl": secure})


def _number(name: str, value: Any) -> int:
    if not str(value).isdigit():
        raise UnsupportedDatabaseError(f"the option {name} must be a number")
    return int(str(value))


def _ssl(given: Mapping[str, Any]) -> str | ssl.SSLContext | None:
    mode = given.get("sslmode", given.get("ssl"))
    files = {name: str(given[name]) for name in ("sslrootcert", "sslcert", "sslkey") if name in given}
    if mode is None and not files:
        return None
    mode = str(mode or "prefer")
    if mode not in _MODES:
        raise UnsupportedDatabaseError(f"sslmode must be one of {', '.join(_MODES)}")
    if not files:
        return mode
    try:
        return _context(mode, files)
    except (OSError, ssl.SSLError) as error:
        raise UnsupportedDatabaseError(f"a certificate cannot be used: {error}") from None


def _context(mode: str, files: Mapping[str, str]) -> ssl.SSLContext:
    root = files.get("sslrootcert")
    context = ssl.create_default_context(cafile=None if root in {None, "system"} else root)
    context.check_hostname = mode == "verify-full"
    if not mode.startswith("verify"):
        context.verify_mode = ssl.CERT_NONE  # as libpq: these modes encrypt and trust anybody
    if "sslcert" in files:
        context.load_cert_chain(files["sslcert"], files.get("sslkey"))
    return context
