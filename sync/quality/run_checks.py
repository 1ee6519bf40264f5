"""Run the chosen checks one after the other, and say what they could not judge."""

from collections.abc import Callable, Mapping
from pathlib import Path

from connectors.reading import sentence
from sync.common.wording import counted
from sync.quality.checks import CheckResult, WorkToCheck
from sync.quality.chosen_checks import ChosenChecks
from sync.quality.text_findings import find_in_texts

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

    Args:
        known_in: see `find_in_texts`.
        running: called before each check, and while texts are looked at.
    """
    total, texts = len(chosen.names), len(chosen.of_texts)
    results: dict[str, CheckResult] = {}
    for name, check in chosen.of_work.items():
        running(name, len(results), total)
        results[name] = check(work)
    before = len(results)

    def of_texts(done: int, of: int) -> None:
        running(f"{counted(texts, 'text check')}: {done} of {of} texts", before, total)

    if texts:
        of_texts(0, len(work.labelled.records))
        results["text checks"] = find_in_texts(
            work, chosen.of_texts, of_texts, profile=profile, known_in=known_in
        )
    found = dict(results)
    for at, (name, follow_up) in enumerate(chosen.of_results.items(), start=before + texts):
        running(name, at, total)
        results[name] = follow_up(work, found)
    return results


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
