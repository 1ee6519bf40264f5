"""What a push did, or would do."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from label_configs import Interface
from label_configs.config_xml import LabelConfig
from label_configs.interface import DRAFT_FIELD
from label_configs.source_reasoning import OF_A_DRAFT
from sync.common.source_task import WRITTEN_BY
from sync.common.wording import counted
from sync.intake.cleaning.cleaned import Contents
from sync.intake.cleaning.report import CleaningReport
from sync.intake.push.preview import Preview
from sync.intake.push.redrafts import Redrafting
from sync.intake.sources.discovery import Recognised
from sync.records.unlisted import Unlisted
from sync.settings import Config
from sync.settings.sources import REFERENCE

# what drafts, exports and splits read, whatever the interface
_READ = ("messages", "context", "documents", "guidelines", "categories", "tools", "functions")
_OF_AN_ANSWER = (REFERENCE, f"{REFERENCE}_calls", f"{REFERENCE}_reasoning")
_OURS = ("document", "section", WRITTEN_BY, *_OF_AN_ANSWER, *OF_A_DRAFT)
_NAMED = 5


@dataclass(frozen=True)
class PushedContents:
    """What the tasks hold.

    Attributes:
        documents: tasks with documents.
        context: tasks with facts.
        drafts: tasks with an answer of their source that is to be the draft.
        unused: field that nothing reads -> tasks that have it.
    """

    documents: int = 0
    context: int = 0
    drafts: int = 0
    unused: Mapping[str, int] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)

    def sentence(self, kept: int) -> str:
        """One line for people; empty where there is nothing to say."""
        if not kept:
            return ""
        line = (
            f"Documents in {self.documents} of {counted(kept, 'task')}, context in {self.context}"
        )
        if self.drafts:
            line += f", an answer of the source as the draft in {self.drafts}"
        if self.unused:
            most = sorted(self.unused.items(), key=lambda item: (-item[1], item[0]))
            named = ", ".join(f"{name} ({count})" for name, count in most[:_NAMED])
            more = f" and {len(most) - _NAMED} more" if len(most) > _NAMED else ""
            line += (
                f"; nothing uses {'the field' if len(most) == 1 else 'the fields'} {named}{more}"
            )
        return f"{line}."


def pushed_contents(
    contents: Contents, interface: Interface[Any], config: Config, label_config: LabelConfig | None
) -> PushedContents:
    """What the kept tasks hold.

    Args:
        label_config: of the project, which may show fields of its own; None where it is unknown.
    """
    used = {*_READ, *_OURS, *interface.complete_task(interface.example)}
    paths = (*config.split.keep_together, config.split.time_field or "")
    used.update(path.split(".")[0] for path in paths)
    if label_config is not None:
        used.update(filter(None, (tag.field for tag in label_config.objects)))
    return PushedContents(
        documents=contents.documents,
        context=contents.context,
        drafts=contents.fields.get(DRAFT_FIELD, 0),
        unused={name: n for name, n in contents.fields.items() if name not in used},
    )


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
        pictures: files that were uploaded; those of an earlier push are used again.
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
    pictures: int = 0

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
