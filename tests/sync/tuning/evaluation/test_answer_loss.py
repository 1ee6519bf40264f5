"""The loss on a given text, of a real llama.cpp server."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from sync.quality.judge.kept_replies import KeptReplies
from sync.settings import Config
from sync.table.data_folder import data_folder
from sync.tuning.evaluation.answer_loss import AnswerLosses, nats_a_byte, text_grammar
from sync.tuning.evaluation.arms.arm import EvaluatedArm
from sync.tuning.evaluation.arms.servers import ArmServers
from tests.ml_backend.http_double import Reply as HTTPReply
from tests.ml_backend.http_double import http_double
from tests.sync.builders import config_in
from tests.sync.stack.test_llm_server import Server, model, server

__all__ = ["model", "server"]  # fixtures

ASKED = [{"role": "user", "content": "Name the capital of France in a short sentence."}]


def silent(done: int, total: int) -> None:
    """No bar."""


def losses_of(config: Config) -> AnswerLosses:
    return AnswerLosses(ArmServers(config), KeptReplies(data_folder(config), "r.jsonl"), 2)


@pytest.fixture
def small(server: Server, tmp_path: Path) -> tuple[Config, EvaluatedArm]:
    config = config_in(tmp_path).model_copy(update={"env": {"OPENAI_API_KEY": "right"}})
    return config, EvaluatedArm("base", "small", f"{server.url}/v1", "plain")


def test_the_loss_is_that_of_the_tokens_that_a_model_writes(
    small: tuple[Config, EvaluatedArm],
) -> None:
    config, arm = small
    servers = ArmServers(config)
    body: dict[str, Any] = {
        "model": arm.model,
        "messages": ASKED,
        "temperature": 0.0,
        "max_tokens": 200,
        "logprobs": True,
        **servers.beside(arm),
    }
    assert servers.is_llama_cpp(arm)
    url = f"{arm.base_url}/chat/completions"
    free = httpx.post(url, json=body, headers=servers.bearer(arm), timeout=120).json()
    (choice,) = free["choices"]
    own = choice["message"]["content"]
    assert choice["finish_reason"] == "stop", "a text that the model ends by itself"
    expected = nats_a_byte(free, own)
    wrong = own.replace("Paris", "Xylophone")
    found = losses_of(config).of_arm(arm, [(ASKED, own), (ASKED, wrong)], silent)
    assert found is not None
    assert found[0] == pytest.approx(expected, rel=0.02)
    assert found[1] is not None
    assert found[0] is not None
    assert found[1] > 1.5 * found[0]
    again = losses_of(config).of_arm(arm, [(ASKED, own), (ASKED, wrong)], silent)
    assert again == found


def test_a_text_is_written_in_the_tokens_that_it_was_learned_in(
    small: tuple[Config, EvaluatedArm],
) -> None:
    """Left to itself, the model begins " attracted" with " a", and has no good way on."""
    config, arm = small
    asked = [
        {"role": "user", "content": "Which metal is attracted by a magnet? Answer with its name."}
    ]
    text = "Iron is attracted by a magnet."
    (found,) = losses_of(config).of_arm(arm, [(asked, text)], silent) or [None]
    assert found is not None
    assert found * len(text) < 15


def test_signs_of_grammars_stand_for_themselves(small: tuple[Config, EvaluatedArm]) -> None:
    config, arm = small
    odd = 'Say "no" \\n [a-z]*\n\n- é 你好 {x} | #1\t.'
    for text in (odd, "你好", "नमस्ते दुनिया", "ⵣⵣ 🙂 £5…", "<|im_end|>", " leading", "trailing \n"):
        (found,) = losses_of(config).of_arm(arm, [(ASKED, text)], silent) or [None]
        assert found is not None, text
        assert found > 0


def test_other_servers_tell_none(tmp_path: Path) -> None:
    listed = HTTPReply({"data": [{"id": "m", "owned_by": "somebody"}]})
    with http_double(lambda request: listed) as double:
        arm = EvaluatedArm("base", "m", f"{double.url}/v1", "plain")
        assert losses_of(config_in(tmp_path)).of_arm(arm, [(ASKED, "Paris.")], silent) is None


def tokens(*pieces: str | list[int]) -> list[dict[str, Any]]:
    return [{"id": number, "piece": piece} for number, piece in enumerate(pieces)]


def test_each_token_is_named() -> None:
    assert text_grammar("It is.", tokens("It", " is", ".")) == "root ::= <[0]> <[1]> <[2]>"


def test_signs_that_tokens_share_stand_for_themselves() -> None:
    halves = [list("你".encode()[:2]), list("你".encode()[2:])]
    assert text_grammar("a你b", tokens("a", *halves, "b")) == 'root ::= <[0]> "你" <[3]>'
    assert text_grammar("你", tokens(*halves)) == 'root ::= "你"'


def test_tokens_that_say_something_else_are_not_taken() -> None:
    assert text_grammar("It", tokens(" It")) == 'root ::= "It"'
    assert text_grammar('a"b\\\n', []) == 'root ::= "a\\"b\\\\\\n"'
