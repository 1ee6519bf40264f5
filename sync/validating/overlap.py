"""Examples that are the same, within a file and between two.

Texts are compared without white space and case, by 8 bytes of hash: two for an example, so 16
bytes. That two examples of a million have one hash by chance has a probability of 3e-8.
"""

from array import array
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from sync.validating.said import Said

Hashes = NDArray[np.int64]

_ASCII = bytes(range(128))
_WHITE_SPACE = bytes(code for code in range(128) if chr(code).isspace())
_NOT_PLAIN = _WHITE_SPACE + bytes(range(128, 256))


class Fingerprints:
    """One number an example and one a prompt, by line number; 0 where there is none."""

    def __init__(self) -> None:
        self._examples = array("q")
        self._prompts = array("q")

    def add(self, said: Said | None) -> None:
        """The next line; None for one that can't be read."""
        if said is None:
            self._examples.append(0)
            self._prompts.append(0)
            return
        prompt = _normalised(said.prompt)
        self._prompts.append(hash(prompt) if prompt else 0)
        whole = (prompt, _normalised(said.answer), said.mark)
        self._examples.append(hash(whole) if prompt or whole[1] else 0)

    @property
    def examples(self) -> Hashes:
        """(lines,) int64."""
        return np.frombuffer(self._examples, dtype=np.int64)

    @property
    def prompts(self) -> Hashes:
        """(lines,) int64."""
        return np.frombuffer(self._prompts, dtype=np.int64)


def doubles(hashes: Hashes) -> Iterator[tuple[int, int]]:
    """(line, the first line that equals it) of every line that has an equal before it.

    Args:
        hashes: (lines,) int64; 0 equals nothing.
    """
    yield from _pairs(*_repeated(hashes))


def _repeated(hashes: Hashes) -> tuple[Hashes, Hashes]:
    """(indices, the first index that equals each) of what has an equal before it."""
    order = np.argsort(hashes, kind="stable")
    ordered = hashes[order]
    same = np.zeros(len(ordered), dtype=bool)
    np.equal(ordered[1:], ordered[:-1], out=same[1:])
    first = np.maximum.accumulate(np.where(same, 0, np.arange(len(ordered))))
    again = same & (ordered != 0)
    return order[again], order[first[again]]


def in_both(of: Fingerprints, others: Fingerprints) -> Iterator[tuple[str, int, int]]:
    """(example or prompt, line, the first line that equals it) of what others hold as well.

    A line whose example they hold is not told again for its prompt.
    """
    for line, found in shared(of.examples, others.examples):
        yield "example", line, found
    told = np.isin(of.examples, others.examples)
    for line, found in shared(np.where(told, 0, of.prompts), others.prompts):
        yield "prompt", line, found


def shared(of: Hashes, others: Hashes) -> Iterator[tuple[int, int]]:
    """(line, the first line of the others that equals it) for every line that the others hold.

    Args:
        of, others: (lines,) int64; 0 equals nothing.
    """
    if not len(others):
        return
    order = np.argsort(others, kind="stable")
    place = np.searchsorted(others, of, sorter=order)
    found = order[np.minimum(place, len(others) - 1)]
    lines = np.flatnonzero((others[found] == of) & (of != 0))
    yield from _pairs(lines, found[lines])


def _pairs(indices: Hashes, others: Hashes) -> Iterator[tuple[int, int]]:
    """(line, other line) from indices, by line; few at a time, since there may be millions."""
    by_line = np.argsort(indices)
    for start in range(0, len(by_line), 4096):
        some = by_line[start : start + 4096]
        yield from zip((indices[some] + 1).tolist(), (others[some] + 1).tolist(), strict=True)


def _normalised(texts: list[str]) -> bytes:
    """Texts without white space and case; where one ends still counts.

    ASCII goes by bytes, which is many times as fast. The other characters follow it, in their
    order: two texts would have to differ in the places of these alone to be taken for one.
    """
    whole = "\0".join(texts)
    plain = whole.encode().lower()
    if whole.isascii():
        return plain.translate(None, _WHITE_SPACE)
    others = "".join(plain.translate(None, _ASCII).decode().casefold().split())
    return plain.translate(None, _NOT_PLAIN) + (b"\0" + others.encode() if others else b"")
