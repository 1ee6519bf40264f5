"""`labeltune review`."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from connectors.label_studio import LabelStudio
from sync.commands.common import common_options, load_one, project_option, show
from sync.commands.pull import PATIENCE_S
from sync.common.terminal import progress
from sync.common.wording import counted
from sync.queue.review.guidelines.concerned import ConcernedWhy
from sync.queue.review.plan import REVIEW_REASONS, ReviewReason
from sync.queue.review.run import VERB, ReviewReport, review
from sync.queue.review.send_queue import TierReport
from sync.table import last_runs
from sync.table.data_folder import data_folder

_TOLD: Mapping[ReviewReason, str] = {
    "disagreement": "since annotators do not agree",
    "finding": "for what a check found",
    "flagged annotator": "since their annotator answers as if by guessing",
    "changed": "since they were changed after a review",
    "guidelines": "since the guidelines have changed",
    "new annotator": "as the first ones of their annotator",
    "tier": "since all that is as risky goes through a tier",
    "risk": "by risk",
    "random": "at random",
}

_FOUND_BY: Mapping[ConcernedWhy, str] = {
    "quoted": "quote what it quoted",
    "figure": "say a figure that it named",
    "category": "are of a category that it names",
    "meaning": "ask about it",
}
# of changed sentences, that are told
_SENTENCES = 10
_MORE = " (review.guidelines says how many at most, --guidelines-settled that none needs to)"


@click.command()
@click.option("--dry-run", is_flag=True, help="Pull, and only say what would go and why.")
@click.option(
    "--guidelines-settled",
    "settled",
    is_flag=True,
    help="What was finished before the guidelines changed needs no other look.",
)
@project_option
@common_options
def command(
    dry_run: bool, settled: bool, project: str | None, config_file: Path, as_json: bool
) -> None:
    """Send finished work to a second pair of eyes; its verdicts come back with `labeltune pull`.

    What the last check found, a share by risk, a random share and the first tasks of each annotator
    go into a queue in Label Studio: a project with the interface `review`, one for each tier of
    [review]. Nobody is given their own work. Run it again at any time: it adds what is new, and
    takes away what was changed meanwhile.

    \b
    Examples:
      labeltune review --dry-run
      labeltune review
    """
    config = load_one(config_file, project)
    url, key = config.label_studio.url, config.api_key
    with LabelStudio(url, key, patience_s=PATIENCE_S) as client, progress() as bars:
        report = review(config, client, bars, dry_run=dry_run, settled=settled)
    if not dry_run:  # what `labeltune report` shows of it
        noted = {**report.to_json(), "sentences": list(for_report(report))}
        last_runs.note(data_folder(config), VERB, noted)
    show(report.to_json(), "\n".join(sentences(report)), as_json=as_json)


def for_report(report: ReviewReport) -> Iterator[str]:
    """What the report's page shows of it."""
    reasons = (line.strip() for line in _reasons(report))
    yield f"{': '.join(part for part in (_counts(report), ', '.join(reasons)) if part)}."
    for queue in report.queues:
        if queue.url is not None:
            yield f"{counted(queue.waiting, 'review waits', 'reviews wait')} in {queue.title!r}."
    yield from map(str, report.proposals)


def sentences(report: ReviewReport) -> Iterator[str]:
    """What was done, as people read it."""
    reasons = list(_reasons(report))
    yield f"{_counts(report)}{':' if reasons else '.'}"
    yield from reasons
    for queue in report.queues:
        yield _told(queue, dry_run=report.dry_run)
    yield from _told_of_guidelines(report)
    yield from _told_of_trust(report)
    yield from _told_of_stars(report)
    yield from _shared(report)
    yield from map(str, report.proposals)
    yield from (f"{note[0].upper()}{note[1:]}." for note in report.notes)


def _counts(report: ReviewReport) -> str:
    if not report.finished:
        return "No finished task waits for a reviewer"
    planned = sum(queue.planned for queue in report.queues)
    return (
        f"Of {counted(report.finished, 'finished task')} {report.passed} "
        f"{'has' if report.passed == 1 else 'have'} passed review, {report.rejected} "
        f"{'was' if report.rejected == 1 else 'were'} rejected, {planned} "
        f"{'is' if planned == 1 else 'are'} to be reviewed"
    )


