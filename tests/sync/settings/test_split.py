"""`[split]`: what can be set, and what is refused."""

import datetime as dt
from pathlib import Path

import pytest
from pydantic import ValidationError

import sync.settings
from sync.common.errors import ConfigError
from sync.settings.split import SplitSection


def test_as_a_file_has_it(tmp_path: Path) -> None:
    path = tmp_path / "labeltune.toml"
    path.write_text(
        "[split]\ntrain = 0.7\nvalidation = 0.0\ntest = 0.3\nnear_duplicates = false\n"
        'keep_together = ["context.account", "user_id", "user_id"]\nby = "time"\n'
        'time_field = "asked_at"\ntest_from = 2026-10-01\nstratify = ["topic"]\nseed = 3\n'
    )
    found = sync.settings.load(path).split
    assert found.shares == {"train": 0.7, "validation": 0.0, "test": 0.3}
    assert found.near_duplicates is False
    assert found.keep_together == ("context.account", "user_id")
    assert found.test_from == dt.date(2026, 10, 1)
    assert SplitSection.model_validate(found.model_dump(mode="json"), strict=False) == found


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("train = 0.9", "add up to 1, found 1.1"),
        ("train = 0.0\ntest = 0.9", "greater than 0"),
        ("near_duplicates = true", "near_duplicates"),
        ("near_duplicates = 1.2", "cosine similarity"),
        ("near_duplicates = 0.912345", "at most 4 digits"),
        ('keep_together = ["context."]', "is no field"),
        ('time_field = "at"', 'needs by = "time"'),
        ('by = "time"\nvalidation_from = 2026-10-02\ntest_from = 2026-10-01', "exchange them"),
        ("seeds = 1", "did you mean 'seed'"),
    ],
)
def test_what_makes_no_sense_is_refused(tmp_path: Path, line: str, reason: str) -> None:
    path = tmp_path / "labeltune.toml"
    path.write_text(f"[split]\n{line}\n")
    with pytest.raises(ConfigError, match=reason):
        sync.settings.load(path)


def test_half_of_a_percent_may_be_lost_to_rounding() -> None:
    third = SplitSection(train=1 / 3, validation=1 / 3, test=1 / 3)
    assert sum(third.shares.values()) == pytest.approx(1.0)
    with pytest.raises(ValidationError):
        SplitSection(train=0.33, validation=0.33, test=0.33)
