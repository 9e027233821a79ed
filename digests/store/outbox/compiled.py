"""Statements that run once for every message, in the words of the database's driver."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Dialect, Update
from sqlalchemy.ext.asyncio import AsyncConnection


class Compiled:
    """A statement whose parameters are put in the driver's order by hand.

    SQLAlchemy looks up and converts each of them for every row, which takes longer than all that the
    database then does with it.
    """

    def __init__(self, statement: Update, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        binds = [compiled.binds[name] for name in compiled.positiontup or ()]
        converters = [_converter(bind.type, dialect) for bind in binds]
        self._sql = str(compiled)
        self._constants = [
            convert(bind.value) if convert and bind.value is not None else bind.value
            for bind, convert in zip(binds, converters, strict=True)
        ]
        self._given = [
            (place, bind.key, convert)
            for place, (bind, convert) in enumerate(zip(binds, converters, strict=True))
            if bind.required
        ]

    async def execute_many(self, connection: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run it for each row, which gives the parameters that the statement leaves open, by name."""
        await connection.exec_driver_sql(self._sql, [self._values(row) for row in rows])

    def _values(self, row: Mapping[str, Any]) -> tuple[Any, ...]:
        values = self._constants.copy()
        for place, name, convert in self._given:
            value = row[name]
            values[place] = convert(value) if convert and value is not None else value
        return tuple(values)


def _converter(kind: Any, dialect: Dialect) -> Callable[[Any], Any] | None:
    """What makes of a value what the driver takes; None when it takes it as it is."""
    converter: Callable[[Any], Any] | None = kind.dialect_impl(dialect).bind_processor(dialect)
    return converter
