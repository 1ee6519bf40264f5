"""What is drafted: tasks of a support desk, and the requests that they become."""

from typing import Any

from drafting.project_settings import LLMSettings, ProjectSettings
from drafting.prompts import build_messages

QUESTION = (
    "Hello, I paid by card at a shop on Monday and the amount was taken twice from my account. "
    "The second payment still says that it is pending. I called the shop, and they say that they "
    "only see one. Will the second one go away by itself, or do I have to dispute it, and how "
    "long does either take? My reference is {number}."
)
GUIDELINES = (
    "Answer in at most five sentences. Name the next step and how long it takes. "
    "Never promise a refund; say what has to be checked first."
)


def project(samples: int) -> ProjectSettings:
    """Settings of the project whose tasks are drafted."""
    llm = LLMSettings(model="stand-in", samples=samples)
    return ProjectSettings(guidelines=GUIDELINES, llm=llm)


def tasks(count: int) -> list[dict[str, Any]]:
    """So many tasks, all different."""
    return [
        {"messages": [{"role": "user", "content": QUESTION.format(number=number)}]}
        for number in range(count)
    ]


def requests(settings: ProjectSettings, count: int) -> list[dict[str, Any]]:
    """The chat completions that these tasks take, as the worker asks for them."""
    interface, llm = settings.load_interface(), settings.llm
    more = {"n": llm.samples} if llm.samples > 1 else {}
    return [
        {
            "model": llm.model,
            "messages": build_messages(interface, {**data, "guidelines": settings.guidelines}),
            "temperature": llm.temperature,
            "max_tokens": llm.max_tokens,
            "logprobs": True,
            **more,
        }
        for data in tasks(count)
    ]
