"""A question with one right answer, as it is asked and as it is kept."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its options in order of size, of which one is right.

    ``fact`` is the id of the milestone or figure, ``explanation`` the answer with its place in the report.
    """

    fact: str
    text: str
    options: tuple[str, ...]
    right: int
    explanation: str

    def to_json(self) -> str:
        """The question as one text."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """A question as `to_json` wrote it."""
        fields = json.loads(text)
        return cls(**fields | {"options": tuple(fields["options"])})
