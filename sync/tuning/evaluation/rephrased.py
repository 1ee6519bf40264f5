"""Held-out questions as other kinds of people would ask them, and whether answers stay as good.

The rewording is by rule, so that it costs nothing, is the same each time, and changes no fact.
"""

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from label_configs.content import text_of
from sync.tuning.evaluation.held_out import AskedTurns, HeldOutItem
from sync.tuning.evaluation.measures import similarity, text_checks
from sync.tuning.evaluation.measures.measure import AnsweredItems, Answers, MeasuredSeries
from sync.tuning.evaluation.statistics.intervals import ItemValues

_GREETING = re.compile(r"^(hello|hi|hey|dear [^,.!?]*|good (morning|day|evening))[,.! ]+", re.I)
_WORD = re.compile(r"[^\W\d_]{5,}")
# words of a question that a hasty writer gets wrong
_SLIPS = 2


def terse(question: str) -> str:
    """As somebody types it on a telephone: small letters, no greeting, no mark at the end."""
    return _GREETING.sub("", question.strip()).rstrip(" .?!").lower()


def polite(question: str) -> str:
    """As somebody who takes their time."""
    return f"Hello, I hope that you can help me. {question.strip()} Thank you very much in advance!"


def hasty(question: str) -> str:
    """With two letters swapped in up to two words; numbers and names stay as they are."""
    chance = random.Random(question)
    words = [found for found in _WORD.finditer(question) if found[0].islower()]
    told = list(question)
    for found in chance.sample(words, min(_SLIPS, len(words))):
        at = chance.randrange(found.start() + 1, found.end() - 2)
        told[at], told[at + 1] = told[at + 1], told[at]
    return "".join(told)


def upset(question: str) -> str:
    """As somebody who has lost their patience."""
    return f"I have waited for days and nobody answers me! {question.strip()} I ask the third time."


_HOW = {"terse": "tersely", "polite": "politely", "hasty": "hastily", "upset": "in anger"}

# how -> the question in these words
REPHRASINGS: Mapping[str, Callable[[str], str]] = {
    "terse": terse,
    "polite": polite,
    "hasty": hasty,
    "upset": upset,
}


def rephrased(item: HeldOutItem, change: Callable[[str], str]) -> HeldOutItem | None:
    """An item with the user's last words changed, in its task and in the release's prompt.

    Returns:
        None where they can't be found in both, or stay as they are.
    """
    messages = item.record.data.get("messages")
    if not isinstance(messages, list) or not messages or messages[-1].get("role") != "user":
        return None
    said = messages[-1].get("content")
    if not isinstance(said, str) or not said.strip() or (now := change(said)) == said:
        return None
    *before, last = item.asked.prompt
    if text_of(last["content"]).count(said) != 1:
        return None
    data = {**item.record.data, "messages": [*messages[:-1], {**messages[-1], "content": now}]}
    asked = {**last, "content": text_of(last["content"]).replace(said, now)}
    return replace(
        item,
        record=replace(item.record, data=data),
        asked=AskedTurns((*before, asked), item.asked.answer),
    )


def rephrased_series(
    how: str,
    answered: AnsweredItems,
    places: Sequence[int],
    before: Mapping[str, Answers],
) -> Iterator[MeasuredSeries]:
    """Whether answers pass all checks, and how near they are to those that were given before.

    Args:
        how: of `REPHRASINGS`.
        answered: the rephrased items alone.
        places: of each of them among all items; the others have no figure.
        before: by arm, the answers to all items in their own words.
    """
    asked, total = f"asked {_HOW[how]}", max(map(len, before.values()), default=0)
    for series in text_checks.measure(answered):
        if series.is_main:
            spread = {arm: _spread(v, places, total) for arm, v in series.values.items()}
            yield replace(
                series,
                name=f"rephrased.{how}",
                told=f"{series.told}, {asked}",
                values=spread,
                expert=None,
                is_main=False,
            )
    near = {}
    for arm, answers in answered.answers.items():
        first = [before[arm][place] or "" for place in places]
        pairs = zip(answered.items, first, strict=True)
        items = [replace(item, reference=said) for item, said in pairs]
        (found,) = similarity.measure(replace(answered, items=items, answers={arm: answers}))
        near[arm] = _spread(found.values[arm], places, total)
    yield MeasuredSeries(
        f"rephrased.{how}.similarity",
        f"like the answer before, {asked}",
        "number",
        passes=False,
        higher_is_better=True,
        values=near,
    )


def _spread(values: ItemValues, places: Sequence[int], total: int) -> ItemValues:
    """(total,) of (n,) values at n places; NaN elsewhere."""
    whole = np.full(total, np.nan)
    whole[list(places)] = values
    return whole
