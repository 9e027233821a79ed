from __future__ import annotations

from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.telegram.callback_data import SubscriptionAction
from bot.telegram.calls.limits import CALLBACK_LIMIT
from bot.telegram.signed_callbacks import CallbackSigner, SignedAction, is_signed
from digests.subscriptions import Address

SIGNER = CallbackSigner("1:token")
chats = st.integers(-(2**52), 2**52)
buttons = st.builds(
    SignedAction,
    st.sampled_from(SubscriptionAction),
    st.builds(Address, chats, st.integers(0, 2**31)),
    st.text("ab:-+/_ 1", max_size=20),
)


@given(chats, buttons)
def test_a_button_is_read_back_where_it_was_shown(shown_in, button):
    data = SIGNER.sign(shown_in, button)
    assert is_signed(data)
    assert len(data.encode()) <= CALLBACK_LIMIT
    assert SIGNER.verify(shown_in, data) == button


@given(chats, chats, buttons)
def test_a_button_opens_in_no_other_chat_and_for_no_other_bot(shown_in, elsewhere, button):
    data = SIGNER.sign(shown_in, button)
    assert CallbackSigner("1:other").verify(shown_in, data) is None
    if elsewhere != shown_in:
        assert SIGNER.verify(elsewhere, data) is None


@given(chats, buttons, st.integers(0, 63), st.characters(codec="utf-8"))
def test_a_button_with_any_other_character_is_refused(shown_in, button, place, character):
    data = SIGNER.sign(shown_in, button)
    changed = data[:place] + character + data[place + 1 :]
    assert changed == data or SIGNER.verify(shown_in, changed) is None


@pytest.mark.parametrize("data", ["~|u|7.0|\ud800|IsSdFeD2", "~|u|7.0||\ud800"])
def test_what_is_no_text_is_refused_without_an_error(data):
    assert SIGNER.verify(7, data) is None


@given(st.text(max_size=64))
def test_whatever_is_sent_is_refused_without_an_error(data):
    assert SIGNER.verify(1, data) is None


def test_every_time_zone_fits_into_a_button_for_the_longest_ids():
    farthest = Address(-(2**52), 2**31)
    for zone in available_timezones():
        SIGNER.sign(farthest.chat_id, SignedAction(SubscriptionAction.CHANGE, farthest, zone))


def test_what_is_too_long_is_refused_when_it_is_made():
    with pytest.raises(ValueError, match="too long"):
        SIGNER.sign(1, SignedAction(SubscriptionAction.CHANGE, Address(1), "x" * 60))


@given(st.integers(1, 2**40), st.integers(1, 2**40))
def test_a_request_has_a_number_of_its_own_for_each_person_and_purpose(one, other):
    assert 0 <= SIGNER.request_id("channel", one) < 2**31
    assert SIGNER.request_id("channel", one) != SIGNER.request_id("group", one)
    if one != other:
        assert SIGNER.request_id("channel", one) != SIGNER.request_id("channel", other)


@pytest.mark.parametrize(
    ("shown_in", "button", "data"),
    [
        (7, SignedAction(SubscriptionAction.UNSUBSCRIBE, Address(7)), "~|u|7.0||IsSdFeD2"),
        (
            -1001234567890,
            SignedAction(SubscriptionAction.CHANGE, Address(-1001234567890, 63), "daily"),
            "~|s|-hCTkd5o.11|daily|9Eh-G8n4",
        ),
    ],
)
def test_buttons_that_earlier_versions_showed_still_work(shown_in, button, data):
    assert SIGNER.sign(shown_in, button) == data
    assert SIGNER.verify(shown_in, data) == button


def test_a_chat_that_was_asked_for_earlier_is_still_known():
    assert SIGNER.request_id("channel", 7) == 629873250


@pytest.mark.parametrize("changed", ["action", "address", "value", "signature", "missing"])
def test_a_button_whose_words_were_changed_is_refused(changed):
    data = SIGNER.sign(7, SignedAction(SubscriptionAction.CHANGE, Address(-100, 5), "daily"))
    prefix, action, address, value, signature = data.split("|")
    forged = {
        "action": (prefix, "u", address, value, signature),
        "address": (prefix, action, "-1d.5", value, signature),
        "value": (prefix, action, address, "weekly", signature),
        "signature": (prefix, action, address, value, "AAAAAAAA"),
        "missing": (prefix, action, address, value, ""),
    }
    assert SIGNER.verify(7, data) is not None
    assert SIGNER.verify(7, "|".join(forged[changed])) is None


@pytest.mark.parametrize(
    ("data", "signed"), [("~|u|7.0||x", True), ("~", False), ("v|~|", False), ("", False)]
)
def test_a_button_says_by_its_beginning_whether_it_is_signed(data, signed):
    assert is_signed(data) is signed
