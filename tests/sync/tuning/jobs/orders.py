"""A project with a release, and runs of it at a stand-in of the fine-tuning API."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sync.settings import Config
from sync.settings import load as load_config
from sync.table.data_folder import DataFolder, data_folder
from sync.training_files.manifest.find_release import opened
from sync.tuning.jobs.endpoint_tuner import EndpointTuner
from sync.tuning.jobs.job_start import Patience
from sync.tuning.models.model_entry import ModelEntry
from sync.tuning.tuner import TuningEstimate, TuningMoment, TuningRequest
from tests.sync.dataset.release.written import Row, write_release
from tests.sync.tuning.jobs.standin import KEY, StandIn

BASE = "gpt-4.1-mini-2025-04-14"
# nothing takes long here
QUICK = Patience(settle=0.05, pause=0.01, processing=5.0, away=0.3)


def lines_of(form: str) -> Any:
    """How a row is written, so that OpenAI's rules are kept."""

    def line(example: dict[str, Any]) -> dict[str, Any]:
        answer = {"role": "assistant", "content": example["answer"]}
        asked = [{"role": "user", "content": f"What about {example['answer']}"}]
        if form == "openai-preference":
            other = {"role": "assistant", "content": f"Not {example['answer']}"}
            return {
                "input": {"messages": asked},
                "preferred_output": [answer],
                "non_preferred_output": [other],
            }
        return {"messages": [*asked, answer]}

    return line


def rows(examples: int = 12) -> list[Row]:
    """So many to learn, two to hold against, one for the test."""
    texts = [f"the fee of card {number} is {number} pounds" for number in range(examples + 3)]
    splits = ["train"] * examples + ["validation", "validation", "test"]
    return [
        Row(number, text, split)
        for number, (text, split) in enumerate(zip(texts, splits, strict=True), start=1)
    ]


@dataclass
class Desk:
    """A project's folder and what runs there.

    Attributes:
        moments: what was shown.
    """

    folder: Path
    api: StandIn
    moments: list[TuningMoment] = field(default_factory=list)
    tuner: EndpointTuner = field(default_factory=lambda: EndpointTuner(QUICK))

    def __post_init__(self) -> None:
        (self.folder / ".env").write_text(f"OPENAI_API_KEY={KEY}\nAZURE_OPENAI_API_KEY={KEY}\n")
        self.configure()

    def configure(self, finetune: str = "", endpoint: str = "", more: str = "") -> None:
        """Write `labeltune.toml`."""
        (self.folder / "labeltune.toml").write_text(
            f'[finetune]\nway = "endpoint"\nbase = "{BASE}"\n{finetune}\n[finetune.endpoint]\n'
            f'base_url = "{self.api.url}"\nevery_s = 0.01\n{endpoint}\n{more}\n'
        )

    def release(self, number: int = 12, form: str = "openai-chat", **options: Any) -> Path:
        """Write a release into the data folder."""
        place = self.folder / "labeltune-data" / "exports" / "v0-00000000"
        made = write_release(place, rows(number), formats=(form,), line=lines_of(form), **options)
        final = place.with_name(f"v0-{made['release'][:8]}")
        if final.exists():
            return final
        return place.rename(final)

    @property
    def config(self) -> Config:
        """As it stands."""
        return load_config(self.folder / "labeltune.toml")

    @property
    def data(self) -> DataFolder:
        """The project's."""
        return data_folder(self.config)

    def estimate(self) -> TuningEstimate:
        """What the run would take."""
        with opened("latest", lambda: self.data) as (where, release):
            request = TuningRequest(self.config, self.data, release, where)
            return self.tuner.estimate(request, self.moments.append)

    def start(self) -> str:
        """Begin the run, or go on with it; gives its name."""
        with opened("latest", lambda: self.data) as (where, release):
            request = TuningRequest(self.config, self.data, release, where)
            name = self.tuner.estimate(request, self.moments.append).name
            self.tuner.start(request, name, self.moments.append)
        return name

    def watch(self, name: str) -> ModelEntry:
        """Wait for the model."""
        return self.tuner.watch(self.config, self.data, name, self.moments.append)

    def tune(self) -> ModelEntry:
        """Both."""
        return self.watch(self.start())

    def journal(self, name: str) -> dict[str, Any]:
        """What the run has written down."""
        found: dict[str, Any] = json.loads(self.data.read(f"models/{name}/job.json") or b"")
        return found
