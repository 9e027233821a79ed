"""Narrowing only leaves out: what is chosen, how it is read, and what becomes of it when reports change."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path

import pytest

from digests.composing.digest import Digest, compose, compose_by_key, upcoming
from digests.composing.post_composer import PostComposer
from digests.inputs import AmbiguousInputError
from digests.narrowing import MOST_CHOICES, Dimension
from digests.narrowing.matching import facts_of
from digests.narrowing.options import gone, names_of, options_of
from digests.narrowing.reading import UnknownChoiceError, cut_narrowing, read_choices
from digests.pages import Pages
from digests.posts import Audience
from digests.report.library import Library
from digests.report.loading import load_pack
from digests.report.model import MilestoneKind
from digests.schedules import Cadence, Occasion, Schedule
from digests.text import Language, Text
from tests.unit.test_picture_contents import words

PACK = Path(__file__).parents[2] / "data" / "henan-cbec-2023"
EN, ZH = Language.EN, Language.ZH


@cache
def library() -> Library:
    return Library([load_pack(PACK)])


def told(digest: Digest | None) -> list[str]:
    return [item.milestone.id for item in digest.items] if digest else []


def occasions() -> Iterator[Occasion]:
    """Each month, week and day of a year."""
    for cadence in Cadence:
        day = date(2026, 1, 1)
        while day.year == 2026:
            occasion = Occasion.containing(cadence, day)
            yield occasion
            day = occasion.last_day + timedelta(days=1)


def test_a_narrowed_digest_is_the_whole_one_without_what_belongs_to_none_of_the_choices():
    for only in (("kind:policy", "place:luoyang"), ("subject:zones-subject",), ("theme:measure-brand",)):
        wanted = facts_of(library(), only)
        for occasion in occasions():
            whole, digest = compose(library(), occasion), compose(library(), occasion, only)
            assert told(digest) == [fact for fact in told(whole) if fact in wanted]
            if digest and not digest.items:
                assert whole is not None
                assert digest.figure is whole.figure
                assert digest.figure is not None
                assert digest.figure.id in wanted


def test_all_kinds_together_leave_out_no_milestone_and_their_posts_are_everybodys():
    every = tuple(f"kind:{kind}" for kind in MilestoneKind)
    for occasion in occasions():
        whole = compose(library(), occasion)
        assert compose(library(), occasion, every) == (whole if whole and whole.items else None)


def test_a_day_without_anything_chosen_tells_no_figure_instead():
    day = Occasion.parse("daily:2026-05-10")  # a visit
    assert compose(library(), day, ("kind:visit",)) == compose(library(), day)
    assert compose(library(), day, tuple(f"subject:{each.subject}" for each in library().metrics)) is None


def test_a_figure_of_the_day_is_told_only_where_it_belongs_to_a_choice():
    quiet = Occasion.parse("daily:2026-06-08")
    whole = compose(library(), quiet)
    assert whole is not None
    assert whole.figure is not None
    subject = library().metric_of(whole.figure.id).subject
    assert compose(library(), quiet, (f"subject:{subject}",)) == whole
    assert compose(library(), quiet, ("kind:policy",)) is None


def test_the_next_dates_are_those_of_what_is_chosen():
    monthly = Schedule(Cadence.MONTHLY, time(9), "Asia/Shanghai")
    found = upcoming(library(), monthly, datetime(2026, 5, 9, tzinfo=UTC), 3, only=("place:luoyang",))
    assert [(post.due.occasion.key, told(post.digest)) for post in found] == [
        ("monthly:2026-12", ["luoyang-zone"]),
        ("monthly:2027-01", ["retail-pilot-2020"]),
        ("monthly:2027-12", ["luoyang-zone"]),
    ]


def test_a_part_of_a_digest_has_a_key_that_gives_it_back():
    for occasion in occasions():
        for option in options_of(library()):
            if digest := compose(library(), occasion, (option.token,)):
                assert compose_by_key(library(), digest.key) == digest


@pytest.mark.parametrize(
    "key", ["daily:2026-05-09!1.000000", "monthly:2026-05!1.000000", "monthly:2026-05!0"]
)
def test_a_part_of_another_state_of_the_reports_is_not_drawn(key):
    with pytest.raises(LookupError):
        compose_by_key(library(), key)


def test_the_card_of_a_part_shows_that_part():
    september = compose(library(), Occasion.parse("monthly:2026-09"))
    part = compose(library(), Occasion.parse("monthly:2026-09"), ("place:xuchang",))
    assert len(told(september)) == 2
    assert part is not None
    assert "Xuchang" in words(f"digest:{part.key}")
    assert "Li Keqiang" in words("digest:monthly:2026-09")
    assert "Li Keqiang" not in words(f"digest:{part.key}")


def test_who_is_told_the_same_gets_the_same_post_and_its_card():
    composer = PostComposer(library, Pages())
    month = Occasion.parse("monthly:2026-09")
    narrowed = [
        composer.compose(month, Audience(EN, (), only)) for only in (("place:xuchang",), ("kind:pilot",))
    ]
    whole = composer.compose(month, Audience(EN))
    assert narrowed[0] is narrowed[1]
    assert whole is not None
    assert narrowed[0] is not None
    assert set(narrowed[0].facts) < set(whole.facts)
    assert narrowed[0].picture != whole.picture


@pytest.mark.parametrize(
    ("text", "before", "choices"),
    [
        ("only Luoyang", "", ["place:luoyang"]),
        ("only Luoyang policy", "", ["kind:policy", "place:luoyang"]),
        ("Only Luoyang, policy and Xuchang City", "", ["kind:policy", "place:luoyang", "place:xuchang"]),
        ("weekly fri only the policy", "weekly fri ", ["kind:policy"]),
        ("only 洛阳 政策", "", ["kind:policy", "place:luoyang"]),
        ("每天9点只看洛阳和政策", "每天9点", ["kind:policy", "place:luoyang"]),
        ("僅看鄭州", "", ["place:zhengzhou"]),
        ("只看 试点、许昌市", "", ["kind:pilot", "place:xuchang"]),
        ("only Foreign trade", "", ["subject:trade"]),
        ("只看物流", "", ["subject:logistics"]),
        ("只看 专业人才匮乏", "", ["theme:problem-talent"]),
        ("only subject:policy kind:policy", "", ["kind:policy", "subject:policy"]),
        ("only Luoyang only policy", "", ["kind:policy", "place:luoyang"]),
        ("only all", "", []),
        ("只看全部", "", []),
    ],
)  # fmt: skip
def test_what_is_followed_is_read_in_words(text, before, choices):
    assert cut_narrowing(text)[0] == before
    chosen, others = read_choices(library(), str(cut_narrowing(text)[1]))
    assert (list(chosen), others) == (choices, ())


def test_a_sentence_without_the_word_narrows_nothing():
    assert cut_narrowing("weekly fri 09:00") == ("weekly fri 09:00", None)
    assert cut_narrowing("commonly")[1] is None


@pytest.mark.parametrize(
    ("text", "unknown", "kept", "near"),
    [
        ("Luoyng", "Luoyng", "", ("Luoyang",)),
        ("policy Luoyng", "Luoyng", "policy", ("Luoyang",)),
        ("洛杨", "洛杨", "", ("洛阳",)),
        ("approvals", "approvals", "", ("approval",)),
        ("Berlin", "Berlin", "", ()),
        ("Zhoukou", "Zhoukou", "", ()),
        ("", "", "", ()),
    ],
)
def test_what_is_no_choice_is_told_with_the_nearest(text, unknown, kept, near):
    with pytest.raises(UnknownChoiceError) as caught:
        read_choices(library(), text)
    assert (caught.value.unknown.text, caught.value.kept, caught.value.unknown.near) == (unknown, kept, near)
    assert caught.value.unknown.problem


def test_of_several_things_of_one_name_none_is_chosen_in_silence():
    report = load_pack(PACK)
    renamed = [
        place.model_copy(update={"name": Text(zh="政策", en="Policy")}) if place.id == "luoyang" else place
        for place in report.places
    ]
    with pytest.raises(UnknownChoiceError) as caught:
        read_choices(Library([report.model_copy(update={"places": tuple(renamed)})]), "policy")
    assert isinstance(caught.value.unknown.problem, AmbiguousInputError)
    assert caught.value.unknown.near == ("kind:policy", "place:luoyang")


def test_the_number_of_choices_is_bounded():
    tokens = [option.token for option in options_of(library()) if option.is_told]
    assert len(read_choices(library(), " ".join(tokens[:MOST_CHOICES]))[0]) == MOST_CHOICES
    with pytest.raises(UnknownChoiceError):
        read_choices(library(), " ".join(tokens[: MOST_CHOICES + 1]))


def test_what_a_new_revision_no_longer_tells_is_named_and_widens_nothing():
    report = load_pack(PACK)
    left = tuple(m for m in report.milestones if m.kind is not MilestoneKind.POLICY)
    revised = Library([report.model_copy(update={"milestones": left})])
    only = ("kind:policy", "place:atlantis", "place:luoyang")
    assert gone(library(), only) == ("place:atlantis",)
    assert gone(revised, only) == ("kind:policy", "place:atlantis")
    assert names_of(revised, only, EN) == ["policy", "atlantis", "Luoyang"]
    assert all(compose(revised, occasion, only[:2]) is None for occasion in occasions())
    assert any(told(compose(revised, occasion, only)) for occasion in occasions())


def test_every_option_says_what_it_is_and_no_two_read_the_same():
    for language in Language:
        names = [option.name[language] for option in options_of(library())]
        assert len(set(names)) == len(names)
    assert {option.dimension for option in options_of(library())} == set(Dimension)
