"""Answers that were drafted, with the time that an expert took over each."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from benchmarks.quality_measured.cases import Case, Half

_WORDS_A_MINUTE = (90, 400)  # from careful to skimming


def read(cases: Sequence[Case], half: Half) -> list[Case]:
    """The same, read before they were accepted; every third was edited."""
    draws = Random(f"drafted {half}")
    found = []
    for i, case in enumerate(cases):
        words = len(case.text.answer.split())
        seconds = 60 * words / draws.uniform(*_WORDS_A_MINUTE)
        draft = case.text.answer
        if i % 3 == 0:
            draft = " ".join(draft.split()[: words // 2])
            seconds = max(seconds, 20.0)
        text = replace(case.text, draft=draft, lead_time_s=round(seconds, 2))
        found.append(Case("drafted", text, case.slots))
    return found
