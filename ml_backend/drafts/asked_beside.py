"""What a model is asked beside the draft itself: the task's categories, and whether it is right.

Where either fails, the draft comes without it: it must never cost what was paid for.
"""

import logging
from collections.abc import Callable, Mapping, Sequence

from connectors.errors import ConnectorError
from connectors.llm_turns import PromptMessage
from drafting import choose_categories
from drafting.judge_draft import Judge, judged, not_asked
from drafting.project_settings import LLMSettings
from drafting.sample_replies import Sampler
from label_configs import ReplyError
from ml_backend.drafts.paid_sampler import BudgetReachedError
from ml_backend.store.draft_jobs import DraftJob
from ml_backend.store.figures import Figures, LastError

log = logging.getLogger(__name__)

Samplers = Callable[[LLMSettings], Sampler]
SHORT = 16  # tokens of a judgement


def chosen_categories(
    job: DraftJob, held: Mapping[str, str], samplers: Samplers, figures: Figures
) -> dict[str, str]:
    """Have the model choose those categories that the task does not bring along.

    Where that fails, the annotator chooses.

    Args:
        held: that the task brings along, by name.
    """
    of_model = job.settings.asked_of_model()
    asked = {name: one for name, one in of_model.items() if name not in held}
    try:
        sampler = samplers(choose_categories.exact(job.settings.llm, asked))
        return choose_categories.choose(asked, job.data, sampler, job.settings.llm.model)
    except (ConnectorError, ReplyError, BudgetReachedError) as error:
        log.warning("task %s: drafted without categories: %s", job.task_id, error)
        figures.error(LastError.caused_by(error, job.project_id, job.task_id))
        return {}


def judge_of(
    job: DraftJob, sent: Sequence[Sequence[PromptMessage]], samplers: Samplers, figures: Figures
) -> Judge:
    """Asks the model whether a draft is right, where the project's settings want that.

    Args:
        sent: prompts that the draft was drawn by, the last one holding; read when it is asked.
    """
    llm = job.settings.llm
    if not llm.self_judgement:
        return not_asked

    def judge(answer: str) -> float | None:
        if not sent:
            return None
        likeliest = llm.model_copy(update={"temperature": 0.0, "max_tokens": SHORT})
        try:
            return judged(sent[-1], answer, samplers(likeliest), llm.model)
        except (ConnectorError, BudgetReachedError) as error:
            log.warning("task %s: drafted without the model's judgement: %s", job.task_id, error)
            figures.error(LastError.caused_by(error, job.project_id, job.task_id))
            return None

    return judge
