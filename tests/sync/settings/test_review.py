"""`[review]` and `[experts]`: what they hold, and what is refused with its name."""

from pathlib import Path

import pytest

from sync.common.errors import ConfigError
from sync.settings import load

WHOLE = """
[review]
severity = false
random = 0.1
[review.risks]
topic = { fraud = 0.9 }
[[review.tiers]]
name = "peer"
[[review.tiers]]
name = "compliance"
from_risk = 0.8
blind = false
[experts."ana@example.org"]
skills = { topic = ["cards", "fees"] }
tiers = ["compliance"]
hours = 10
"""
REFUSED = {
    "[review]\nrando = 0.1": "unknown key 'review.rando'; did you mean 'random'?",
    "[review]\nseverity = true": "review.severity: input should be 'error', 'warning', 'info'",
    "[review]\nrandom = 1.5": "review.random: input should be less than or equal to 1",
    "[review.risks]\ntopic = { fraud = 2.0 }": "review.risks.topic.fraud: input should be less",
    "[[review.tiers]]\nname = 'A peer'": "review.tiers.0.name: names a folder",
    "[[review.tiers]]\nname = 'a'\n[[review.tiers]]\nname = 'a'": "two tiers are called 'a'",
    "[experts.ana]\nskils = {}": "unknown key 'experts.ana.skils'; did you mean 'skills'?",
    "[experts.ana]\nhours = -1.0": "experts.ana.hours: input should be greater than or equal to 0",
    '[experts."ana@x.org"]\nlanguages = ["English"]': "expected an ISO 639-1 code such as 'en'",
    "[review]\nguidelines = 1.5": "guidelines: input should be less than or equal to 1",
}


def test_all_of_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "labeltune.toml").write_text(WHOLE)
    config = load(tmp_path / "labeltune.toml")
    assert config.review.severity is False
    assert [(tier.name, tier.from_risk, tier.blind) for tier in config.review.tiers] == [
        ("peer", None, None),
        ("compliance", 0.8, False),
    ]
    ana = config.experts["ana@example.org"]
    assert (ana.skills, ana.tiers, ana.hours) == (
        {"topic": ("cards", "fees")},
        ("compliance",),
        10.0,
    )


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_wrong_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "labeltune.toml").write_text(text)
    with pytest.raises(ConfigError) as refused:
        load(tmp_path / "labeltune.toml")
    assert REFUSED[text] in str(refused.value)
