"""The files of a release that a model learns, with the digests that lead back to each line."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

import label_configs
from drafting.plain_prompt import PlainPrompt
from label_configs import LabelConfigError
from sync.common.errors import SyncError
from sync.common.json_text import Json
from sync.settings.export import ExportSection
from sync.training_files.example import Completion, Conversation, ExampleKind, GradedPrompt
from sync.training_files.formats import FORMATS
from sync.training_files.manifest.manifest import release_name
from sync.training_files.manifest.stored_release import StoredRelease

_PROMPT = TypeAdapter(PlainPrompt | None)
LearntRole = Literal["training", "validation"]
# by the split of the release; a release that was never split is all training, and what is held
# out for the test is never handed on
_ROLES: Mapping[str | None, LearntRole] = {
    "train": "training",
    None: "training",
    "validation": "validation",
}


@dataclass(frozen=True)
class LearntFile:
    """A file of a release that was handed to a trainer.

    Attributes:
        role: whether the model learned it, or was only held against it meanwhile.
        sha256: of its bytes, in hex; the release's lineage names the task behind each line.
    """

    role: LearntRole
    file: str
    lines: int
    bytes: int
    sha256: str


@dataclass(frozen=True)
class LearntRelease:
    """What a model was made of.

    Attributes:
        name: of the release's folder among others.
        release: the hash of all that its manifest says, in hex.
        lineage_sha256: of its `lineage.jsonl`.
        held_out: whether it has a test split, which nobody may learn.
        prompt: what stood before the answers that were learned; None: no answers were, or the
            release does not tell.
    """

    name: str
    release: str
    project: str
    table_version: int
    format: str
    files: tuple[LearntFile, ...]
    lineage_sha256: str
    held_out: bool
    prompt: PlainPrompt | None = None

    def of_role(self, role: LearntRole) -> LearntFile | None:
        """The file of a role, or None where there is none."""
        return next((file for file in self.files if file.role == role), None)

    @property
    def training(self) -> LearntFile:
        """The file that is learned, which there always is."""
        (found,) = (file for file in self.files if file.role == "training")
        return found

    @property
    def validation(self) -> LearntFile | None:
        """The file that the model is held against meanwhile."""
        return self.of_role("validation")

    @classmethod
    def from_json(cls, raw: Json) -> "LearntRelease":
        """As `model.json` has it; keys of a later version are passed over.

        Raises:
            KeyError, TypeError, ValueError: it is something else.
        """
        files = tuple(LearntFile(**file) for file in raw["files"])
        prompt = _PROMPT.validate_python(raw.get("prompt"))
        known = {name: raw[name] for name in cls.__dataclass_fields__ if name in raw}
        return cls(**{**known, "files": files, "prompt": prompt})


def learnt_release(release: StoredRelease, where: str, form: str) -> LearntRelease:
    """What of a release a model would learn in a format.

    Args:
        where: the release, as people read it.
        form: the name of a format.

    Raises:
        SyncError: the release was changed since its export, or has no training file of the format.
    """
    if damage := release.damage():
        raise SyncError(
            f"{where}: {', '.join(damage[:3])} changed since the export, so that nobody could say "
            "what a model learned; export it again with `labeltune export`"
        )
    manifest = release.manifest
    listed = [file for file in manifest["files"] if file.get("format") == form]
    files = tuple(
        LearntFile(role, file["file"], file["lines"], file["bytes"], file["sha256"])
        for file in listed
        if (role := _ROLES.get(file.get("split"))) is not None and file["lines"]
    )
    if not any(file.role == "training" for file in files):
        raise SyncError(_lacks_training(manifest, where, form))
    return LearntRelease(
        name=release_name(manifest),
        release=release.id,
        project=str(manifest.get("project", "")),
        table_version=release.table_version,
        format=form,
        files=files,
        lineage_sha256=manifest["lineage"]["sha256"],
        held_out=any(file.get("split") == "test" for file in listed),
        prompt=prompt_of(manifest, FORMATS[form].takes),
    )


def prompt_of(manifest: Mapping[str, Any], kind: ExampleKind = Conversation) -> PlainPrompt | None:
    """The prompt of a release's answers, as far as its manifest tells.

    Args:
        kind: of the examples that are learned; only conversations teach earlier turns, and what
            leads to an answer.
    """
    try:
        export = ExportSection.model_validate(manifest["settings"]["export"], strict=False)
    except (LookupError, TypeError, ValidationError):
        return None  # of another version of LabelTune
    system = manifest.get("system_prompt", export.system_prompt)
    if export.teach == "categories" or (system is None and export.system_prompt_file is not None):
        return None
    prompt = export.plain_prompt((system or "").strip())
    if kind in (Conversation, Completion):
        return replace(prompt, learns_earlier_turns=True) if _judges_turns(manifest) else prompt
    prompt = replace(prompt, learns_earlier_turns=False, reasoning="none")
    return prompt.for_grader if kind is GradedPrompt else prompt


def _judges_turns(manifest: Mapping[str, Any]) -> bool:
    """Whether experts chose which turns are learned; then most tasks teach their first, too."""
    try:
        return label_configs.load(str(manifest["interface"])).judges_turns
    except (LabelConfigError, LookupError):
        return False  # an interface of the user's own that is gone


def _lacks_training(manifest: Mapping[str, Any], where: str, form: str) -> str:
    formats = dict.fromkeys(str(file.get("format")) for file in manifest["files"])
    there = f"it has {', '.join(formats)}" if formats else "it has no examples"
    return (
        f"{where}: no training examples in {form}, which this way to tune reads ({there}); run "
        f"`labeltune export --format {form}`"
    )
