"""What the tasks of a push hold, and which of their fields nothing will ever read."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from label_configs import Interface
from label_configs.config_xml import LabelConfig
from label_configs.interface import DRAFT_FIELD
from label_configs.source_reasoning import DRAFT_REASONING
from sync.common.wording import counted
from sync.intake.cleaning.contents import Contents
from sync.settings import Config
from sync.settings.field_names import REFERENCE

# what drafts, exports and splits read, whatever the interface
_READ = ("messages", "context", "documents", "guidelines", "categories", "tools", "functions")
_OURS = ("document", "section", REFERENCE, DRAFT_FIELD, DRAFT_REASONING)
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
