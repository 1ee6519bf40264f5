"""What a model is held by beside a release's examples, so that it forgets less."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sync.common.json_text import Json
from sync.common.wording import counted
from sync.settings import Config
from sync.training_files.general_examples import count_for, general_examples
from sync.training_files.manifest.stored_release import StoredRelease
from sync.tuning.local.plan import Method


@dataclass(frozen=True)
class GeneralShare:
    """What is mixed in, or held.

    Attributes:
        lines: `openai-chat` lines of `[mix]`'s files.
        self_replies: examples that the base is to make itself, since there are no files.
        kl_weight: of the divergence from the base on its own replies; 0: it is not held so.
        told: for the model's entry; None where nothing is mixed in here.
        sentence: what to say of it.
    """

    sentence: str
    lines: tuple[Json, ...] = ()
    self_replies: int = 0
    kl_weight: float = 0.0
    told: Mapping[str, Any] | None = None

    @property
    def learned(self) -> int:
        """How many examples are learned beside the release's."""
        return len(self.lines) + self.self_replies


def general_share(config: Config, release: StoredRelease, method: Method, own: int) -> GeneralShare:
    """Decide it by the release, `[mix]`, `finetune.local.rehearsal` and `.kl_weight`.

    Args:
        own: examples of the release.

    Raises:
        ExportError: `[mix]`'s files can't be read or hold too little.
    """
    local = config.finetune.local
    share = local.rehearsal
    count = count_for(own, share)
    if method != "supervised":
        return GeneralShare(
            "No general examples are mixed in: this method holds the model near its base itself."
        )
    if mix := release.manifest.get("mix"):
        there = counted(mix["count"], "general example")
        return GeneralShare(f"The release holds {there} already; no more are mixed in.", told=mix)
    if not count:
        return GeneralShare("No general examples are mixed in; the model may forget other things.")
    named = counted(count, "general example")
    if config.mix.files:
        found = general_examples(config.mix, config.folder, count)
        lines = tuple({"messages": list(e.conversation.messages)} for e in found.examples)
        return GeneralShare(
            f"{named} of mix.files are mixed in ({share:.0%}), so that it forgets less.",
            lines,
            told={**found.manifest(), "share": share},
        )
    # every weight is trained: nothing of the base is left beside it
    if local.kl_weight and not local.full:
        return GeneralShare(
            f"Each step holds it near its base on a general reply of the base's own (weight "
            f"{local.kl_weight:g}), so that it forgets less; mix.files takes yours instead.",
            kl_weight=local.kl_weight,
            told={"kl_weight": local.kl_weight, "by": "the base itself"},
        )
    return GeneralShare(
        f"Up to {named} are mixed in ({share:.0%}), answered by the base itself, so that it "
        "forgets less; mix.files takes yours instead.",
        self_replies=count,
        told={"share": share, "count": count, "by": "the base itself"},
    )
