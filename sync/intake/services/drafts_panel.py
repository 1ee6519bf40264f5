"""How drafts arrive, as a terminal shows it and as a line of JSON."""

import json
from dataclasses import asdict
from typing import Any

from rich.console import Group
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from sync.intake.services.drafting_progress import DraftingProgress
from sync.intake.services.drafting_watch import Seen


def panel(seen: Seen, title: str, said: str = "") -> Group:
    """What a terminal shows at one time.

    Args:
        said: of Label Studio, while it can't be asked.
    """
    rows = Table.grid(padding=(0, 2))
    rows.add_column(min_width=9)
    rows.add_column()
    progress = seen.progress
    if progress is None:
        rows.add_row("Drafted", Text("unknown" if said else seen.sentence()))
    else:
        rows.add_row("Drafted", _bar(progress))
        outlook = ", ".join(seen.outlook())
        if not progress.to_draft:
            outlook = "nothing waits for a draft"
        rows.add_row("Pace", Text(outlook or "no draft has come since this began"))
        rows.add_row("Waiting", str(progress.to_draft))
        if progress.refining:
            rows.add_row("Refining", f"{progress.refining} drafts get further samples")
        rows.add_row("Annotated", f"{progress.annotated} of {progress.tasks}")
        for trouble in progress.troubles():
            rows.add_row("", Text(trouble, style="yellow"))
    if said:
        rows.add_row("", Text(said, style="yellow"))
    return Group(Text(title, style="bold"), rows, Text("Ctrl-C ends the watching.", style="dim"))


def _bar(progress: DraftingProgress) -> Table:
    line = Table.grid(padding=(0, 1))
    bar = ProgressBar(total=max(1, progress.tasks), completed=progress.drafted, width=30)
    line.add_row(bar, f"{progress.drafted} of {progress.tasks}")
    return line


def json_line(at: str, title: str, seen: Seen) -> str:
    """A look as one line of JSON, with its time."""
    known: dict[str, Any] = {"at": at, "project": title, "tasks": None}
    if seen.progress is not None:
        known |= asdict(seen.progress)
        known["to_draft"] = seen.progress.to_draft
    left_s = None if seen.left_s is None else round(seen.left_s)
    known |= {"per_minute": round(seen.per_minute, 2), "left_s": left_s}
    return json.dumps(known, ensure_ascii=False)
