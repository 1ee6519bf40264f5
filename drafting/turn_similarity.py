"""How alike sampled turns are where some of them call tools: arithmetic, nothing else.

Embeddings of calls are poor: two of them that differ in one number are nearly the same text, and do
something else. So calls are compared by what they do.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from connectors.reading import Embeddings
from label_configs.content import ToolCall

# (n, n): symmetric, in [0, 1], ones on the diagonal
Similarities = NDArray[np.floating[Any]]
Calls = Sequence[ToolCall]
# of sums of similarities: what differs beyond them is the order of adding
_DIGITS = 5


def call_similarity(one: Calls, other: Calls) -> float:
    """How far two turns' calls do the same, in whatever order they stand.

    Each call is matched with the most similar one that is left of the other turn. Two calls of one
    tool are (1 + arguments that are equal) / (1 + arguments that either has) alike; calls of
    different tools, and one without a match, not at all. Arguments are equal as JSON values,
    whatever their order and blanks, and 1 is 1.0.

    Returns:
        In [0, 1]: 1 where both call the same with the same arguments, or neither calls anything.
        Low means that the turns do something else, so label sooner.
    """
    if not one and not other:
        return 1.0
    left = [_done(call) for call in other]
    pairs = sorted(
        (
            (-_alike(_done(call), done), at, place)
            for at, call in enumerate(one)
            for place, done in enumerate(left)
        ),
    )
    total, used, matched = 0.0, set[int](), set[int]()
    for negative, at, place in pairs:
        if at not in matched and place not in used:
            matched.add(at)
            used.add(place)
            total -= negative
    return total / max(len(one), len(other))


def turn_similarities(calls: Sequence[Calls], embeddings: Embeddings) -> Similarities:
    """Pairwise similarity of turns: of their calls where both call, else of their words.

    One turn that calls tools and one that answers are not alike at all. Words beside calls do not
    count: they announce what the calls do.

    Args:
        calls: of each turn; n in all.
        embeddings: (m, dim), rows of unit length: of the turns without calls, in their order.
    """
    n = len(calls)
    worded = [at for at, made in enumerate(calls) if not made]
    alike: Similarities = np.eye(n)
    if worded:
        alike[np.ix_(worded, worded)] = np.clip(embeddings @ embeddings.T, 0.0, 1.0)
    for at in range(n):
        for place in range(at):
            if calls[at] and calls[place]:
                alike[at, place] = alike[place, at] = call_similarity(calls[at], calls[place])
    return alike


def mean_similarity(alike: Similarities) -> float:
    """Mean of all pairs, in [0, 1]; low means that the turns disagree, so label sooner.

    Raises:
        ValueError: fewer than two turns.
    """
    if len(alike) < 2:
        raise ValueError("mean_similarity needs at least two turns")
    return float(alike[np.triu_indices(len(alike), k=1)].mean())


def soundest_first(
    alike: Similarities, also: Similarities, soundness: NDArray[np.float64]
) -> list[int]:
    """Indices of the turns: the soundest first, and of those the most similar to all (the medoid).

    How much a turn's likeness counts is how sound it is itself: one that is known to be wrong says
    little of what is right.

    Args:
        also: similarities that decide between turns which are equally similar by the first ones.
        soundness: (n,), of each turn in [0, 1]; 1 where no fault can be seen.
    """
    votes = soundness if soundness.any() else np.ones(len(alike))
    sums = [-np.round(one @ votes, _DIGITS) for one in (alike, also)]
    return [int(i) for i in np.lexsort((sums[1], sums[0], -soundness))]


def _done(call: ToolCall) -> tuple[str, Mapping[str, str] | str]:
    """A call in one form: its tool, and each argument as canonical JSON; broken ones as text."""
    try:
        value = json.loads(call.arguments or "{}")
    except (ValueError, RecursionError):
        return call.name, call.arguments.strip()
    if not isinstance(value, Mapping):
        return call.name, call.arguments.strip()
    return call.name, {str(name): _canonical(inner) for name, inner in value.items()}


def _canonical(value: Any) -> str:
    return json.dumps(_plain(value), sort_keys=True, ensure_ascii=False)


def _plain(value: Any) -> Any:
    """A value in which whole numbers are integers."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Mapping):
        return {name: _plain(inner) for name, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list) else value


def _alike(
    one: tuple[str, Mapping[str, str] | str], other: tuple[str, Mapping[str, str] | str]
) -> float:
    (tool, mine), (another, theirs) = one, other
    if tool != another:
        return 0.0
    if isinstance(mine, str) or isinstance(theirs, str):
        return float(mine == theirs)
    both = mine.items() & theirs.items()
    return (1 + len(both)) / (1 + len(mine.keys() | theirs.keys()))
