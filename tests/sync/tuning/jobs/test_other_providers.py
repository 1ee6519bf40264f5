"""Together and Fireworks: APIs of their own, the same promises."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.common.errors import SyncError
from tests.sync.tuning.jobs.orders import Desk
from tests.sync.tuning.jobs.other_standins import FireworksStandIn, TogetherStandIn
from tests.sync.tuning.jobs.standin import KEY, StandIn, stand_in

KINDS: dict[str, type[StandIn]] = {"together": TogetherStandIn, "fireworks": FireworksStandIn}
MADE = {
    "together": ("/v1/files/upload", "/v1/fine-tunes"),
    "fireworks": ("/v1/datasets", "/v1/s.*"),
}


@pytest.fixture(params=KINDS)
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    with stand_in(KINDS[request.param]) as api:
        made = Desk(tmp_path, api)
        (tmp_path / ".env").write_text(f"TOGETHER_API_KEY={KEY}\nFIREWORKS_API_KEY={KEY}\n")
        made.configure(endpoint=f'provider = "{request.param}"')
        made.release()
        yield made


def provider(desk: Desk) -> str:
    return desk.config.finetune.endpoint.provider


def test_a_release_becomes_a_model(desk: Desk) -> None:
    entry = desk.tune()
    assert entry.place.provider == provider(desk)
    assert entry.run["key"][:8] in str(entry.place.model)
    assert (len(desk.api.files), len(desk.api.jobs)) == (2, 1)
    assert sorted(len(c.splitlines()) for c in desk.api.contents.values()) == [2, 12]
    assert entry.seed is None
    assert any(m.step and m.steps for m in desk.moments)


def test_what_is_lost_here_is_found_there(desk: Desk) -> None:
    name = desk.start()
    (desk.folder / "labeltune-data" / "models" / name / "job.json").unlink()
    desk.tune()
    assert (len(desk.api.files), len(desk.api.jobs)) == (2, 1)


@pytest.mark.parametrize("lost", ["before", "after"])
@pytest.mark.parametrize("what", [0, 1])
def test_a_lost_answer_makes_nothing_twice(desk: Desk, lost: str, what: int) -> None:
    desk.api.fault("POST", MADE[provider(desk)][what], lost=lost)
    desk.tune()
    assert (len(desk.api.files), len(desk.api.jobs)) == (2, 1)


def test_a_cancelled_job_is_made_again_when_asked(desk: Desk) -> None:
    name = desk.start()
    desk.tuner.cancel(desk.config, desk.data, name)
    with pytest.raises(SyncError, match="was cancelled"):
        desk.watch(name)
    desk.tune()
    assert len(desk.api.jobs) == 2


def test_what_a_provider_has_not_is_said(desk: Desk) -> None:
    name = desk.start()
    with pytest.raises(SyncError, match="can't pause a job"):
        desk.tuner.pause(desk.config, desk.data, name)
    desk.configure(endpoint=f'provider = "{provider(desk)}"\nlearning_rate_multiplier = 2.0')
    with pytest.raises(SyncError, match="takes a learning rate, no multiple"):
        desk.estimate()


def test_fireworks_needs_its_address(tmp_path: Path) -> None:
    with stand_in() as api:
        desk = Desk(tmp_path, api)
        desk.release()
        text = (tmp_path / "labeltune.toml").read_text()
        told = text.replace(f'base_url = "{api.url}"', 'provider = "fireworks"')
        (tmp_path / "labeltune.toml").write_text(told)
        with pytest.raises(SyncError, match="an address of its own for each customer"):
            desk.estimate()
