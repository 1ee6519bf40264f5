"""Examples that are the same, within a file and between two.

Texts are compared as a reader takes them (`sync.common.same_text`), by 8 bytes of hash: four for an
example, two of them of its texts without case, so 32 bytes. That two examples of a million have one
hash by chance has a probability of 3e-8.
"""

from array import array
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from sync.common.same_text import all_as_read
from sync.training_files.formats.example_texts import Said

BUT_FOR_CASE = " but for case"

Hashes = NDArray[np.int64]


class HashedLines:
    """One number an example and one a prompt, by line number; 0 equals nothing."""

    def __init__(self) -> None:
        self._examples = array("q")
        self._prompts = array("q")

    def put(self, example: int, prompt: int) -> None:
        """The next line's."""
        self._examples.append(example)
        self._prompts.append(prompt)

    def put_all(self, examples: list[int], prompts: list[int]) -> None:
        """The next lines'."""
        self._examples.fromlist(examples)
        self._prompts.fromlist(prompts)

    def pass_over(self, lines: int) -> None:
        """The next lines equal nothing."""
        none = bytes(8 * lines)
        self._prompts.frombytes(none)
        self._examples.frombytes(none)

    @property
    def examples(self) -> Hashes:
        """(lines,) int64."""
        return np.frombuffer(self._examples, dtype=np.int64)

    @property
    def prompts(self) -> Hashes:
        """(lines,) int64."""
        return np.frombuffer(self._prompts, dtype=np.int64)


class Numbers(HashedLines):
    """The numbers of lines by their texts."""

    def add(self, prompt: str, answer: str, mark: str) -> None:
        """The next line; nothing said where it can't be read."""
        example = hash((prompt, answer, mark)) if prompt or answer else 0
        self.put(example, hash(prompt) if prompt else 0)


class Fingerprints:
    """The numbers of a file's lines.

    Attributes:
        exact: equal for texts that are the same to a reader.
        folded: equal for those that differ in case, too.
    """

    def __init__(self) -> None:
        self.exact = Numbers()
        self.folded = Numbers()

    def pass_over(self, lines: int) -> None:
        """The next lines equal nothing."""
        self.exact.pass_over(lines)
        self.folded.pass_over(lines)

    def add_all(self, lines: Sequence[Said | None]) -> None:
        """The next lines; None for one that can't be read."""
        for said in lines:
            self.add(said)

    def add(self, said: Said | None) -> None:
        """The next line; None for one that can't be read."""
        if said is None:
            self.pass_over(1)
            return
        prompt, answer = all_as_read(said.prompt), all_as_read(said.answer)
        self.exact.add(prompt, answer, said.mark)
        self.folded.add(prompt.casefold(), answer.casefold(), said.mark)


def doubles(hashes: Hashes) -> Iterator[tuple[int, int]]:
    """(line, the first line that equals it) of every line that has an equal before it.

    Args:
        hashes: (lines,) int64; 0 equals nothing.
    """
    yield from _pairs(*_repeated(hashes))


def double_examples(of: Fingerprints) -> Iterator[tuple[str, int, int]]:
    """("" or `BUT_FOR_CASE`, line, the first line that equals it) of every double example."""
    again, first = _repeated(of.exact.examples)
    for line, other in _pairs(again, first):
        yield "", line, other
    in_case, first = _repeated(of.folded.examples)
    new = ~np.isin(in_case, again)
    for line, other in _pairs(in_case[new], first[new]):
        yield BUT_FOR_CASE, line, other


def _repeated(hashes: Hashes) -> tuple[Hashes, Hashes]:
    """(indices, the first index that equals each) of what has an equal before it."""
    order = np.argsort(hashes, kind="stable")
    ordered = hashes[order]
    same = np.zeros(len(ordered), dtype=bool)
    np.equal(ordered[1:], ordered[:-1], out=same[1:])
    first = np.maximum.accumulate(np.where(same, 0, np.arange(len(ordered))))
    again = same & (ordered != 0)
    return order[again], order[first[again]]


def in_both(of: Fingerprints, others: Fingerprints) -> Iterator[tuple[str, str, int, int]]:
    """(what, but, line, the first line that equals it) of what others hold as well.

    `what` is "example" or "prompt", `but` is `BUT_FOR_CASE` where that differs, else "". A line is
    told once.
    """
    told = np.zeros(len(of.exact.examples), dtype=bool)
    for but, own, other in (("", of.exact, others.exact), (BUT_FOR_CASE, of.folded, others.folded)):
        sides = (("example", own.examples, other.examples), ("prompt", own.prompts, other.prompts))
        for what, mine, theirs in sides:
            for line, found in shared(np.where(told, 0, mine), theirs):
                yield what, but, line, found
            told |= np.isin(mine, theirs) & (mine != 0)


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
