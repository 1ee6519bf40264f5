"""A draft job as a finished draft: prompt, model, score, and a check that the page can show it."""

import functools
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

from connectors.embedding import load_encoder
from connectors.llm_turns import PromptMessage
from drafting.acceptance.acceptance import PRIOR, Acceptance
from drafting.acceptance.prior import prior_probability
from drafting.draft_task import Draft, first_draft, refined_draft
from drafting.more_samples import deserves_more
from drafting.project_settings import LLMSettings
from drafting.read_turns import offered_tools, reasoning_of
from drafting.rewrite_request import Instructed, page_answer, rewrite_messages, rewritten_record
from drafting.sample_replies import until_it_fits
from drafting.signals.token_confidence import mean_probability
from label_configs import Interface, validation
from label_configs.draft_meta import with_acceptance
from label_configs.queue_fields import comes_first
from ml_backend.drafts.asked_beside import chosen_categories, judge_of
from ml_backend.drafts.finished_tasks import FinishedListing
from ml_backend.drafts.job_prompts import JobPrompts
from ml_backend.drafts.model_servers import ModelServers
from ml_backend.drafts.paid_sampler import (
    Endpoint,
    PaidSampler,
    WithPictures,
)
from ml_backend.store.draft_jobs import DraftJob, FinishedDraft
from ml_backend.store.figures import Figures
from ml_backend.store.projects import Projects
from ml_backend.store.replies import Replies

log = logging.getLogger(__name__)


