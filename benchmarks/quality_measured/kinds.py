"""Every kind of fault, and how checks are set in the scenes that they are planted in."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.quality_measured.cases import Case, Half, Kind
from benchmarks.quality_measured.faults.conclusions import CONCLUSIONS
from benchmarks.quality_measured.faults.facts import FACTS
from benchmarks.quality_measured.faults.form import FORM
from benchmarks.quality_measured.faults.repeated import REPEATED
from benchmarks.quality_measured.faults.words import WORDS
from benchmarks.quality_measured.scenes import drafted, real
from benchmarks.quality_measured.scenes.bank import BANK, BANK_CHAINS
from benchmarks.quality_measured.scenes.fields import (
    ADVICE,
    CLINIC,
    DISCLOSURE,
    LEGAL,
    SECTIONS,
    WARNING,
)
from benchmarks.quality_measured.scenes.support import SUPPORT
from benchmarks.quality_measured.scenes.workshop import QUOTES, UNITS

KINDS: Mapping[str, Kind] = {**FORM, **REPEATED, **WORDS, **FACTS, **CONCLUSIONS}
# as a team would write them into labeltune.toml; a check that is named here is switched on
OPTIONS: Mapping[str, Mapping[str, Mapping[str, Any]]] = {
    "bank": {"readability": {"hardest": 50.0}},
    "support": {"stale_fact": {"patterns": {r"(?<![\d.])[34]\.\d\b": "version 5"}}},
    "legal": {"missing_section": {"form": "irac"}, "citation": {}},
    "clinic": {"missing_section": {"form": "soap"}},
    "advice": {
        "missing_section": {"sections": SECTIONS["advice"]},
        "required_phrase": {"phrases": (DISCLOSURE, WARNING)},
    },
}
_WRITTEN = (BANK, BANK_CHAINS, SUPPORT, LEGAL, CLINIC, ADVICE, QUOTES)


def all_cases(data: Path, half: Half, number: int) -> dict[str, list[Case]]:
    """Clean answers by scene: real ones, and so many written ones of each scene.

    Args:
        data: the folder of real data.
    """
    found = dict(real.halved(data, half))
    found |= {scene.name: scene.cases(half, number) for scene in (*_WRITTEN, UNITS[half])}
    found["drafted"] = drafted.read([*found["bank"], *found["medquad"], *found["pubmedqa"]], half)
    return found
