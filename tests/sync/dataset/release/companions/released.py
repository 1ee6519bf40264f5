"""A release of the golden files, as its companions are told of it."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sync.common.json_text import to_json_line
from sync.dataset.release.companions import COMPANIONS
from sync.settings.card import CardSection
from sync.training_files.formats import FORMATS, Unsuitable
from sync.training_files.manifest.contents import ReleaseSummary, WrittenFile
from tests.sync.training_files.formats.golden_examples import EXAMPLES, GOLDEN

SPLITS = ("train", "validation", "test")
CARD = CardSection(
    license="cc-by-4.0",
    language=["en", "ar"],
    pretty_name="Bank support: answers",
    description="What customers asked, and what our experts answered.",
    tags=["banking"],
)


def release(
    folder: Path, formats: Sequence[str] = tuple(FORMATS), *, split: bool = True, **told: Any
) -> ReleaseSummary:
    """The golden files in a folder, over three splits or in one, and what is known of them."""
    files = tuple(file for name in formats for file in _written(folder, name, split))
    sample = {
        file.file: json.loads((folder / file.file).read_bytes().splitlines()[0]) for file in files
    }
    about = {"project": "Bank support", "interface": "chat_response", "sample": sample} | told
    return ReleaseSummary(files=files, **about)


def companions(
    summary: ReleaseSummary, folder: Path | None = None, card: CardSection = CARD
) -> dict[str, str]:
    """The companions' texts by file name, also written into a folder."""
    texts = {k: v for companion in COMPANIONS for k, v in companion(summary, card).items()}
    if folder is not None:
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8")
    return texts


def said(name: str) -> list[Any]:
    """The examples behind the lines of a golden file."""
    form = FORMATS[name]
    found = []
    for example in EXAMPLES[form.takes]:
        try:
            form.encode(example)
        except Unsuitable:
            continue
        found.append(example)
    return found


def _written(folder: Path, name: str, split: bool) -> Iterator[WrittenFile]:
    lines = (GOLDEN / f"{name}.jsonl").read_bytes().splitlines(keepends=True)
    if name == "openai-reinforcement":
        lines = [_as_exported(line) for line in lines]
    # the last lines have keys that the others lack: they fall to train and to test
    parts = {
        "train": lines[:6] + lines[-2:-1],
        "validation": lines[6:8],
        "test": lines[8:-2] + lines[-1:],
    }
    for part, some in parts.items() if split else ((None, lines),):
        file = f"{name}.{part}.jsonl" if part else f"{name}.jsonl"
        data = b"".join(some)
        (folder / file).write_bytes(data)
        digest = hashlib.sha256(data).hexdigest()
        wide = any(FORMATS[name].is_wide(json.loads(line)) for line in some)
        yield WrittenFile(name, part, file, len(some), len(data), digest, wide=wide)


def _as_exported(line: bytes) -> bytes:
    """With the one fact that an export has for graders; the golden file has any."""
    told = json.loads(line)
    kept = {key: told.pop(key) for key in ("messages", "tools", "reference_answer") if key in told}
    return to_json_line(kept | ({"categories": told} if told else {}))
