"""What a source was taken for, so that it can be said."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Recognised:
    """A path that the user named, and what was found there; counts grow while it is read.

    Attributes:
        source: the path as named.
        kind: of its files, "JSONL".
        files: of that kind.
        tasks: by shape: "chat", "ShareGPT", "Alpaca", "prompt", "section".
        skipped: conversations that no page can show.
    """

    source: str
    kind: str
    files: int = 0
    tasks: Counter[str] = field(default_factory=Counter)
    skipped: int = 0

    def __str__(self) -> str:
        """`chats.jsonl: JSONL, 1,234 rows (chat)`."""
        files = f"{self.files:,} {self.kind} files" if self.files > 1 else self.kind
        noun = "section" if "section" in self.tasks else "row"
        total = self.tasks.total()
        said = f"{self.source}: {files}, {total:,} {noun}{'' if total == 1 else 's'}"
        if len(self.tasks) > 1:
            said += f" ({', '.join(f'{name} {count:,}' for name, count in self.tasks.items())})"
        elif noun == "row" and self.tasks:
            said += f" ({next(iter(self.tasks))})"
        return said + (f", {self.skipped:,} skipped that no page can show" if self.skipped else "")

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "source": self.source,
            "kind": self.kind,
            "files": self.files,
            "tasks": dict(self.tasks),
            "skipped": self.skipped,
        }
