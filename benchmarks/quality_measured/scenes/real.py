"""Answers of public data sets, each in halves that share no item."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.quality_measured.cases import Case, Half
from sync.quality.text_checks.checked_text import CheckedText, Document

PUBMEDQA, MEDQUAD, GSM8K = "pubmedqa_labeled.json", "medquad_cdc.jsonl", "gsm8k_test.jsonl"
_CALCULATOR = re.compile(r"<<.*?>>")
_SEED = 18


def halved(folder: Path, half: Half) -> Mapping[str, list[Case]]:
    """Every set's cases of one half, by scene."""
    found = {
        "pubmedqa": [*_pubmedqa(folder / PUBMEDQA)],
        "medquad": [*_medquad(folder / MEDQUAD)],
        "gsm8k": [*_gsm8k(folder / GSM8K, in_steps=False)],
        "gsm8k_steps": [*_gsm8k(folder / GSM8K, in_steps=True)],
    }
    return {scene: _half(cases, half) for scene, cases in found.items()}


def whole(folder: Path) -> Mapping[str, list[Case]]:
    """The two sets that false alarms are counted in."""
    return {
        "pubmedqa": [*_pubmedqa(folder / PUBMEDQA)],
        "medquad": [*_medquad(folder / MEDQUAD)],
    }


def _half(cases: list[Case], half: Half) -> list[Case]:
    Random(_SEED).shuffle(cases)
    return cases[: len(cases) // 2] if half == "dev" else cases[len(cases) // 2 :]


def _case(scene: str, question: str, answer: str, **more: Any) -> Case:
    return Case(scene, CheckedText(question=question, prompt=question, answer=answer, **more))


def _pubmedqa(path: Path) -> Iterator[Case]:
    for row in json.loads(path.read_text(encoding="utf-8")).values():
        parts = zip(row["LABELS"], row["CONTEXTS"], strict=True)
        documents = tuple(Document(title.capitalize(), text) for title, text in parts)
        yield _case("pubmedqa", row["QUESTION"], row["LONG_ANSWER"], documents=documents)


def _medquad(path: Path) -> Iterator[Case]:
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield _case("medquad", row["question"], row["answer"])


def _gsm8k(path: Path, in_steps: bool) -> Iterator[Case]:
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        worked, _, number = row["answer"].rpartition("####")
        steps = _CALCULATOR.sub("", worked).strip().splitlines()
        last = f"The answer is {number.strip()}."
        if in_steps:
            yield _case("gsm8k_steps", row["question"], last, reasoning=tuple(steps))
        else:
            yield _case("gsm8k", row["question"], "\n".join([*steps, last]))
