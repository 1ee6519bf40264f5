"""What an export says of what it did and left out, a sentence each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict

from sync.common.wording import counted
from sync.dataset.release.balancing import BalancePlan
from sync.dataset.release.data_files import Refused
from sync.dataset.release.export_report import ALL, ExportRequest, FateCounts
from sync.records.states import told_counts
from sync.settings import Config
from sync.training_files.formats import Format
from sync.training_files.general_examples import GeneralExamples
from sync.training_files.manifest.contents import WrittenFile


def nothing(config: Config, counts: FateCounts, left_out: Mapping[str, Mapping[str, int]]) -> str:
    """Why there is nothing to export, and what to do."""
    project = repr(config.label_studio.project)
    if counts.untaught:
        reasons = [reason for reasons in left_out.values() for reason in reasons]
        why = f" ({reasons[0]})" if reasons else ""
        held = counted(counts.untaught, "finished task")
        return (
            f"nothing to export: no example of this kind can be made of {held} of {project}{why}; "
            "correct the answers, or choose another --format, see --list-formats"
        )
    parts = told_counts({**asdict(counts), "exported": 0})
    if counts.unsplit:
        remedy = "run `labeltune split`"
    else:
        remedy = "finish some tasks in Label Studio, then `labeltune pull`"
    return (
        f"nothing to export: no accepted answer in {project} yet "
        f"({', '.join(parts) or 'no tasks'}); {remedy}"
    )


def notes(
    plan: BalancePlan | None,
    general: GeneralExamples | None,
    left_out: Mapping[str, Mapping[str, int]],
    refused: Refused,
) -> Iterator[str]:
    """What was done to the work on its way into the files."""
    first: dict[str, int] = {}
    for line in (line for lines in refused.values() for line in lines.values()):
        if line.task_id is not None:
            first.setdefault(line.reason, line.task_id)
    if plan is not None:
        yield plan.sentence()
    if general is not None:
        count = len(general.examples)
        yield f"{count} general examples mixed into the training files."
    for name, reasons in left_out.items():
        for reason, count in reasons.items():
            where = f" (first of them task {first[reason]})" if reason in first else ""
            yield f"{name}: {count} left out: {reason}{where}"


def unmade(
    formats: Sequence[Format], files: Sequence[WrittenFile], request: ExportRequest
) -> Iterator[str]:
    """Formats that were named and have no line."""
    made = {file.format for file in files}
    for form in formats:
        if form.name not in made and ALL not in request.formats:
            yield (
                f"{form.name}: not written, since no finished task holds an example of this kind "
                "(docs/examples.md says what each is made of)"
            )


def unsplit(counts: FateCounts) -> Iterator[str]:
    """What was finished after the split."""
    if counts.unsplit:
        yield (
            f"{counts.unsplit} finished since the last split, and left out; run `labeltune split`"
        )
