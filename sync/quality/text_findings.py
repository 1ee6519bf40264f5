"""What the text checks find in finished work, a batch of texts at a time."""

import json
import logging
import pickle
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from sync.common.json_text import to_json
from sync.common.terminal import ShowProgress
from sync.common.wording import counted
from sync.compute import Engine
from sync.quality.checks import CheckResult, Finding, WorkToCheck
from sync.quality.text_checks.checked_text import CheckedText, TextCheck, TextFault, checked_text

_log = logging.getLogger(__name__)

# texts a batch
_BATCH = 256
# what a check found in a text, by its name; of one that failed, the kind of error
Found = dict[str, list[TextFault] | str]


def find_in_texts(
    work: WorkToCheck,
    checks: Mapping[str, TextCheck],
    progress: ShowProgress = lambda done, total: None,
    profile: str | None = None,
) -> CheckResult:
    """Every check over every accepted answer.

    Args:
        progress: called with texts that were looked at, and all.
        profile: of the project.
    """
    texts = {
        i: text
        for i, record in enumerate(work.labelled.records)
        if (text := checked_text(record, work.interface, profile)) is not None
    }
    if not checks or not texts:
        return CheckResult()
    found = _found(list(texts.values()), checks, work.engine, progress)
    findings: list[Finding] = []
    failed: dict[tuple[str, str], list[int]] = defaultdict(list)
    for i, faults in zip(texts, found, strict=True):
        record = work.labelled.records[i]
        for name, outcome in faults.items():
            if isinstance(outcome, str):
                failed[name, outcome].append(record.task_id)
                continue
            findings += (
                work.finding(record, name, fault.severity, fault.score, fault.message)
                for fault in outcome
            )
    skips = [_failure(name, error, ids) for (name, error), ids in failed.items()]
    return CheckResult(tuple(findings), tuple(skips))


def _found(
    texts: Sequence[CheckedText],
    checks: Mapping[str, TextCheck],
    engine: Engine,
    progress: ShowProgress,
) -> Iterator[Found]:
    done = 0
    for batch in engine.map_batches(_batches(texts), _Checking(dict(checks))):
        for line in batch["found"].to_pylist():
            yield {name: _read(outcome) for name, outcome in json.loads(line).items()}
        done += batch.num_rows
        progress(done, len(texts))


def _batches(texts: Sequence[CheckedText]) -> Iterator[pa.Table]:
    for start in range(0, len(texts), _BATCH):
        pickled = [pickle.dumps(text) for text in texts[start : start + _BATCH]]
        yield pa.table({"text": pa.array(pickled, pa.large_binary())})


@dataclass(frozen=True)
class _Checking:
    """Batch of `text`, pickled -> batch of `found`: JSON of faults by check."""

    checks: Mapping[str, TextCheck]

    def __call__(self, batch: pa.Table) -> pa.Table:
        found = [self._of(pickle.loads(text)) for text in batch["text"].to_pylist()]
        return pa.table({"found": pa.array(map(to_json, found), pa.string())})

    def _of(self, text: CheckedText) -> dict[str, Any]:
        outcomes = ((name, _outcome(name, check, text)) for name, check in self.checks.items())
        return {name: outcome for name, outcome in outcomes if outcome}


def _outcome(name: str, check: TextCheck, text: CheckedText) -> list[list[Any]] | str:
    """Faults as JSON; of a check that fails, the kind of error."""
    try:
        return [[f.message, min(max(f.score, 0.0), 1.0), f.severity] for f in check(text)]
    except Exception as error:  # noqa: BLE001 - one text that a check can't take stops no other
        _log.warning("the check %s failed (%s)", name, type(error).__name__)
        return type(error).__name__


def _read(outcome: Any) -> list[TextFault] | str:
    return outcome if isinstance(outcome, str) else [TextFault(*fault) for fault in outcome]


def _failure(name: str, error: str, ids: Sequence[int]) -> str:
    others = f" and {counted(len(ids) - 1, 'other')}" if len(ids) > 1 else ""
    return f"{name}: failed on task {ids[0]}{others} ({error}), which is a fault of the check's"
