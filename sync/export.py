"""Finished work as fine-tuning files with a manifest, checked before anything is published."""

import hashlib
import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from label_configs import Interface
from sync.config import Config
from sync.draft_use import draft_use
from sync.errors import ExportError
from sync.formats import FORMATS, Format, Problem
from sync.json_text import to_json
from sync.records import Labelled, LabelledRecord, read_records
from sync.releases.folder import FolderRelease, sha256
from sync.releases.manifest import MANIFEST
from sync.sources.task import ID_FIELD
from sync.store import last
from sync.store.data_folder import data_folder
from sync.store.snapshot import Snapshot, read_snapshot


@dataclass(frozen=True)
class Counts:
    """What became of each task.

    Attributes:
        exported: accepted answers.
        rejected: finished, but the expert rejected the draft or left no answer.
        skipped: only ever skipped.
        unlabeled: not looked at yet.
        unreadable: finished, but the annotation can't be decoded (see `labeltune check`).
    """

    exported: int
    rejected: int
    skipped: int
    unlabeled: int
    unreadable: int


@dataclass(frozen=True)
class ExportedFile:
    """One written file; the ids are in line order, and `source_ids` is what `push` gave a task."""

    format: str
    file: str
    lines: int
    bytes: int
    sha256: str
    problems: tuple[Problem, ...]
    task_ids: tuple[int, ...]
    source_ids: tuple[str | None, ...]
    annotation_ids: tuple[int, ...]


@dataclass(frozen=True)
class ExportReport:
    """What an export wrote.

    Attributes:
        written: False when the folder held this very export already.
        warnings: what the consumer would accept but the user should know.
    """

    path: str
    written: bool
    counts: Counts
    files: tuple[str, ...]
    warnings: tuple[str, ...]
    table_version: int
    seconds: float


def export(
    config: Config,
    formats: Sequence[str],
    out: Path | None = None,
    at: int | datetime | None = None,
) -> ExportReport:
    """Write the accepted answers in each format, all of them or none.

    Args:
        formats: names of `FORMATS`.
        out: the folder; by default one under the data folder, named by table version and settings.
        at: a version of the table, or a time; by default the newest.

    Raises:
        ExportError: nothing is finished, a line breaks a rule of its format, or `out` holds
            other files; nothing is written.
        SyncError: nothing was pulled, or the place can't be written.
    """
    started = time.monotonic()
    wanted = [FORMATS[name] for name in dict.fromkeys(formats)]
    snapshot = read_snapshot(config, at)
    interface = config.load_interface()
    labelled = read_records(snapshot.rows, interface, config.categories)
    counts = _count(labelled, interface)
    folder = data_folder(config)
    name = _default_name(config, snapshot, wanted)
    target = FolderRelease(out) if out else folder.release(name)
    if not counts.exported:
        raise ExportError(_nothing(config, counts))
    with target.building() as draft:
        files = [_write(draft, labelled.records, interface, f) for f in wanted]
        manifest = _manifest(config, snapshot, counts, files)
        manifest["drafts"] = asdict(draft_use(labelled.records))
        (draft / MANIFEST).write_text(
            json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )
        written = target.publish(draft)
    report = ExportReport(
        path=target.path,
        written=written,
        counts=counts,
        files=tuple(f"{target.path}/{f.file}" for f in files),
        warnings=tuple(f"{f.format}: {p.message}" for f in files for p in f.problems),
        table_version=snapshot.table_version,
        seconds=round(time.monotonic() - started, 3),
    )
    if not snapshot.past:
        last.note(folder, "export", asdict(report))
    return report


def _count(labelled: Labelled, interface: Interface[Any]) -> Counts:
    accepted = sum(interface.training_turns(r.record, r.data) is not None for r in labelled.records)
    return Counts(
        exported=accepted,
        rejected=len(labelled.records) - accepted,
        skipped=labelled.skipped,
        unlabeled=labelled.unlabeled,
        unreadable=len(labelled.unreadable),
    )


def _write(
    folder: Path, records: Sequence[LabelledRecord], interface: Interface[Any], form: Format
) -> ExportedFile:
    """Write one file by task id and validate what was written.

    Raises:
        ExportError: a line that the format's consumer would refuse.
    """
    kept: list[LabelledRecord] = []
    path = folder / form.filename
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for record in sorted(records, key=lambda r: r.task_id):
            example = form.encode(record, interface)
            if example is not None:
                file.write(to_json(example) + "\n")
                kept.append(record)
    with path.open("rb") as lines:
        problems = form.validate(lines)
    _refuse_errors(form, problems, kept)
    return ExportedFile(
        format=form.name,
        file=form.filename,
        lines=len(kept),
        bytes=path.stat().st_size,
        sha256=sha256(path),
        problems=tuple(problems),
        task_ids=tuple(r.task_id for r in kept),
        source_ids=tuple(r.data.get(ID_FIELD) for r in kept),
        annotation_ids=tuple(r.annotation_id for r in kept),
    )


def _refuse_errors(
    form: Format, problems: Sequence[Problem], kept: Sequence[LabelledRecord]
) -> None:
    errors = [p for p in problems if p.severity == "error"]
    if not errors:
        return
    first = errors[0]
    where = f"task {kept[first.line - 1].task_id}: " if first.line else ""
    more = f" ({len(errors) - 1} more)" if len(errors) > 1 else ""
    raise ExportError(
        f"{form.name}: {where}{first.message}{more}; correct it in Label Studio and pull again; "
        "nothing was written"
    )


def _nothing(config: Config, counts: Counts) -> str:
    parts = [f"{n} {what}" for what, n in asdict(counts).items() if n and what != "exported"]
    return (
        f"nothing to export: no accepted answer in {config.label_studio.project!r} yet "
        f"({', '.join(parts) or 'no tasks'}); finish some tasks in Label Studio, then "
        "`labeltune pull`"
    )


def _config_hash(config: Config) -> str:
    """Of everything in `labeltune.toml` that has an effect; secrets are not part of it."""
    return hashlib.sha256(config.model_dump_json().encode()).hexdigest()


def _default_name(config: Config, snapshot: Snapshot, formats: Sequence[Format]) -> str:
    """`exports/v<table version>-<hash>`: the same state always gives the same name."""
    state = [
        _config_hash(config),
        snapshot.project_id,
        sorted(f.name for f in formats),
        metadata.version("labeltune"),
    ]
    short = hashlib.sha256(json.dumps(state).encode()).hexdigest()[:8]
    return f"exports/v{snapshot.table_version}-{short}"


def _manifest(
    config: Config, snapshot: Snapshot, counts: Counts, files: Sequence[ExportedFile]
) -> dict[str, Any]:
    return {
        "labeltune": metadata.version("labeltune"),
        "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "project": config.label_studio.project,
        "project_id": snapshot.project_id,
        "interface": config.label_studio.interface,
        "table_version": snapshot.table_version,
        "config_sha256": _config_hash(config),
        "counts": asdict(counts),
        "files": [asdict(f) for f in files],
    }
