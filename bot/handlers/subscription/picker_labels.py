"""The labels of the keyboard that picks a chat: typed or pressed, they are no search."""

from __future__ import annotations

from functools import lru_cache

from digests.pages import Pages
from digests.text import Language, msgid

CHANNEL = msgid("📣 Choose a channel")
GROUP = msgid("👥 Choose a group")
CANCEL = msgid("✖️ Put this keyboard away")


@lru_cache(maxsize=4)
def picker_labels(pages: Pages) -> frozenset[str]:
    """All of them, in every language."""
    return frozenset(
        pages.say(language, label) for language in Language for label in (CHANNEL, GROUP, CANCEL)
    )
