"""Releases of a few records, written as an export writes them."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from label_configs.annotations import Rule
from label_configs.annotations.reviews import ReviewDecision
from sync.common.json_text import Json
from sync.records.record import LabelledRecord
from sync.training_files.manifest.contents import ReleaseSummary, WrittenFile
from sync.training_files.manifest.line_writer import LineWriter
from sync.training_files.manifest.lineage import LineageWriter
from sync.training_files.manifest.manifest import ReleaseOrigin, write_manifest
from tests.sync.builders import START, record

SOURCE = ReleaseOrigin(
    project_id=7,
    label_studio="http://127.0.0.1:8080",
    table_version=0,
    committed_at=datetime(2026, 11, 21, tzinfo=UTC),
    settings={"export": {"context": "system"}},
)


_CALL = {"id": "c1", "type": "function", "function": {"name": "fee", "arguments": "{}"}}


@dataclass(frozen=True)
class Row:
    """A record, and what is written of it."""

    task_id: int
    answer: str = "An answer."
    split: str | None = "train"
    key: str | None = None
    annotator: int = 1
    chosen_by: Rule = "latest"
    approved: bool = False
    categories: Mapping[str, str] = field(default_factory=dict)
    copies: int = 1
    brought: bool = False
    called: bool = False  # the draft that the source brought is a call of a tool, without words

    def labelled(self) -> LabelledRecord:
        """As the table has it."""
        review = ReviewDecision("approve", 5, 90, 91, START) if self.approved else None
        data: dict[str, Any] = {} if self.key is None else {"labeltune_id": self.key}
        if self.brought:
            data["labeltune_draft"] = "what the source had"
        if self.called:
            data |= {"labeltune_draft": "", "labeltune_draft_calls": [_CALL]}
        made = record(self.task_id, self.answer, data=data, categories=dict(self.categories))
        return replace(made, completed_by=self.annotator, chosen_by=self.chosen_by, review=review)


def write_release(
    folder: Path,
    rows: Sequence[Row],
    source: ReleaseOrigin = SOURCE,
    *,
    formats: Sequence[str] = ("openai-chat",),
    general: Sequence[str] = (),
    companions: Mapping[str, str] | None = None,
    bom: bool = False,
    line: Callable[[Json], Json] | None = None,
    **summary: Any,
) -> Json:
    """Write a release.

    Args:
        line: what is written of an example in place of the example and its format's name.
        general: lines that are mixed in from `general.jsonl` at the end of the train files.

    Returns:
        Its manifest.
    """
    folder.mkdir(parents=True, exist_ok=True)
    writers: dict[tuple[str, str | None], LineWriter] = {}
    with ExitStack() as stack:
        lineage = stack.enter_context(LineageWriter(folder))

        def written(split: str | None, example: Json) -> dict[str, list[int]]:
            lines = {}
            for form in formats:
                if (form, split) not in writers:
                    name = ".".join(part for part in (form, split, "jsonl") if part)
                    writer = LineWriter(folder / name, bom=bom)
                    writers[form, split] = stack.enter_context(writer)
                writer, told = writers[form, split], {"format": form, **example}
                lines[writer.path.name] = [writer.write(line(example) if line else told)]
            return lines

        for row in rows:
            lines: dict[str, list[int]] = {}
            for _ in range(row.copies):
                for name, numbers in written(row.split, {"answer": row.answer}).items():
                    lines.setdefault(name, []).extend(numbers)
            lineage.record(row.labelled(), lines, row.split, row.copies)
        for number, text in enumerate(general, start=1):
            lineage.mixed("general.jsonl", number, written("train", {"answer": text}))
    files = tuple(
        WrittenFile(form, split, w.path.name, w.lines, w.bytes, w.sha256)
        for (form, split), w in writers.items()
    )
    whole = ReleaseSummary("Support answers", "chat_response", files, **summary)
    return write_manifest(folder, whole, source, lineage, companions or {})
