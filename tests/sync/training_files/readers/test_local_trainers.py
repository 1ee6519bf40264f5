"""LLaMA-Factory's and Axolotl's own readers over generated lines: what they refuse is an error."""

from pathlib import Path
from typing import Any

import pytest

from sync.training_files.formats import FORMATS
from sync.training_files.trainers import PROVIDERS
from tests.sync.dataset.release.companions.trainer_packages import trainer_packages
from tests.sync.training_files.readers.comparing import compared
from tests.sync.training_files.readers.documented import documented
from tests.sync.training_files.readers.generated_lines import generated
from tests.sync.training_files.readers.reader_packages import verdicts

NUMBER = 2_000
STAGES = {"sharegpt-preference": "rm", "sharegpt-kto": "kto"}
READ = {
    "llama-factory": [
        *("sharegpt", "sharegpt-preference", "sharegpt-kto", "alpaca"),
        *("openai-chat", "trl-language-modeling"),
    ],
    "axolotl": ["sharegpt", "openai-chat", "trl-language-modeling"],
}


def asked(trainer: str, form: str, lines: list[Any]) -> list[Any]:
    """What its reader takes: how a file of the format is read, and lines."""
    told = FORMATS[form]
    if trainer == "axolotl":
        assert told.axolotl is not None
        return [dict(told.axolotl.dataset), dict(told.axolotl.run), lines]
    assert told.llama_factory is not None
    return [STAGES.get(form, "sft"), dict(told.llama_factory.keys), lines]


@pytest.mark.thorough
@pytest.mark.parametrize("trainer", READ)
def test_what_it_drops_or_stops_at_is_an_error(trainer: str, tmp_path: Path) -> None:
    lines = {form: generated(form, NUMBER, 1) for form in READ[trainer]}
    assert sum(map(len, lines.values())) >= 500
    request = [asked(trainer, form, lines[form]) for form in READ[trainer]]
    reader = f"{trainer.replace('-', '_')}_reader"
    answers = verdicts(reader, request, tmp_path, trainer_packages())
    refused: set[str] = set()
    for form, said in zip(READ[trainer], answers, strict=True):
        found = compared(form, trainer, lines[form], said)
        assert found.passed == []
        assert found.taken
        refused |= set(found.refused)
    assert refused <= documented(trainer)


def test_all_that_is_read_as_lines_is_compared() -> None:
    """But for preferences and steps, which Axolotl passes to TRL as they are, or only counts."""
    passed_on = {"trl-preference", "trl-unpaired-preference", "trl-stepwise"}
    for trainer, forms in READ.items():
        assert set(forms) == set(PROVIDERS[trainer].formats) - passed_on
