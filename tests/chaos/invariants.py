"""What has to hold whatever happens: each function gives what breaks its sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from bot.playground.bot_api.world import Call
from tests.chaos.evidence import Evidence
from tests.chaos.people import FAILED, PERHAPS_LOST, TOO_MANY, SettingChange, texts
from tests.chaos.plan import Kind
from tests.chaos.telegram import DROPPED
from tests.chaos.town import GROUPS, PRIVATE, READERS

#: How much a process may grow between its first calm and the end of a run (MB), and how many more descriptors
#: it may have: its connections to the database and to Telegram are kept for the next use.
_MORE_MEGABYTES, _MORE_DESCRIPTORS = 60.0, 30


def everything_settles(evidence: Evidence) -> Iterator[str]:
    """When the faults are over, every instance is ready and nothing waits any more."""
    yield from evidence.unsettled


def each_due_post_arrives(evidence: Evidence) -> Iterator[str]:
    """Each subscription got each due post."""
    for telling in sorted(evidence.due() - evidence.arrived().keys()):
        yield f"{telling} did not arrive; on record: {evidence.records.get(telling)}"


def only_what_was_in_flight_doubles(evidence: Evidence) -> Iterator[str]:
    """A post arrives twice only when what came of its call was lost."""
    for telling, arrivals in evidence.arrived().items():
        for arrival in arrivals[:-1]:
            if not evidence.is_in_doubt(arrival):
                yield f"{telling} arrived {len(arrivals)} times, first without any doubt: {arrival}"


def nobody_gets_what_he_did_not_ask_for(evidence: Evidence) -> Iterator[str]:
    """Subscribers get the posts of their subscription in their language; readers get answers."""
    due = evidence.due()
    for arrival in evidence.telegram.arrivals:
        if arrival.chat_id in evidence.subscriptions:
            occasion = evidence.occasion_of(arrival)
            is_due = occasion is not None and (arrival.chat_id, occasion.key) in due
            if not is_due and not evidence.was_ahead(arrival.at):
                yield f"nobody asked for {arrival}"
    for reader in READERS:
        words = [question.word for question in evidence.people.questions if question.chat_id == reader]
        for text in texts(evidence.telegram.world, reader):
            if not _is_word(text) and not any(word in text for word in words):
                yield f"reader {reader} got {text!r}"


def each_question_is_answered(evidence: Evidence) -> Iterator[str]:
    """No question stays without an answer or a word, unless the network swallowed both."""
    people, left, wordless = evidence.people, evidence.left(), evidence.wordless()
    silent = Counter(each.chat_id for each in people.questions if not people.is_answered(each))
    for chat_id, number in silent.items():
        said = [text for text in texts(evidence.telegram.world, chat_id) if _is_word(text)]
        if said and chat_id == READERS[0] and evidence.has(Kind.KILL):
            continue  # how many were left of a flood is not logged by who was killed in it
        if number > left[chat_id] + _words_for_none(evidence, chat_id, said) + wordless[chat_id]:
            yield f"{number} questions of {chat_id} have no answer, {left[chat_id]} were left; said: {said}"
        if left[chat_id] and not said and not wordless[chat_id] and not _words_swallowed(evidence, chat_id):
            yield f"{left[chat_id]} questions of {chat_id} were left without a word"


def _is_word(text: str) -> bool:
    """Whether a message says that there is no answer, or perhaps none."""
    return any(word in text for word in FAILED + PERHAPS_LOST + TOO_MANY)


def _words_for_none(evidence: Evidence, chat_id: int, said: list[str]) -> int:
    """How many words stand for an answer that did not arrive; those of a flood are one for many."""
    failed, perhaps = (
        sum(any(word in text for word in words) for text in said) for words in (FAILED, PERHAPS_LOST)
    )
    arrived = sum(
        arrival.is_cut and arrival.chat_id == chat_id and not _is_word(arrival.text)
        for arrival in evidence.telegram.arrivals
    )
    return failed + max(0, perhaps - arrived)


def _words_swallowed(evidence: Evidence, chat_id: int) -> int:
    return sum(
        str(call.parameters.get("chat_id")) == str(chat_id) and _is_word(str(call.parameters.get("text")))
        for call in _dropped(evidence)
    )


def _dropped(evidence: Evidence) -> Iterator[Call]:
    """The calls on which the server hung up before it took them."""
    for call in evidence.telegram.world.calls:
        if call.refusal is not None and call.refusal.description == DROPPED:
            yield call


def each_button_is_acknowledged(evidence: Evidence) -> Iterator[str]:
    """A button that was pressed does not keep its clock running."""
    for query, told in evidence.telegram.world.callbacks.items():
        if told is None:
            yield f"the button of {query} was never acknowledged"


def settings_are_those_of_the_last_change(evidence: Evidence) -> Iterator[str]:
    """Each switch stands as its administrator set it last."""
    for group in GROUPS:
        for setting in ("silent", "picture", "figure_on_empty_days"):
            changes = [
                change
                for change in evidence.people.changes
                if (change.group, change.setting) == (group, setting)
            ]
            value = getattr(evidence.settings[group], setting)
            if changes and value not in _possible(evidence, changes):
                told = [(each.value, evidence.people.word_on(each)) for each in changes]
                yield f"{setting} of {group} is {value} after {told}"


def _possible(evidence: Evidence, changes: list[SettingChange]) -> set[bool]:
    """What a switch may be: the last change that was confirmed, or a later one of which nobody knows."""
    possible: set[bool] = set()
    for change in reversed(changes):
        possible.add(change.value)
        if _is_confirmed(evidence, change):
            return possible
    return {True, False}


def _is_confirmed(evidence: Evidence, change: SettingChange) -> bool:
    told = evidence.people.word_on(change)
    return told is not None and not _is_word(told)


def logs_keep_secrets(evidence: Evidence) -> Iterator[str]:
    """No secret, no title and no name is in any log."""
    for secret in (*evidence.secrets, PRIVATE):
        for line in evidence.logs.splitlines():
            if secret in line:
                yield f"a log tells {secret!r}: {line[:300]}"


def processes_stay_small(evidence: Evidence) -> Iterator[str]:
    """Descriptors and memory of a process are flat."""
    for before, after in evidence.readings:
        if after.descriptors > before.descriptors + _MORE_DESCRIPTORS:
            yield f"descriptors grew: {before} -> {after}"
        if after.megabytes > before.megabytes + _MORE_MEGABYTES:
            yield f"memory grew: {before} -> {after}"


Invariant = Callable[[Evidence], Iterator[str]]

INVARIANTS: tuple[Invariant, ...] = (
    everything_settles,
    each_due_post_arrives,
    only_what_was_in_flight_doubles,
    nobody_gets_what_he_did_not_ask_for,
    each_question_is_answered,
    each_button_is_acknowledged,
    settings_are_those_of_the_last_change,
    logs_keep_secrets,
    processes_stay_small,
)


def violations(evidence: Evidence) -> list[str]:
    """What is broken, each with the sentence that it breaks."""
    return [
        f"{(invariant.__doc__ or '').strip()} -- {problem}"
        for invariant in INVARIANTS
        for problem in invariant(evidence)
    ]
