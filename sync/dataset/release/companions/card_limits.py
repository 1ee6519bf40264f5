"""What a user of a release should know before they train on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from sync.training_files.manifest.contents import ReleaseSummary

# formats that say which turns are not to be learnt
_WEIGHTED = ("openai-chat",)


def limits(summary: ReleaseSummary, *, licensed: bool) -> Iterator[str]:
    """Each limit as a sentence."""
    yield (
        "The answers are what these experts accepted at that time; nothing here says that they are "
        "right elsewhere or later."
    )
    drafted = (summary.drafts.get("outcomes") or {}).keys() - {"no draft"}
    if any(summary.drafts["outcomes"][what] for what in drafted):
        yield (
            "Experts saw a draft before they wrote, so the wording leans towards its author's: a "
            "model's, or the source's."
        )
    if any(file.format in _WEIGHTED for file in summary.files):
        yield (
            "In `openai-chat` a turn that nobody vouched for has `weight` 0: a trainer that does "
            "not read weights learns it all the same."
        )
    for name, reasons in _left_out(summary).items():
        for reason, count in sorted(reasons.items()):
            yield f"`{name}` lacks {count}: {reason}."
    for each in summary.unlisted:
        if each.label is not None:
            yield (
                f"The label {each.label!r} of {each.kind} stands in {each.annotations} annotations "
                "and is none that the project lists."
            )
    if not licensed:
        yield "No licence is named, so none is given: ask the owner before you use it."


def _left_out(summary: ReleaseSummary) -> dict[str, Counter[str]]:
    """What formats can't say: examples by format and reason, over all splits."""
    found: dict[str, Counter[str]] = {}
    for file in summary.files:
        if file.left_out:
            found.setdefault(file.format, Counter()).update(file.left_out)
    return found
