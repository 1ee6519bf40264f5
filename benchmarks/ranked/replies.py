"""Replies of the local model to the questions, drawn once and stored, so that a run goes on."""

import hashlib
import json
import lzma
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from benchmarks.model_server import model_server
from benchmarks.ranked.questions import INTERFACE, SETS, Question
from connectors.llm_capabilities import Capabilities
from connectors.llm_options import CallOptions
from connectors.llm_replies import Reply, read_completion
from connectors.llm_turns import PromptMessage
from drafting.project_settings import LLMSettings
from drafting.prompts import build_messages
from sync.stack.models import DEFAULT
from tests.running import free_port

SAMPLES = 4
TEMPERATURE = LLMSettings().temperature
TOGETHER = 2  # questions under way; each takes a slot of the server a sample
CONTEXT = 2048
FILE = "replies.jsonl"
# those that were drawn before this was read: they take hours on two processors
SHIPPED = Path(__file__).with_name("replies.jsonl.xz")
ATTEMPTS = 3
NOTED = 5  # questions after which progress is told
_KEY = "benchmark"
_SERVER = ("--alias", DEFAULT, "--slots", str(TOGETHER * SAMPLES), "--context", str(CONTEXT))


@dataclass(frozen=True)
class Replied:
    """What the model wrote for one question.

    Attributes:
        tokens: the words of each sample's tokens, where the server tells them.
        seconds: that drawing took, beside whatever else was under way.
        asked: tells the prompt from others; see `asked_of`.
    """

    reply: Reply
    tokens: tuple[tuple[str, ...], ...]
    seconds: float
    asked: str


def answering(asked: Sequence[Question], found: Mapping[str, Replied]) -> dict[str, Replied]:
    """Those of the replies that were given to questions as they are asked now, by their keys."""
    return {
        question.key: replied
        for question in asked
        if (replied := found.get(question.key)) and replied.asked == asked_of(question)
    }


def asked_of(question: Question) -> str:
    """A hash of all that a reply depends on, but for the model: with another one, draw anew."""
    body = json.dumps(_body(question), sort_keys=True)
    return hashlib.sha256(body.encode()).hexdigest()[:12]


def known(path: Path) -> dict[str, Replied]:
    """The replies that are shipped, and those of a file of one's own, which count first."""
    return stored(SHIPPED) | stored(path)


def stored(path: Path) -> dict[str, Replied]:
    """Replies by the question's key, of a file that may not be there yet.

    A line that a kill cut short counts as not there.
    """
    found: dict[str, Replied] = {}
    if not path.exists():
        return found
    content = path.read_bytes()
    if path.suffix == SHIPPED.suffix:
        content = lzma.decompress(content)
    for line in content.decode("utf-8", errors="replace").splitlines():
        try:
            row = json.loads(line)
        except ValueError:
            continue
        tokens = tuple(tuple(one) for one in row["tokens"])
        reply = Reply.from_json(row["reply"])
        found[row["key"]] = Replied(reply, tokens, row["seconds"], row["asked"])
    return found


def draw_missing(asked: Sequence[Question], path: Path, told: Callable[[str], None]) -> None:
    """Draw the replies that are not there, in order, and store each as soon as it has come.

    Args:
        told: how far it is, now and then.
    """
    there, own = answering(asked, known(path)), path.exists()
    missing = [question for question in asked if question.key not in there]
    told(f"{len(asked) - len(missing)} of {len(asked)} questions have their replies")
    if not missing:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with (
        model_server(
            DEFAULT, free_port(), _KEY, *_SERVER, log=path.with_suffix(".log")
        ) as base_url,
        path.open("a+", encoding="utf-8") as file,
        httpx.Client(
            base_url=base_url,
            headers={"Authorization": f"Bearer {_KEY}"},
            timeout=3600,
            trust_env=False,
        ) as client,
        ThreadPoolExecutor(TOGETHER) as pool,
    ):
        file.write("\n" if own else "")  # behind a line that a kill cut short
        began = time.monotonic()
        for count, (question, replied) in enumerate(_in_parallel(pool, client, missing), 1):
            row = {
                "key": question.key,
                "part": question.part,
                "asked": replied.asked,
                "reply": replied.reply.to_json(),
                "tokens": replied.tokens,
                "seconds": round(replied.seconds, 1),
            }
            file.write(json.dumps(row) + "\n")
            file.flush()
            if count % NOTED == 0 or count == len(missing):
                each = (time.monotonic() - began) / count
                hours = each * (len(missing) - count) / 3600
                told(f"{count} of {len(missing)} drawn, {each:.0f} s each, {hours:.1f} h left")


def _in_parallel(
    pool: ThreadPoolExecutor, client: httpx.Client, missing: Sequence[Question]
) -> Iterator[tuple[Question, Replied]]:
    """Questions with their replies, a few under way at a time, none asked long before its turn."""
    under_way: dict[Future[Replied], Question] = {}
    for question in missing:
        under_way[pool.submit(draw, client, question)] = question
        if len(under_way) < TOGETHER:
            continue
        done, _ = wait(under_way, return_when=FIRST_COMPLETED)
        for future in done:
            yield under_way.pop(future), future.result()
    for future, question in under_way.items():
        yield question, future.result()


def draw(client: httpx.Client, question: Question) -> Replied:
    """The four samples of one question, by the prompt and in the form of the product's drafts.

    The product's client sends no seed; here the same request gets one, made of the question's key.
    """
    started = time.monotonic()
    content = _posted(client, _body(question))
    choices = json.loads(content)["choices"]
    tokens = tuple(tuple(t["token"] for t in c["logprobs"]["content"]) for c in choices)
    taken = time.monotonic() - started
    reply = read_completion(content, DEFAULT, _messages(question))
    return Replied(reply, tokens, taken, asked_of(question))


def _messages(question: Question) -> list[PromptMessage]:
    return build_messages(INTERFACE, question.data, SETS[question.kind].examples)


def _body(question: Question) -> dict[str, Any]:
    """What the server is sent."""
    messages = _messages(question)
    options = CallOptions.of(
        messages,
        model=DEFAULT,
        temperature=TEMPERATURE,
        max_tokens=SETS[question.kind].max_tokens,
        schema=None,
        can=Capabilities(n=SAMPLES),
    )
    return {**options.body(messages), "seed": seed_of(question)}


def seed_of(question: Question) -> int:
    """The seed of a question's samples."""
    return int.from_bytes(hashlib.sha256(question.key.encode()).digest()[:3], "big")


def _posted(client: httpx.Client, body: Mapping[str, Any]) -> bytes:
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return client.post("/chat/completions", json=body).raise_for_status().content
        except httpx.HTTPError:
            if attempt == ATTEMPTS:
                raise
            time.sleep(attempt)
    raise AssertionError
