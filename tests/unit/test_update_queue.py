from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.updates.update_queue import chat_of

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=10,
)


def test_an_update_belongs_to_its_chat_whatever_its_kind():
    chat, ann = {"id": -100}, {"id": 7}
    assert chat_of({"update_id": 1, "message": {"chat": chat, "from": ann}}) == -100
    assert chat_of({"update_id": 1, "my_chat_member": {"chat": chat, "from": ann}}) == -100
    assert chat_of({"update_id": 1, "callback_query": {"from": ann, "message": {"chat": chat}}}) == -100
    assert chat_of({"update_id": 1, "inline_query": {"from": ann}}) == 7
    assert chat_of({"update_id": 1, "poll": {"id": "x"}}) == ("update", 1)


@given(
    st.dictionaries(st.text(max_size=8) | st.sampled_from(["message", "callback_query"]), JSON, max_size=3)
)
def test_no_shape_of_an_update_is_too_strange_to_be_placed(update):
    chat_of(update)
