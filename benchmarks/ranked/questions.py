"""Questions with known answers, and what a drafted answer to one is worth.

GSM8K's word problems, whose answer is a number; BANKING77's questions of bank customers, whose
answer is the one of eight intents that fits; and PubMedQA's questions to the abstract of a study,
whose answer is yes, no or maybe. The questions of a set are shuffled once; the first of them are
for development, the next are reported, so that no question is ever both.
"""

import csv
import json
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import zip_longest
from pathlib import Path
from typing import Any

import numpy as np

import label_configs
from connectors.character_ngrams import LEAST_DIM, character_vectors
from drafting.prompts import FewShotExample

INTERFACE = label_configs.load("chat_response")
SEED = 17
DEVELOPMENT, REPORTED = 60, 200
BLOCK = 20  # questions of one kind in a row, so that a run that is cut short has some of each
NUMBERS = """\
# Word problems

Solve the problem step by step. Say in a sentence for each step what is calculated and why, with the
calculation. The last line is always `Answer:` and the number alone, without a unit."""
DECISIONS = """\
# Questions to a study

Answer the question by what the study found. First say in one sentence which finding decides it,
with its figures. The last line is always the decision: `Decision: yes` where the findings say so,
`Decision: no` where they say the contrary or find no difference, and `Decision: maybe` only where
they leave it open."""
INTENTS = """\
# What customers want

Say which of the listed intents fits the customer's message. First say in one short sentence what
the customer wants. The last line is always `Intent:` and the name of one intent of the list, letter
by letter."""
OPTIONS = 8  # intents to choose from
# As many as a draft is shown of finished work by default. All are ours, and of no data set.
SOLVED = (
    FewShotExample(
        "A baker fills 12 trays with 8 rolls each. He sells 70 rolls, and gives half of the rest "
        "away. How many rolls are left?",
        "The baker fills 12 trays with 8 rolls each, so he has 12 * 8 = 96 rolls.\n"
        "He sells 70 of them, which leaves 96 - 70 = 26 rolls.\n"
        "He gives half of those away, which are 26 / 2 = 13 rolls.\n"
        "So 26 - 13 = 13 rolls are left.\n"
        "Answer: 13",
    ),
    FewShotExample(
        "Lena is twice as old as Tom. In 5 years, they will be 40 together. How old is Lena?",
        "In 5 years both are 5 years older, which is 2 * 5 = 10 years for the two of them, so "
        "today they are 40 - 10 = 30 together.\n"
        "Tom's age is one part of that and Lena's is two, so there are 1 + 2 = 3 parts.\n"
        "One part is Tom's age, which is 30 / 3 = 10.\n"
        "Lena is twice as old, so she is 2 * 10 = 20.\n"
        "Answer: 20",
    ),
    FewShotExample(
        "A coat costs 80 dollars. It is 25% off, and 6 dollars are charged for sending it. What is "
        "paid?",
        "The coat is 25% off, and 25% of 80 dollars are 80 * 0.25 = 20 dollars.\n"
        "So the coat itself costs 80 - 20 = 60 dollars.\n"
        "Sending it costs 6 dollars more, so 60 + 6 = 66 dollars are paid.\n"
        "Answer: 66",
    ),
)
DECIDED = (
    FewShotExample(
        "Do falls become fewer with vitamin D?",
        "Falls were as frequent in both groups, 31 % and 30 % (p = 0.8).\nDecision: no",
    ),
    FewShotExample(
        "Can the score replace a biopsy?",
        "The score found 70 % of the tumours in one group and 45 % in the other, and was tried on "
        "20 patients.\nDecision: maybe",
    ),
    FewShotExample(
        "Does walking shorten the stay in hospital after surgery?",
        "Patients who walked on the first day went home 1.8 days sooner than the others "
        "(p = 0.01).\nDecision: yes",
    ),
)
NAMED = (
    FewShotExample(
        "How much have I spent on food since May?",
        "The customer wants to see what was spent on something.\nIntent: spending_overview",
    ),
    FewShotExample(
        "My statement says I was born in 1897.",
        "The customer wants wrong personal details to be corrected.\nIntent: correct_details",
    ),
    FewShotExample(
        "Do you have a branch in Leeds?",
        "The customer wants to know where branches are.\nIntent: find_branch",
    ),
)
_NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?")
_ANSWER = re.compile(r"answer\W*:(.*)", re.IGNORECASE)
_DECISION = re.compile(r"decision\W*:\W*(yes|no|maybe)\b", re.IGNORECASE)
_INTENT = re.compile(r"intent\W*:\W*([\w?]+)", re.IGNORECASE)
_NAME = re.compile(r"\w+_[\w?]+")
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
        examples: finished work that the model is shown, as it is in a project.
        seen: so many, behind those for development, are left out: they were reported before
            something was changed here or in the score, so that what they say is known.
    """

    file: str
    read: Callable[[Path], Iterator[tuple[Mapping[str, Any], str]]]
    guidelines: str
    concluded: Callable[[str], str | None]
    max_tokens: int
    examples: Sequence[FewShotExample]
    seen: int = 0


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


def concluded_intent(text: str) -> str | None:
    """The name of the last line "Intent:", else the last word that is put together like a name."""
    found = _INTENT.findall(text)[-1:] or _NAME.findall(text)[-1:]
    return found[0].strip("_?").lower() if found else None


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


def _messages_of_customers(path: Path) -> Iterator[tuple[Mapping[str, Any], str]]:
    """Each with the intents whose names are most like the right one, in an order of their own."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [(row["text"], row["category"].strip("_?").lower()) for row in csv.DictReader(file)]
    names = sorted({name for _, name in rows})
    vectors = character_vectors([name.replace("_", " ") for name in names], LEAST_DIM)
    alike = np.argsort(-(vectors @ vectors.T), axis=1, kind="stable")[:, :OPTIONS]
    for place, (text, name) in enumerate(rows):
        options = [names[i] for i in alike[names.index(name)]]
        random.Random(place).shuffle(options)
        listed = "\n".join(f"- {option}" for option in options)
        data = {
            "messages": [{"role": "user", "content": text}],
            "documents": [{"title": "Intents", "text": listed}],
        }
        yield data, name


SETS: Mapping[str, QuestionSet] = {
    "gsm8k": QuestionSet(
        "gsm8k_test.jsonl", _word_problems, NUMBERS, concluded_number, 400, SOLVED, seen=200
    ),
    "banking77": QuestionSet(
        "banking77_test.csv", _messages_of_customers, INTENTS, concluded_intent, 60, NAMED
    ),
    "pubmedqa": QuestionSet(
        "pubmedqa_labeled.json", _studies, DECISIONS, concluded_decision, 140, DECIDED
    ),
}


def questions(folder: Path, kind: str) -> list[Question]:
    """The development questions of a set, then those that are reported, the same ones each time."""
    one = SETS[kind]
    rows = list(enumerate(one.read(folder / one.file)))
    random.Random(SEED).shuffle(rows)
    development = min(DEVELOPMENT, len(rows) // 4)
    first = development + max(0, min(one.seen, len(rows) - development - REPORTED))
    chosen = rows[:development] + rows[first : first + REPORTED]
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
