"""Questions of Banking77, and four replies to each, drawn once and stored."""

import csv
import json
import os
import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import label_configs
from connectors.llm import LLM
from connectors.llm_replies import Reply
from connectors.llm_tools import OfferedTools
from drafting.project_settings import LLMSettings
from drafting.prompts import build_messages

SAMPLES = 4
SEED = 15
INTERFACE = label_configs.load("chat_response")
SETTINGS = LLMSettings(samples=SAMPLES, max_tokens=32, examples=0)
ASKED = (
    "# Sorting customers' questions of a bank\n\nThe reply is the name of the one intent that fits "
    "the question best, exactly as it is written here, and nothing else.\n\nIntents:\n"
)


@dataclass(frozen=True)
class Question:
    """A customer's question and the intent that people gave it."""

    data: Mapping[str, Any]
    intent: str


class Stored:
    """A model whose replies to one question were drawn before."""

    def __init__(self, reply: Reply) -> None:
        self._reply = reply
        self.tokens = 0

    def sample(
        self,
        messages: Sequence[Mapping[str, Any]],
        *,
        model: str,
        n: int,
        schema: Mapping[str, Any] | None = None,
        attempt: int = 0,
        tools: OfferedTools | None = None,
    ) -> Reply:
        """The first `n` of them, always the same; a second try gives nothing new."""
        drawn = () if attempt else self._reply.samples[:n]
        self.tokens = max(self.tokens, sum(len(one.token_logprobs) for one in drawn))
        return Reply(drawn)


def questions(path: Path, count: int) -> list[Question]:
    """Some of a file's questions, by chance, the same ones each time."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    guidelines = ASKED + "\n".join(sorted({row["category"] for row in rows}))
    return [
        Question(
            INTERFACE.complete_task(
                {"messages": [{"role": "user", "content": row["text"]}]}, guidelines
            ),
            row["category"],
        )
        for row in random.Random(SEED).sample(rows, count)
    ]


def key_of(question: Question) -> str:
    """The customer's words."""
    return str(question.data["messages"][-1]["content"])


def stored(path: Path) -> dict[str, Reply]:
    """Replies by question, of a file that may not be there yet."""
    if not path.exists():
        return {}
    lines = path.read_text(encoding="utf-8").splitlines()
    return {one["question"]: Reply.from_json(one["reply"]) for one in map(json.loads, lines)}


def draw_missing(
    chosen: Sequence[Question], path: Path, base_url: str, model: str, seconds: float
) -> None:
    """Draw replies to questions that have none, one after the other, and store each at once."""
    known, until = stored(path), time.monotonic() + seconds
    client = LLM(base_url, os.environ.get("OPENAI_API_KEY"), timeout_s=300.0)
    with path.open("a", encoding="utf-8") as file:
        for question in chosen:
            if key_of(question) in known:
                continue
            if time.monotonic() > until:
                break
            reply = client.sample(
                build_messages(INTERFACE, question.data),
                model=model,
                n=SAMPLES,
                temperature=SETTINGS.temperature,
                max_tokens=SETTINGS.max_tokens,
            )
            file.write(json.dumps({"question": key_of(question), "reply": reply.to_json()}) + "\n")
            file.flush()
    client.close()
