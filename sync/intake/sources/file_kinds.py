"""The kinds of source; a new one is one module and one line here.

A kind of rows has `rows(path, settings, notes)`, a kind of documents
`parts(path, notes, encoding)`.
"""

from dataclasses import dataclass
from pathlib import Path

from sync.intake.sources.compression import COMPRESSED


@dataclass(frozen=True)
class SourceKind:
    """One kind of source.

    Attributes:
        name: as it is said to the user.
        suffixes: of its files, in lower case; a folder's kind has none.
        module: that reads it, imported when needed.
        is_document: cut into sections rather than read by row.
        compressible: also read when compressed.
    """

    name: str
    suffixes: tuple[str, ...]
    module: str
    is_document: bool = False
    compressible: bool = False


_ROOM = "sync.intake.sources"
JSONL = SourceKind("JSONL", (".jsonl", ".ndjson"), f"{_ROOM}.jsonl", compressible=True)
DATASET = SourceKind("dataset", (), f"{_ROOM}.datasets_folder")
KINDS = (
    JSONL,
    SourceKind("JSON", (".json",), f"{_ROOM}.json_file", compressible=True),
    SourceKind("CSV", (".csv",), f"{_ROOM}.delimited", compressible=True),
    SourceKind("TSV", (".tsv", ".tab"), f"{_ROOM}.delimited", compressible=True),
    SourceKind("Parquet", (".parquet",), f"{_ROOM}.parquet"),
    DATASET,
    SourceKind("Markdown", (".md", ".markdown"), f"{_ROOM}.documents.markdown", is_document=True),
    SourceKind("HTML", (".html", ".htm", ".xhtml"), f"{_ROOM}.documents.html", is_document=True),
    SourceKind("PDF", (".pdf",), f"{_ROOM}.documents.pdf", is_document=True),
    SourceKind(
        "text", (".txt", ".text", ".rst"), f"{_ROOM}.documents.plain_text", is_document=True
    ),
)


def kind_of(path: Path) -> SourceKind | None:
    """A file's kind by its suffix; None for one that nothing here reads."""
    suffix, is_compressed = path.suffix.lower(), False
    if suffix in COMPRESSED:
        suffix, is_compressed = path.with_suffix("").suffix.lower(), True
    for kind in KINDS:
        if suffix in kind.suffixes and (kind.compressible or not is_compressed):
            return kind
    return None


def known_kinds() -> str:
    """Every kind that is read, for an error."""
    suffixes = ", ".join(suffix for kind in KINDS for suffix in kind.suffixes)
    packed = ", ".join(COMPRESSED)
    return f"{suffixes} (rows also {packed}), folders of these, and saved datasets"
