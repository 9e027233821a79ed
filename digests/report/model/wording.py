"""How a term is worded, so that one thing has one name."""

from __future__ import annotations

from pydantic import Field

from digests.report.model.sourcing import PackModel
from digests.text import Phrase


class Wording(PackModel):
    """Wherever a Chinese text has the term, its English has one of the forms; no text has what to avoid."""

    zh: Phrase
    en: tuple[Phrase, ...] = Field(min_length=1, description="its English, in the forms that grammar needs")
    avoid: tuple[Phrase, ...] = Field(default=(), description="other names of the same thing, in English")
