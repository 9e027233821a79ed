from __future__ import annotations

import json
import subprocess
import sys

_FIELDS = """
import json, re, sys
from bot.telegram.calls.lazy_models import build_on_demand

if sys.argv[1] == "on demand":
    build_on_demand()
import aiogram.methods, aiogram.types

models = {
    name: model
    for module in (aiogram.types, aiogram.methods)
    for name in module.__all__
    if hasattr(model := getattr(module, name), "model_rebuild") and name not in ("Response", "TelegramMethod")
}
built = [name for name, model in models.items() if model.__pydantic_complete__]
for model in models.values():
    model.model_rebuild()
shown = {name: re.sub(" at 0x[0-9a-f]+", "", repr(model.model_fields)) for name, model in models.items()}
print(json.dumps([built, shown]))
"""


def test_models_that_are_built_on_demand_are_the_same_and_few_are_built_at_the_start():
    (built, fields), (all_built, as_aiogram_has_them) = (
        json.loads(subprocess.check_output([sys.executable, "-c", _FIELDS, when]))
        for when in ("on demand", "at once")
    )
    assert len(as_aiogram_has_them) > 400
    assert fields == as_aiogram_has_them
    assert len(all_built) == len(as_aiogram_has_them)
    assert len(built) < len(all_built) / 2
