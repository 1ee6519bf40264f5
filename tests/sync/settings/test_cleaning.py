"""`[cleaning]`: what is refused, and with which sentence."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from sync import settings as configuration
from sync.common.errors import ConfigError

REFUSED = {
    "[cleaning]\nunusable = 'skip'": "cleaning.unusable: input should be 'refuse' or 'drop'",
    "[cleaning]\nnormalization = 1": "unknown key 'cleaning.normalization'; did you mean 'normali",
    "[cleaning.normalisation]\nform = 'NFD'": "cleaning.normalisation.form: input should be 'NFC'",
    "[cleaning.length]\nleast = 0": "cleaning.length.least: input should be greater than or equal",
    "[cleaning.length]\nleast = 9\nmost = 8": "cleaning.length: least (9) is more than most (8)",
    "[cleaning.language]\nwanted = []": "cleaning.language.wanted: tuple should have at least 1",
    "[cleaning.language]\nleast = 1.5": "cleaning.language.least: input should be less than or",
    "[cleaning.near_duplicates]\nthreshold = 0": "cleaning.near_duplicates.threshold: input",
    "[cleaning.near_duplicates]\nthreshold = 95": "cleaning.near_duplicates.threshold: input",
    "[cleaning.relevance]\non = true": "cleaning.relevance: relevance is judged by examples; give",
    "[cleaning.relevance]\nexamples = [1]": "cleaning.relevance.examples",
    "[cleaning.relevance]\nleast = 2": "cleaning.relevance.least: input should be less than",
}


@pytest.mark.parametrize(("text", "said"), REFUSED.items(), ids=REFUSED)
def test_refused(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "labeltune.toml"
    file.write_text(text)
    with pytest.raises(ConfigError) as caught:
        configuration.load(file)
    assert str(caught.value).startswith(f"{file}: {said}")


def test_the_template_shows_every_key_with_its_default(tmp_path: Path) -> None:
    """The block is commented out; taken in, it must be valid and change nothing."""
    template = Path(configuration.__file__).parents[1] / "templates" / "labeltune.toml"
    block, _, _ = template.read_text("utf-8").partition("# [cleaning]\n")[2].partition("\n\n")
    file = tmp_path / "labeltune.toml"
    settings = re.findall(r"^# (\[.*\]|\w+ = .*)$", block, re.MULTILINE)
    file.write_text("\n".join(["[cleaning]", *settings]))
    told = tomllib.loads(file.read_text())["cleaning"]
    default = configuration.Config().model_dump()["cleaning"]
    del default["redaction"]
    assert {name: _keys(value) for name, value in told.items()} == {
        name: _keys(value) for name, value in default.items()
    }
    loaded = configuration.load(file).model_dump()["cleaning"]
    assert loaded == configuration.Config().model_dump()["cleaning"]


def _keys(value: Any) -> set[str] | None:
    return set(value) if isinstance(value, dict) else None