def _reasons(report: ReviewReport) -> Iterator[str]:
    """A line for each reason; a review that has several counts with each."""
    for reason in REVIEW_REASONS:
        if number := report.reasons.get(reason):
            yield f"  {number:>6,} {_TOLD[reason]}"


def _told_of_guidelines(report: ReviewReport) -> Iterator[str]:
    """What has changed in the guidelines, and how much of the finished work that concerns."""
    # what concerns nobody's work is told where somebody asks what would happen
    if not report.guidelines or not (report.concerned or report.dry_run):
        return
    changed = (
        f"{counted(len(report.guidelines), 'sentence')} of the guidelines changed since work was "
        f"finished, which {'concerns' if len(report.guidelines) == 1 else 'concern'}"
    )
    if report.concerned:
        goes = report.reasons.get("guidelines", 0)
        verb = "would go" if report.dry_run else "goes" if goes == 1 else "go"
        yield (
            f"{changed} {counted(report.concerned, 'finished task')}; {goes} {verb} to review"
            f"{_MORE if goes < report.concerned else ''}:"
        )
    else:
        yield f"{changed} no finished task:"
    for each in report.guidelines[:_SENTENCES]:
        why = ", ".join(f"{number} {_FOUND_BY[by]}" for by, number in each.why.items())
        yield f"  {each.tasks:>6,} {each.rule}{f': {why}' if why else ''}"
    if (more := len(report.guidelines) - _SENTENCES) > 0:
        yield f"         and {counted(more, 'further sentence')}"


def _told_of_trust(report: ReviewReport) -> Iterator[str]:
    """What becomes of tasks on which one answer is not enough."""
    if report.disputed:
        yield (
            f"{counted(report.disputed, 'task')} with answers that do not agree: "
            f"{report.adjudicated} for a reviewer, {report.disputed - report.adjudicated} for one "
            "more annotator."
        )
    if report.raised or report.gold:
        would = "would be" if report.dry_run else "were"
        yield (
            f"{counted(report.gold, 'task')} of known truth asked once more; "
            f"{report.raised} {would} handed out again by this run."
        )


def _told_of_stars(report: ReviewReport) -> Iterator[str]:
    """Which stars come and go."""
    would = "would get" if report.dry_run else "got"
    if report.stars:
        yield (
            f"{counted(report.stars, 'answer')} that reviewers chose among several {would} a star "
            "in Label Studio."
        )
    if report.lapsed_stars:
        be = "star would be", "stars would be"
        taken = counted(
            report.lapsed_stars, *(be if report.dry_run else ("star was", "stars were"))
        )
        yield f"{taken} taken away, since the answer has changed; give it anew if you mean it."


def _shared(report: ReviewReport) -> Iterator[str]:
    """Who gets what, and who did what was not theirs."""
    shared = report.shared
    if shared is None:
        return
    verb = "would be given" if report.dry_run else "were given"
    moved = f", {shared.moved} of them from somebody else" if shared.moved else ""
    loads = ", ".join(f"{email} {load}" for email, load in shared.loads.items())
    yield f"{counted(shared.new, 'task')} {verb} to experts{moved}; open now: {loads or 'none'}"
    for person in shared.people:
        if outside := sum(person.outside.values()):
            why = ", ".join(f"{number} {each}" for each, number in person.outside.items())
            yield (
                f"{person.email} finished {counted(person.finished, 'task')}, {outside} of them "
                f"outside their queue: {why}"
            )


def _told(queue: TierReport, *, dry_run: bool) -> str:
    done = {
        "new": queue.new,
        "changed": queue.changed,
        "removed": queue.removed,
        "kept from their authors": queue.barred,
    }
    told = ", ".join(f"{number} {what}" for what, number in done.items() if number)
    would = "would be " if dry_run and told else ""
    where = f": {queue.url}" if queue.url else ""
    waiting = f"{queue.waiting} waiting"
    if queue.ignored:
        waiting = f"{queue.ignored} without effect, of people who may not decide it; {waiting}"
    return f"{queue.title!r}: {would}{told or 'nothing new'}; {waiting}{where}"
