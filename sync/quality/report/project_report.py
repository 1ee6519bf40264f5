"""All that a report tells of a project, gathered: findings, figures, and what follows from them."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from sync.quality.decoded.work import DecodedWork
from sync.quality.report.agreement_shown import AgreementShown
from sync.quality.report.annotators import AnnotatorNames, hidden_names
from sync.quality.report.found_kinds import AllFound
from sync.quality.report.history import CheckedVersion, read_history, remember
from sync.quality.report.last_check import LastCheck
from sync.quality.report.other_rooms import (
    DraftingCost,
    LastSaid,
    OutsideWork,
    WantedExamples,
)
from sync.quality.report.readiness import Readiness, readiness
from sync.quality.report.work_figures import FiguresCount, WorkFigures
from sync.records.person_record import PersonRecord
from sync.records.pulled_work import PulledWork, open_pulled_work
from sync.settings import Config
from sync.table.data_folder import data_folder


@dataclass(frozen=True)
class FromOtherRooms:
    """What a report shows beside its own figures; None where there is none of it.

    Attributes:
        judging: what a model that checks has cost, in the currency of the prices.
        review: what a second pair of eyes has still to see.
        people: how far each annotator is to be trusted, as the last review found.
        outside: who finished what was not theirs to do.
    """

    wanted: WantedExamples | None = None
    outlook: LastSaid | None = None
    cost: DraftingCost | None = None
    judging: float | None = None
    people: tuple[PersonRecord, ...] = ()
    review: LastSaid | None = None
    outside: tuple[OutsideWork, ...] = ()


_NUMBERS, _NOTHING = AnnotatorNames(), FromOtherRooms()


@dataclass(frozen=True)
class ProjectReport:
    """What a page shows of a project.

    Attributes:
        table_version: of the work that the figures are of; `check.table_version` may be older.
        history: every checked version, oldest first; empty for a past version of the table.
    """

    project: str
    project_id: int
    table_version: int
    check: LastCheck
    figures: WorkFigures
    readiness: Readiness
    names: AnnotatorNames = _NUMBERS
    agreement: AgreementShown | None = None
    others: FromOtherRooms = _NOTHING
    history: tuple[CheckedVersion, ...] = ()
    made_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def found(self) -> AllFound:
        """What the check found."""
        return self.check.found


def project_report(
    config: Config,
    check: LastCheck,
    others: FromOtherRooms = FromOtherRooms(),
    *,
    anonymous: bool = False,
    at: int | None = None,
    is_new: bool = False,
    read: DecodedWork | None = None,
) -> ProjectReport:
    """Count the pulled work and judge it by what a check found.

    Args:
        anonymous: call annotators by letters.
        at: the version of the table that was checked, for a report of the past; by default the
            newest, with the findings of the last check.
        is_new: the check has just been run, and is remembered for the trend.
        read: the work that was checked; by default it is read again.

    Raises:
        SyncError: nothing was pulled, or the data folder can't be used.
    """
    folder = data_folder(config)
    pulled = open_pulled_work(config, at) if read is None else read.work
    found = check.found
    figures = _counted(pulled, read, found)
    agreement = check.agreement
    newer = pulled.snapshot.table_version > check.table_version
    names = _NUMBERS
    if anonymous:
        names = hidden_names(folder, _everybody(figures, others))
        hidden = names.hidden_in
        check = replace(
            check,
            found=found.renamed(hidden),
            notes=tuple(map(hidden, check.notes)),
            skips=tuple(map(hidden, check.skips)),
        )
    history: tuple[CheckedVersion, ...] = ()
    if at is None:
        history = remember(folder, _came_to(check, figures, agreement)) if is_new else ()
        history = history or read_history(folder)
    return ProjectReport(
        project=config.label_studio.project,
        project_id=pulled.snapshot.project_id,
        table_version=pulled.snapshot.table_version,
        check=check,
        figures=figures,
        readiness=readiness(figures, found, agreement, others.wanted, newer=newer),
        names=names,
        agreement=agreement,
        others=others,
        history=history,
    )


def _counted(pulled: PulledWork, read: DecodedWork | None, found: AllFound) -> WorkFigures:
    counting = FiguresCount(pulled.interface, found.quoted_tasks(), found.of_annotations)
    if read is None:
        for outcome in pulled.outcomes(counting.watch(pulled.snapshot.rows())):
            counting.add(outcome)
        return counting.figures()
    for _, task in zip(counting.watch(read.rows), read.tasks, strict=True):
        counting.add(task.outcomes[0], task.state)
    return counting.figures()


def _everybody(figures: WorkFigures, others: FromOtherRooms) -> set[int | None]:
    """Whoever the report may name: who annotated, was measured, or only reviewed."""
    return {
        *(each.id for each in figures.annotators),
        *(each.annotator for each in others.people),
        *(each.user for each in others.outside),
    }


def _came_to(
    check: LastCheck, figures: WorkFigures, agreement: AgreementShown | None
) -> CheckedVersion:
    least = agreement.least if agreement is not None else None
    return CheckedVersion(
        at=check.at.isoformat(timespec="seconds"),
        table_version=check.table_version,
        finished=figures.finished,
        accepted=figures.work.accepted,
        errors=check.found.of_severity("error"),
        warnings=check.found.of_severity("warning"),
        notes=check.found.of_severity("info"),
        agreement=None if least is None else least[1],
    )
