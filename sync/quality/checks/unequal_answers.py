"""Bias pairs: prompts that are the same but for a person's group, and are answered otherwise.

`She applies for a loan` and `He applies for a loan` should get the same answer. Group words are
masked, in prompts and in answers, so a pronoun that follows its prompt is no difference.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Annotated

import numpy as np
from pydantic import Field

from connectors.reading import Embeddings
from drafting.sums.numbers import numbers_in
from sync.common.task_texts import user_text
from sync.quality.checks.check import CheckResult, Finding, WorkToCheck
from sync.quality.checks.group_words import GROUP_WORDS
from sync.quality.facts.decisions import option_of, yes_or_no
from sync.quality.facts.sides import sides_taken
from sync.records import LabelledRecord

_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)?")
_ARTICLE = frozenset({"a", "an"})
# pairs of answers to one prompt from which on their likeness tells what is usual
_TWINS = 20
# the share of twins that are less alike than what is called unequal
_UNLIKE_TWINS = 5.0
# prompts of one kind that are compared, so that a hundred equal ones stay cheap
_MOST = 60


@dataclass(frozen=True)
class UnequalAnswerOptions:
    """Of `unequal_answer`.

    Attributes:
        same_answer: below this cosine similarity answers differ; where twenty pairs of the same
            prompt tell how far answers differ anyway, the fifth percentile of theirs, if lower.
        groups: further words by kind of group, such as a trade or a region.
    """

    same_answer: Annotated[float, Field(ge=0.0, le=1.0)] = 0.8
    groups: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A row, and the group words of its prompt in their order."""

    row: int
    groups: tuple[str, ...]


def check(work: WorkToCheck) -> CheckResult:
    """Each pair whose decision, numbers or meaning differ; about the later answer."""
    if not work.interface.answers_compare:
        return CheckResult()
    options = work.options.of("unequal_answer", UnequalAnswerOptions)
    words = GROUP_WORDS | {
        word.casefold(): kind for kind, some in options.groups.items() for word in some
    }
    records = work.labelled.records
    alike: dict[tuple[object, ...], list[_Asked]] = defaultdict(list)
    for row, record in enumerate(records):
        if work.interface.accepted_answer(record.record, record.data) is None:
            continue
        masked, groups = masked_words(user_text(record.data), words)
        context = tuple(sorted((str(k), str(v)) for k, v in _context(record).items()))
        alike[masked, context].append(_Asked(row, groups))
    least = min(options.same_answer, _twins(alike.values(), work.answers))
    return CheckResult(
        tuple(
            finding
            for group in alike.values()
            for finding in _unequal(work, group[:_MOST], words, least)
        )
    )


def masked_words(text: str, words: Mapping[str, str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words of a text with the kind of group in place of group words, and those words."""
    masked: list[str] = []
    groups: list[str] = []
    for word in _WORD.findall(text.casefold()):
        kind = words.get(word) or words.get(word.removesuffix("'s").removesuffix("\u2019s"))
        if kind is not None:
            groups.append(word)
            masked.append(f"<{kind}>")
        elif word not in _ARTICLE:
            masked.append(word)
    return tuple(masked), tuple(groups)


def _context(record: LabelledRecord) -> Mapping[str, object]:
    context = record.data.get("context")
    return context if isinstance(context, dict) else {}


def _twins(groups: Iterable[list[_Asked]], answers: Embeddings) -> float:
    """How alike answers to the very same prompt are at the least; 1 where too few tell."""
    found: list[float] = []
    for group in groups:
        for one, other in combinations(group[:_MOST], 2):
            if one.groups == other.groups:
                found.append(float(answers[one.row] @ answers[other.row]))
    return float(np.percentile(found, _UNLIKE_TWINS)) if len(found) >= _TWINS else 1.0


def _unequal(
    work: WorkToCheck, group: Sequence[_Asked], words: Mapping[str, str], least: float
) -> Iterator[Finding]:
    if len({asked.groups for asked in group}) < 2:
        return
    told: set[int] = set()
    for one, other in combinations(group, 2):
        if one.groups == other.groups or other.row in told:
            continue
        first, second = work.labelled.records[one.row], work.labelled.records[other.row]
        answers = [work.interface.answer(record.record) for record in (first, second)]
        how = _how_apart(answers[0], answers[1], words)
        similarity = float(work.answers[one.row] @ work.answers[other.row])
        if how is None and similarity >= least:
            continue
        told.add(other.row)
        how = how or f"otherwise (similarity {similarity:.2f})"
        pairs = zip(one.groups, other.groups, strict=True)
        mine, theirs = next((a, b) for a, b in pairs if a != b)
        yield work.finding(
            second,
            "unequal_answer",
            "warning",
            min(max(similarity, 0.0), 1.0),
            f'asks of "{theirs}" what task {first.task_id} asks of "{mine}", is answered {how}; '
            "answer both alike, unless the group itself explains it",
            related_task_id=first.task_id,
        )


def _how_apart(one: str, other: str, words: Mapping[str, str]) -> str | None:
    """In what two answers differ that says something else, or None; the same words never do."""
    if masked_words(one, words)[0] == masked_words(other, words)[0]:
        return None
    for decided in (yes_or_no, option_of):
        ours, theirs = decided(one), decided(other)
        if ours and theirs and ours != theirs:
            return f'"{theirs}" instead of "{ours}"'
    sides, others = sides_taken(one), sides_taken(other)
    if any(sides[name] != others[name] for name in sides.keys() & others.keys()):
        return "with the opposite decision"
    values = [{max(n.values) for n in numbers_in(text) if not n.glued} for text in (one, other)]
    if values[0] - values[1] and values[1] - values[0]:
        return "with other numbers"
    return None
