"""A release becomes a model at an endpoint: sent once, made once, watched until it is there."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sync.common.errors import SyncError
from sync.tuning.models.model_folder import read_entry
from tests.sync.tuning.jobs.orders import BASE, Desk
from tests.sync.tuning.jobs.standin import KEY, Refused, Script, StandIn, stand_in

FILES, JOBS = "/v1/files", "/v1/fine_tuning/jobs"


@pytest.fixture
def api() -> Iterator[StandIn]:
    with stand_in() as running:
        yield running


@pytest.fixture
def desk(api: StandIn, tmp_path: Path) -> Desk:
    made = Desk(tmp_path, api)
    made.release()
    return made


def method(name: str, **settings: Any) -> dict[str, Any]:
    """As OpenAI is told it."""
    return {"type": name, name: {"hyperparameters": settings}}


def test_a_release_becomes_a_model_that_says_all_that_it_learned(desk: Desk, api: StandIn) -> None:
    entry = desk.tune()
    assert entry == read_entry(desk.data, entry.name)
    assert entry.place.model == f"ft:{BASE}:org:{entry.name.replace('.', '-')}:1"
    (job,) = api.jobs.values()
    sent = {"training": job["training_file"], "validation": job["validation_file"]}
    for file in entry.release.files:
        content = api.contents[sent[file.role]]
        assert hashlib.sha256(content).hexdigest() == file.sha256
        assert len(content.splitlines()) == file.lines
    assert [file.lines for file in entry.release.files] == [12, 2]
    assert job["method"] == method("supervised", n_epochs=3)
    assert job["metadata"]["labeltune_release"] == entry.release.name
    assert (job["seed"], entry.seed, entry.trained_tokens) == (0, 0, 4000)
    assert [(p.step, p.training, p.validation) for p in entry.losses] == [
        (1, 4.0, None),
        (2, 2.0, 2.5),
        (3, 4 / 3, None),
        (4, 1.0, 1.25),
    ]
    assert (entry.created, entry.run["job"]) == ("2026-09-21T15:13:20+00:00", "ftjob-1")


def test_the_test_split_stays_here(desk: Desk, api: StandIn) -> None:
    desk.tune()
    assert len(api.files) == 2
    assert not any(b"card 14 " in content for content in api.contents.values())


def test_the_same_again_sends_and_pays_nothing(desk: Desk, api: StandIn) -> None:
    first = desk.estimate()
    assert (first.costs, first.begun) == (True, False)
    name = desk.start()
    again = desk.estimate()
    assert (again.costs, again.begun) == (False, True)
    assert desk.start() == name
    entry = desk.watch(name)
    calls = len(api.calls)
    assert desk.tune() == entry
    assert len(api.calls) == calls
    assert (api.made("POST", FILES), api.made("POST", JOBS)) == (2, 1)


def test_what_is_lost_here_is_found_there(desk: Desk, api: StandIn) -> None:
    """Another machine, or a data folder that was taken away: by hash and by key."""
    name = desk.start()
    (desk.folder / "labeltune-data" / "models" / name / "job.json").unlink()
    assert desk.start() == name
    assert (len(api.files), len(api.jobs)) == (2, 1)
    assert desk.watch(name).run["job"] == "ftjob-1"


@pytest.mark.parametrize("repeats", [False, True])
def test_it_is_found_behind_many_others_on_pages(desk: Desk, api: StandIn, repeats: bool) -> None:
    api.repeats = repeats
    name = desk.start()
    for number in range(7):
        body = {**api.jobs["ftjob-1"], "suffix": "other", "metadata": {"labeltune_key": "ab"}}
        api.create(body)
        api.upload(f"other-{number}.jsonl", b"{}\n")
    (desk.folder / "labeltune-data" / "models" / name / "job.json").unlink()
    desk.start()
    assert (api.made("POST", FILES), api.made("POST", JOBS)) == (2, 1)


@pytest.mark.parametrize("lost", ["before", "after"])
@pytest.mark.parametrize("path", [FILES, JOBS])
def test_an_answer_that_was_lost_makes_nothing_twice(
    desk: Desk, api: StandIn, path: str, lost: str
) -> None:
    api.fault("POST", path, lost=lost)
    desk.tune()
    assert (len(api.files), len(api.jobs)) == (2, 1)


def test_a_file_that_expired_there_is_sent_again(desk: Desk, api: StandIn) -> None:
    api.fault("POST", JOBS, times=1, refused=Refused.error(429, "insufficient_quota"))
    with pytest.raises(SyncError, match="no credit left"):
        desk.start()
    del api.files["file-1"]
    desk.tune()
    assert api.made("POST", FILES) == 3
    assert api.jobs["ftjob-1"]["training_file"] == "file-3"


def test_other_settings_are_another_run(desk: Desk, api: StandIn) -> None:
    desk.configure('name = "support"')
    assert desk.start() == "support"
    desk.configure('name = "support"\nepochs = 5')
    with pytest.raises(SyncError, match=r"'support' is another run already: of gpt-4.1-mini-2025-"):
        desk.start()
    desk.configure("epochs = 5")
    desk.start()
    assert (len(api.files), len(api.jobs)) == (2, 2)  # the same bytes are sent once


def test_a_file_is_checked_before_anything_is_sent(api: StandIn, tmp_path: Path) -> None:
    desk = Desk(tmp_path, api)
    desk.release(4)
    with pytest.raises(SyncError) as refused:
        desk.start()
    assert "openai-chat.train.jsonl" in str(refused.value)
    assert "10" in str(refused.value)
    assert api.calls == []


def test_the_cost_is_told_before_and_after(desk: Desk) -> None:
    desk.configure(more=f'[training.prices."{BASE}"]\nper_million = 5000.0\ncurrency = "USD"')
    estimate = desk.estimate()
    assert any(s.startswith(f"training {BASE} costs about") for s in estimate.sentences)
    assert estimate.facts["currency"] == "USD"
    assert desk.tune().cost == 20.0


def test_the_bar_follows_the_steps(desk: Desk) -> None:
    desk.tune()
    steps = [(m.step, m.steps, m.training) for m in desk.moments if m.said == "training"]
    assert steps[0] == (1, 4, 4.0)
    assert steps[-1][:2] == (4, 4)
    assert any(m.seconds_left for m in desk.moments)


def test_losses_come_from_the_results_where_no_event_told_them(desk: Desk, api: StandIn) -> None:
    api.script = Script(tells_losses=False)
    entry = desk.tune()
    assert [(p.step, p.training, p.validation) for p in entry.losses][:2] == [
        (1, 4.0, 5.0),
        (2, 2.0, 2.5),
    ]


def test_a_server_without_events_is_watched_all_the_same(desk: Desk, api: StandIn) -> None:
    api.fault("GET", f"{JOBS}/[^/]+/events", times=99, refused=Refused.error(404, "no such path"))
    entry = desk.tune()
    assert [p.training for p in entry.losses] == [4.0, 2.0, 4 / 3, 1.0]


def test_a_model_that_is_named_late_is_waited_for(desk: Desk, api: StandIn) -> None:
    api.script = Script(names_model_after=2)
    assert desk.tune().place.model is not None


def test_a_provider_that_is_away_is_waited_for(desk: Desk, api: StandIn) -> None:
    name = desk.start()
    api.fault("GET", f"{JOBS}/.*", times=3, refused=Refused(503, {"error": "overloaded"}))
    api.fault("GET", f"{JOBS}/.*", times=2, lost="before")
    assert desk.watch(name).place.model is not None


def test_a_job_that_is_cancelled_can_be_made_again(desk: Desk, api: StandIn) -> None:
    name = desk.start()
    said = desk.tuner.cancel(desk.config, desk.data, name)
    assert said == f"{name} is cancelled (ftjob-1); what was trained until now may be billed."
    with pytest.raises(SyncError, match="was cancelled"):
        desk.watch(name)
    again = desk.estimate()
    assert again.costs
    assert any("The last job of this run was cancelled" in s for s in again.sentences)
    assert desk.tune().run["job"] == "ftjob-2"
    assert len(api.files) == 2


def test_a_job_rests_and_goes_on(desk: Desk, api: StandIn) -> None:
    name = desk.start()
    asked = (desk.config, desk.data, name)
    assert "is paused" in desk.tuner.pause(*asked)
    assert api.jobs["ftjob-1"]["status"] == "paused"
    assert "goes on" in desk.tuner.resume(*asked)
    desk.watch(name)
    assert desk.tuner.pause(*asked) == f"{name} has ended (succeeded)."
    assert "was done already" in desk.tuner.cancel(*asked)


def test_azure_has_its_own_ways(tmp_path: Path) -> None:
    """Files are processed first, null for what is missing, no labels, and a training type."""
    with stand_in(azure=True) as api:
        desk = Desk(tmp_path, api)
        desk.configure(endpoint='provider = "azure"')
        desk.release(bom=True)
        name = desk.start()
        (desk.folder / "labeltune-data" / "models" / name / "job.json").unlink()
        assert desk.start() == name
        entry = desk.watch(name)
        assert (len(api.files), len(api.jobs)) == (2, 1)
        assert entry.place.provider == "azure"
        assert entry.run["note"] == "deploy it in Azure before it answers"


def test_two_preferences_are_learned_by_dpo(api: StandIn, tmp_path: Path) -> None:
    desk = Desk(tmp_path, api)
    desk.configure('method = "dpo"', "beta = 0.2")
    desk.release(form="openai-preference")
    desk.tune()
    (job,) = api.jobs.values()
    assert job["method"] == method("dpo", n_epochs=3, beta=0.2)


def test_no_key_is_written_or_shown(desk: Desk, api: StandIn) -> None:
    api.fault("GET", f"{JOBS}/.*", times=1, refused=Refused.error(403, f"bad key {KEY}"))
    name = desk.start()
    with pytest.raises(SyncError) as refused:
        desk.watch(name)
    assert KEY not in str(refused.value)
    assert KEY not in json.dumps(desk.journal(name))


def test_another_name_for_the_same_is_the_same_job(desk: Desk, api: StandIn) -> None:
    first = desk.tune()
    desk.configure('name = "again"')
    again = desk.tune()
    assert (again.name, again.place) == ("again", first.place)
    assert (len(api.files), len(api.jobs)) == (2, 1)
