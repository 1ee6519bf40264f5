"""What the text checks find in finished work, a batch of texts at a time."""

import json
import logging
import pickle
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from connectors.reading import Reading
from sync.common.json_text import to_json
from sync.common.terminal import ShowProgress
from sync.common.wording import counted
from sync.compute import Engine, on_all_cores
from sync.quality.checks import CheckResult, Finding, WorkToCheck
from sync.quality.known_outcomes import KnownOutcomes, fingerprint
from sync.quality.text_checks.by_meaning import LeftOut, which_hold
from sync.quality.text_checks.checked_text import CheckedText, TextCheck, checked_text
from sync.table.arrow_columns import array

_log = logging.getLogger(__name__)

# texts a batch
_BATCH = 256
# JSON of a check that found nothing
_NOTHING = "[]"
# in the JSON of faults that depend on meaning, and in no message, whose quotes are escaped there
_ONLY_IF = '"only_if"'


def find_in_texts(
    work: WorkToCheck,
    checks: Mapping[str, TextCheck],
    progress: ShowProgress = lambda done, total: None,
    *,
    profile: str | None = None,
    known_in: Path | None = None,
) -> CheckResult:
    """Every check over every accepted answer.

    Args:
        progress: called with texts that were looked at, and those to look at.
        profile: of the project.
        known_in: of `TEXT_OUTCOMES`; None to look at all texts, and keep nothing.
    """
    if not checks:
        return CheckResult()
    known = KnownOutcomes.read(known_in)
    # by check, what stands for it as it is tuned
    columns = {
        name: fingerprint(
            name, (check, profile, work.model if getattr(check, "by_meaning", False) else None)
        )
        for name, check in checks.items()
    }
    seen = list(_seen(work, profile, known, columns))
    new = [one for one in seen if one.text is not None]
    _look(new, checks, work.engine, progress)
    _decide(new, work.read_once)
    if new:
        sure = {
            column: [None if o.startswith('"') else o for one in seen for o in [one.found[name]]]
            for name, column in columns.items()
        }
        known.write([one.digest for one in seen], sure)
    findings: list[Finding] = []
    failed: dict[tuple[str, str], list[int]] = defaultdict(list)
    for name in checks:
        for text in seen:
            outcome = text.found[name]
            if outcome == _NOTHING:
                continue
            record, faults = work.labelled.records[text.row], json.loads(outcome)
            if isinstance(faults, str):
                failed[name, faults].append(record.task_id)
                continue
            findings += (
                work.finding(record, name, severity, score, message)
                for message, score, severity in faults
            )
    skips = [_failure(name, error, ids) for (name, error), ids in failed.items()]
    return CheckResult(tuple(findings), tuple(skips))


@dataclass(frozen=True)
class _SeenText:
    """The accepted answer of a record.

    Attributes:
        found: by check, the JSON of what it found; see `_outcome`.
        text: None where every check has looked at it before.
    """

    row: int
    digest: bytes
    found: dict[str, str]
    text: CheckedText | None = None


def _seen(
    work: WorkToCheck, profile: str | None, known: KnownOutcomes, columns: Mapping[str, str]
) -> Iterator[_SeenText]:
    """Each accepted answer, with what is known of it."""
    for row, record in enumerate(work.labelled.records):
        digest = work.digests[row] if work.digests else None
        found = {} if digest is None else _known(known, columns, digest)
        if digest is not None and len(found) == len(columns):
            yield _SeenText(row, digest, found)
            continue
        text = checked_text(record, work.interface, profile)
        if text is None:
            continue
        if digest is None:
            digest = text.digest()
            found = _known(known, columns, digest)
        yield _SeenText(row, digest, found, text if len(found) < len(columns) else None)


def _known(known: KnownOutcomes, columns: Mapping[str, str], digest: bytes) -> dict[str, str]:
    """By check, what it found in a text; checks that did not look yet are absent."""
    if digest not in known.rows:
        return {}
    found = ((name, known.of(column, digest)) for name, column in columns.items())
    return {name: outcome for name, outcome in found if outcome is not None}


def _look(
    new: Sequence[_SeenText],
    checks: Mapping[str, TextCheck],
    engine: Engine,
    progress: ShowProgress,
) -> None:
    """Have the checks look at each text that did not do so before."""
    names = [[name for name in checks if name not in one.found] for one in new]
    batches = _batches([(one.text, some) for one, some in zip(new, names, strict=True)])
    done = 0
    count = -(-len(new) // _BATCH)
    for batch in on_all_cores(engine, batches, _Checking(dict(checks)), count):
        for line in batch["found"].to_pylist():
            new[done].found.update(zip(names[done], json.loads(line), strict=True))
            done += 1
        progress(done, len(new))


def _decide(new: Sequence[_SeenText], read: Callable[[Sequence[str]], Reading]) -> None:
    """Of faults that depend on meaning, leave those that hold."""
    open_ones = [
        (one.found, name, [(fault[:3], _condition(fault)) for fault in json.loads(outcome)])
        for one in new
        for name, outcome in one.found.items()
        if _ONLY_IF in outcome
    ]
    conditions = [only_if for *_, faults in open_ones for _, only_if in faults if only_if]
    holds = which_hold(conditions, read)
    for found, name, faults in open_ones:
        left = [fault for fault, only_if in faults if only_if is None or holds[only_if]]
        found[name] = to_json(left)


def _condition(fault: Sequence[Any]) -> LeftOut | None:
    """As `_outcome` wrote it."""
    if len(fault) == len(("message", "score", "severity")):
        return None
    parts, at, sentences = fault[-1]["only_if"]
    return LeftOut(tuple(parts), at, tuple(sentences))


def _batches(asked: Sequence[tuple[CheckedText | None, list[str]]]) -> Iterator[pa.Table]:
    for start in range(0, len(asked), _BATCH):
        pickled = [pickle.dumps(one) for one in asked[start : start + _BATCH]]
        yield pa.table([array(pickled, pa.large_binary())], names=["asked"])


@dataclass(frozen=True)
class _Checking:
    """Batch of `asked`, a text and the names of checks -> batch of `found`: JSON of each name's."""

    checks: Mapping[str, TextCheck]

    def __call__(self, batch: pa.Table) -> pa.Table:
        asked: list[tuple[CheckedText, list[str]]] = [
            pickle.loads(one) for one in batch["asked"].to_pylist()
        ]
        found = [
            to_json([_outcome(name, self.checks[name], text) for name in names])
            for text, names in asked
        ]
        return pa.table([array(found, pa.string())], names=["found"])


def _outcome(name: str, check: TextCheck, text: CheckedText) -> str:
    """Message, score and severity of each fault, as JSON; of a check that fails, its error."""
    faults: list[list[Any]] | str
    try:
        faults = [
            [f.message, min(max(f.score, 0.0), 1.0), f.severity, *_as_json(f.only_if)]
            for f in check(text)
        ]
    except Exception as error:  # noqa: BLE001 - one text that a check can't take stops no other
        _log.warning("the check %s failed (%s)", name, type(error).__name__)
        faults = type(error).__name__
    return to_json(faults)


def _as_json(only_if: LeftOut | None) -> list[Any]:
    if only_if is None:
        return []
    return [{"only_if": [only_if.parts, only_if.at, only_if.sentences]}]


def _failure(name: str, error: str, ids: Sequence[int]) -> str:
    others = f" and {counted(len(ids) - 1, 'other')}" if len(ids) > 1 else ""
    return f"{name}: failed on task {ids[0]}{others} ({error}), which is a fault of the check's"
