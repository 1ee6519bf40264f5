"""`[evaluate]` of `labeltune.toml`: what a tuned model is held against, and how it is asked.

[evaluate]
concurrency = 4
[evaluate.others.big]
model = "a-larger-model"
prompt = "full"
"""

from typing import Literal

from pydantic import Field

from sync.settings.section import Section


class OtherArmSection(Section):
    """A further model that answers the held-out items.

    Attributes:
        model: as the endpoint names it.
        base_url: of the endpoint; None: `llm.base_url`.
        key: the environment variable with the endpoint's key.
        prompt: `plain`, what the release has before the answer; `full`, what the backend drafts
            with.
    """

    model: str
    base_url: str | None = None
    key: str = "OPENAI_API_KEY"
    prompt: Literal["plain", "full"] = "full"


class EvaluateSection(Section):
    """How `labeltune evaluate` asks and compares.

    Attributes:
        base: the base as the endpoint names it; None: what the model was tuned from at an
            endpoint, else `llm.model`.
        items: held-out items that are asked, a random share of more; 0: all.
        max_tokens: of a reply; None: `llm.max_tokens`.
        concurrency: requests at a time.
        timeout_s: of each request.
        seed: sent to a llama.cpp server; others are asked at temperature 0 alone.
        general: whether the general questions are asked, which tell what was forgotten.
        loss: whether the loss on experts' answers is measured, where the server can tell it.
        rephrased: of so many items, a random share, the question is also asked as other kinds of
            people would: tersely, politely, hastily and in anger; 0: of none.
        judge: whether the judge of `[checks.judge]` compares answers, where there is one.
        compared_in: the `[projects.NAME]`, of the interface `preference`, in which experts compare
            answers blind; None: they don't.
        new_tasks: that `--push` makes of each failing item; `most_new_tasks`: of all of them.
        written_by: the arm that writes new questions where no task waits and no file has one; "":
            none does.
        others: further arms by name.
    """

    base: str | None = None
    items: int = Field(default=0, ge=0)
    max_tokens: int | None = Field(default=None, ge=16)
    concurrency: int = Field(default=4, ge=1, le=64)
    timeout_s: float = Field(default=300.0, gt=0.0)
    seed: int = Field(default=0, ge=0)
    general: bool = True
    loss: bool = True
    rephrased: int = Field(default=0, ge=0)
    judge: bool = True
    compared_in: str | None = None
    new_tasks: int = Field(default=3, ge=1)
    most_new_tasks: int = Field(default=60, ge=1)
    written_by: str = "base"
    others: dict[str, OtherArmSection] = Field(default_factory=dict)
