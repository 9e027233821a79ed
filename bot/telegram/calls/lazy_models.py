"""aiogram's models, each built when it is first used.

When aiogram is imported, it builds a validator for each of its thousand types and methods, and each
of these holds those of its parts anew: a hundred megabytes and a second, of which a bot uses little.
"""

from __future__ import annotations

import sys
import typing
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

#: What the first updates need, so that they do not wait for it; parts come before what holds them.
_FIRST_TYPES = ("InputRichMessage", "Message", "Update")
_FIRST_METHODS = ("SendMessage", "SendPhoto", "SendRichMessage", "EditMessageText")


def build_on_demand() -> None:
    """Import aiogram so; to be called before anything else imports it, else nothing changes."""
    if "aiogram" in sys.modules:
        return
    rebuild = BaseModel.__dict__["model_rebuild"]
    BaseModel.model_rebuild = classmethod(_later)  # type: ignore[method-assign,assignment] # for a moment
    try:
        import aiogram.methods  # noqa: PLC0415 - while the models are told to wait
    finally:
        BaseModel.model_rebuild = rebuild  # type: ignore[method-assign] # as it was
    names = _names()
    for root in (aiogram.types.TelegramObject, aiogram.methods.TelegramMethod, aiogram.methods.Response):
        root.model_rebuild = _rebuilding(rebuild.__func__, names)  # type: ignore[method-assign] # for good
    for module, needed in ((aiogram.types, _FIRST_TYPES), (aiogram.methods, _FIRST_METHODS)):
        for name in needed:
            getattr(module, name).model_rebuild()


def _later(_model: type[BaseModel], /, **_options: Any) -> None:
    """What aiogram asks for as it is imported."""


def _rebuilding(rebuild: Any, names: Mapping[str, Any]) -> Any:
    """`BaseModel.model_rebuild` as pydantic calls it at a model's first use, which knows aiogram's names."""

    def model_rebuild(model: type[BaseModel], /, **options: Any) -> bool | None:
        done: bool | None = rebuild(model, **{"_types_namespace": names, **options})
        return done

    return classmethod(model_rebuild)


def _names() -> dict[str, Any]:
    """What the annotations of aiogram's types refer to, as aiogram itself gives it when it builds them."""
    from aiogram import types  # noqa: PLC0415 - imported by now
    from aiogram.client.default import Default  # noqa: PLC0415 - likewise

    general = {"List": list, "Default": Default}
    general |= {name: getattr(typing, name) for name in ("Optional", "Union", "Literal")}
    return general | {name: getattr(types, name) for name in types.__all__}