class DraftMaker:
    """Makes drafts; safe to share between threads."""

    def __init__(
        self,
        client: FinishedListing,
        endpoints: ModelServers,
        replies: Replies,
        figures: Figures,
        projects: Projects,
        with_pictures: WithPictures = list,
        acceptance: Callable[[int], Acceptance] = lambda _: PRIOR,
    ) -> None:
        """Nothing is asked yet.

        Args:
            with_pictures: fetches the pictures of a prompt, for a model that can't fetch them.
            acceptance: of a project by its id, by which its drafts are scored.
        """
        self._client = client
        self._with_pictures = with_pictures
        self._acceptance = acceptance
        self._endpoints = endpoints
        self._replies = replies
        self._figures = figures
        self._prompts = JobPrompts(client, endpoints, projects)

    def __call__(self, job: DraftJob) -> tuple[FinishedDraft, dict[str, Any]]:
        """A job as a finished draft, and the task data to write before it is shown.

        Raises:
            ConnectorError: Label Studio, the model or the embedding model can't be used.
            LabelConfigError: no reply fits, or the page would not show the draft.
            BudgetReachedError: nothing more may be paid.
            ValueError: nothing to score by.
        """
        llm = job.settings.llm
        endpoint = self._endpoints.client(llm.base_url)
        sampler = self._sampler(job, endpoint, llm)
        try:
            if job.rewrite is not None:
                return self._rewritten(job, job.rewrite, sampler), {}
            return self._drafted(job, sampler, endpoint)
        finally:
            for model in llm.models:
                self._endpoints.tell(endpoint, model)

    def _drafted(
        self, job: DraftJob, sampler: PaidSampler, endpoint: Endpoint
    ) -> tuple[FinishedDraft, dict[str, Any]]:
        interface = job.settings.load_interface()
        drafted = self._samples(job, interface, sampler, endpoint)
        if job.again and interface.drafted_fields:
            return _score_only(job, drafted), {}
        patch = interface.task_patch(drafted.record)
        held = interface.task_categories(job.data)
        beside = functools.partial(self._sampler, job, endpoint)
        chosen = held | chosen_categories(job, held, beside, self._figures)
        result = interface.encode(drafted.record) + interface.encode_categories(chosen)
        # Label Studio would store what does not fit, and its page would silently drop it
        validation.check_results(interface.config, {**job.data, **patch}, result)
        finished = FinishedDraft(
            project_id=job.project_id,
            task_id=job.task_id,
            result=with_acceptance(result, drafted.score, drafted.signals),
            score=drafted.score,
            model_version=job.model_version,
            stale=job.stale,
            reasoning=drafted.reasoning,
            one_by_one=any(_is_dropped_in_bulk(item["from_name"], interface) for item in result),
            again=job.again,
            doubtful=self._deserves_more(job, drafted),
            signals=drafted.signals,
            comes_first=comes_first(job.data),
        )
        return finished, patch

    def _samples(
        self, job: DraftJob, interface: Interface[Any], sampler: PaidSampler, endpoint: Endpoint
    ) -> Draft:
        """The draft by the samples of this pass: few in the first, more in the second.

        The second asks with the prompt of the first, whatever work was finished since. A draft
        that is part of the task's data stays what it is: somebody may be looking at it.
        """
        llm, sent = job.settings.llm, list[list[PromptMessage]]()

        def prompts(
            interface: Interface[Any], data: Mapping[str, Any]
        ) -> Iterator[list[PromptMessage]]:
            known = self._replies.prompt(job.first_key) if job.again else None
            for messages in [known] if known else self._prompts(job, interface, data, llm):
                sent.append(messages)
                yield messages

        encoder = functools.partial(load_encoder, job.settings.embedding.model)
        task = interface, job.drafted_data, llm, sampler, encoder, prompts
        beside = functools.partial(self._sampler, job, endpoint)
        judge = judge_of(job, sent, beside, self._figures)
        if job.again:
            keep_first = bool(interface.drafted_fields)
            return self._scored(job, refined_draft(*task, keep_first=keep_first, judge=judge))
        logprobs = self._endpoints.client(llm.base_url).capabilities(llm.model).logprobs
        drafted = self._scored(job, first_draft(*task, gives_logprobs=logprobs, judge=judge))
        if self._deserves_more(job, drafted):
            self._replies.put_prompt(job.first_key, sent[-1])
        return drafted

    def _scored(self, job: DraftJob, drafted: Draft) -> Draft:
        """The draft with the score that the project's experts have taught, if they have."""
        acceptance = self._acceptance(job.project_id)
        if acceptance.calibrator is None or not drafted.signals:
            return drafted  # by the prior, or as its source says
        return replace(drafted, score=acceptance.calibrator.probability(drafted.signals))

    def _deserves_more(self, job: DraftJob, drafted: Draft) -> bool:
        is_taught = self._acceptance(job.project_id).calibrator is not None
        sure = prior_probability(drafted.signals) if is_taught and drafted.signals else None
        most = job.settings.llm.samples
        return not job.again and deserves_more(drafted.score, drafted.drawn, most, sure=sure)

    def _sampler(self, job: DraftJob, endpoint: Endpoint, llm: LLMSettings) -> PaidSampler:
        servers = self._endpoints

        def slots(drawn: int) -> AbstractContextManager[Any]:
            return servers.further_slots(drawn) if job.again else servers.slots

        shared = endpoint, self._replies, self._figures, job.project_id, llm
        return PaidSampler(*shared, slots, self._with_pictures)

    def _rewritten(self, job: DraftJob, asked: Instructed, sampler: PaidSampler) -> FinishedDraft:
        """Have the model change the answer in the editor as the annotator asked.

        No model learned that of finished work, so each gets the full prompt.
        """
        interface = job.settings.load_interface()
        llm = job.settings.llm.model_copy(update={"learnt": None})
        prompts = (
            rewrite_messages(messages, asked)
            for messages in self._prompts(job, interface, job.drafted_data, llm, asked.answer)
        )
        tools = offered_tools(interface, job.data, llm)
        model = llm.model
        reply = until_it_fits(
            prompts, lambda messages: sampler.sample(messages, model=model, n=1, tools=tools)
        )
        (sample,) = reply.samples
        record = rewritten_record(interface, asked, sample, job.data, tools)
        logprobs = sample.token_logprobs
        score = mean_probability(logprobs) if logprobs else 0.0
        slot = page_answer(interface, record, score, job.model_version)
        thought = reasoning_of(sample)
        return FinishedDraft(
            job.project_id, job.task_id, **slot, reasoning=thought, for_page_only=True
        )


def _score_only(job: DraftJob, drafted: Draft) -> FinishedDraft:
    return FinishedDraft(
        job.project_id,
        job.task_id,
        [],
        drafted.score,
        job.model_version,
        again=True,
        score_only=True,
        signals=drafted.signals,
        comes_first=comes_first(job.data),
    )


def _is_dropped_in_bulk(control: str, interface: Interface[Any]) -> bool:
    """Whether an import in bulk may drop a draft for this control without a word.

    It does so for rows of a Repeater, and for controls that an older label config lacks; stored by
    itself, such a draft is shown without them.
    """
    return interface.config.control(control) is None or control in interface.newer_controls
