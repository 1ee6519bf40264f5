"""New tasks for people and machines: which, and why."""

from collections.abc import Iterator, Mapping

from sync.common.json_text import Json
from sync.common.wording import counted
from sync.quality.checks.telling_words import shortened
from sync.tuning.evaluation.next_tasks.choose import NextTask
from sync.tuning.evaluation.next_tasks.failing_kinds import FailingKind
from sync.tuning.evaluation.next_tasks.project_questions import TaskOrigin
from sync.tuning.evaluation.next_tasks.push_tasks import PushedNext

_ORIGINS: Mapping[TaskOrigin, str] = {
    "waiting": "waiting already",
    "file": "of files",
    "written": "written by a model",
}


def next_tasks_json(done: PushedNext) -> Json:
    """Everything but what is asked."""
    plan = done.plan
    return {
        "dry_run": done.dry_run,
        "kinds": [
            {
                "cluster": kind.cluster,
                "labels": dict(kind.labels),
                "failing": [item.key for item in kind.items],
                "asked": kind.asked,
                "wanted": kind.wanted,
                "already": plan.already.get(kind.mark, 0),
                "missing": plan.missing(kind),
            }
            for kind in plan.kinds
        ],
        "tasks": [_task(each) for each in plan.tasks],
        "refused": dict(plan.refused),
        "raised": [each.to_json() for each in plan.raised],
        "push": None if done.pushed is None else done.pushed.to_json(),
        "notes": list(done.notes),
    }


def next_tasks_said(done: PushedNext) -> Iterator[str]:
    """What failures became, kind by kind; of a dry run each task, too."""
    plan = done.plan
    if not plan.kinds:
        yield "Nothing fails, so there is nothing to push."
        return
    for kind in plan.kinds:
        yield _kind(kind, done)
        if done.dry_run:
            yield from (f"    {_shown(each)}" for each in plan.tasks if each.kind == kind)
    for why, number in plan.refused.items():
        yield f"Left out of what is near: {number} that {why}."
    for each in plan.raised:
        cell = ", ".join(each.labels.values())
        would = "would be raised" if done.dry_run else "is raised"
        yield f"The target of {cell} {would} by {each.by} to {each.to}; `labeltune gaps` says why."
    if plan.without_cell:
        items = counted(plan.without_cell, "failing item lacks", "failing items lack")
        yield f"{items} a label of the cells, so that no target is raised for it."
    yield from (f"{note}." for note in done.notes)
    if done.dry_run:
        yield "Nothing was sent."
    elif plan.tasks:
        drafts = "; new ones come first as soon as they have a draft" if done.pushed else ""
        yield f"{counted(len(plan.tasks), 'task')} come first in the queue{drafts}."
    else:
        yield "Nothing is new, and nothing was sent."


def _kind(kind: FailingKind, done: PushedNext) -> str:
    plan = done.plan
    mine = [each for each in plan.tasks if each.kind == kind]
    by_origin = {
        told: sum(each.candidate.origin == origin for each in mine)
        for origin, told in _ORIGINS.items()
    }
    found = ", ".join(f"{number} {told}" for told, number in by_origin.items() if number)
    before = plan.already.get(kind.mark, 0)
    done_before = f"{before} pushed before" if before else ""
    told = "; ".join(filter(None, [found, done_before])) or "none found"
    cell = f" ({', '.join(kind.labels.values())})" if kind.labels else ""
    lacking = plan.missing(kind)
    more = f"; {lacking} more are wanted: name files with --from, or push some" if lacking else ""
    return (
        f"“{kind.cluster}”{cell}: {len(kind.items)} of {kind.asked} fail, "
        f"{counted(kind.wanted, 'task')} wanted: {told}{more}."
    )


def _shown(each: NextTask) -> str:
    candidate = each.candidate
    return f"{candidate.where}, {each.like:.2f} like it: {shortened(candidate.text)}"


def _task(each: NextTask) -> Json:
    return {
        "id": each.candidate.key,
        "task_id": each.candidate.task_id,
        "origin": each.candidate.origin,
        "where": each.candidate.where,
        "like": round(each.like, 4),
        "cluster": each.kind.cluster,
        "labels": dict(each.kind.labels),
    }
