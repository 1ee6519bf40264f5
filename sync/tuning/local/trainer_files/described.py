"""A run as other trainers are told of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sync.common.errors import SyncError
from sync.training_files.formats import FORMATS
from sync.training_files.formats.format import Format
from sync.training_files.manifest.stored_release import StoredRelease
from sync.tuning.local.plan import Method, TrainingPlan

# where the publishers of the models that `labeltune up` knows keep them for transformers
_PUBLISHED: Mapping[str, str] = {
    "qwen2.5-coder-1.5b-instruct": "Qwen/Qwen2.5-Coder-1.5B-Instruct",
    "smollm2-135m": "HuggingFaceTB/SmolLM2-135M-Instruct",
}


@dataclass(frozen=True)
class DescribedRun:
    """What a trainer's files are made of.

    Attributes:
        name: of the model.
        base: as the user names it.
        release: whose files are trained on; they stay where they are.
    """

    name: str
    base: str
    plan: TrainingPlan
    release: StoredRelease

    @property
    def method(self) -> Method:
        """What is learned."""
        return self.plan.method

    @property
    def published_base(self) -> str:
        """The base as transformers' trainers find it: an id of the hub, or a folder.

        Raises:
            SyncError: it is a GGUF file, which they don't read.
        """
        base = _PUBLISHED.get(self.base, self.base)
        if base.endswith(".gguf"):
            raise SyncError(
                f"{base} is a GGUF file, which other trainers don't read; set finetune.base to its "
                "publisher's folder or id of Hugging Face"
            )
        return base

    def form(self, trainer: str, reads: Callable[[Format], bool]) -> str:
        """The first format of the release that a trainer reads for the method.

        Raises:
            SyncError: the release has none.
        """
        there = {entry["format"] for entry in self.release.manifest["files"] if entry["lines"]}
        wanted = [form.name for form in FORMATS.values() if reads(form)]
        found = next((name for name in wanted if name in there), None)
        if found is None:
            raise SyncError(
                f"{self.release.folder}: {trainer} reads {' or '.join(wanted)} for {self.method}, "
                f"and the release has {', '.join(sorted(there))}; run `labeltune export --format "
                f"{wanted[0]}`"
            )
        return found

    def file(self, form: str, split: str) -> Path | None:
        """A file of the release, absolute; None where there is none."""
        splits = (split, None) if split == "train" else (split,)
        for entry in self.release.manifest["files"]:
            if entry["format"] == form and entry["split"] in splits and entry["lines"]:
                name: str = entry["file"]
                return (self.release.folder / name).resolve()
        return None
