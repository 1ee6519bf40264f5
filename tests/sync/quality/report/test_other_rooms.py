"""What drafts cost, as the backend says it, and what it said last while it is away."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from sync.quality.report.other_rooms import (
    EXPERTS,
    DraftingCost,
    OutsideWork,
    drafting_cost,
    last_outside,
    last_said,
)
from sync.table import last_runs
from sync.table.data_folder import data_folder
from tests.sync.quality.report.planted import configured

COUNTS = {"cost_micros": 2_500_000, "prompt_tokens": 900, "completion_tokens": 100}


def backend(answer: Any, status: int = 200) -> Any:
    def ask(url: str, authorization: str | None) -> httpx.Response:
        assert url.endswith("/status?format=json")
        if answer is None:
            raise httpx.ConnectError("refused")
        return httpx.Response(status, json=answer)

    return ask


def cost(folder: Path, answer: Any, project_id: int = 7, **options: Any) -> DraftingCost | None:
    config = configured(folder)
    return drafting_cost(config, data_folder(config), project_id, backend(answer, **options))


def test_what_was_said_last_is_known_while_the_backend_is_away(tmp_path: Path) -> None:
    assert cost(tmp_path, None) is None
    now = cost(tmp_path, {"projects": [{"id": 9, "counts": {}}, {"id": 7, "counts": COUNTS}]})
    assert now is not None
    assert (now.money, now.tokens) == (2.5, 1000)
    assert cost(tmp_path, None) == now
    assert cost(tmp_path, None, project_id=8) is None


def test_without_a_price_there_are_tokens_alone(tmp_path: Path) -> None:
    free = {"projects": [{"id": 7, "counts": COUNTS | {"cost_micros": 0}}]}
    found = cost(tmp_path, free)
    assert found is not None
    assert (found.money, found.tokens) == (None, 1000)


@pytest.mark.parametrize(
    "answer",
    [
        {},
        [],
        {"projects": 3},
        {"projects": ["x"]},
        {"projects": [{"id": 7, "counts": {"cost_micros": "?"}}]},
    ],
)
def test_another_service_says_nothing(tmp_path: Path, answer: Any) -> None:
    assert cost(tmp_path, answer) is None
    assert cost(tmp_path, {"projects": [{"id": 7}]}, status=500) is None


def test_the_last_ranking_is_told_with_its_time(tmp_path: Path) -> None:
    folder = data_folder(configured(tmp_path))
    assert last_said(folder, "rank") is None
    last_runs.note(folder, "rank", {"sentences": ["About 5."]})
    told = last_said(folder, "rank")
    assert told is not None
    assert told.sentences == ("About 5.",)
    last_runs.note(folder, "rank", {"sentences": 5})
    assert last_said(folder, "rank") is None


def test_who_worked_outside_their_queue_is_told(tmp_path: Path) -> None:
    folder = data_folder(configured(tmp_path))
    assert last_outside(folder) == ()
    people = [
        {"user": 3, "email": "a@x.org", "finished": 9, "outside": {"own work": 2}},
        {"user": 4, "email": "b@x.org", "finished": 5, "outside": {}},
    ]
    last_runs.note(folder, EXPERTS, {"people": people})
    assert last_outside(folder) == (OutsideWork(3, 9, {"own work": 2}),)
    last_runs.note(folder, EXPERTS, {"people": [{"user": None}]})
    assert last_outside(folder) == ()
