"""Finished work of about 2 KB a task: questions about articles, with the experts' answers."""

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from label_configs.chat_response import ChatResponse
from label_configs.provenance import Provenance
from label_configs.reasoning_steps import ReasoningSteps
from label_configs.step_rows import Step
from sync.records.record import LabelledRecord

START = datetime(2026, 1, 1, tzinfo=UTC)
TOPICS = ("prevention", "diagnosis", "treatment", "prognosis")
# of the texts that are made up, in words
_CONTEXT_WORDS = 75
_ANSWER_WORDS = 60


@dataclass(frozen=True)
class Article:
    """A question, what is known, and the answer."""

    question: str
    contexts: Sequence[str]
    answer: str


def articles(data: Path | None) -> list[Article]:
    """Of a file of PubMedQA's, or as many words drawn from a hat.

    Args:
        data: `data/ori_pqal.json` of github.com/pubmedqa/pubmedqa, or its list of objects.
    """
    if data is None:
        return list(_made_up(1000))
    found = json.loads(data.read_text(encoding="utf-8"))
    rows = found.values() if isinstance(found, dict) else found
    return [Article(row["QUESTION"], row["CONTEXTS"], row["LONG_ANSWER"]) for row in rows]


def _made_up(count: int) -> Iterator[Article]:
    drawn = random.Random(6)
    letters = "aeiounrstldmcpgé"
    words = ["".join(drawn.choices(letters, k=drawn.randint(2, 10))) for _ in range(3000)]

    def text(length: int) -> str:
        return " ".join(drawn.choices(words, k=length)).capitalize() + "."

    for _ in range(count):
        contexts = [text(_CONTEXT_WORDS) for _ in range(3)]
        yield Article(text(12)[:-1] + "?", contexts, text(_ANSWER_WORDS))


def task_data(article: Article, number: int) -> dict[str, Any]:
    """A task about an article; no two have the same texts."""
    return {
        "labeltune_id": f"article-{number}",
        "messages": [{"role": "user", "content": f"{article.question} (case {number})"}],
        "documents": [
            {"title": f"Abstract {at}", "text": f"{text} [{number}]"}
            for at, text in enumerate(article.contexts, start=1)
        ],
    }


def answer(article: Article, number: int) -> ChatResponse:
    """What the expert made of a draft that had to be written anew."""
    topic = TOPICS[number % len(TOPICS)]
    return ChatResponse(f"{article.answer} [{number}]", verdict="rewrite", category=topic)


def draft(article: Article, number: int) -> ChatResponse:
    """What the model had drafted."""
    return ChatResponse(f"{article.contexts[0]} [{number}]")


def records(found: Sequence[Article], numbers: range, interface: str) -> list[LabelledRecord]:
    """Labelled records of an interface, `chat_response` or `reasoning_steps`."""
    return [_record(found[n % len(found)], n, interface) for n in numbers]


def _record(article: Article, number: int, interface: str) -> LabelledRecord:
    made: Any = answer(article, number)
    drafted: Any = draft(article, number)
    if interface == "reasoning_steps":
        made, drafted = _chain(article, made.response), None
    categories: Mapping[str, str] = {"topic": TOPICS[number % len(TOPICS)]}
    return LabelledRecord(
        task_id=number + 1,
        annotation_id=number + 1_000_001,
        data=task_data(article, number),
        record=made,
        provenance=Provenance("chat_response-1a2b3c4d", "rewritten", 0.9, 60.0),
        completed_by=number % 7,
        updated_at=START + timedelta(seconds=number),
        categories=categories,
        draft=drafted,
    )


def _chain(article: Article, text: str) -> ReasoningSteps:
    steps = [Step(context, verdict="correct") for context in article.contexts]
    return ReasoningSteps((*steps, Step(text, verdict="correct")), text, "accept")
