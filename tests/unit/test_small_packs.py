from __future__ import annotations

from datetime import date

import pytest

from bot.handlers.general.start import show_start
from bot.views.screen import ViewRequest
from digests.pages import Pages
from digests.report.library import Library
from digests.text import Language
from tests.integration.bot_world import report


@pytest.mark.parametrize("language", Language)
def test_a_report_without_places_and_figures_is_introduced_all_the_same(language):
    small = Library([report().model_copy(update={"places": (), "metrics": ()})])
    shown = show_start(ViewRequest("", language, date(2026, 5, 10), small, Pages())).html
    assert report().publication.title[language] in shown
    assert report().name[language] in shown
