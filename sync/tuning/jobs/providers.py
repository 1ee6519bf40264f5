"""Providers that tune models, by name: where they are, and how each differs from the others.

Sources, as of November 2026: those of `connectors.finetune_openai`, `connectors.finetune_together`
and `connectors.finetune_fireworks`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from connectors.finetune_api import FinetuneApi
from connectors.finetune_http import FinetuneHttp
from sync.common.errors import SyncError
from sync.common.wording import nearest
from sync.settings.finetune import TuningMethod
from sync.training_files.trainers import PROVIDERS
from sync.training_files.trainers.provider import Provider

# the formats that are uploaded, by what is learned
FORMATS: Mapping[TuningMethod, str] = {
    "supervised": "openai-chat",
    "dpo": "openai-preference",
    "reinforcement": "openai-reinforcement",
}


@dataclass(frozen=True)
class JobProvider:
    """Who tunes models.

    Attributes:
        name: as in `finetune.endpoint.provider`.
        rules: what it asks of files and settings.
        key: the environment's variable with its key.
        open: its API over a client.
        base_url: where it is; None: each customer has an address of their own, such as `example`.
        methods: that it trains by.
        own_rate: whether a learning rate is a multiple of its own.
        takes_seed: whether a job has a seed.
        rests: whether a job can be paused and resumed.
        suffix: characters of the tuned model's name that it takes.
        key_header: where the key goes beside `Authorization`; None: nowhere.
        body: of every job, unless the settings say otherwise.
        served: what to do before the tuned model answers.
    """

    name: str
    summary: str
    rules: Provider
    key: str
    open: Callable[[FinetuneHttp], FinetuneApi]
    base_url: str | None = None
    example: str = ""
    methods: tuple[TuningMethod, ...] = ("supervised", "dpo")
    own_rate: bool = True
    takes_seed: bool = True
    rests: bool = False
    suffix: int = 64
    key_header: str | None = None
    body: Mapping[str, Any] = field(default_factory=dict)
    served: str | None = None

    def connect(self, base_url: str | None, env: Mapping[str, str]) -> FinetuneApi:
        """A client with the environment's key.

        Raises:
            SyncError: the address or the key is missing.
        """
        address = base_url or self.base_url
        if address is None:
            raise SyncError(
                f"{self.name} has an address of its own for each customer; set "
                f'finetune.endpoint.base_url, such as "{self.example}"'
            )
        key = env.get(self.key)
        if not key:
            raise SyncError(
                f"{self.key} is not set; put the key of {self.summary} into the environment or "
                "into .env beside labeltune.toml"
            )
        headers = {self.key_header: key} if self.key_header else None
        return self.open(FinetuneHttp(address, key, self.key, headers))


def job_provider(name: str) -> JobProvider:
    """The provider of a name.

    Raises:
        SyncError: there is none.
    """
    if name in JOB_PROVIDERS:
        return JOB_PROVIDERS[name]
    raise SyncError(
        f"finetune.endpoint.provider: no provider is called {name!r}; "
        f"{nearest(name, JOB_PROVIDERS)}"
    )


def _openai(http: FinetuneHttp) -> FinetuneApi:
    from connectors.finetune_openai import OpenAIFinetuning

    return OpenAIFinetuning(http)


def _azure(http: FinetuneHttp) -> FinetuneApi:
    from connectors.finetune_openai import OpenAIFinetuning

    return OpenAIFinetuning(http, waits_for_files=True)


def _together(http: FinetuneHttp) -> FinetuneApi:
    from connectors.finetune_together import TogetherFinetuning

    return TogetherFinetuning(http)


def _fireworks(http: FinetuneHttp) -> FinetuneApi:
    from connectors.finetune_fireworks import FireworksFinetuning

    return FireworksFinetuning(http)


JOB_PROVIDERS: Mapping[str, JobProvider] = {
    provider.name: provider
    for provider in (
        JobProvider(
            name="openai",
            summary="OpenAI, or a server with its fine-tuning API",
            rules=PROVIDERS["openai"],
            key="OPENAI_API_KEY",
            open=_openai,
            base_url="https://api.openai.com/v1",
            methods=("supervised", "dpo", "reinforcement"),
            rests=True,
        ),
        JobProvider(
            name="azure",
            summary="Azure OpenAI",
            rules=PROVIDERS["azure"],
            key="AZURE_OPENAI_API_KEY",
            open=_azure,
            example="https://NAME.openai.azure.com/openai/v1",
            methods=("supervised", "dpo", "reinforcement"),
            rests=True,
            key_header="api-key",
            # without it Azure says that the model can't be tuned
            body={"trainingType": "globalStandard"},
            served="deploy it in Azure before it answers",
        ),
        JobProvider(
            name="together",
            summary="Together AI",
            rules=PROVIDERS["together-2"],
            key="TOGETHER_API_KEY",
            open=_together,
            base_url="https://api.together.ai/v1",
            own_rate=False,
            takes_seed=False,
            suffix=40,
        ),
        JobProvider(
            name="fireworks",
            summary="Fireworks AI",
            rules=PROVIDERS["fireworks"],
            key="FIREWORKS_API_KEY",
            open=_fireworks,
            example="https://api.fireworks.ai/v1/accounts/NAME",
            own_rate=False,
            takes_seed=False,
            suffix=63,
            served="deploy it at Fireworks before it answers",
        ),
    )
}
