"""The loss of a model on a text that it did not write, where its server can tell it.

llama.cpp's server tells no probabilities of a prompt's tokens, but it takes a grammar, and tells
what each token that it writes was worth before the grammar had its say. A grammar of one text alone
makes it write that text, in the tokens that its tokenizer cuts it into.
"""

import math
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx

from sync.common.json_text import to_json
from sync.common.terminal import ShowProgress
from sync.quality.judge.kept_replies import KeptReplies, PaidReply, key_of, today
from sync.tuning.evaluation.arms.arm import EvaluatedArm
from sync.tuning.evaluation.arms.servers import ArmServers

_SPECIAL = re.compile(r'[\\"]')
_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
# tokens of a text are at most as many as its bytes, and one ends it
_END = 1

# (messages, text) -> nats a byte; None where it can't be told
LossOf = Callable[[Sequence[Mapping[str, Any]], str], float | None]


def text_grammar(text: str, tokens: Sequence[Mapping[str, Any]]) -> str:
    """A grammar of this text, in the tokens that the model's tokenizer cuts it into.

    A grammar of its signs alone would leave the cut to the model, sign by sign: where it likes
    " a" better than " attracted", it writes the rest in pieces that it never saw so.

    Args:
        tokens: `id` and `piece` of each, as `/tokenize` tells them; a piece that is no whole text
            is a list of bytes. If they say something else than the text, it stands sign by sign.
    """
    said = b"".join(_bytes(token["piece"]) for token in tokens)
    parts = _parts(tokens) if tokens and said == text.encode() else [_literal(text)]
    return f"root ::= {' '.join(parts)}"


def _parts(tokens: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """A token each; signs that several share stand for themselves, as llama.cpp takes them."""
    shared = b""
    for token in tokens:
        piece = token["piece"]
        if isinstance(piece, str):
            if shared:
                yield _literal(shared.decode())
            shared = b""
            yield f"<[{token['id']}]>"
        else:
            shared += _bytes(piece)
    if shared:
        yield _literal(shared.decode())


def _bytes(piece: str | list[int]) -> bytes:
    return piece.encode() if isinstance(piece, str) else bytes(piece)


def _literal(text: str) -> str:
    quoted = _SPECIAL.sub(lambda found: f"\\{found[0]}", text)
    for sign, escape in _ESCAPES.items():
        quoted = quoted.replace(sign, escape)
    return f'"{quoted}"'


def nats_a_byte(body: Mapping[str, Any], text: str) -> float | None:
    """The loss in a completion that was made to say a text; None where it says something else."""
    choice = body["choices"][0]
    if choice["message"]["content"] != text:
        return None
    told = [token["logprob"] for token in choice["logprobs"]["content"]]
    if not told or not all(math.isfinite(value) for value in told):
        return None
    return -math.fsum(told) / len(text.encode())


class AnswerLosses:
    """Losses of arms on given answers, kept beside their replies."""

    def __init__(self, servers: ArmServers, kept: KeptReplies, concurrency: int) -> None:
        """Nothing is asked yet."""
        self._servers = servers
        self._kept = kept
        self._concurrency = concurrency
        self._lock = threading.Lock()

    def of_arm(
        self,
        arm: EvaluatedArm,
        asked: Sequence[tuple[Sequence[Mapping[str, Any]], str]],
        progress: ShowProgress,
    ) -> list[float | None] | None:
        """The loss on each (messages, text), in nats a byte; None where the server tells none.

        Args:
            progress: called with texts that are done, and all.
        """
        asks = self._servers.is_llama_cpp(arm)
        done = 0

        def one(pair: tuple[Sequence[Mapping[str, Any]], str]) -> float | None:
            nonlocal done
            found = self._known_or_told(arm, *pair, asks=asks)
            with self._lock:
                done += 1
                progress(done, len(asked))
            return found

        with self._kept.alone():
            pool = ThreadPoolExecutor(self._concurrency)
            try:
                found = list(pool.map(one, asked))
            finally:
                pool.shutdown(cancel_futures=True)
                self._kept.write()
        return None if all(value is None for value in found) else found

    def _known_or_told(
        self,
        arm: EvaluatedArm,
        messages: Sequence[Mapping[str, Any]],
        text: str,
        *,
        asks: bool,
    ) -> float | None:
        """A loss that was told before, or is now."""
        shape = {"model": arm.model, "made_of": arm.made_of, "adapter_scale": arm.adapter_scale}
        key = key_of(arm.base_url, {**shape, "messages": list(messages), "forced_tokens": text})
        before = self._kept.get(key)
        if before is None and not asks:
            return None
        if before is None:
            try:
                told = self._told(arm, messages, text)
            except httpx.HTTPError:
                return None  # not kept: the next run may have more luck
            except (ValueError, LookupError, TypeError):
                told = None
            before = PaidReply(key, arm.model, to_json(told), 0, 0, 0, today())
            with self._lock:
                self._kept.put(before)
        return None if before.text == "null" else float(before.text)

    def _told(
        self, arm: EvaluatedArm, messages: Sequence[Mapping[str, Any]], text: str
    ) -> float | None:
        root, headers = arm.base_url.rstrip("/"), self._servers.bearer(arm)
        tokens = self._posted(
            f"{root.removesuffix('/v1')}/tokenize",
            {"content": text, "add_special": False, "parse_special": False, "with_pieces": True},
            headers,
        )
        body = {
            "model": arm.model,
            "messages": list(messages),
            "temperature": 0.0,
            "max_tokens": len(text.encode()) + _END,
            "grammar": text_grammar(text, tokens["tokens"]),
            "logprobs": True,
            **self._servers.beside(arm),
        }
        return nats_a_byte(self._posted(f"{root}/chat/completions", body, headers), text)

    def _posted(self, url: str, body: Mapping[str, Any], headers: Mapping[str, str]) -> Any:
        answer = httpx.post(url, json=body, headers=dict(headers), timeout=self._servers.timeout_s)
        answer.raise_for_status()
        return answer.json()
