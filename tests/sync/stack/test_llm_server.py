"""The real server with the real small model, fetched when it is not in the cache."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import openai
import pytest
from rich.progress import Progress

from connectors.errors import ContextTooLong
from connectors.llm import LLM, Capabilities
from sync.stack.download import model_path
from sync.stack.llm_server import threads
from sync.stack.models import MODELS
from tests.running import free_port
from tests.sync.stack.living import eventually


@dataclass(frozen=True)
class Server:
    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def client(self, key: str) -> openai.OpenAI:
        return openai.OpenAI(base_url=f"{self.url}/v1", api_key=key, max_retries=0, timeout=120)


@pytest.fixture(scope="module")
def model() -> Path:
    return model_path(MODELS["smollm2-135m"], Progress(disable=True))


def start(model: Path, log: Path, port: int, *, keys: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "sync.stack.llm_server", "--model", str(model)]
    command += ["--alias", "small", "--port", str(port), "--context", "1024"]
    command += ["--slot-folder", str(log.parent)]
    with log.open("wb") as output:
        return subprocess.Popen(
            command, env={**os.environ, "LABELTUNE_LLM_KEY": keys}, stdout=output, stderr=output
        )


@pytest.fixture
def server(model: Path, tmp_path: Path) -> Iterator[Server]:
    port = free_port()
    process = start(model, tmp_path / "log", port, keys="right,also-right")
    found = Server(f"http://127.0.0.1:{port}", process, tmp_path / "log")

    def healthy() -> bool:
        assert process.poll() is None, found.log.read_text()
        try:
            return httpx.get(f"{found.url}/health", timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    assert eventually(healthy, limit_s=60)
    yield found
    process.kill()
    process.wait()


def test_answers_with_logprobs_and_refuses_a_wrong_key(server: Server) -> None:
    with server.client("right") as client:
        assert [listed.id for listed in client.models.list()] == ["small"]
        reply = client.chat.completions.create(
            model="small",
            messages=[{"role": "user", "content": "Say hello."}],
            max_tokens=8,
            n=4,
            seed=1,
            logprobs=True,
        )
    assert len(reply.choices) == 4
    for choice in reply.choices:
        assert choice.message.content
        assert choice.logprobs is not None
        tokens = choice.logprobs.content or []
        assert 1 <= len(tokens) <= 8
        assert all(token.logprob <= 0 for token in tokens)
    with server.client("also-right") as client:
        assert client.models.list().data
    with server.client("wrong") as client, pytest.raises(openai.AuthenticationError):
        client.models.list()
    log = server.log.read_text()
    assert "right" not in log
    assert "hello" not in log


def test_what_it_can_do_is_found_out_by_our_client(server: Server) -> None:
    llm = LLM(f"{server.url}/v1", "right")
    asked = {"model": "small", "temperature": 0.7, "max_tokens": 8}
    schema = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
    question = [{"role": "user", "content": "How many days has a week?"}]
    try:
        reply = llm.sample(question, n=6, schema=schema, **asked)
        assert len(reply.samples) == 6
        assert reply.calls == 2
        assert all(sample.token_logprobs for sample in reply.samples)
        made = sum(len(sample.token_logprobs) for sample in reply.samples)
        assert reply.usage.completion_tokens >= made
        with pytest.raises(ContextTooLong, match="the context of 1024 tokens"):
            llm.sample([{"role": "user", "content": "word " * 2000}], n=1, **asked)
        assert llm.capabilities("small") == Capabilities(n=4, context_tokens=1024)
    finally:
        llm.close()


def test_runs_behind_others(server: Server) -> None:
    assert os.getpriority(os.PRIO_PROCESS, server.process.pid) == 5


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_ends_it_at_once_even_while_it_answers(
    server: Server, number: signal.Signals
) -> None:
    with server.client("right") as client:
        stream = client.chat.completions.create(
            model="small",
            messages=[{"role": "user", "content": "Tell a long story."}],
            max_tokens=900,
            stream=True,
        )
        next(stream)
        before = time.monotonic()
        server.process.send_signal(number)
        assert server.process.wait(10) == 0
        assert time.monotonic() - before < 5
        stream.close()


@pytest.mark.parametrize("keys", ["", ","])
def test_never_open_to_all(model: Path, tmp_path: Path, keys: str) -> None:
    process = start(model, tmp_path / "log", free_port(), keys=keys)
    assert process.wait(60) == 1
    assert "LABELTUNE_LLM_KEY must hold a key" in (tmp_path / "log").read_text()


def test_file_that_is_no_model(tmp_path: Path) -> None:
    (tmp_path / "bad.gguf").write_text("not a model")
    process = start(tmp_path / "bad.gguf", tmp_path / "log", free_port(), keys="k")
    assert process.wait(60) == 1
    # llama.cpp writes its log in a thread of its own, before or after
    assert "bad.gguf can't be served" in (tmp_path / "log").read_text()


@pytest.mark.parametrize(("cpus", "expected"), [(1, 1), (2, 2), (4, 4), (8, 4), (16, 8)])
def test_threads(cpus: int, expected: int) -> None:
    assert threads(cpus) == expected
