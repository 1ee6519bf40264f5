"""docs/sources.md: its rows are read, its settings are taken, and it names every kind and shape."""

import re
import tomllib
from pathlib import Path

from sync.intake.sources.compression import COMPRESSED
from sync.intake.sources.file_kinds import KINDS
from sync.intake.sources.shapes import SHAPES
from sync.settings import SourcesSection
from sync.settings.sources import COLUMN_TARGETS
from tests.sync.intake.sources.builders import reader, write

TEXT = (Path(__file__).parents[4] / "docs" / "sources.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)


def test_the_rows_are_one_of_each_shape(tmp_path: Path) -> None:
    opened = reader(write(tmp_path, "rows.jsonl", blocks("json")[0]))
    list(opened)
    assert opened.recognised[0].tasks == {shape.name: 1 for shape in SHAPES}


def test_the_settings_are_taken_and_those_of_documents_are_the_defaults() -> None:
    columns, dates, documents = (tomllib.loads(block)["sources"] for block in blocks("toml"))
    assert SourcesSection(**dates).date_format == "%m/%d/%Y"
    assert SourcesSection(**columns).columns["documents.Fee table"] == "fees"
    assert SourcesSection(**documents) == SourcesSection()


def test_every_kind_shape_and_target_is_named() -> None:
    suffixes = [suffix for kind in KINDS for suffix in kind.suffixes]
    for name in (*suffixes, *COMPRESSED, *COLUMN_TARGETS, *(shape.key for shape in SHAPES)):
        assert f"`{name}`" in TEXT, name
