"""`dataset_info.json`: what LLaMA-Factory needs to know of a release's files.

Keys: LLaMA-Factory 0.9.5, `data/parser.py`; a column that is named must stand in every file, and
what is not named under `columns` or `tags` is not read. What stands in an entry, each format says.
"""

import json
from collections.abc import Mapping
from typing import Any

from sync.settings.card import CardSection
from sync.training_files.formats import FORMATS
from sync.training_files.formats.columns import IMAGES
from sync.training_files.formats.format import LlamaFactoryEntry
from sync.training_files.manifest.contents import ReleaseSummary, WrittenFile


def llama_factory(summary: ReleaseSummary, card: CardSection) -> dict[str, str]:
    """`dataset_info.json` with an entry a file, named like the file."""
    entries = {
        file.file.removesuffix(".jsonl") + how.suffix: {"file_name": file.file, **_keys(file, how)}
        for file in summary.files
        if file.lines and (how := _read(file)) is not None
    }
    if not entries:
        return {}
    return {"dataset_info.json": json.dumps(entries, indent=2, sort_keys=True) + "\n"}


def _keys(file: WrittenFile, how: LlamaFactoryEntry) -> Mapping[str, Any]:
    """The entry of a file, with the column of its pictures where it has some."""
    if not file.wide or FORMATS[file.format].pictures != "file":
        return how.keys
    return {**how.keys, "columns": {**how.keys["columns"], IMAGES: IMAGES}}


def _read(file: WrittenFile) -> LlamaFactoryEntry | None:
    """How LLaMA-Factory reads a file; None where it does not, or not all that the lines say."""
    how = FORMATS[file.format].llama_factory
    return None if how is None or (how.plain_only and file.plain is not True) else how
