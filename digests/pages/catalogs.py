"""The phrases of the pages in each language: English is the key, a Babel catalog the translation."""

from __future__ import annotations

import gettext
from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from digests.text import Language

_LOCALES = Path(__file__).parent / "locales"


@cache
def translations(language: Language) -> gettext.NullTranslations:
    """The catalog of a language, compiled in memory so that no binary stands in the repository."""
    path = _LOCALES / f"{language}.po"
    if not path.exists():
        return gettext.NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=str(language)))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def speaker(language: Language) -> Callable[[str], str]:
    """What says a phrase in a language; call it ``say``, so that the phrase is found for the catalog."""
    return translations(language).gettext
