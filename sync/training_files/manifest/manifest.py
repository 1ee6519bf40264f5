"""`manifest.json`: what a release holds and what it was made of, with the hash of every file.

It says nothing of when or where it was written: the same inputs give the same bytes, and the hash
of what it says is the release's id.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sync.common.json_text import Json
from sync.settings import Config
from sync.training_files.manifest import MANIFEST
from sync.training_files.manifest.contents import ReleaseSummary, WrittenFile
from sync.training_files.manifest.line_writer import LineWriter

# of the id, in a folder's name
_SHORT = 8

# what of labeltune.toml decides what a release holds; of splitting, balancing and mixing the
# manifest says itself what was done
SETTINGS: dict[str, Any] = {
    "label_studio": {"interface", "categories"},
    "categories": True,
    "export": True,
    "card": True,
}


@dataclass(frozen=True)
class ReleaseOrigin:
    """What a release is made of.

    Attributes:
        label_studio: its URL.
        committed_at: when the version of the table was made.
        settings: see `settings_of`.
        mix: which general-purpose examples were mixed in; None without any.
        system_prompt: where `settings` names a file, what stood in it.
    """

    project_id: int
    label_studio: str
    table_version: int
    committed_at: datetime
    settings: Json
    mix: Json | None = None
    system_prompt: str = ""


def settings_of(config: Config) -> Json:
    """What of `labeltune.toml` decides what a release holds: nothing of the machine, no secret."""
    return config.model_dump(mode="json", include=SETTINGS)


def write_manifest(
    folder: Path,
    summary: ReleaseSummary,
    source: ReleaseOrigin,
    lineage: LineWriter,
    companions: Mapping[str, str],
) -> Json:
    """Write the companion files and the manifest into a folder that has all other files.

    Args:
        lineage: of the folder's lineage, closed.
        companions: their texts, by file name.

    Returns:
        The manifest.

    Raises:
        OSError: the folder can't be written.
    """
    entries = []
    for name, text in companions.items():
        # half of a surrogate pair is escaped, as JSON has it
        content = text.encode("utf-8", "backslashreplace")
        (folder / name).write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        entries.append({"file": name, "bytes": len(content), "sha256": digest})
    manifest = _manifest(summary, source, lineage, entries)
    text = json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"
    (folder / MANIFEST).write_bytes(text.encode("utf-8", "backslashreplace"))
    return manifest


def _manifest(
    summary: ReleaseSummary, source: ReleaseOrigin, lineage: LineWriter, companions: list[Json]
) -> Json:
    whole: Json = {
        "labeltune": metadata.version("labeltune"),
        "release": "",
        "project": summary.project,
        "project_id": source.project_id,
        "label_studio": _without_credentials(source.label_studio),
        "interface": summary.interface,
        "table_version": source.table_version,
        "table_committed_at": source.committed_at.astimezone(UTC).isoformat(),
        "settings_sha256": _digest(source.settings),
        "settings": source.settings,
        "counts": dict(summary.counts),
        "categories": {name: dict(labels) for name, labels in summary.categories.items()},
        "drafts": dict(summary.drafts),
        "held": dict(summary.held),
        "split": summary.split,
        "balance": summary.balance,
        "unlisted": [asdict(each) for each in summary.unlisted],
        "mix": source.mix,
        "files": [_told(file) for file in summary.files],
        "left_out": {name: dict(reasons) for name, reasons in summary.left_out.items()},
        "lineage": {
            "file": lineage.path.name,
            "lines": lineage.lines,
            "bytes": lineage.bytes,
            "sha256": lineage.sha256,
        },
        "companions": companions,
    }
    if source.system_prompt:
        whole["system_prompt"] = source.system_prompt
    if summary.pictures:  # so that a release without them is what it was before there were any
        whole["pictures"] = list(summary.pictures)
    whole["release"] = release_id(whole)
    return whole


def _told(file: WrittenFile) -> Json:
    """A file as the manifest has it; `wide` only where it is, so that other releases stay named."""
    told = asdict(file)
    return told if file.wide else {name: told[name] for name in told if name != "wide"}


def release_id(manifest: Json) -> str:
    """The hash of everything that a manifest says, but for the id in it, in hex."""
    return _digest(essence(manifest))


def release_name(manifest: Json) -> str:
    """The folder of a release among others: `v<table version>-<start of its id>`."""
    return f"v{manifest['table_version']}-{release_id(manifest)[:_SHORT]}"


def essence(manifest: Json) -> Json:
    """What a manifest says but for its own id, and the time that older ones were written at."""
    return {k: v for k, v in manifest.items() if k not in ("release", "created_at")}


def read_manifest(content: bytes) -> Json | None:
    """The manifest of a release of ours, or None: others have files of that name too."""
    try:
        found = json.loads(content)
        ours = isinstance(found, dict) and {"labeltune", "files"} <= found.keys()
        return found if ours and hashes(found) is not None else None
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def hashes(manifest: Json) -> dict[str, str]:
    """The hash of every file of a release but the manifest, by name."""
    lineage = [manifest["lineage"]] if "lineage" in manifest else []
    beside = [*manifest.get("companions", []), *manifest.get("pictures", [])]
    files = [*manifest["files"], *lineage, *beside]
    return {file["file"]: file["sha256"] for file in files}


def _digest(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _without_credentials(url: str) -> str:
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
