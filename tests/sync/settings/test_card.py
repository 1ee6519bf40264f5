"""`[card]` of `labeltune.toml`."""

from pathlib import Path

import pytest

from sync.common.errors import ConfigError
from sync.settings import load
from sync.settings.card import CardSection


def test_nothing_is_said_that_the_owner_did_not_say(tmp_path: Path) -> None:
    (tmp_path / "labeltune.toml").write_text("")
    assert load(tmp_path / "labeltune.toml").card == CardSection()
    assert CardSection().license is None


def test_the_card_is_read_from_the_file(tmp_path: Path) -> None:
    (tmp_path / "labeltune.toml").write_text('[card]\nlicense = "cc-by-4.0"\nlanguage = ["en"]\n')
    card = load(tmp_path / "labeltune.toml").card
    assert (card.license, card.language) == ("cc-by-4.0", ["en"])


def test_an_empty_licence_is_refused(tmp_path: Path) -> None:
    (tmp_path / "labeltune.toml").write_text('[card]\nlicense = ""\n')
    with pytest.raises(ConfigError, match=r"card\.license"):
        load(tmp_path / "labeltune.toml")
