"""Run the chosen checks one after the other, and say what they could not judge."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from connectors.reading import sentence
from sync.common.wording import counted
from sync.quality.checks import CheckResult, WorkToCheck
from sync.quality.chosen_checks import ChosenChecks
from sync.quality.text_findings import find_in_texts
from sync.records import LabelledRecord

# called with the check that runs now, those that are done, and how many there are
ShowRunning = Callable[[str, int, int], None]


def results_of(
    work: WorkToCheck,
    chosen: ChosenChecks,
    profile: str | None = None,
    known_in: Path | None = None,
    running: ShowRunning = lambda name, done, total: None,
) -> dict[str, CheckResult]:
    """What every check found, by its name; all text checks under one.

    What a reviewer has settled is left out, also of what is held against people; a note counts it.

    Args:
        known_in: see `find_in_texts`.
        running: called before each check, and while texts are looked at.
    """
    total, texts = len(chosen.names), len(chosen.of_texts)
    results: dict[str, CheckResult] = {}
    settled = settled_kinds(work.labelled.records)
    number = 0
    for name, check in chosen.of_work.items():
        running(name, len(results), total)
        results[name], left_out = without_settled(check(work), settled)
        number += left_out
    before = len(results)

    def of_texts(done: int, of: int) -> None:
        running(f"{counted(texts, 'text check')}: {done} of {of} texts", before, total)

    if texts:
        of_texts(0, len(work.labelled.records))
        in_texts = find_in_texts(
            work, chosen.of_texts, of_texts, profile=profile, known_in=known_in
        )
        results["text checks"], left_out = without_settled(in_texts, settled)
        number += left_out
    found = dict(results)
    for at, (name, follow_up) in enumerate(chosen.of_results.items(), start=before + texts):
        running(name, at, total)
        results[name] = follow_up(work, found)
    if number:
        are = "is" if number == 1 else "are"
        said = f"{counted(number, 'finding')} that a reviewer saw and passed {are} left out"
        results["review"] = CheckResult(notes=(said,))
    return results


def settled_kinds(records: Iterable[LabelledRecord]) -> dict[int, frozenset[str]]:
    """By annotation, the kinds of findings that reviewers saw before they passed it.

    It stays so until the text changes, since the review then says nothing of it any more.
    """
    found: dict[int, frozenset[str]] = {}
    for record in records:
        reviews = (*record.earlier_reviews, *([] if record.review is None else [record.review]))
        seen = frozenset(kind for review in reviews for kind in review.findings)
        if seen and not record.rejected:
            found[record.annotation_id] = seen
    return found


def without_settled(
    result: CheckResult, settled: Mapping[int, frozenset[str]]
) -> tuple[CheckResult, int]:
    """What a check found and no reviewer has settled, and how many findings one has."""
    kept = tuple(
        finding
        for finding in result.findings
        if finding.annotation_id is None
        or finding.kind not in settled.get(finding.annotation_id, ())
    )
    return replace(result, findings=kept), len(result.findings) - len(kept)


def too_few(results: Mapping[str, CheckResult], records: int) -> list[str]:
    """One sentence on all that a small set can't tell yet."""
    needs = [f"{kind} ({result.needs})" for kind, result in results.items() if result.needs]
    if not needs or not records:
        return []
    return [f"{records} finished tasks are too few for {', '.join(needs)}"]


def unread(work: WorkToCheck, model: str) -> list[str]:
    """A sentence on the texts that the embedding model can't read, where there are some."""
    count = len(work.unread_prompts) + len(work.unread_answers)
    return [sentence(count, 2 * len(work.labelled.records), model)] if count else []
