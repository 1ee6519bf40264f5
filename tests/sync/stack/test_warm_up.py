"""What the warm-up leaves in the slots of the real server, with the real small model."""

import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from sync.stack.llm_server import SLOTS
from sync.stack.warm_up import read
from tests.running import free_port
from tests.sync.stack.test_llm_server import Server, model, server

__all__ = ["model", "server"]  # fixtures

GUIDELINES = "# Answering\n" + "\n".join(
    f"- Rule {number}: be plain, warm and brief, and say who decides." for number in range(20)
)


@pytest.mark.thorough
def test_every_slot_has_read_the_guidelines(server: Server) -> None:
    read(f"{server.url}/v1", "small", "right", GUIDELINES, server.log.parent)
    assert not (server.log.parent / "guidelines").exists()

    def reused(number: int) -> tuple[int, int]:
        """Tokens of a prompt that were read before, and all of them."""
        system = {"role": "system", "content": f"{GUIDELINES}\n\nFacts of task {number}."}
        answer = httpx.post(
            f"{server.url}/v1/chat/completions",
            headers={"Authorization": "Bearer right"},
            json={
                "messages": [system, {"role": "user", "content": f"What is {number}?"}],
                "max_tokens": 16,
            },
            timeout=120,
        ).raise_for_status()
        usage = answer.json()["usage"]
        return usage["prompt_tokens_details"]["cached_tokens"], usage["prompt_tokens"]

    with ThreadPoolExecutor(SLOTS) as pool:
        found = list(pool.map(reused, range(SLOTS)))
    assert all(cached > 0.8 * tokens for cached, tokens in found), found


def test_a_server_that_is_not_there_costs_nothing_but_the_gain(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, "sync.stack.warm_up"):
        url = f"http://127.0.0.1:{free_port()}/v1"
        read(url, "small", "key", "Be kind.", tmp_path, limit_s=0.5)
    assert "the model was not warmed up" in caplog.text
