"""Rounds: what each evaluation found is kept, and the next one says whether it is better."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sync.table.data_folder import DataFolder, data_folder
from sync.tuning.evaluation.page import page
from sync.tuning.evaluation.question_clusters import ItemCluster
from sync.tuning.evaluation.results import Evaluation
from sync.tuning.evaluation.rounds.evaluation_round import (
    ROUNDS,
    EvaluationRound,
    RoundItem,
    read_rounds,
    record_round,
)
from sync.tuning.evaluation.rounds.round_changes import rounds_compared
from tests.sync.builders import config_in
from tests.sync.tuning.evaluation.failing import (
    CARDS,
    FEES,
    FIRST,
    SECOND,
    THIRD,
    failing_desk,
    tuned_as,
)

KEYS = [f"q{n:02}" for n in range(20)]
CLUSTER = ItemCluster("fees", tuple(KEYS[:12]))


def made(model: str, failing: Sequence[str], **changed: object) -> EvaluationRound:
    """A round of 20 items, each a group of its own."""
    items = {key: RoundItem(key, 0.0 if key in failing else 1.0) for key in KEYS}
    value = float(np.mean([item.value for item in items.values() if item.value is not None]))
    plain = EvaluationRound(
        model=model,
        made_of=model,
        made=f"2026-11-{model[-1]}0",
        at="",
        release="v0-1",
        against="base+prompt",
        examples=10 * int(model[-1]),
        hours=0.5,
        cost=None,
        checks="c1",
        value=value,
        low=None,
        high=None,
        against_value=0.5,
        loss_rise=None,
        judges=(),
        items=items,
        clusters=(CLUSTER,) if set(failing) & set(CLUSTER.keys) else (),
    )
    return replace(plain, **changed)  # type: ignore[arg-type]


def told(before: EvaluationRound, now: EvaluationRound) -> str:
    (only,) = rounds_compared([before], now).clusters
    return f"{only.verdict}: {only.sentence()}"


def test_a_cluster_is_smaller_no_smaller_larger_or_neither_is_shown() -> None:
    before = made("m1", KEYS[:9])
    assert told(before, made("m2", KEYS[:1])).startswith(
        "smaller: “fees” is smaller: 9 of 12 failed, 1 of 12 do now"
    )
    assert told(before, made("m2", KEYS[:9])) == (
        "no smaller: “fees” is no smaller: 9 of 12 failed, 9 of 12 do now"
    )
    # others fail, as many: no smaller either
    assert told(before, made("m2", KEYS[3:12])).startswith("no smaller")
    assert "not shown to be smaller: 9 of 12 failed, 7 of 12 do now (it may be chance" in told(
        before, made("m2", KEYS[:7])
    )
    few = made("m1", KEYS[:1])
    assert told(few, made("m2", KEYS[:12])).startswith("larger: “fees” is larger")
    assert "not shown to be larger" in told(few, made("m2", KEYS[:2]))


def test_what_can_not_be_compared_is_said() -> None:
    before, now = made("m1", KEYS[:9]), made("m2", KEYS[:1])
    gone = replace(now, items={key: now.items[key] for key in KEYS[12:]})
    assert told(before, gone) == (
        "not asked: “fees”: none of its items is asked any more, so nobody can say"
    )
    other = rounds_compared([before], replace(now, checks="c2"))
    assert other.clusters == ()
    assert other.verdict == "not shown"
    assert "the checks or their settings have changed" in other.change()
    # three groups are too few, however much fewer fail
    small = ItemCluster("small", tuple(KEYS[:3]))
    (only,) = rounds_compared([replace(before, clusters=(small,))], now).clusters
    assert (only.before, only.now, only.verdict, only.p) == (3, 1, "not shown", None)
    assert "too few groups to tell" in only.sentence()


def test_items_lost_to_a_judge_count_only_where_it_judged_both() -> None:
    lost = {key: RoundItem(key, 1.0, ("judge",)) for key in KEYS[:9]}
    plain = made("m1", [])
    before = replace(plain, items={**plain.items, **lost}, clusters=(CLUSTER,), judges=("judge",))
    assert before.failed == 9
    judged = replace(made("m2", []), judges=("judge",))
    assert told(before, judged).startswith("smaller: “fees” is smaller: 9 of 12 failed, 0 of 12")
    for now in (made("m2", []), replace(judged, against="base")):
        assert told(before, now).startswith("no smaller: “fees” is no smaller: 0 of 12 failed")


def test_many_clusters_are_put_right_for_how_many_they_are() -> None:
    """Of clusters in which as many fail on average, hardly one is called smaller or larger."""
    chance = np.random.default_rng(3)
    keys = [f"q{n:03}" for n in range(96)]
    clusters = tuple(ItemCluster(f"c{n}", tuple(keys[16 * n : 16 * n + 16])) for n in range(6))
    wrong = 0
    for _ in range(25):
        one, other = (
            replace(
                made(model, []),
                items={k: RoundItem(k, float(chance.random() < 0.6)) for k in keys},
                clusters=clusters,
            )
            for model in ("m1", "m2")
        )
        found = rounds_compared([one], other).clusters
        wrong += any(each.verdict in ("smaller", "larger") for each in found)
    assert wrong <= 4


def kept(folder: DataFolder) -> list[str]:
    return [each.model for each in read_rounds(folder)]


def test_one_round_a_model_in_the_order_in_which_they_were_made(tmp_path: Path) -> None:
    folder = data_folder(config_in(tmp_path))
    assert read_rounds(folder) == ()
    for each in (made("m2", KEYS[:2]), made("m1", KEYS[:5]), made("m2", KEYS[:1])):
        record_round(folder, each)
    assert kept(folder) == ["m1", "m2"]
    assert read_rounds(folder)[1] == made("m2", KEYS[:1])
    # what a later version wrote stays, and a line that was cut short stops nothing
    later = json.dumps({**made("m3", []).to_json(), "format": 99})
    written = (folder.read(ROUNDS) or b"").decode()
    folder.write(ROUNDS, f'{written}{later}\n{{"format": 1, "mod')
    record_round(folder, made("m3", []))
    assert kept(folder) == ["m1", "m2", "m3"]
    assert later in (folder.read(ROUNDS) or b"").decode()


def recorded(found: Evaluation, folder: DataFolder) -> Evaluation:
    assert found.progress is not None
    record_round(folder, found.progress.now)
    return found


def test_the_next_evaluation_shows_the_curve_and_each_cluster(tmp_path: Path) -> None:
    with failing_desk(tmp_path) as desk:
        folder = data_folder(desk.config)
        tuned_as(desk, "bank-1", FIRST, 10)
        first = recorded(desk.evaluated("bank-1"), folder)
        assert first.progress is not None
        assert first.progress.before is None
        (fees,) = first.progress.now.clusters
        assert {key.partition("-")[0] for key in fees.keys} == {FEES}
        assert len(first.progress.now.failing(fees)) == len(fees.keys) == first.progress.now.failed
        assert first.progress.now.hours == pytest.approx(100 * 0.6 * 12.5 / 3600)
        assert "Rounds" not in page(first)
        tuned_as(desk, "bank-2", SECOND, 11)
        second = recorded(desk.evaluated("bank-2"), folder)
        told = "\n".join(second.sentences())
        assert "tuned:bank-1: 50 examples (0.2 h of annotators), training cost 1.50, " in told
        assert f"{len(fees.keys)} of {len(fees.keys)} failed" in told
        assert "is smaller" in told
        html = page(second)
        assert "<h2>Rounds</h2>" in html
        assert CARDS not in " ".join(c.name for c in second.progress.now.clusters)  # type: ignore[union-attr]
        told_json = json.loads(json.dumps(second.to_json()))["progress"]
        assert [each["model"] for each in told_json["rounds"]] == ["tuned:bank-1", "tuned:bank-2"]
        assert told_json["clusters_before"][0]["verdict"] == "smaller"
        # again: the same; and a third that fails elsewhere is not called better
        again = recorded(desk.evaluated("bank-2"), folder)
        assert again.to_json()["progress"] == second.to_json()["progress"]
        tuned_as(desk, "bank-3", THIRD, 12)
        third = desk.evaluated("bank-3")
        assert third.progress is not None
        assert third.progress.rounds[0].model == "tuned:bank-1"
        assert third.progress.clusters[0].verdict in ("no smaller", "not shown")
        assert third.progress.verdict == "not shown"
