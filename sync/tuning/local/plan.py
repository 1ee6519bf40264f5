"""What a local training run is to do: written down once, so that a killed run goes on as it was.

A run's folder holds `plan.json` (this), the release's `training.jsonl` and `validation.jsonl`,
`general.jsonl` (examples of `[mix]`), `steps.jsonl` (a line a step, see `step_log`), `training.log`
(what the libraries print) and `checkpoints/`; beside it stand the results, `adapter/` and
`merged/`.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, Self

from sync.common.files import write_atomically

Method = Literal["supervised", "dpo", "kto"]
PLAN = "plan.json"
STEPS = "steps.jsonl"
LOG = "training.log"
TRAINING = "training.jsonl"
VALIDATION = "validation.jsonl"
GENERAL = "general.jsonl"
PAUSE = "pause"
CHECKPOINTS = "checkpoints"
ADAPTER = "adapter"
MERGED = "merged"


@dataclass(frozen=True)
class TrainingPlan:
    """Everything that decides what a run makes; two runs of equal plans make the same.

    Attributes:
        base: a folder or an id that transformers reads, or a `.gguf` file.
        digests: sha256 of `base` (where it is a file), `training` and `validation` (where there is
            one); the files themselves are copied into the run's folder.
        general: what stands in `general.jsonl` of the run's folder, for people: general examples
            that are learned beside the release's; None: nothing does.
        self_replies: how many general examples the base makes itself, where there is no such file.
        kl_weight: of the divergence from the base on its own general replies, which holds the
            model in place of learning them; 0: nothing does.
        learning_rate: of AdamW, falling to zero along a cosine after 3 % of warm-up.
        batch_size: examples a step, all devices and accumulated steps together.
        max_length: tokens; a longer example is left out, since cutting it would cut its end.
        full: every weight is trained, not an adapter.
        quantized: the base is held in 4 bits (QLoRA; a GPU and bitsandbytes).
        patience: evaluations without a lower validation loss before it stops.
        threads: of the processor; None: measured at the start.
        merge: write the merged model as well.
    """

    base: str
    method: Method
    digests: Mapping[str, str]
    epochs: int
    learning_rate: float
    batch_size: int
    seed: int
    max_length: int
    rank: int
    alpha: int
    general: Mapping[str, Any] | None = None
    self_replies: int = 0
    kl_weight: float = 0.0
    full: bool = False
    quantized: bool = False
    patience: int = 3
    evaluations: int = 10
    threads: int | None = None
    merge: bool = False

    def write(self, run: Path) -> None:
        """Write it into a run's folder."""
        write_atomically(run / PLAN, json.dumps(asdict(self), indent=2, sort_keys=True) + "\n")

    @classmethod
    def read(cls, run: Path) -> Self | None:
        """The plan of a run's folder; None where there is none that this version can read."""
        try:
            return cls(**json.loads((run / PLAN).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None
