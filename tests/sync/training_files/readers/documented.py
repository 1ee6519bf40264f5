"""What docs/validate.md says of readers' own checkers."""

import re

from tests.sync.training_files.readers.reader_packages import ROOT

_ROW = re.compile(r"\| `(?P<rules>[^|]+)` \| (?P<readers>[^|]+) \|")


def documented(reader: str) -> set[str]:
    """Rules of ours that break lines which a reader takes, by the table of that page."""
    page = (ROOT / "docs" / "validate.md").read_text(encoding="utf-8")
    _, table = page.split("## Held against the readers' own checkers", 1)
    found: set[str] = set()
    for row in _ROW.finditer(table):
        if f"`{reader}`" in row["readers"]:
            found.update(re.findall(r"[\w-]+", row["rules"]))
    return found
