"""`labeltune finetune`, as a user gives it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.running import labeltune
from tests.sync.tuning.jobs.orders import BASE, Desk
from tests.sync.tuning.jobs.standin import stand_in


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with stand_in() as api:
        made = Desk(tmp_path, api)
        made.release()
        yield made


def test_from_a_look_at_the_cost_to_the_model(desk: Desk) -> None:
    looked = labeltune(desk.folder, "finetune", "--dry-run")
    assert (looked.returncode, desk.api.calls) == (0, [])
    assert f"openai tunes {BASE} on them: supervised, epochs 3." in looked.stdout
    refused = labeltune(desk.folder, "finetune")
    assert (refused.returncode, desk.api.calls) == (1, [])
    assert refused.stderr.endswith("nobody can answer here; add --yes\n")
    begun = labeltune(desk.folder, "finetune", "--yes", "--detach", "--name", "support", "--json")
    assert begun.returncode == 0, begun.stderr
    assert json.loads(begun.stdout)["name"] == "support"
    listed = labeltune(desk.folder, "models").stdout
    assert listed == "support is not done: `labeltune finetune --watch support` goes on with it.\n"
    done = labeltune(desk.folder, "finetune", "--watch", "support")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"support is ready: ft:{BASE}:org:support-")
    assert "Last loss: 1.0000 in training, 1.2500 in validation." in done.stdout
    assert (len(desk.api.files), len(desk.api.jobs)) == (2, 1)


def test_a_run_is_asked_by_its_name_alone(desk: Desk) -> None:
    mixed = labeltune(desk.folder, "finetune", "--watch", "a", "--epochs", "2")
    assert (mixed.returncode, "no other option" in mixed.stderr) == (2, True)
    unknown = labeltune(desk.folder, "finetune", "--cancel", "a")
    assert unknown.returncode == 1
    assert "no run is called 'a'" in unknown.stderr
