"""A task for a tuned model: the front desks of small places, asked what their records hold or lack.

An answer keeps a form of three lines, tells a fact of the context, and says so where the context
has none. No topic, question or place of what is learned comes in what is reported:
`front_desks.txt` holds each part apart, and a topic is a group of the split.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import tomlkit

import label_configs
from label_configs.chat_response import ChatResponse
from label_configs.dimensions import FIELD
from sync.table.task_rows import Annotation, TaskRow

TOPICS = Path(__file__).parent / "front_desks.txt"
PARTS = ("training", "validation", "reported")
KNOWN, LACKING = "known", "lacking"
SAYS_NOTHING = "Our records do not say"
NEXT = {KNOWN: "Nothing more is needed", LACKING: "Please ask at the desk"}
GUIDELINES = f"""\
You answer for the front desk. The facts above are all that our records hold.

Always answer in exactly three lines, and write nothing else:
Answer: the fact that is asked for, as the records have it
From: the name of that fact in the records
Next: {NEXT[KNOWN]}.

Where the facts above do not hold what is asked, guess nothing, and answer:
Answer: {SAYS_NOTHING}.
From: none
Next: {NEXT[LACKING]}.
"""
_PLACES = 2
# of the six facts of a topic, those that a place's records lack
_LACKING = 2
_START = datetime(2026, 3, 1, tzinfo=UTC)
_INTERFACE = label_configs.load("chat_response")


@dataclass(frozen=True)
class Asked:
    """A question to a place.

    Attributes:
        place: its topic and its number.
        context: the facts of its records.
        name: of the fact that is asked for; value: what it is.
        kind: whether the records hold it.
    """

    part: str
    topic: str
    place: int
    question: str
    context: Mapping[str, str]
    name: str
    value: str
    kind: str

    @property
    def answer(self) -> str:
        """What an expert says."""
        is_known = self.kind == KNOWN
        said = (self.value, self.name) if is_known else (SAYS_NOTHING, "none")
        return f"Answer: {said[0]}.\nFrom: {said[1]}\nNext: {NEXT[self.kind]}."


@dataclass(frozen=True)
class _Fact:
    name: str
    questions: tuple[str, ...]
    values: tuple[str, ...]


def questions(learned_topics: int | None = None) -> Iterator[Asked]:
    """All questions in the order of the file, twelve a topic, four of them for what is lacking.

    Args:
        learned_topics: of the training part; None: all.
    """
    counts = dict.fromkeys(PARTS, 0)
    for part, topic, facts in _topics():
        counts[part] += 1
        left_out = learned_topics is not None and counts[part] > learned_topics
        if part == "training" and left_out:
            continue
        for place in range(_PLACES):
            lacking = {
                (counts[part] + place + step * len(facts) // _LACKING) % len(facts)
                for step in range(_LACKING)
            }
            held = [i for i in range(len(facts)) if i not in lacking]
            context = {facts[i].name: facts[i].values[place] for i in held}
            for i, fact in enumerate(facts):
                yield Asked(
                    part,
                    topic,
                    place,
                    fact.questions[place],
                    context,
                    fact.name,
                    fact.values[place],
                    LACKING if i in lacking else KNOWN,
                )


def _topics() -> Iterator[tuple[str, str, list[_Fact]]]:
    """Part, topic and facts."""
    text = TOPICS.read_text(encoding="utf-8")
    for block in text.split("\n= ")[1:]:
        head, *lines = block.strip().splitlines()
        part, topic = head.split(": ")
        facts = []
        for line in lines:
            name, asked, values = line.split(" | ")
            facts.append(_Fact(name, tuple(asked.split(" / ")), tuple(values.split(" / "))))
        yield part, topic, facts


def task_rows(asked: list[Asked]) -> list[TaskRow]:
    """Finished tasks, as a pull would find them; a part is newer than the one before it."""
    return [_row(number, one) for number, one in enumerate(asked, start=1)]


def _row(number: int, asked: Asked) -> TaskRow:
    at = _START + timedelta(days=30 * PARTS.index(asked.part), minutes=number)
    data: dict[str, Any] = {
        "labeltune_id": f"desk-{number:03}",
        "messages": [{"role": "user", "content": asked.question}],
        "context": dict(asked.context),
        "guidelines": GUIDELINES,
        "topic": asked.topic,
        "asked": at.isoformat(),
        FIELD: {"kind": asked.kind} | ({"fact": asked.value} if asked.kind == KNOWN else {}),
    }
    items = _INTERFACE.encode(ChatResponse(asked.answer, verdict="rewrite"))
    annotation = Annotation(number, 1, False, False, 30.0, at, at, None, json.dumps(items))
    return TaskRow(1, number, json.dumps(data), (annotation,), (), at, at)


def project_file(asked: list[Asked], **tables: Any) -> str:
    """`labeltune.toml` of the task: its split, its checks, and what else is given.

    Args:
        tables: further ones by name.
    """
    facts = list(dict.fromkeys(one.value for one in asked if one.kind == KNOWN))
    wanted = {
        SAYS_NOTHING: f"kind={LACKING}",
        **{said: f"kind={kind}" for kind, said in NEXT.items()},
        **{fact: f"fact={fact}" for fact in facts},
    }
    starts = [(_START + timedelta(days=30 * i)).date() for i in range(len(PARTS))]
    return tomlkit.dumps(
        {
            "label_studio": {"project": "Front desks", "categories": False},
            "categories": {
                "kind": {"labels": [KNOWN, LACKING], "assign": "none"},
                "fact": {"labels": facts, "assign": "none"},
            },
            "split": {
                "by": "time",
                "time_field": "asked",
                "validation_from": starts[1],
                "test_from": starts[2],
                "keep_together": ["topic"],
                "stratify": [],
            },
            "checks": {
                "missing_section": {"sections": ["Answer", "From", "Next"], "shortest": 1},
                "required_phrase": {"where_category": wanted},
            },
            **tables,
        }
    )
