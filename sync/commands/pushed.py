"""What follows from a push: drafts that are made anew, work that somebody must look at."""

from collections.abc import Iterator, Sequence

from sync.common.counted import counted
from sync.intake.push import PushReport
from sync.intake.push.redrafts import Redrafting

# tasks that are named in a sentence
_NAMED = 5


def afterwards(report: PushReport) -> Iterator[str]:
    """A sentence on each thing that the user should know or do next."""
    if report.redrafting:
        yield _redrafted(report.redrafting, dry_run=report.dry_run)
    if report.overwritten:
        yield _overwritten(report.overwritten)


def _redrafted(anew: Redrafting, *, dry_run: bool) -> str:
    *others, last = anew.because
    changed = f"{', '.join(others)} and {last}" if others else last
    verb = "have" if others or last.endswith("guidelines") else "has"
    would = "would be" if dry_run else "will be"
    cost = "" if anew.cost is None else f", for about {anew.cost:,.2f} by [llm.prices]"
    drafts = counted(anew.drafts, "draft")
    return f"{drafts} {would} made anew, since {changed} {verb} changed{cost}."


def _overwritten(tasks: Sequence[int]) -> str:
    named = ", ".join(map(str, tasks[:_NAMED]))
    more = len(tasks) - _NAMED
    rest = f" and {more} more, listed in last-push.json of the data folder" if more > 0 else ""
    one = len(tasks) == 1
    has, its, it = ("holds", "its", "task") if one else ("hold", "their", "tasks")
    return (
        f"{counted(len(tasks), 'annotated task')} {has} new data, but {its} annotations and drafts "
        f"still answer the old: open {it} {named}{rest} in Label Studio, correct the annotation or "
        "delete it, after which a new draft follows by itself, and then run `labeltune pull`."
    )
