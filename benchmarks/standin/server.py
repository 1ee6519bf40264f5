"""The stand-in's routes: chat completions as told, and the controls beside them."""

import asyncio
import json
import random
import time
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from aiohttp import web

from benchmarks.standin import replies
from benchmarks.standin.behaviour import Behaviour
from benchmarks.standin.counts import Counts

FOREVER_S = 24 * 3600
HTML = "<!doctype html><title>Gateway</title><p>One moment, please."


class RefusedError(Exception):
    """The request asks for what this server can't do."""

    def __init__(self, message: str, **more: Any) -> None:
        super().__init__(message)
        self.error = {"message": message, "type": "invalid_request_error", "code": None, **more}


class Server:
    """One behaviour at a time, and what it has seen."""

    def __init__(self, behaviour: Behaviour) -> None:
        self._first = behaviour
        self._change(behaviour)
        self._counts = Counts()

    def app(self) -> web.Application:
        """The routes; /v1 is the model server, what begins with _ is for tests."""
        app = web.Application(client_max_size=64 * 2**20)
        app.router.add_post("/v1/chat/completions", self._chat)
        app.router.add_get("/v1/models", self._models)
        app.router.add_get("/health", self._health)
        app.router.add_get("/_stats", self._stats)
        app.router.add_post("/_faults", self._set)
        app.router.add_post("/_restore", self._restore)
        app.router.add_post("/_reset", self._reset)
        return app

    def _change(self, behaviour: Behaviour) -> None:
        self._behaviour = behaviour
        self._draws = random.Random(behaviour.seed)
        self._gone_until = time.monotonic() + behaviour.gone_s

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        digest = replies.prompt_digest(body)
        counts = self._counts
        counts.came(digest)
        try:
            return await self._answer(request, body, digest)
        except asyncio.CancelledError:
            counts.abandoned += 1
            raise
        except RefusedError as error:
            counts.refused += 1
            return web.json_response({"error": error.error}, status=400)
        finally:
            counts.concurrent -= 1

    async def _answer(
        self, request: web.Request, body: Mapping[str, Any], digest: str
    ) -> web.StreamResponse:
        now = self._behaviour
        gone = time.monotonic() < self._gone_until
        if fault := "gone" if gone else now.fault(self._draws):
            self._counts.faults[fault] += 1
            return await self._fail(request, fault, digest)
        schema, count, logprobs = _served(now, body)
        prompt_tokens = _within_context(now, body)
        await asyncio.sleep(now.latency_ms / 1000)
        choices = replies.choices(body, count, schema, logprobs)
        letters = sum(len(choice["message"]["content"]) for choice in choices)
        if now.tools == "call" and body.get("tools"):
            choices = [replies.calling(choice, body["tools"][0]) for choice in choices]
        counts = self._counts
        counts.pictures += replies.pictures(body["messages"])
        usage = {"prompt_tokens": prompt_tokens, "completion_tokens": letters // 4}
        completion = {
            "id": f"chatcmpl-{digest}",
            "object": "chat.completion",
            "created": int(time.time()),
            "model": body.get("model"),
            "choices": choices,
        }
        if now.usage:
            completion["usage"] = {**usage, "total_tokens": sum(usage.values())}
        counts.answered(digest, count, usage)
        return web.json_response(completion)

    async def _fail(self, request: web.Request, fault: str, digest: str) -> web.StreamResponse:
        now = self._behaviour
        if fault == "limited":
            self._counts.limited(digest, now.retry_after_s)
            return _error(429, "rate limit reached", {"Retry-After": f"{now.retry_after_s:g}"})
        if fault in ("failed", "overloaded"):
            return _error(500 if fault == "failed" else 503, "the server is not well")
        if fault == "html":
            return web.Response(text=HTML, content_type="text/html")
        if fault == "cut_json":
            cut = json.dumps({"id": "chatcmpl-cut", "choices": [{"index": 0}]})[:-9]
            return web.Response(text=cut, content_type="application/json")
        if fault == "hanging":
            await asyncio.sleep(FOREVER_S)
        if request.transport is not None:
            request.transport.abort()
        return web.Response()

    async def _models(self, _: web.Request) -> web.Response:
        listed = {"id": self._behaviour.model, "object": "model", "created": 1, "owned_by": "us"}
        return web.json_response({"object": "list", "data": [listed]})

    async def _health(self, _: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def _stats(self, _: web.Request) -> web.Response:
        return web.json_response(self._counts.to_json())

    async def _set(self, request: web.Request) -> web.Response:
        try:
            self._change(Behaviour.read(await request.json(), self._behaviour))
        except (ValueError, TypeError) as error:
            return _error(400, str(error))
        return web.json_response(asdict(self._behaviour))

    async def _restore(self, _: web.Request) -> web.Response:
        self._change(self._first)
        return web.json_response(asdict(self._behaviour))

    async def _reset(self, _: web.Request) -> web.Response:
        under_way = self._counts.concurrent
        self._counts = Counts(concurrent=under_way, max_concurrent=under_way)
        return web.json_response({})


def _served(now: Behaviour, body: Mapping[str, Any]) -> tuple[Any, int, bool]:
    """Schema, number of choices and whether logprobs are given.

    Raises:
        RefusedError: an option that the behaviour says is not known.
    """
    count = body.get("n") or 1
    if "n" in body and now.n == "refuse":
        raise RefusedError("Unrecognized request argument supplied: n", param="n")
    if count > now.most_n:
        # llama.cpp's words
        between = f"Value must be between 1 <= value <= {now.most_n}, but got {count}"
        raise RefusedError(f"Field 'n': {between}", code=400)
    if "logprobs" in body and now.logprobs == "refuse":
        raise RefusedError("logprobs are not supported with this model", param="logprobs")
    if body.get("tools") and now.tools == "refuse":
        raise RefusedError("this model does not support tools", param="tools")
    asked = (body.get("response_format") or {}).get("type", "text")
    if asked != "text" and now.structured == "refuse":
        raise RefusedError("response_format is not supported", param="response_format")
    if asked == "json_schema" and now.structured == "object":
        raise RefusedError("response_format of type json_schema is not supported by this model")
    schema = None
    if asked == "json_schema" and now.structured == "yes":
        schema = body["response_format"]["json_schema"]["schema"]
    elif now.structured != "yes":
        schema = replies.schema_in_prompt(body["messages"])
    wanted = bool(body.get("logprobs")) and now.logprobs == "yes"
    return schema, 1 if now.n == "ignore" else count, wanted


def _within_context(now: Behaviour, body: Mapping[str, Any]) -> int:
    """The prompt's tokens.

    Raises:
        RefusedError: prompt and `max_tokens` together are more than the context.
    """
    prompt, context = replies.tokens(body["messages"]), now.context_tokens
    reply = body.get("max_tokens") or body.get("max_completion_tokens") or 0
    limit = f"This model's maximum context length is {context} tokens. However, "
    if context and now.wording == "llama.cpp" and prompt > context:
        raise RefusedError(
            f"request ({prompt} tokens) exceeds the available context size ({context} tokens), "
            "try increasing it",
            code=400,
            type="exceed_context_size_error",
            n_prompt_tokens=prompt,
            n_ctx=context,
        )
    if context and now.wording == "openai" and prompt + reply > context:
        raise RefusedError(
            f"{limit}you requested {prompt + reply} tokens ({prompt} in the messages, {reply} in "
            "the completion). Please reduce the length of the messages or completion.",
            code="context_length_exceeded",
            param="messages",
        )
    if context and now.wording == "vllm" and prompt + reply > context:
        raise RefusedError(
            f"{limit}you requested {reply} output tokens and your prompt contains {prompt} input "
            f"tokens, for a total of {prompt + reply} tokens.",
            code=400,
            type="BadRequestError",
        )
    return prompt


def _error(status: int, message: str, headers: Mapping[str, str] | None = None) -> web.Response:
    return web.json_response({"error": {"message": message}}, status=status, headers=headers)
