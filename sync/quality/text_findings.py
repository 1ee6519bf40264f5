"""What the text checks find in finished work, a batch of texts at a time."""

import json
import logging
import pickle
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from sync.common.json_text import to_json
from sync.common.terminal import ShowProgress
from sync.common.wording import counted
from sync.compute import Engine, on_all_cores
from sync.quality.checks import CheckResult, Finding, WorkToCheck
from sync.quality.known_outcomes import KnownOutcomes, fingerprint
from sync.quality.text_checks.checked_text import CheckedText, TextCheck, checked_text

_log = logging.getLogger(__name__)

# texts a batch
_BATCH = 256
# JSON of a check that found nothing
_NOTHING = "[]"


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
    texts = {
        i: text
        for i, record in enumerate(work.labelled.records)
        if (text := checked_text(record, work.interface, profile)) is not None
    }
    if not checks or not texts:
        return CheckResult()
    found = _found(list(texts.values()), checks, work.engine, progress, known_in)
    findings: list[Finding] = []
    failed: dict[tuple[str, str], list[int]] = defaultdict(list)
    for name, outcomes in found.items():
        for i, outcome in zip(texts, outcomes, strict=True):
            if outcome == _NOTHING:
                continue
            record, faults = work.labelled.records[i], json.loads(outcome)
            if isinstance(faults, str):
                failed[name, faults].append(record.task_id)
                continue
            findings += (
                work.finding(record, name, severity, score, message)
                for message, score, severity in faults
            )
    skips = [_failure(name, error, ids) for (name, error), ids in failed.items()]
    return CheckResult(tuple(findings), tuple(skips))


def _found(
    texts: Sequence[CheckedText],
    checks: Mapping[str, TextCheck],
    engine: Engine,
    progress: ShowProgress,
    known_in: Path | None,
) -> dict[str, list[str]]:
    """By check, the JSON of what it found in each text; see `_outcome`."""
    known = KnownOutcomes.read(known_in)
    digests = [text.digest() for text in texts]
    columns = {name: fingerprint(name, check) for name, check in checks.items()}
    found = {n: [known.of(column, d) for d in digests] for n, column in columns.items()}
    asked = [
        (i, names)
        for i in range(len(texts))
        if (names := [name for name, outcomes in found.items() if outcomes[i] is None])
    ]
    done = 0
    batches = _batches([(texts[i], names) for i, names in asked])
    count = -(-len(asked) // _BATCH)
    for batch in on_all_cores(engine, batches, _Checking(dict(checks)), count):
        for line in batch["found"].to_pylist():
            i, names = asked[done]
            for name, outcome in zip(names, json.loads(line), strict=True):
                found[name][i] = outcome
            done += 1
        progress(done, len(asked))
    if asked:
        sure = {
            columns[name]: [o if o and not o.startswith('"') else None for o in outcomes]
            for name, outcomes in found.items()
        }
        known.write(digests, sure)
    return {name: [outcome or _NOTHING for outcome in found[name]] for name in found}


def _batches(asked: Sequence[tuple[CheckedText, list[str]]]) -> Iterator[pa.Table]:
    for start in range(0, len(asked), _BATCH):
        pickled = [pickle.dumps(one) for one in asked[start : start + _BATCH]]
        yield pa.table({"asked": pa.array(pickled, pa.large_binary())})


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
        return pa.table({"found": pa.array(found, pa.string())})


def _outcome(name: str, check: TextCheck, text: CheckedText) -> str:
    """Message, score and severity of each fault, as JSON; of a check that fails, its error."""
    faults: list[list[Any]] | str
    try:
        faults = [[f.message, min(max(f.score, 0.0), 1.0), f.severity] for f in check(text)]
    except Exception as error:  # noqa: BLE001 - one text that a check can't take stops no other
        _log.warning("the check %s failed (%s)", name, type(error).__name__)
        faults = type(error).__name__
    return to_json(faults)


def _failure(name: str, error: str, ids: Sequence[int]) -> str:
    others = f" and {counted(len(ids) - 1, 'other')}" if len(ids) > 1 else ""
    return f"{name}: failed on task {ids[0]}{others} ({error}), which is a fault of the check's"
