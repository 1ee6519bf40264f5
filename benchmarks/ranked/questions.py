"""Questions with known answers, and what a drafted answer to one is worth.

GSM8K's word problems, whose answer is a number, and PubMedQA's questions to the abstract of a
study, whose answer is yes, no or maybe. The questions of a set are shuffled once; the first of them
are for development, the next are reported, so that no question is ever both.
"""

import json
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import zip_longest
from pathlib import Path
from typing import Any

import label_configs

INTERFACE = label_configs.load("chat_response")
SEED = 17
DEVELOPMENT, REPORTED = 60, 200
BLOCK = 20  # questions of one kind in a row, so that a run that is cut short has some of each
NUMBERS = """\
# Word problems

Solve the problem step by step. Write each step on a line of its own: what is calculated, and the
calculation. The last line is `Answer:` and the number alone, without a unit.

A reply looks like this:

Apples in the bags: 3 * 4 = 12
Apples that are left: 12 - 5 = 7
Answer: 7"""
DECISIONS = """\
# Questions to a study

Answer the question by what the study found. First say in one or two sentences which finding decides
it. The last line is the decision: `Decision: yes`, `Decision: no`, or `Decision: maybe` where the
findings leave it open. Replies look like these:

The treated group recovered two days sooner than the other, a significant difference.
Decision: yes

Both groups had as many falls, whatever they were given.
Decision: no"""
_NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?")
_ANSWER = re.compile(r"answer\W*:(.*)", re.IGNORECASE)
_DECISION = re.compile(r"decision\W*:\W*(yes|no|maybe)\b", re.IGNORECASE)
_FIRST = re.compile(r"\W*(yes|no|maybe)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Question:
    """A task whose right answer is known.

    Attributes:
        key: "gsm8k-12": the set, and the place in its file.
        kind: the set.
        part: "dev" or "reported".
        data: of the task.
        answer: what a right draft concludes.
    """

    key: str
    kind: str
    part: str
    data: Mapping[str, Any]
    answer: str


@dataclass(frozen=True)
class QuestionSet:
    """One file of questions.

    Attributes:
        read: tasks' own data and right answers, in the file's order.
        concluded: what a draft concludes, in the form of the answers; None: it can't be read.
        max_tokens: of a draft.
    """

    file: str
    read: Callable[[Path], Iterator[tuple[Mapping[str, Any], str]]]
    guidelines: str
    concluded: Callable[[str], str | None]
    max_tokens: int


def concluded_number(text: str) -> str | None:
    """The number of the last line "Answer:", else the last number of the text."""
    lines = _ANSWER.findall(text)
    line = lines[-1].rpartition("=")[2] if lines else ""
    numbers = _NUMBER.findall(line)[:1] or _NUMBER.findall(text)[-1:]
    return _plain(numbers[0]) if numbers else None


def concluded_decision(text: str) -> str | None:
    """The decision of the last line "Decision:", else the word that the text begins with."""
    found = _DECISION.findall(text)[-1:] or _FIRST.findall(text)[:0]
    if not found and (first := _FIRST.match(text)):
        found = [first.group(1)]
    return found[0].lower() if found else None


def _plain(number: str) -> str | None:
    """A number in one form: "1,200.00" and "1200" are the same."""
    try:
        return format(Decimal(number.replace(",", "")).normalize(), "f")
    except InvalidOperation:
        return None


def _word_problems(path: Path) -> Iterator[tuple[Mapping[str, Any], str]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        answer = _plain(row["answer"].rpartition("####")[2].strip())
        if answer is not None:
            yield {"messages": [{"role": "user", "content": row["question"]}]}, answer


def _studies(path: Path) -> Iterator[tuple[Mapping[str, Any], str]]:
    for row in json.loads(path.read_text(encoding="utf-8")).values():
        parts = zip(row["LABELS"], row["CONTEXTS"], strict=True)
        data = {
            "messages": [{"role": "user", "content": row["QUESTION"]}],
            "documents": [{"title": title.capitalize(), "text": text} for title, text in parts],
        }
        yield data, row["final_decision"]


SETS: Mapping[str, QuestionSet] = {
    "gsm8k": QuestionSet("gsm8k_test.jsonl", _word_problems, NUMBERS, concluded_number, 200),
    "pubmedqa": QuestionSet("pubmedqa_labeled.json", _studies, DECISIONS, concluded_decision, 140),
}


def questions(folder: Path, kind: str) -> list[Question]:
    """The development questions of a set, then those that are reported, the same ones each time."""
    one = SETS[kind]
    rows = list(enumerate(one.read(folder / one.file)))
    random.Random(SEED).shuffle(rows)
    development = min(DEVELOPMENT, len(rows) // 4)
    chosen = rows[: development + REPORTED]
    return [
        Question(
            f"{kind}-{place}",
            kind,
            "dev" if i < development else "reported",
            INTERFACE.complete_task(data, one.guidelines),
            answer,
        )
        for i, (place, (data, answer)) in enumerate(chosen)
    ]


def in_drawing_order(folder: Path) -> list[Question]:
    """All questions of all sets: GSM8K's for development first, then blocks of each other kind."""
    by_part: dict[tuple[str, str], list[Question]] = {}
    for kind in SETS:
        for question in questions(folder, kind):
            by_part.setdefault((kind, question.part), []).append(question)
    first = by_part.pop(("gsm8k", "dev"))
    blocks = [list(_blocks(part)) for part in by_part.values()]
    turns = (block for turn in zip_longest(*blocks, fillvalue=()) for block in turn)
    return [*first, *(question for block in turns for question in block)]


def _blocks(part: Sequence[Question]) -> Iterator[Sequence[Question]]:
    for start in range(0, len(part), BLOCK):
        yield part[start : start + BLOCK]


def is_right(question: Question, draft: str) -> bool:
    """Whether a draft concludes what is right; one whose conclusion can't be read does not."""
    return SETS[question.kind].concluded(draft) == question.answer
