"""A task's categories as its draft shows them: its own, and those that the model chose."""

from collections.abc import Mapping
from typing import Any

from connectors.llm_replies import Reply
from drafting import category_prompt
from drafting.category_prompt import Categories
from drafting.project_settings import LLMSettings
from drafting.reply_record import text_of
from drafting.sample_replies import Sampler, until_it_fits
from label_configs.reply import ReplyError, reply_object

# a reply holds a name and a label for each category, and what JSON needs around them
_JSON_TOKENS = 64


def choose(
    categories: Categories, data: Mapping[str, Any], sampler: Sampler, model: str
) -> dict[str, str]:
    """Labels by category, as the model chose them; a label that is not listed is left out.

    Args:
        categories: that are asked for, by name; none costs no call.

    Raises:
        ReplyError: the reply is not the JSON that was asked for.
        LLMError: the endpoint failed.
        BudgetReachedError: nothing more may be paid.
    """
    if not categories:
        return {}
    wanted = category_prompt.schema(categories)
    reply: Reply = until_it_fits(
        category_prompt.prompts(categories, data),
        lambda messages: sampler.sample(messages, model=model, n=1, schema=wanted),
    )
    if not reply.samples:
        raise ReplyError("the model's reply is empty")
    chosen = reply_object(text_of(reply.samples[0]))
    return {
        name: chosen[name]
        for name, category in categories.items()
        if chosen.get(name) in category.labels
    }


def exact(llm: LLMSettings, categories: Categories) -> LLMSettings:
    """A project's settings for such a call: the likeliest reply, with room for every label."""
    needed = _JSON_TOKENS + sum(
        len(name.encode()) + max(len(label.encode()) for label in category.labels)
        for name, category in categories.items()
    )
    return llm.model_copy(update={"temperature": 0.0, "max_tokens": max(llm.max_tokens, needed)})
