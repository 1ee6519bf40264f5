"""An adapter of PEFT beside the GGUF that it was made for, in a real llama.cpp server.

The real base is unpacked once a machine, which takes most of a minute; the cache keeps it.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from sync.common.errors import SyncError
from sync.tuning.local.adapter_gguf import ARCHITECTURES, permuted, write_adapter_gguf
from sync.tuning.local.base_model import TuningBase, base_model, readable_by_transformers
from tests.running import free_port
from tests.sync.stack.living import eventually
from tests.sync.tuning.local import small_models

pytestmark = pytest.mark.filterwarnings("ignore")
MESSAGES = [{"role": "user", "content": "Which colours does a rainbow have?"}]
BASE_ALONE = [{"id": 0, "scale": 0.0}]
TOKENS = 12


class Models:
    """The base, and base and adapter merged, in transformers.

    Attributes:
        adapter: as GGUF. Its weights are drawn by chance, so a wrong order of rows shows.
    """

    def __init__(self, base: TuningBase, folder: Path) -> None:
        import torch
        from peft import LoraConfig, PeftModel, get_peft_model
        from transformers import AutoModelForCausalLM, AutoTokenizer

        source = readable_by_transformers(base, lambda what: None)
        self.tokenizer = AutoTokenizer.from_pretrained(source)
        self.base = AutoModelForCausalLM.from_pretrained(source)
        torch.manual_seed(0)
        wanted = LoraConfig(r=4, lora_alpha=8, target_modules="all-linear", task_type="CAUSAL_LM")
        tuned = get_peft_model(AutoModelForCausalLM.from_pretrained(source), wanted)
        for name, weights in tuned.named_parameters():
            if "lora_B" in name:  # most in queries and keys, whose rows have another order there
                torch.nn.init.normal_(weights, std=0.3 if re.search("[qk]_proj", name) else 0.03)
        tuned.save_pretrained(folder / "adapter")
        self.adapter = folder / "adapter.gguf"
        config = json.loads((Path(source) / "config.json").read_text())
        write_adapter_gguf(folder / "adapter", config, self.adapter)
        assert isinstance(tuned, PeftModel)
        self.merged = tuned.merge_and_unload()

    def prompt(self) -> list[int]:
        asked = self.tokenizer.apply_chat_template(
            MESSAGES, add_generation_prompt=True, return_dict=True
        )
        return list(asked["input_ids"])

    def logprobs(self, model: Any, said: list[int]) -> "np.ndarray[Any, Any]":
        """What a model gives each token of a reply."""
        import torch

        asked = self.prompt()
        with torch.no_grad():
            logits = model(input_ids=torch.tensor([[*asked, *said]])).logits[0]
        told = torch.log_softmax(logits[len(asked) - 1 : -1].float(), -1)
        return told[range(len(said)), said].numpy()


@pytest.fixture(scope="module", params=ARCHITECTURES.values())
def base(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> TuningBase:
    """A real model of llama's architecture, and a small one of chance of each other."""
    known = base_model("smollm2-135m", Path())
    if request.param == "llama":
        return known
    small = tmp_path_factory.mktemp("base") / "small.gguf"
    small_models.WRITERS[request.param](Path(known.source), small)
    return base_model(str(small), Path())


@pytest.fixture(scope="module")
def models(base: TuningBase, tmp_path_factory: pytest.TempPathFactory) -> Models:
    return Models(base, tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="module")
def server(
    models: Models, base: TuningBase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    port, log = free_port(), tmp_path_factory.mktemp("server") / "log"
    command = [sys.executable, "-m", "sync.stack.llm_server", "--model", base.source]
    command += ["--alias", "tuned:small", "--port", str(port), "--context", "1024"]
    command += ["--adapter", str(models.adapter)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, env={**os.environ, "LABELTUNE_LLM_KEY": "key"}, stdout=output, stderr=output
        )
    url = f"http://127.0.0.1:{port}"

    def healthy() -> bool:
        assert process.poll() is None, log.read_text()
        try:
            return httpx.get(f"{url}/health", timeout=5).status_code == 200
        except httpx.HTTPError:
            return False

    eventually(healthy, limit_s=120)
    yield url
    process.kill()
    process.wait()


def asked(url: str, **more: Any) -> tuple[str, list[int], list[float]]:
    """A greedy reply: its text, its tokens, and what each was worth to the server."""
    body = {"model": "tuned:small", "messages": MESSAGES, "temperature": 0, "cache_prompt": False}
    body |= {"max_tokens": TOKENS, "logprobs": True, "top_logprobs": 1, **more}
    headers = {"Authorization": "Bearer key"}
    answer = httpx.post(f"{url}/v1/chat/completions", json=body, headers=headers, timeout=300)
    answer.raise_for_status()
    choice = answer.json()["choices"][0]
    told = choice["logprobs"]["content"]
    return (
        choice["message"]["content"],
        [token["id"] for token in told],
        [token["logprob"] for token in told],
    )


@pytest.mark.thorough
def test_the_server_with_an_adapter_is_the_merged_model(server: str, models: Models) -> None:
    text, said, worth = asked(server)
    plain, plainly_said, plain_worth = asked(server, lora=BASE_ALONE)
    assert text != plain
    tuned = np.abs(models.logprobs(models.merged, said) - worth).mean()
    base = np.abs(models.logprobs(models.base, said) - worth).mean()
    assert tuned < 0.15 * base, "the base is quantized, so a little apart they are"
    assert np.abs(models.logprobs(models.base, plainly_said) - plain_worth).max() < 0.3


@pytest.mark.thorough
def test_the_server_reads_a_prompt_as_the_trainer_does(server: str, models: Models) -> None:
    headers = {"Authorization": "Bearer key"}
    written = httpx.post(
        f"{server}/apply-template", json={"messages": MESSAGES}, headers=headers, timeout=60
    ).json()["prompt"]
    body = {"content": written, "parse_special": True, "add_special": True}
    tokens = httpx.post(f"{server}/tokenize", json=body, headers=headers, timeout=60).json()
    assert tokens["tokens"] == models.prompt()


def test_rows_are_put_in_the_order_of_llama_cpp() -> None:
    rows = np.arange(16, dtype=np.float32).reshape(16, 1)
    found = permuted(rows, heads=2)[:, 0].tolist()
    assert found == [0, 4, 1, 5, 2, 6, 3, 7, 8, 12, 9, 13, 10, 14, 11, 15]


def test_an_unknown_architecture_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SyncError, match=r"'gpt_neox' model can't be written.*merged folder"):
        write_adapter_gguf(tmp_path, {"model_type": "gpt_neox"}, tmp_path / "adapter.gguf")
