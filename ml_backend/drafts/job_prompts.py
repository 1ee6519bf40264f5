"""The prompts of a draft job: what the model learned, or the project's nearest finished work."""

import functools
from collections.abc import Iterator, Mapping
from typing import Any

from connectors.embedding import Encoder, load_encoder
from connectors.llm_turns import PromptMessage
from drafting import fit_to_context
from drafting.project_settings import LLMSettings
from drafting.read_turns import offered_tools
from label_configs import Interface
from ml_backend.drafts.finished_tasks import FinishedListing
from ml_backend.drafts.model_servers import ModelServers
from ml_backend.drafts.similar_examples import Examples
from ml_backend.store.draft_jobs import DraftJob
from ml_backend.store.projects import Projects


class JobPrompts:
    """Makes the prompts of jobs; safe to share between threads."""

    def __init__(
        self, client: FinishedListing, endpoints: ModelServers, projects: Projects
    ) -> None:
        """Nothing is asked yet."""
        self._client = client
        self._endpoints = endpoints
        self._projects = projects

    def __call__(
        self,
        job: DraftJob,
        interface: Interface[Any],
        data: Mapping[str, Any],
        llm: LLMSettings,
        more: str = "",
    ) -> Iterator[list[PromptMessage]]:
        """The prompt that a tuned model learned, else the full one with the nearest examples.

        Then ever shorter ones.

        Args:
            more: text that will be added to each.
        """
        plain = llm.plain_prompt(interface)
        shown = 0 if plain else llm.examples
        examples = self._examples(job.settings.embedding.model).nearest(
            job.project_id, interface, data, shown, job.task_id, job.settings.annotation
        )
        context = self._endpoints.client(llm.base_url).capabilities(llm.model).context_tokens
        limit = None if context is None else context - llm.max_tokens - len(more.encode()) // 4
        tools = offered_tools(interface, data, llm)
        return fit_to_context.prompts(interface, data, examples, limit, tools, plain)

    @functools.cache  # noqa: B019 - these live as long as their worker
    def _examples(self, embedding_model: str) -> Examples:
        return Examples(self._client, _Lazily(embedding_model), self._projects.known)


class _Lazily(Encoder):
    """An embedding model that is loaded when there is something to embed."""

    def __init__(self, name: str) -> None:
        self._name = name

    def encode(self, texts: list[str]) -> Any:
        """(n, dim) float32, each row of length 1."""
        return load_encoder(self._name).encode(texts)
