"""The clients of an evaluation's endpoints, greedy and as repeatable as the server allows."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from connectors.extras import require
from connectors.llm_models import address, is_served, listed_models, models_url
from sync.common.errors import SyncError
from sync.quality.judge.requests import JudgeEndpoint
from sync.settings import Config
from sync.tuning.evaluation.arms.arm import EvaluatedArm

_TIMEOUT_S = 5.0
# as llama.cpp's server names itself in its list of models
_LLAMA_CPP = "llamacpp"


@dataclass(frozen=True)
class ModelListing:
    """What an endpoint says that it serves; nothing where it has no list, or does not answer."""

    served: tuple[str, ...] = ()
    is_llama_cpp: bool = False


class ArmServers:
    """One client an endpoint; safe to share between threads."""

    def __init__(self, config: Config) -> None:
        """Nothing is opened yet."""
        self._env = config.env
        self.seed = config.evaluate.seed
        self.timeout_s = config.evaluate.timeout_s
        self._clients: dict[tuple[str, str, int | None], Any] = {}
        self._listings: dict[str, ModelListing] = {}
        self._lock = threading.Lock()

    def client(self, arm: EvaluatedArm) -> JudgeEndpoint:
        """The client of an arm's endpoint.

        Raises:
            MissingExtraError: it is not installed.
            SyncError: the server does not say what it is, and so whether it takes an adapter away.
        """
        if arm.adapter_scale is not None and not self._listing(arm).served:
            raise SyncError(
                f"{arm.name}: {address(arm.base_url)} does not list its models, so that base and "
                "tuned model can't be told apart; see that it runs"
            )
        require("backend", "labeltune evaluate")
        from connectors.llm import LLM, Capabilities

        with self._lock:
            at = (arm.base_url, arm.key, arm.adapter_scale)
            if at not in self._clients:
                self._clients[at] = LLM(
                    arm.base_url,
                    self._env.get(arm.key),
                    timeout_s=self.timeout_s,
                    max_retries=4,
                    beside=self.beside(arm),
                )
            # nobody asks how sure a model was of what it wrote
            self._clients[at].restore(arm.model, Capabilities(logprobs=False))
            client: JudgeEndpoint = self._clients[at]
        return client

    def beside(self, arm: EvaluatedArm) -> Mapping[str, Any]:
        """What else a request has.

        llama.cpp answers now and then differently from what it has kept of an earlier prompt.
        """
        if not self.is_llama_cpp(arm):
            return {}
        fields: dict[str, Any] = {"seed": self.seed, "cache_prompt": False}
        if arm.adapter_scale is not None:
            fields["lora"] = [{"id": 0, "scale": arm.adapter_scale}]
        return fields

    def is_llama_cpp(self, arm: EvaluatedArm) -> bool:
        """Whether an endpoint is llama.cpp's own server; one that does not answer is none."""
        return self._listing(arm).is_llama_cpp

    def check(self, arm: EvaluatedArm) -> None:
        """See that an endpoint serves an arm's model: llama.cpp answers to any name.

        Raises:
            SyncError: it serves another one, or can't answer as the base of what it serves.
        """
        listing = self._listing(arm)
        if listing.served and listing.is_llama_cpp and not is_served(arm.model, listing.served):
            raise SyncError(
                f"{arm.name}: {address(arm.base_url)} serves {', '.join(listing.served)}, not "
                f"{arm.model}; set llm.model to it and start `labeltune up` again, or name what is "
                "served with --arm or evaluate.base"
            )
        if listing.served and not listing.is_llama_cpp and arm.adapter_scale == 0:
            raise SyncError(
                f"{arm.name}: {address(arm.base_url)} serves the tuned model {arm.model}, and only "
                "llama.cpp's server takes the adapter away for a request; set evaluate.base to the "
                "base's name as the endpoint lists it"
            )

    def bearer(self, arm: EvaluatedArm) -> dict[str, str]:
        """The header with an arm's key, where there is one."""
        key = self._env.get(arm.key)
        return {"Authorization": f"Bearer {key}"} if key else {}

    def _listing(self, arm: EvaluatedArm) -> ModelListing:
        """What an endpoint serves; one that did not say is asked again."""
        known = self._listings.get(arm.base_url)
        if known is None or not known.served:
            known = self._listings[arm.base_url] = self._asked(arm)
        return known

    def _asked(self, arm: EvaluatedArm) -> ModelListing:
        try:
            url, headers = models_url(arm.base_url), self.bearer(arm)
            told = httpx.get(url, headers=headers, timeout=_TIMEOUT_S).json()
            owners = {model.get("owned_by") for model in told["data"]}
            return ModelListing(listed_models(told), _LLAMA_CPP in owners)
        except (httpx.HTTPError, ValueError, LookupError, TypeError, AttributeError):
            return ModelListing()

    def close(self) -> None:
        """Close the connections."""
        for client in self._clients.values():
            client.close()
