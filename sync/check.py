"""Run the checks over the pulled work and write what they found."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime

import numpy as np

from connectors.embedding import Embeddings, Encoder, load_encoder
from sync.checks import CHECKS, SEVERITIES, Finding, Severity, Work
from sync.config import Config
from sync.draft_use import DraftUse, draft_use
from sync.json_text import to_json
from sync.records import Labelled, read_records, user_text
from sync.store import last
from sync.store.data_folder import data_folder
from sync.store.snapshot import Snapshot, read_snapshot

_BATCH = 256

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class CheckReport:
    """What the checks found.

    Attributes:
        records: finished tasks that were looked at.
        by_kind: findings of each check, zeros included.
        by_severity: findings of each severity, zeros included.
        skips: what was not judged, and why.
        path: of the findings, one JSON object a line, lowest score first.
        drafts: what experts made of the drafts.
    """

    records: int
    findings: int
    by_kind: dict[str, int]
    by_severity: dict[str, int]
    skips: list[str]
    path: str
    table_version: int
    drafts: DraftUse
    seconds: float

    def at_least(self, severity: Severity) -> int:
        """How many findings are as severe as this, or more."""
        worst = SEVERITIES[: SEVERITIES.index(severity) + 1]
        return sum(self.by_severity[s] for s in worst)


def check(
    config: Config,
    progress: Progress = lambda done, total: None,
    load: Callable[[str], Encoder] = load_encoder,
    at: int | datetime | None = None,
) -> CheckReport:
    """Check the pulled work and replace `findings.jsonl`, or `findings-vN.jsonl` of a past version.

    Args:
        progress: called with texts embedded and texts to embed.
        load: gives the encoder of a name; not called when nothing is finished.
        at: a version of the table, or a time; by default the newest.

    Raises:
        SyncError: nothing was pulled, or the findings can't be written.
        EmbeddingError: the embedding model can't be loaded.
    """
    started = time.monotonic()
    snapshot = read_snapshot(config, at)
    interface = config.load_interface()
    labelled = read_records(snapshot.rows, interface, config.categories)
    findings: list[Finding] = []
    skips = [] if labelled.records else ["no task is finished yet"]
    if labelled.records or labelled.unreadable:
        work = _work(config, snapshot, labelled, load, progress)
        for run in CHECKS.values():
            outcome = run(work)
            findings += outcome.findings
            skips += outcome.skips
    folder = data_folder(config)
    name = f"findings-v{snapshot.table_version}.jsonl" if snapshot.past else "findings.jsonl"
    report = CheckReport(
        records=len(labelled.records),
        findings=len(findings),
        by_kind={kind: sum(f.kind == kind for f in findings) for kind in CHECKS},
        by_severity={**dict.fromkeys(SEVERITIES, 0), **Counter(f.severity for f in findings)},
        skips=skips,
        path=folder.location(name),
        table_version=snapshot.table_version,
        drafts=draft_use(labelled.records),
        seconds=round(time.monotonic() - started, 3),
    )
    folder.write(name, _lines(findings))
    if not snapshot.past:
        last.note(folder, "check", asdict(report))
    return report


def embed(encoder: Encoder, texts: list[str], progress: Progress) -> Embeddings:
    """(len(texts), dim) embeddings; a text that comes twice is encoded once."""
    distinct, inverse = np.unique(np.array(texts, dtype=object), return_inverse=True)
    blocks = []
    for start in range(0, len(distinct), _BATCH):
        blocks.append(encoder.encode(distinct[start : start + _BATCH].tolist()))
        progress(min(start + _BATCH, len(distinct)), len(distinct))
    vectors: Embeddings = np.concatenate(blocks)[inverse] if blocks else encoder.encode([])
    return vectors


def _work(
    config: Config,
    snapshot: Snapshot,
    labelled: Labelled,
    load: Callable[[str], Encoder],
    progress: Progress,
) -> Work:
    interface = config.load_interface()
    texts = [user_text(r.data) for r in labelled.records]
    texts += [interface.answer(r.record) for r in labelled.records]
    vectors = embed(load(config.embedding.model), texts, progress)
    base = f"{config.label_studio.url.rstrip('/')}/projects/{snapshot.project_id}/data?task="
    return Work(
        labelled=labelled,
        interface=interface,
        prompts=vectors[: len(labelled.records)],
        answers=vectors[len(labelled.records) :],
        url_of=lambda task_id: f"{base}{task_id}",
    )


def _lines(findings: list[Finding]) -> str:
    ordered = sorted(findings, key=lambda f: (f.score, f.kind, f.task_id, f.control or ""))
    return "".join(to_json(asdict(f)) + "\n" for f in ordered)
