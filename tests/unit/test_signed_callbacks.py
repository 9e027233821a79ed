from __future__ import annotations

from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.telegram.limits import CALLBACK_LIMIT
from bot.telegram.signed_callbacks import CallbackSigner, SignedAction, is_signed
from digests.subscriptions import Address

SEAL = CallbackSigner("1:token")
chats = st.integers(-(2**52), 2**52)
buttons = st.builds(
    SignedAction,
    st.sampled_from("svruc"),
    st.builds(Address, chats, st.integers(0, 2**31)),
    st.text("ab:-+/_ 1", max_size=20),
)


@given(chats, buttons)
def test_a_button_is_read_back_where_it_was_shown(shown_in, button):
    data = SEAL.close(shown_in, button)
    assert is_signed(data)
    assert len(data.encode()) <= CALLBACK_LIMIT
    assert SEAL.open(shown_in, data) == button


@given(chats, chats, buttons)
def test_a_button_opens_in_no_other_chat_and_for_no_other_bot(shown_in, elsewhere, button):
    data = SEAL.close(shown_in, button)
    assert CallbackSigner("1:other").open(shown_in, data) is None
    if elsewhere != shown_in:
        assert SEAL.open(elsewhere, data) is None


@given(chats, buttons, st.integers(0, 63), st.characters(codec="utf-8"))
def test_a_button_with_any_other_character_is_refused(shown_in, button, place, character):
    data = SEAL.close(shown_in, button)
    changed = data[:place] + character + data[place + 1 :]
    assert changed == data or SEAL.open(shown_in, changed) is None


@given(st.text(max_size=64))
def test_whatever_is_sent_is_refused_without_an_error(data):
    assert SEAL.open(1, data) is None


def test_every_time_zone_fits_into_a_button_for_the_longest_ids():
    farthest = Address(-(2**52), 2**31)
    for zone in available_timezones():
        SEAL.close(farthest.chat_id, SignedAction("s", farthest, zone))


def test_what_is_too_long_is_refused_when_it_is_made():
    with pytest.raises(ValueError, match="too long"):
        SEAL.close(1, SignedAction("s", Address(1), "x" * 60))


@given(st.integers(1, 2**40), st.integers(1, 2**40))
def test_a_request_has_a_number_of_its_own_for_each_person_and_purpose(one, other):
    assert 0 <= SEAL.number("channel", one) < 2**31
    assert SEAL.number("channel", one) != SEAL.number("group", one)
    if one != other:
        assert SEAL.number("channel", one) != SEAL.number("channel", other)
