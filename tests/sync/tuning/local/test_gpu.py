"""What is different on GPUs: their double is a PyTorch that says that they are there.

Several devices are two processes of the processor, which share each step as GPUs would.
"""

import importlib.machinery
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
import transformers

from sync.common.errors import SyncError
from sync.tuning.local import request_plan
from sync.tuning.local.machine import MachineUse, free_memory, machine_for, need_of
from sync.tuning.local.memory import ModelShape, memory_need
from sync.tuning.local.training_inputs import loaded
from sync.tuning.local.training_run import training_command
from sync.tuning.local.trl_trainer import trainer_settings
from tests.sync.tuning.local.desk import PLAN, ROOT, begun, said, unpacked_base

SHAPE = {
    "hidden_size": 2048,
    "intermediate_size": 8192,
    "num_hidden_layers": 24,
    "num_attention_heads": 16,
    "vocab_size": 32_000,
}
GIB = 2**30


@pytest.fixture
def gpus(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two GPUs, with 24 GiB free on the first."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda: (24 * GIB, 32 * GIB))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """How models were asked for, none of which is loaded."""
    found: list[dict[str, Any]] = []
    tokenizer = SimpleNamespace(pad_token=None, eos_token="</s>")
    monkeypatch.setattr(transformers.AutoTokenizer, "from_pretrained", lambda source: tokenizer)
    monkeypatch.setattr(
        transformers.AutoModelForCausalLM,
        "from_pretrained",
        lambda source, **options: found.append(options),
    )
    return found


def test_a_base_is_held_in_16_bits_or_in_4(gpus: None, asked: list[dict[str, Any]]) -> None:
    for changes in ({}, {"quantized": True}, {"full": True}):
        loaded("anywhere", replace(PLAN, **changes))
    half, quantized, full = asked
    assert (half["dtype"], full["dtype"]) == (torch.bfloat16, torch.float32)
    bits = quantized["quantization_config"]
    assert (bits.load_in_4bit, bits.bnb_4bit_quant_type) == (True, "nf4")
    assert bits.bnb_4bit_compute_dtype == torch.bfloat16


def test_what_a_trainer_is_told_is_else_the_same(tmp_path: Path) -> None:
    machine = MachineUse(4, recompute=False, threads=None)
    there, here = (
        trainer_settings(PLAN, tmp_path, machine, 10, on_gpu=on_gpu) for on_gpu in (True, False)
    )
    assert {key for key in there if there[key] != here[key]} == {
        "bf16",
        "use_cpu",
        "dataloader_pin_memory",
    }
    assert (there["bf16"], there["use_cpu"]) == (True, False)


def test_several_devices_share_a_step(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WORLD_SIZE", "2")
    machine = MachineUse(1, recompute=False, threads=None)
    told = trainer_settings(PLAN, tmp_path, machine, 10, on_gpu=True)
    assert told["per_device_train_batch_size"] * told["gradient_accumulation_steps"] * 2 == 4


def test_memory_is_the_gpus_own(gpus: None) -> None:
    assert free_memory() == 24 * GIB
    room = machine_for(replace(PLAN, max_length=1024), SHAPE, 1024, [])
    assert (room.micro_batch, room.recompute) == (2, False)
    assert (
        2 * need_of(PLAN, SHAPE, 1024, 2).weights
        == memory_need(ModelShape.of(SHAPE), tokens=1, rank=4).weights
    )
    with pytest.raises(SyncError, match=r"24\.0|21\.6"):
        machine_for(PLAN, {**SHAPE, "hidden_size": 16_384}, 1024, [])


def test_each_gpu_has_a_process(gpus: None, tmp_path: Path) -> None:
    launched = training_command(tmp_path)
    assert launched[1:6] == [
        "-m",
        "accelerate.commands.launch",
        "--multi_gpu",
        "--num_processes",
        "2",
    ]


def test_4_bits_need_a_library(gpus: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_plan, "find_spec", lambda name: None)
    with pytest.raises(SyncError, match="pip install bitsandbytes"):
        request_plan.require_quantizing()
    spec = importlib.machinery.ModuleSpec("bitsandbytes", None)
    monkeypatch.setattr(request_plan, "find_spec", lambda name: spec)
    request_plan.require_quantizing()


@pytest.mark.thorough
def test_two_devices_learn_what_one_does(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    held = {"digests": {"base": "0" * 64}, "kl_weight": 2.0}
    base = unpacked_base(cache, "0" * 64)
    one, two = (begun(tmp_path / name, base, **held) for name in ("one", "two"))
    env = {**os.environ, "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(cache)}
    train = ["-m", "sync.tuning.local.training_process"]
    launch = ["-m", "accelerate.commands.launch", "--cpu", "--num_processes", "2"]
    for run, before in ((one, []), (two, launch)):
        subprocess.run([sys.executable, *before, *train, str(run)], cwd=ROOT, env=env, check=True)
    ends = [said(run, "validation")[-1]["loss"] for run in (one, two)]
    assert ends[0] == pytest.approx(ends[1], rel=0.02)
    steps = said(two, "step")
    assert [line["step"] for line in steps] == list(range(1, 19))
    assert steps[-1]["divergence"] > 0
    assert (two.parent / "adapter" / "adapter_model.safetensors").exists()
