"""What a run needs before it begins: the arithmetic, and what is done where it is too much."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from sync.common.errors import SyncError
from sync.tuning.local import machine
from sync.tuning.local.machine import MachineUse, machine_for
from sync.tuning.local.memory import ModelShape, memory_need
from tests.sync.tuning.local.desk import PLAN, begun, process, said, tiny_base

# the config.json of SmolLM2-135M
SMALL = {
    "num_hidden_layers": 30,
    "hidden_size": 576,
    "intermediate_size": 1536,
    "num_attention_heads": 9,
    "num_key_value_heads": 3,
    "vocab_size": 49152,
    "tie_word_embeddings": True,
}


def test_weights_are_counted_as_the_publisher_counts_them() -> None:
    shape = ModelShape.of(SMALL)
    assert shape.parameters == pytest.approx(134.5e6, rel=0.001)
    # 7 layers of weights, rank 16, 30 times
    assert shape.adapter(16) == 4_884_480


def test_an_adapter_needs_far_less_than_every_weight() -> None:
    shape = ModelShape.of(SMALL)
    adapter = memory_need(shape, tokens=4096, rank=16)
    full = memory_need(shape, tokens=4096, rank=16, full=True)
    assert full.total - adapter.total == 12 * shape.parameters - 16 * shape.adapter(16)
    pairs = memory_need(shape, tokens=4096, rank=16, sequences=2)
    assert pairs.activations == 2 * adapter.activations
    assert pairs.logits == 2 * adapter.logits


def test_a_large_vocabulary_can_take_more_than_all_layers() -> None:
    """As of Gemma's 270M, which an estimate of the layers alone takes for a small model."""
    gemma = {
        "num_hidden_layers": 18,
        "hidden_size": 640,
        "intermediate_size": 2048,
        "num_attention_heads": 4,
        "num_key_value_heads": 1,
        "vocab_size": 262_144,
        "tie_word_embeddings": True,
    }
    need = memory_need(ModelShape.of(gemma), tokens=1024, rank=16)
    assert need.logits > 2 * need.activations
    assert need.total > need.logits + need.activations + need.weights
    shorter = memory_need(ModelShape.of(gemma), tokens=8, rank=16)
    assert shorter.least == need.least, "whatever the length, and so what is refused unseen"
    assert shorter.total - shorter.least == (need.total - need.least) / 128


@pytest.mark.thorough
@pytest.mark.timeout(900)
def test_it_is_what_a_run_takes_whose_vocabulary_is_all_of_it(tmp_path: Path) -> None:
    base = tiny_base(tmp_path / "base", vocabulary=40_000)
    shape = ModelShape.of(json.loads((base / "config.json").read_text()))
    for method, sequences in (("supervised", 1), ("dpo", 2)):
        run = begun(tmp_path / method, base, method, count=4, epochs=1)  # type: ignore[arg-type]
        assert process([run], tmp_path / "cache").wait() == 0
        (done,), (told,) = said(run, "done"), said(run, "rows")
        tokens = PLAN.batch_size * told["longest"]
        need = memory_need(shape, tokens=tokens, rank=PLAN.rank, sequences=sequences)
        assert 0.7 * need.total < done["peak_bytes"] < 1.1 * need.total


def used(free: float, monkeypatch: pytest.MonkeyPatch, **changes: object) -> MachineUse:
    monkeypatch.setattr(machine, "free_memory", lambda: int(free))
    plan = replace(PLAN, threads=None, rank=16, **changes)  # type: ignore[arg-type]
    return machine_for(plan, SMALL, 1024, [])


def test_batches_get_smaller_before_anything_is_computed_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert used(64e9, monkeypatch) == MachineUse(4, recompute=False, threads=None)
    smaller = used(5.5e9, monkeypatch)
    assert (smaller.micro_batch, smaller.recompute) == (1, False)
    least = used(3.3e9, monkeypatch)
    assert (least.micro_batch, least.recompute) == (1, True)


def test_what_cant_fit_is_refused_with_what_would_help(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SyncError, match=r"about 2\.\d GiB .* 0\.8 GiB are free; .*max_length"):
        used(1e9, monkeypatch)


def test_verdicts_are_learned_two_at_a_time_at_least(monkeypatch: pytest.MonkeyPatch) -> None:
    assert used(6e9, monkeypatch, method="kto").micro_batch >= 2


def test_a_run_that_goes_on_uses_the_machine_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "free_memory", lambda: 0)
    measured = {"event": "measured", "micro_batch": 2, "recompute": True, "threads": 3}
    assert machine_for(PLAN, SMALL, 1024, [measured]) == MachineUse(2, recompute=True, threads=3)
