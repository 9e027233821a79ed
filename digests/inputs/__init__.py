"""Readers of what people type: one for each kind of value, all behind one normalisation.

Each reader returns a typed value or raises `InputError`; no other exception leaves this package, and
the work is bounded by `normalize.LONGEST`.
"""

from __future__ import annotations


class InputError(ValueError):
    """Text that cannot be read, and what to write instead.

    ``phrase`` is an English msgid, ``values`` fill its ``%(name)s`` places, ``forms`` are spellings that
    would work and ``near`` are values that may have been meant, as the reader takes them. As text it is
    one English line with all of that, for operators.
    """

    def __init__(
        self, phrase: str, *, forms: tuple[str, ...] = (), near: tuple[str, ...] = (), **values: object
    ) -> None:
        hint = f" Did you mean {', '.join(near)}?" if near else ""
        hint = hint or (f" Write for example {', '.join(forms)}." if forms else "")
        super().__init__(phrase % values + hint)
        self.phrase = phrase
        self.values = values
        self.forms = forms
        self.near = near


class AmbiguousInputError(InputError):
    """Text with several meanings; ``near`` holds them and none is chosen in silence."""
