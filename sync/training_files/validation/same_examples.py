"""What a file holds twice, and what two files have in common, as faults.

Only lines that may equal another are looked at exactly: they are read a second time.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np

from sync.training_files.formats.format import Fault
from sync.training_files.validation.checked_file import CheckedFile
from sync.training_files.validation.likeness import met_again, met_in
from sync.training_files.validation.repeated_examples import (
    Fingerprints,
    Hashes,
    double_examples,
    in_both,
)

_PAIR_RULES = {"example": "overlap", "prompt": "overlap-prompt"}


def same_examples(passed: Sequence[CheckedFile]) -> Iterator[tuple[CheckedFile, int, Fault]]:
    """(file, line, fault) of what files hold twice, and then of what those of two roles share."""
    pairs = [
        (one, other)
        for one, other in combinations(range(len(passed)), 2)
        if passed[one].source.role != passed[other].source.role
        and passed[one].form == passed[other].form
    ]
    prints = _looked_at_exactly(passed, pairs)
    for file, of in zip(passed, prints, strict=True):
        for line, fault in _doubles(file, of):
            yield file, line, fault
    for one, other in pairs:
        earlier, later = passed[one], passed[other]
        for line, fault in _overlap(earlier, prints[one], prints[other]):
            yield later, line, fault


def _looked_at_exactly(
    passed: Sequence[CheckedFile], pairs: Sequence[tuple[int, int]]
) -> list[Fingerprints]:
    """The fingerprints of each file's lines that may equal others; the rest equal nothing."""
    may: list[list[Hashes]] = [
        [met_again(file.likenesses.examples)] if file.fingerprints is None else []
        for file in passed
    ]
    for one, other in pairs:
        whole = passed[one].fingerprints is not None or passed[other].fingerprints is not None
        for mine, theirs in ((one, other), (other, one)):
            own, others = passed[mine].likenesses, passed[theirs].likenesses
            if whole:  # one of them was looked at already, without likenesses
                may[mine].append(np.flatnonzero(own.examples))
                continue
            may[mine].append(met_in(own.examples, others.examples))
            may[mine].append(met_in(own.prompts, others.prompts))
    return [
        file.fingerprints or _fingerprints(file, np.unique(np.concatenate(lines)))
        for file, lines in zip(passed, may, strict=True)
    ]


def _fingerprints(file: CheckedFile, indices: Hashes) -> Fingerprints:
    """Of the lines of these indices, read once more."""
    made, at = Fingerprints(), 0
    if len(indices) and file.read_again is not None:
        for number, said in file.read_again(set((indices + 1).tolist())):
            made.pass_over(number - 1 - at)
            made.add(said)
            at = number
    made.pass_over(max(file.lines - at, 0))
    return made


def _doubles(file: CheckedFile, of: Fingerprints) -> Iterator[tuple[int, Fault]]:
    """(line, fault) of what a file holds twice."""
    task_of = file.source.task_of
    for but, line, first in double_examples(of):
        if (task := task_of(line)) is not None and task == task_of(first):
            continue  # `export --balance` wrote a task's line more than once
        message = f"the same example as {file.unit} {first}{but}; leave one out"
        yield line, Fault("duplicate", message, "warning")


def _overlap(
    earlier: CheckedFile, theirs: Fingerprints, own: Fingerprints
) -> Iterator[tuple[int, Fault]]:
    """(line, fault) of what a later split has in common with an earlier one."""
    other, role = earlier.source.name, earlier.source.role
    for what, but, line, found in in_both(own, theirs):
        of = f"the same {what} as {earlier.unit} {found} of {other}, which is for {role}"
        rule = _PAIR_RULES[what]
        if but:
            message = f"{of}{but}: leave one out unless case tells them apart"
            yield line, Fault(f"{rule}-case", message, "warning")
        else:
            message = f"{of}: what was trained on proves nothing; leave one out"
            yield line, Fault(rule, message)
