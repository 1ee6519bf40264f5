"""`labeltune finetune` on this machine, from a release to a model's entry."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from sync import settings
from sync.common.errors import SyncError
from sync.table.data_folder import data_folder
from sync.training_files.manifest.stored_release import read_release
from sync.tuning.local import request_plan
from sync.tuning.local.base_model import base_name
from sync.tuning.local.local_tuner import LocalTuner
from sync.tuning.local.step_log import StepLog
from sync.tuning.models.model_entry import ModelEntry
from sync.tuning.models.model_folder import read_entry, write_entry
from sync.tuning.tuner import TuningEstimate, TuningMoment, TuningRequest
from tests.sync.tuning.local.desk import release, tiny_base
from tests.sync.tuning.models.entries import ENTRY

SETTINGS = """
[finetune]
base = "base"
name = "small"
epochs = 2
learning_rate = 0.01
{shared}
[finetune.local]
rank = 4
threads = 1
{own}
"""
SIZES = {
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "vocab_size": 258,
}
SPLITS = {"train": 20, "validation": 4, "test": 4}
Begin = Callable[..., TuningRequest]


@pytest.fixture
def begin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Begin:
    """Makes requests of a base of which only the sizes are there, unless `weights` are asked for.

    With 2 GiB that are free, for whoever asks without PyTorch.
    """

    def made(
        *,
        weights: bool = False,
        shared: str = "",
        own: str = "rehearsal = 0.0",
        more: str = "",
        **splits: int,
    ) -> TuningRequest:
        if weights:
            tiny_base(tmp_path / "base")
        else:
            monkeypatch.setattr(request_plan, "free_memory", lambda: 2**31)
            (tmp_path / "base").mkdir()
            (tmp_path / "base" / "config.json").write_text(json.dumps(SIZES))
        text = SETTINGS.format(shared=shared, own=own) + more
        (tmp_path / "labeltune.toml").write_text(text)
        folder = release(tmp_path / "release", **(splits or SPLITS))
        config = settings.load(tmp_path / "labeltune.toml")
        return TuningRequest(config, data_folder(config), read_release(folder), "release")

    return made


def estimated(request: TuningRequest) -> TuningEstimate:
    return LocalTuner().estimate(request, lambda moment: None)


def watched(request: TuningRequest) -> tuple[ModelEntry, list[TuningMoment]]:
    moments: list[TuningMoment] = []
    tuner, name = LocalTuner(), estimated(request).name
    tuner.start(request, name, moments.append)
    return tuner.watch(request.config, request.folder, name, moments.append), moments


def test_a_release_becomes_a_model_whose_entry_names_all_it_learned(begin: Begin) -> None:
    general = [{"role": "user", "content": "Who?"}, {"role": "assistant", "content": "Me."}]
    request = begin(weights=True, own="rehearsal = 0.2", more='[mix]\nfiles = ["general.jsonl"]\n')
    lines = [
        json.dumps({"messages": [{**general[0], "content": f"{n}?"}, general[1]]}) for n in range(9)
    ]
    (request.config.folder / "general.jsonl").write_text("\n".join(lines))
    entry, moments = watched(request)
    assert entry == read_entry(request.folder, "small")
    assert (entry.way, entry.base, entry.method, entry.place.adapter) == (
        "local",
        "base",
        "supervised",
        "adapter",
    )
    assert entry.release.release == request.release.id
    assert [file.file for file in entry.release.files] == [
        "trl-prompt-completion.train.jsonl",
        "trl-prompt-completion.validation.jsonl",
    ]
    assert entry.run["rows"] | {"longest": 0} == {
        "own": 20,
        "general": 5,  # a fifth of all
        "validation": 4,
        "too_long": 0,
        "with_pictures": 0,
        "longest": 0,
    }
    steps = [point for point in entry.losses if point.training is not None]
    assert [point.step for point in steps] == list(range(1, 15))  # 25 examples, 4 a step, twice
    assert moments[-1].step == moments[-1].steps == 14
    model = request.folder.on_this_machine("models/small")
    assert model is not None
    assert (model / "adapter" / "adapter_config.json").exists()
    again, said = watched(request)
    assert (again, said) == (entry, [])


@pytest.mark.parametrize(
    ("own", "steps", "held", "said"),
    [
        ("", 10, 2.0, "Each step holds it near its base"),
        ("kl_weight = 0.0", 12, 0.0, "Up to 4 general examples are mixed in (15%)"),
        ("full = true", 12, 0.0, "Up to 4 general examples are mixed in (15%)"),
        ("rehearsal = 0.0", 10, 0.0, "the model may forget other things"),
    ],
)
def test_a_model_is_held_near_its_base_unless_it_learns_what_that_says(
    begin: Begin, own: str, steps: int, held: float, said: str
) -> None:
    estimate = estimated(begin(own=own))
    assert said in " ".join(estimate.sentences)
    assert (estimate.facts["steps"], estimate.facts["settings"]["kl_weight"]) == (steps, held)


def test_a_training_that_is_done_needs_no_second_one(begin: Begin) -> None:
    request = begin()
    tuner = LocalTuner()
    tuner.start(request, "small", lambda moment: None)
    model = request.folder.on_this_machine("models/small")
    assert model is not None
    log = StepLog(model / "training" / "steps.jsonl")
    log.say("measured", threads=2, step_s=1.5)
    log.say("step", step=1, of=1, loss=2.0, seconds=1.5)
    log.say("validation", step=1, of=1, loss=1.75)
    log.say("done", step=1, best_step=1, trained_tokens=640)
    entry = tuner.watch(request.config, request.folder, "small", lambda moment: None)
    assert entry == read_entry(request.folder, "small")
    assert entry.last_losses == (2.0, 1.75)
    assert (entry.trained_tokens, entry.seed, entry.settings["rank"]) == (640, 0, 4)
    assert entry.run["measured"] == {"threads": 2, "step_s": 1.5}
    with pytest.raises(SyncError, match="small is a model already"):
        tuner.cancel(request.config, request.folder, "small")


def test_what_it_will_do_is_said_before(begin: Begin) -> None:
    estimate = estimated(begin())
    assert estimate.name == "small"
    said = " ".join(estimate.sentences)
    assert "learns 20 examples of release: an adapter of rank 4, 2 epochs, 10 steps of 4" in said
    assert "4 validation examples" in said
    assert not estimate.costs
    assert "2.0 GiB are free" in said
    assert 600_000_000 < estimate.facts["memory_bytes"] < 2**31


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"shared": 'method = "reinforcement"'}, "not trained on this machine"),
        ({"shared": 'method = "dpo"'}, "labeltune export --format trl-preference"),
        ({"shared": 'format = "openai-chat"'}, "reads 'trl-prompt-completion'"),
        ({"own": "full = true\nquantize = true"}, "quantize"),
    ],
)
def test_what_cant_be_done_is_refused_in_a_sentence(
    begin: Begin, change: dict[str, str], said: str
) -> None:
    with pytest.raises(SyncError, match=said):
        estimated(begin(**change))


def test_where_a_tuned_model_drafts_its_base_is_tuned_again(tmp_path: Path) -> None:
    (tmp_path / "labeltune.toml").write_text('[llm]\nmodel = "tuned:bank"\n')
    config = settings.load(tmp_path / "labeltune.toml")
    folder = data_folder(config)
    with pytest.raises(SyncError, match="no model is called 'bank'"):
        base_name(config, folder)
    write_entry(folder, replace(ENTRY, name="bank", base="smollm2-135m", way="local"))
    assert base_name(config, folder) == "smollm2-135m"
    write_entry(folder, replace(ENTRY, name="bank", way="endpoint"))
    with pytest.raises(SyncError, match=r"no model of this machine .*set finetune\.base"):
        base_name(config, folder)


def test_more_memory_than_is_free_is_refused(begin: Begin) -> None:
    request = begin()
    huge = {**SIZES, "hidden_size": 65536, "num_hidden_layers": 400}
    (request.config.folder / "base" / "config.json").write_text(json.dumps(huge))
    with pytest.raises(SyncError, match=r"needs about .* GiB .* 2\.0 GiB are free"):
        estimated(request)


def test_a_run_of_other_settings_wants_another_name(begin: Begin) -> None:
    request = begin()
    LocalTuner().start(request, "small", lambda moment: None)
    other = request.config.finetune.model_copy(update={"epochs": 3})
    changed = TuningRequest(
        request.config.model_copy(update={"finetune": other}),
        request.folder,
        request.release,
        "release",
    )
    with pytest.raises(SyncError, match=r"another finetune\.name"):
        LocalTuner().start(changed, "small", lambda moment: None)


def test_a_run_that_was_cancelled_is_gone(begin: Begin) -> None:
    request = begin()
    tuner = LocalTuner()
    tuner.start(request, "small", lambda moment: None)
    assert tuner.holds(request.folder, "small")
    assert "gone" in tuner.cancel(request.config, request.folder, "small")
    assert not tuner.holds(request.folder, "small")


@pytest.mark.thorough
def test_a_run_that_is_to_rest_keeps_what_it_has(begin: Begin) -> None:
    request = begin(weights=True)
    tuner = LocalTuner()
    tuner.start(request, "small", lambda moment: None)
    tuner.pause(request.config, request.folder, "small")
    with pytest.raises(SyncError, match=r"small rests at step 1; .*--resume small"):
        tuner.watch(request.config, request.folder, "small", lambda moment: None)
    tuner.resume(request.config, request.folder, "small")
    entry = tuner.watch(request.config, request.folder, "small", lambda moment: None)
    assert [p.step for p in entry.losses if p.training is not None] == list(range(1, 11))


@pytest.mark.thorough
def test_a_base_that_cant_be_loaded_is_told(begin: Begin) -> None:
    request = begin(weights=True)
    (request.config.folder / "base" / "model.safetensors").write_bytes(b"nothing")
    with pytest.raises(SyncError, match=r"small: .*training\.log"):
        watched(request)
