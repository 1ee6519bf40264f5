"""The projects in which a project's finished work is reviewed: one for each tier.

They stand in no table of `labeltune.toml`; they are made of the project's own settings:

    project "Support answers", tier "peer"  ->  "Support answers review: peer"
"""

import hashlib
from collections.abc import Callable

from pydantic import ValidationError

from label_configs import profiles
from label_configs.review import ReviewInterface
from sync.common.errors import ConfigError
from sync.common.terminal import ShowProgress
from sync.settings import Config, LabelStudioSection
from sync.settings.cleaning import CleaningSection
from sync.settings.queue import QueueSection
from sync.settings.review import ReviewSection, TierSection
from sync.settings.section import explain
from sync.settings.sources import SourcesSection
from sync.settings.targets import TargetsSection
from sync.table import last_runs
from sync.table.data_folder import data_folder
from sync.table.pull import PullReport, pull
from sync.table.pull.task_listing import TaskSource

REVIEW = ReviewInterface.name
# characters that Label Studio takes for a title
_LONGEST = 50
_PEER = TierSection(name="peer")
_BASE_RISK = 0.5
# what a queue notes of the project that it reviews
_REVIEWED = "reviewed"

Pull = Callable[[Config, TaskSource, ShowProgress], PullReport]


def review_settings(config: Config) -> ReviewSection:
    """How a project's work is reviewed: `[review]`, then its profile, then what nobody said.

    Returns:
        Settings with at least one tier, and a `base_risk`.

    Raises:
        ConfigError: the profile's part of it can't be used.
        ProfileError: no profile has that name, or it can't be used.
    """
    name, said = config.label_studio.profile, {}
    if name is not None:
        said = dict(profiles.load(name, config.folder).review)
    own = {key: getattr(config.review, key) for key in config.review.model_fields_set}
    try:
        read = ReviewSection.model_validate(said).model_copy(update=own)
    except ValidationError as error:
        raise ConfigError(explain(f"profile {name}", error, ReviewSection, ["review"])) from error
    unsaid = {} if read.base_risk is not None else {"base_risk": _BASE_RISK}
    return read.model_copy(update={**unsaid, "tiers": read.tiers or (_PEER,)})


def queue_configs(config: Config) -> dict[str, Config]:
    """The configuration of each tier's queue by the tier's name, in their order.

    A queue is a project of its own, whose page is `review`, and whose files lie beside those of
    the project. It knows the project as its only sibling: the one that it reviews. A project that
    reviews others has none.

    Raises:
        ConfigError: a title is another project's.
    """
    if config.label_studio.interface == REVIEW:
        return {}
    return {tier.name: _queue(config, tier) for tier in review_settings(config).tiers}


def pull_queues(
    config: Config, client: TaskSource, progress: ShowProgress, pull: Pull = pull
) -> dict[str, PullReport]:
    """Pull the queue of each tier, by the tier's name; of a queue that is not there, nothing.

    Raises:
        SyncError: another pull is running here, or the data folder can't be used.
        LabelStudioError: Label Studio can't be asked.
    """
    reports: dict[str, PullReport] = {}
    for tier, queue in queue_configs(config).items():
        if client.find_project(queue.label_studio.project, ("id", "title")) is not None:
            reports[tier] = pull(queue, client, progress)
    return reports


def note_queue(queue: Config, reviewed: int) -> None:
    """Remember whose queue this is, so that it is found when the reviewed project is renamed.

    Args:
        queue: of `queue_configs`, which is in Label Studio.
        reviewed: Label Studio's id of the project that it reviews.

    Raises:
        SyncError: the data folder can't be used.
    """
    folder, told = data_folder(queue), {"id": reviewed, "title": queue.label_studio.project}
    if not told.items() <= (last_runs.recall(folder, _REVIEWED) or {}).items():
        last_runs.note(folder, _REVIEWED, told)


def _known_title(config: Config, queue: str) -> str | None:
    """What a queue of the project is called since before the project was renamed.

    Args:
        queue: the name of its folder.
    """
    pulled = last_runs.recall(data_folder(config), "pull") or {}
    if pulled.get("project") != config.label_studio.project:
        return None
    folder = data_folder(config.model_copy(update={"project_name": queue}))
    noted = last_runs.recall(folder, _REVIEWED) or {}
    is_ours = noted.get("id") == pulled.get("project_id") is not None
    return str(noted["title"]) if is_ours else None


def _queue(config: Config, tier: TierSection) -> Config:
    own = config.label_studio
    name = derived_name(config, f"review-{tier.name}")
    title = tier.project or _known_title(config, name)
    title = title or derived_title(config, f" review: {tier.name}")
    if title in (own.project, *(each.project for each in config.siblings.values())):
        raise ConfigError(
            f"{title!r} is another project; give the tier {tier.name!r} a title of its own: "
            "[[review.tiers]] project"
        )
    section = LabelStudioSection(
        url=own.url,
        project=title,
        interface=REVIEW,
        profile=own.profile,
        guidelines=own.guidelines,
    )
    return config.model_copy(
        update={
            "label_studio": section,
            "project_name": name,
            "siblings": {config.project_name or "": own},
            # its tasks are finished ones, which were cleaned before they were pushed
            "cleaning": CleaningSection(),
            "sources": SourcesSection(),
            "categories": {},
            "targets": TargetsSection(),
            "queue": QueueSection(),
        }
    )


def derived_name(config: Config, end: str) -> str:
    """The name of a project that is made of another one's settings: of its folder."""
    return f"{config.project_name}-{end}" if config.project_name else end


def derived_title(config: Config, end: str) -> str:
    """A title that Label Studio takes; of a long one a digest stands for what is cut off."""
    project, room = config.label_studio.project, _LONGEST - len(end)
    if len(project) > room:
        digest = hashlib.sha256(project.encode("utf-8", "surrogatepass")).hexdigest()
        project = f"{project[: room - 5]}~{digest[:4]}"
    return project + end
