"""What a push did, or would do."""

from dataclasses import asdict, dataclass, field, fields
from typing import Any

from sync.intake.cleaning.report import CleaningReport
from sync.intake.push.contents import PushedContents
from sync.intake.push.preview import Preview
from sync.intake.push.redrafts import Redrafting
from sync.intake.sources.recognised import Recognised
from sync.records.unlisted import Unlisted


@dataclass(frozen=True)
class PushReport:
    """What a push did; of a dry run, what it would do.

    Attributes:
        project_id: None where a dry run found no project; so are `url` and `model_version`.
        new_project: the project is created by this push.
        created: tasks imported.
        updated: tasks whose source has changed and that hold the new data now.
        unchanged: tasks that the project held already.
        overwritten: ids of those among them that somebody had annotated or begun, and whose data
            asks for another answer now; their annotations and drafts stayed.
        annotated: tasks whose source has changed, left alone since somebody has annotated them.
        completed: tasks of the project that lacked fields of its page, or showed old guidelines.
        doubled: tasks that had come twice, and of which one was deleted.
        redrafting: drafts that are made anew since the project's settings have changed.
        own_label_config: the label config was changed in Label Studio, so it is kept.
        not_compared: why a dry run could not tell which tasks are new; None where it could.
        sources: what each was taken for.
        notes: what the user should know of them, such as files that were left out.
        cleaning: what was left out, and why.
        contents: what the tasks hold, and which of their fields nothing reads.
        preview: the first tasks as they would be sent, where it was asked for.
        unlisted: labels that annotations hold and `labeltune.toml` does not list.
    """

    project: str
    project_id: int | None
    url: str | None
    model_version: str | None
    dry_run: bool
    new_project: bool
    created: int
    updated: int
    overwritten: tuple[int, ...]
    unchanged: int
    annotated: int
    completed: int
    doubled: int
    redrafting: Redrafting | None
    own_label_config: bool
    not_compared: str | None
    seconds: float
    sources: tuple[Recognised, ...]
    notes: tuple[str, ...]
    cleaning: CleaningReport
    contents: PushedContents = field(default_factory=PushedContents)
    preview: tuple[Preview, ...] = ()
    unlisted: tuple[Unlisted, ...] = ()

    @property
    def tasks(self) -> int:
        """Tasks of the sources that the project holds now."""
        return self.created + self.updated + self.unchanged + self.annotated

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            **{each.name: getattr(self, each.name) for each in fields(self)},
            "sources": [source.to_json() for source in self.sources],
            "unlisted": [asdict(each) for each in self.unlisted],
            "redrafting": self.redrafting.to_json() if self.redrafting else None,
            "cleaning": self.cleaning.to_json(),
            "contents": self.contents.to_json(),
            "preview": [task.to_json() for task in self.preview],
        }
