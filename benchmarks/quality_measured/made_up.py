"""Small files in the form of the real ones, in words of our own, for `--quick`.

They show that everything runs; what they give says nothing of any check.
"""

import json
from pathlib import Path
from random import Random

from benchmarks.quality_measured.scenes.real import GSM8K, MEDQUAD, PUBMEDQA
from benchmarks.ranked import made_up

ITEMS = 40
_SUBJECTS = (
    "walking",
    "green tea",
    "a cold bath",
    "singing",
    "more sleep",
    "a day of rest",
    "yoga",
    "a diet",
)
_ILLS = ("back pain", "poor sleep", "a headache", "a cold", "low mood", "stiff knees")
_FOUND = (
    "It was found that {cure} can help with {ill}, which was seen in most of the people who took "
    "part.",
    "There is no sign that {cure} does harm, and it may shorten the time until {ill} is over.",
    "Further work should ask whether {cure} is of use to older people with {ill} as well.",
)
_DECISIONS = ("yes", "no", "maybe")


def write_all(folder: Path) -> None:
    """Write every file that the benchmark reads."""
    draws = Random(18)
    made_up.write_all(folder)  # the bank's questions
    studies = {}
    for i in range(ITEMS):
        cure, ill = draws.choice(_SUBJECTS), draws.choice(_ILLS)
        told = [one.format(cure=cure, ill=ill) for one in _FOUND]
        first = draws.choice(_DECISIONS)
        studies[str(i)] = {
            "QUESTION": f"Is it right in group {i} that {cure} helps people who suffer from "
            f"{ill} for weeks?",
            "CONTEXTS": [f"{cure.capitalize()} was tried against {ill}.", " ".join(told)],
            "LABELS": ["METHODS", "RESULTS"],
            "LONG_ANSWER": " ".join(told),
            "reasoning_required_pred": first,
            "reasoning_free_pred": first if draws.random() < 0.7 else draws.choice(_DECISIONS),
            "final_decision": first,
        }
    (folder / PUBMEDQA).write_text(json.dumps(studies), encoding="utf-8")
    _write(folder / MEDQUAD, [_known(draws) for _ in range(ITEMS)])
    _write(folder / GSM8K, [_problem(draws) for _ in range(ITEMS)])


def _known(draws: Random) -> dict[str, str]:
    cure, ill = draws.choice(_SUBJECTS), draws.choice(_ILLS)
    answer = " ".join(one.format(cure=cure, ill=ill) for one in draws.sample(_FOUND, 3))
    return {"question": f"How to treat {ill} ?", "answer": f"{answer} Ask a doctor about {ill}."}


def _problem(draws: Random) -> dict[str, str]:
    has, gets, price = draws.randint(12, 60), draws.randint(61, 90), draws.randint(3, 9)
    together = has + gets
    return {
        "question": f"Ada has {has} pens and gets {gets} more. What are they worth at ${price} "
        f"each?",
        "answer": f"She has {has}+{gets}=<<{has}+{gets}={together}>>{together} pens.\n"
        f"That is {together}*{price}=<<1>>{together * price} dollars.\n"
        f"They are worth ${together * price}.\n#### {together * price}",
    }


def _write(path: Path, rows: list[dict[str, str]]) -> None:
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
