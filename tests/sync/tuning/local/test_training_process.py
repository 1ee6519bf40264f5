"""Real runs of TRL and PEFT on a tiny llama: they learn, end alike after `kill -9`, and stop."""

import json
import signal
import time
from pathlib import Path

import pytest
import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer

from sync.tuning.local.base_divergence import BaseDivergence
from sync.tuning.local.plan import CHECKPOINTS, STEPS, TrainingPlan
from sync.tuning.local.self_replies import general_prompts
from sync.tuning.local.step_log import StepLog
from tests.sync.tuning.local.desk import begun, process, said, unpacked_base

DIGEST = "0" * 64


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def base(cache: Path) -> Path:
    return unpacked_base(cache, DIGEST)


@pytest.fixture(scope="module")
def runs(base: Path, cache: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Runs that are done; the one called `killed` was killed once after its fifth step.

    Three are held near the base, and one is not: `free`.
    """
    folder = tmp_path_factory.mktemp("runs")
    held = {"digests": {"base": DIGEST}, "kl_weight": 10.0}
    found = {
        "whole": begun(folder / "whole", base, **held),
        "killed": begun(folder / "killed", base, **held),
        "parts": begun(folder / "parts", base, **held),
        "free": begun(folder / "free", base),
        "dpo": begun(folder / "dpo", base, "dpo"),
        "kto": begun(folder / "kto", base, "kto"),
        "stopped": begun(folder / "stopped", base, learning_rate=0.5, patience=1, epochs=8),
        "full": begun(folder / "full", base, full=True, learning_rate=1e-3, epochs=1),
    }
    one_at_a_time = {"micro_batch": 1, "recompute": True, "threads": 1}
    StepLog(found["parts"] / STEPS).say("measured", **one_at_a_time)
    first = process([found["whole"], found["killed"]], cache)
    while len(said(found["killed"], "step")) < 5 and first.poll() is None:
        time.sleep(0.02)
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert list((found["killed"] / CHECKPOINTS).glob("checkpoint-*"))
    assert not said(found["killed"], "done")
    process([run for name, run in found.items() if name != "whole"], cache).wait()
    for name, run in found.items():
        assert said(run, "done"), f"{name}: {said(run, 'failed')}"
    return found


def moved(base: Path, adapter: Path) -> float:
    """The mean divergence of a tuned model on the conversations that may have held it."""
    model, tokenizer = (
        kind.from_pretrained(base) for kind in (AutoModelForCausalLM, AutoTokenizer)
    )
    tuned = PeftModel.from_pretrained(model, adapter)
    asked = [{"role": "user", "content": each} for each in general_prompts()[:8]]
    row = {"completion": [{"role": "assistant", "content": "Yes."}]}
    held = BaseDivergence.on([{"prompt": [each], **row} for each in asked], tokenizer, 1.0)
    assert held is not None
    with torch.no_grad():
        return sum(float(held.at(step, tuned, tuned)) for step in range(8)) / 8


def losses(run: Path, event: str) -> dict[int, float]:
    return {line["step"]: line["loss"] for line in said(run, event)}


def test_a_run_learns_and_tells_each_step(runs: dict[str, Path]) -> None:
    steps = said(runs["whole"], "step")
    assert [line["step"] for line in steps] == list(range(1, 19))  # 24 examples, 4 a step, 3 times
    assert steps[-1]["loss"] < steps[0]["loss"] - 0.1
    validation = losses(runs["whole"], "validation")
    assert validation[max(validation)] < validation[min(validation)]
    assert (runs["whole"].parent / "adapter" / "adapter_model.safetensors").exists()


def test_a_killed_run_ends_with_the_same_losses(runs: dict[str, Path]) -> None:
    whole, killed = (losses(runs[name], "validation") for name in ("whole", "killed"))
    assert whole.keys() == killed.keys()
    assert all(abs(whole[step] - killed[step]) < 1e-6 for step in whole)
    ends = [said(runs[name], "step")[-1]["loss"] for name in ("whole", "killed")]
    assert abs(ends[0] - ends[1]) < 1e-6


def test_a_killed_run_counts_what_it_learned_once(runs: dict[str, Path]) -> None:
    told = [said(runs[name], "done")[0]["trained_tokens"] for name in ("whole", "killed")]
    assert told[0] == told[1] > 24 * 3 * 20


def test_a_killed_run_says_each_step_once(runs: dict[str, Path]) -> None:
    steps = [line["step"] for line in said(runs["killed"], "step")]
    assert steps == list(range(1, 19))


@pytest.mark.filterwarnings("ignore:.is_gradient_checkpointing:FutureWarning")  # of peft's use
def test_a_run_that_is_held_stays_near_its_base(runs: dict[str, Path], base: Path) -> None:
    assert {line["general"] for line in said(runs["whole"], "rows")} == {18}  # one a step
    assert all(line["divergence"] > -1e-6 for line in said(runs["whole"], "step"))
    assert not any("divergence" in line for line in said(runs["free"], "step"))
    far = {name: moved(base, runs[name].parent / "adapter") for name in ("whole", "free")}
    assert 0 < far["whole"] < far["free"] / 2


def test_what_holds_a_run_counts_once_a_step(runs: dict[str, Path]) -> None:
    whole, parts = (said(runs[name], "step")[0] for name in ("whole", "parts"))
    assert whole["loss"] == pytest.approx(parts["loss"], rel=1e-3)
    norms = [
        [line["grad_norm"] for line in said(runs[name], "step")] for name in ("whole", "parts")
    ]
    assert norms[0] == pytest.approx(norms[1], rel=1e-2)


@pytest.mark.parametrize("method", ["dpo", "kto"])
def test_preferences_and_verdicts_are_learned(runs: dict[str, Path], method: str) -> None:
    validation = losses(runs[method], "validation")
    assert validation[max(validation)] < validation[min(validation)]
    (rows,) = said(runs[method], "rows")
    assert (rows["own"], rows["general"], rows["validation"]) == (24, 0, 6)


def test_a_run_stops_where_validation_gets_no_better(runs: dict[str, Path]) -> None:
    (done,) = said(runs["stopped"], "done")
    planned = said(runs["stopped"], "step")[-1]["of"]
    assert done["step"] < planned
    validation = losses(runs["stopped"], "validation")
    assert validation[done["best_step"]] == min(validation.values())


def test_every_weight_can_be_trained(runs: dict[str, Path]) -> None:
    merged = runs["full"].parent / "merged"
    assert (merged / "model.safetensors").exists()
    assert json.loads((merged / "config.json").read_text())["model_type"] == "llama"
    assert not (runs["full"].parent / "adapter").exists()


def test_a_plan_is_read_as_it_was_written(runs: dict[str, Path]) -> None:
    plan = TrainingPlan.read(runs["dpo"])
    assert plan is not None
    assert (plan.method, plan.rank) == ("dpo", 4)
