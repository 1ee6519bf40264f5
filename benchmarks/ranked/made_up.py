"""Small files in the form of the real ones, in words of our own, for `--quick`.

They show that everything runs; what they give says nothing of any model. Drafts that are right are
mostly sure and agree, wrong ones waver.
"""

import csv
import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.ranked.questions import SETS, Question, in_drawing_order
from benchmarks.ranked.replies import FILE, SAMPLES, asked_of
from connectors.character_ngrams import LEAST_DIM, character_vectors
from connectors.llm_replies import Reply, Sample
from connectors.reading import Embeddings

QUESTIONS = 60  # of GSM8K and PubMedQA, each
_SEED = 3
_PEOPLE = ("Ada", "Ben", "Cora", "Dan", "Eve", "Finn")
_THINGS = ("pens", "stamps", "apples", "marbles", "tickets")
_CURES = ("Walking", "Swimming", "Green tea", "More sleep", "Cold baths", "Singing")
_ILLS = ("back pain", "poor sleep", "headaches", "a cold", "low mood")
_INTENTS = {
    "lost_card": ("I lost my {} card", "my {} card is gone", "somebody took my {} card"),
    "card_fee": ("what does a {} card cost", "the price of a {} card", "is the {} card free"),
    "limit": ("how much may I spend by {} card", "raise the limit of my {} card"),
    "transfer": ("my {} transfer has not come", "where is the {} transfer", "{} transfer is late"),
    "exchange": ("which rate do you use for {}", "how is my {} money exchanged"),
}
_FILLED = ("blue", "gold", "travel", "family", "student", "second", "foreign", "business")
_WORDS = {"gsm8k": "Answer", "banking77": "Intent", "pubmedqa": "Decision"}
_ASIDES = ("", " please", " today", " once more", " and thanks")


class CharacterEncoder:
    """Texts as vectors of their characters, where loading a model would take too long."""

    def encode(self, texts: list[str]) -> Embeddings:
        """(n, dim) float32, each row of length 1."""
        return character_vectors(texts, LEAST_DIM)


def write_all(folder: Path) -> None:
    """Write every file that the benchmark reads, replies included."""
    draws = random.Random(_SEED)
    _write_lines(folder / SETS["gsm8k"].file, _word_problems(draws))
    studies = {str(i): row for i, row in enumerate(_studies(draws))}
    (folder / SETS["pubmedqa"].file).write_text(json.dumps(studies), encoding="utf-8")
    texts = [
        (said.format(what) + aside, intent)
        for intent, ways in _INTENTS.items()
        for said in ways
        for what in _FILLED
        for aside in _ASIDES
    ]
    draws.shuffle(texts)
    _write_table(folder / "banking77_train.csv", texts[: len(texts) * 2 // 3])
    _write_table(folder / "banking77_test.csv", texts[len(texts) * 2 // 3 :])
    asked = in_drawing_order(folder)
    _write_lines(folder / FILE, (_reply(question, draws) for question in asked))


def _word_problems(draws: random.Random) -> Iterator[dict[str, Any]]:
    for i in range(QUESTIONS):
        who, what = draws.choice(_PEOPLE), draws.choice(_THINGS)
        has, gets = draws.randint(2, 60), draws.randint(2, 60)
        asked = f"{who} has {has} {what} and gets {gets} more on day {i}. How many are there now?"
        yield {
            "question": asked,
            "answer": f"{has} and {gets} are {has + gets}.\n#### {has + gets}",
        }


def _studies(draws: random.Random) -> Iterator[dict[str, Any]]:
    for i in range(QUESTIONS):
        cure, ill = draws.choice(_CURES), draws.choice(_ILLS)
        yield {
            "QUESTION": f"Does it help against {ill}: {cure.lower()}, in group {i}?",
            "CONTEXTS": [f"{cure} was tried on {10 + i} people with {ill}.", "They were asked."],
            "LABELS": ["METHODS", "RESULTS"],
            "final_decision": draws.choice(("yes", "no", "maybe")),
        }


def _reply(question: Question, draws: random.Random) -> dict[str, Any]:
    """Four samples: mostly the right conclusion where the model is sure, any where it is not."""
    sure = draws.random() < 0.5
    samples = []
    for _ in range(SAMPLES):
        right = draws.random() < (0.9 if sure else 0.3)
        said = question.answer if right else _other(question, draws)
        word = _WORDS[question.kind]
        text = f"It follows from what is told.\n{word}: {said}"
        scale = 0.05 if sure else 0.4
        logprobs = tuple(-round(draws.expovariate(1 / scale), 4) for _ in text.split())
        samples.append(Sample(text, logprobs, model="made-up"))
    tokens = [sample.text.split(" ") for sample in samples]
    reply = Reply(tuple(samples), calls=1)
    return {
        "key": question.key,
        "asked": asked_of(question),
        "reply": reply.to_json(),
        "tokens": tokens,
        "seconds": 0.1,
    }


def _other(question: Question, draws: random.Random) -> str:
    if question.kind == "gsm8k":
        return str(int(question.answer) + draws.randint(1, 9))
    said = _INTENTS if question.kind == "banking77" else ("yes", "no", "maybe")
    return draws.choice([one for one in said if one != question.answer])


def _write_lines(path: Path, rows: Iterator[dict[str, Any]]) -> None:
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")


def _write_table(path: Path, rows: Sequence[tuple[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["text", "category"])
        table.writerows(rows)
