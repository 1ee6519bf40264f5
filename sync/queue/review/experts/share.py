"""Share the open tasks of a project and its queues out among the experts, and tell who did what."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import partial

from rich.progress import Progress

from connectors.label_studio import LabelStudio
from label_configs.queue_fields import ASSIGNED_TO
from sync.common.json_text import Json
from sync.common.terminal import ShowProgress
from sync.common.wording import counted
from sync.quality.report.other_rooms import EXPERTS
from sync.queue.review.experts.assign import Activity, Assignments, OpenTask, assign
from sync.queue.review.experts.kinds import KindReader, Labels
from sync.queue.review.experts.open_tasks import SharedProject, first_pass, second_pass
from sync.queue.review.experts.outside import PersonsWork, work_outside
from sync.queue.review.experts.roster import Roster
from sync.queue.review.experts.views import add_expert_views
from sync.queue.task_fields import Fields, write_fields
from sync.records.review_queues import queue_configs, review_settings
from sync.records.review_verdicts import pulled_id
from sync.settings import Config
from sync.table import last_runs
from sync.table.data_folder import data_folder
from sync.table.snapshot import stream_rows

# of the tasks that are nobody's, as many times as there is room for are looked at
_LOOKED_AT = 10
_AT_LEAST = 2000


@dataclass(frozen=True)
class TaskSharing:
    """How work is shared, and who did what.

    Attributes:
        loads: open tasks of each expert by e-mail.
        away: experts whose tasks were passed on, or who get none until they finish something.
        new: tasks that somebody was given; `moved` of them had been another's, who left them.
        waiting: tasks that are nobody's yet, since everybody who may do them has enough.
        unmatched: what tasks ask of people that nobody has, and how many there are of each.
        without_account: experts whom Label Studio does not know.
        unknown_tiers: of review, that the table of experts names and the project does not have;
            `unknown_skills`: likewise, kinds of category.
        views: tabs that were added.
        people: what everybody finished, and what of it was outside their queue.
    """

    loads: Mapping[str, int] = field(default_factory=dict)
    away: tuple[str, ...] = ()
    new: int = 0
    moved: int = 0
    waiting: int = 0
    unmatched: Mapping[str, int] = field(default_factory=dict)
    without_account: tuple[str, ...] = ()
    unknown_tiers: tuple[str, ...] = ()
    unknown_skills: tuple[str, ...] = ()
    views: int = 0
    people: tuple[PersonsWork, ...] = ()

    def to_json(self) -> Json:
        """All of it, for machines."""
        return asdict(self)

    def notes(self) -> Iterable[str]:
        """What one should know, a sentence each."""
        for tier in self.unknown_tiers:
            yield f"[experts] gives somebody the tier {tier!r}, which this project does not have"
        for kind in self.unknown_skills:
            yield (
                f"[experts] names labels of {kind!r}, a kind of category that this project does "
                "not have, so nothing is kept from anybody by it"
            )
        for email in self.without_account:
            yield f"Label Studio knows no account of {email}, so nothing is given to them"
        for email in self.away:
            yield f"{email} has finished nothing for long and gets no tasks until they do"
        for asked, number in self.unmatched.items():
            yield f"No expert may do {counted(number, 'task')}: {asked}"


def share_work(
    config: Config,
    client: LabelStudio,
    roster: Roster,
    known: Mapping[str, Labels],
    progress: Progress,
    *,
    now: datetime,
    dry_run: bool = False,
) -> TaskSharing:
    """Give open tasks to experts, as they were pulled; nothing without a table of experts.

    Args:
        known: labels by kind of category of tasks that are reviewed, by their ids from the source.
        dry_run: change nothing in Label Studio.

    Raises:
        LabelStudioError: Label Studio can't be used; run again to go on.
        SyncError: the table can't be read.
    """
    projects = shared_projects(config)
    kinds = KindReader(
        config,
        config.load_interface(),
        known,
        languages=any(each.languages for each in roster.experts),
    )
    people = work_outside((each for _, each in projects.values()), kinds, roster)
    settings = review_settings(config)
    unknown = tuple(sorted(roster.tiers - {tier.name for tier in settings.tiers}))
    if not roster.experts:
        return TaskSharing(
            without_account=roster.without_account, unknown_tiers=unknown, people=people
        )
    tasks, activity = _open_tasks(projects, kinds, settings.ahead * len(roster.experts))
    made = assign(
        tasks,
        roster.experts,
        activity,
        now=now,
        idle_days=settings.idle_days,
        ahead=settings.ahead,
        hardest=max(len(kinds.complexities) - 1, 0),
    )
    views = 0
    if not dry_run:
        bar = progress.add_task("giving tasks to experts", total=len(made.changes))
        _write(client, made, lambda done, _: progress.update(bar, completed=done))
        views = _add_views(config, client, projects, holders(tasks, made))
    shared = TaskSharing(
        made.loads,
        made.away,
        made.new,
        made.moved,
        made.waiting,
        made.unmatched,
        roster.without_account,
        unknown,
        _unknown_skills(config, roster, kinds),
        views,
        people,
    )
    if not dry_run:
        last_runs.note(data_folder(config), EXPERTS, shared.to_json())
    return shared


def _unknown_skills(config: Config, roster: Roster, kinds: KindReader) -> tuple[str, ...]:
    known = {*config.categories, *kinds.interface.category_controls}
    return tuple(sorted({name for each in roster.experts for name in each.skills} - known))


def shared_projects(config: Config) -> dict[int, tuple[Config, SharedProject]]:
    """The queues of a project that were pulled, and the project itself, by id: what is reviewed
    comes before what is new.
    """
    table = data_folder(config).table()
    found: dict[int, tuple[Config, SharedProject]] = {}
    every: list[tuple[str | None, Config]] = [*queue_configs(config).items(), (None, config)]
    for tier, each in every:
        number = pulled_id(each)
        if number is not None:
            rows = partial(stream_rows, table, number)
            overlap = each.label_studio.overlap if tier is None else 1
            found[number] = each, SharedProject(number, rows, tier, overlap)
    return found


def holders(tasks: Sequence[OpenTask], made: Assignments) -> dict[int, set[str]]:
    """Of each project, the e-mails of those who have open tasks in it."""
    found: dict[int, set[str]] = {}
    for task in tasks:
        project_id, _ = task.place
        to = made.changes.get(task.place, {}).get(ASSIGNED_TO, task.assigned_to)
        if to is not None:
            found.setdefault(project_id, set()).add(to)
    return found


def _open_tasks(
    projects: Mapping[int, tuple[Config, SharedProject]], kinds: KindReader, room: int
) -> tuple[list[OpenTask], Activity]:
    every = [each for _, each in projects.values()]
    waiting, activity = first_pass(every)
    most = max(_LOOKED_AT * room, _AT_LEAST)
    tasks = [
        task
        for project, own in zip(every, waiting, strict=True)
        for task in second_pass(project, own, kinds, most)
    ]
    return tasks, activity


def _write(client: LabelStudio, made: Assignments, progress: ShowProgress) -> None:
    by_project: dict[int, dict[int, Fields]] = {}
    for (project_id, task_id), fields in made.changes.items():
        by_project.setdefault(project_id, {})[task_id] = fields
    for project_id, changes in by_project.items():
        write_fields(client, project_id, changes, progress)


def _add_views(
    config: Config,
    client: LabelStudio,
    projects: Mapping[int, tuple[Config, SharedProject]],
    emails: Mapping[int, set[str]],
) -> int:
    added = 0
    for project_id, (own, _) in projects.items():
        interface = own.load_interface()
        categorised = any(each.assigned_by != "model" for each in own.categories.values())
        added += len(
            add_expert_views(
                client,
                project_id,
                interface,
                sorted(emails.get(project_id, ())),
                categorised=categorised,
            )
        )
    return added
