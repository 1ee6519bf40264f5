"""What the pulled work holds beside what it should, counted from the table."""

from pathlib import Path

import pytest

from sync.common.errors import SyncError
from sync.coverage.gaps import Gap
from sync.coverage.measure import measure
from tests.sync.coverage.planted import CATEGORIES, Planted, configured

TOTAL = '[targets]\ntotal = 100\ndimensions = ["topic"]\n'


def wanted(gaps: tuple[Gap, ...]) -> dict[str, int | None]:
    return {"/".join(gap.labels.values()): gap.wanted for gap in gaps}


def test_work_is_counted_by_label_and_by_what_became_of_it(tmp_path: Path) -> None:
    config = configured(tmp_path)
    planted = Planted().accepted(3, "fees", "nuanced").accepted(1, "cards", "nuanced", words=60)
    planted.waiting(2, "fees", "nuanced", score=0.5).waiting(1, "fees", "moderate")
    planted.rejected(4, "fees", "nuanced").skipped(5, "cards", "moderate").waiting(6, "fees")
    gaps = measure(planted.store(config)).gaps
    assert gaps.dimensions == ("topic", "complexity")
    found = {tuple(g.labels.values()): (g.arrived, g.have, g.waiting) for g in gaps.cells}
    assert found == {
        ("cards", "moderate"): (5, 0, 0),
        ("cards", "nuanced"): (1, 1, 0),
        ("fees", "moderate"): (1, 0, 1),
        ("fees", "nuanced"): (9, 3, 2),
    }
    assert list(found) == sorted(found)
    assert (gaps.unplaced.waiting, gaps.unplaced.arrived) == (6, 6)
    topics = {g.labels["topic"]: (g.arrived, g.have, g.waiting) for g in gaps.kinds["topic"]}
    assert topics == {"cards": (6, 1, 0), "fees": (16, 3, 9), "lending": (0, 0, 0)}
    # the length of a draft that was rejected or waits is known, too
    lengths = {g.labels["length"]: (g.have, g.waiting) for g in gaps.kinds["length"]}
    assert lengths == {"short": (3, 2), "medium": (1, 0), "long": (0, 0)}


def test_without_targets_it_says_how_to_set_some(tmp_path: Path) -> None:
    gaps = measure(Planted().accepted(2, "fees").store(configured(tmp_path))).gaps
    assert gaps.weighting is None
    assert all(gap.wanted is None for gap in gaps.kinds["topic"])
    first, second = gaps.advice()
    assert first.startswith("No targets yet: set targets.total and targets.dimensions")
    assert second.startswith("2 tasks lack a label of topic or complexity")


def test_a_total_is_shared_out_as_tasks_arrive(tmp_path: Path) -> None:
    """Finished or not: what is waiting tells as much of what users ask."""
    planted = Planted().accepted(10, "fees").waiting(20, "cards").rejected(10, "lending")
    gaps = measure(planted.store(configured(tmp_path, TOTAL))).gaps
    assert wanted(gaps.cells) == {"cards": 50, "fees": 25, "lending": 25}
    assert [(g.labels["topic"], g.missing) for g in gaps.missing] == [
        ("cards", 50),
        ("lending", 25),
        ("fees", 15),
    ]


def test_impact_weighs_what_arrives(tmp_path: Path) -> None:
    text = f'{TOTAL}weighting = "impact"\n[targets.impact.topic]\nfees = 3.0\nlending = 0.0\n'
    planted = Planted().accepted(10, "fees").waiting(20, "cards").rejected(10, "lending")
    gaps = measure(planted.store(configured(tmp_path, text))).gaps
    assert wanted(gaps.cells) == {"cards": 40, "fees": 60, "lending": 0}


def test_difficulty_weighs_what_arrives(tmp_path: Path) -> None:
    text = f'{TOTAL}weighting = "difficulty"\n'
    planted = Planted().accepted(40, "fees", edited=40).accepted(40, "cards")
    gaps = measure(planted.store(configured(tmp_path, text))).gaps
    # (40 + 10 * 0.5) / 50 beside (0 + 10 * 0.5) / 50
    assert wanted(gaps.cells) == {"cards": 10, "fees": 90}


def test_shares_exact_counts_and_minimum_hold_together(tmp_path: Path) -> None:
    text = """
    [targets]
    total = 200
    dimensions = ["topic", "complexity"]
    minimum = 5
    [targets.shares.topic]
    fees = 0.4
    [[targets.cells]]
    topic = "fees"
    complexity = "nuanced"
    count = 30
    """
    planted = Planted()
    for topic, number in (("cards", 60), ("fees", 20)):
        planted.accepted(number, topic, "straightforward").accepted(number // 2, topic, "moderate")
    gaps = measure(planted.store(configured(tmp_path, text))).gaps
    found = wanted(gaps.cells)
    assert sum(v or 0 for v in found.values()) == 200
    assert found["fees/nuanced"] == 30
    assert min(v or 0 for v in found.values()) == 5
    topics = wanted(gaps.kinds["topic"])
    # but for the minimum of kinds that never arrive
    assert abs((topics["fees"] or 0) - 80) <= 10
    assert (topics["lending"], len(found)) == (15, 9)
    assert wanted(gaps.kinds["length"]) == dict.fromkeys(("short", "medium", "long"))


def test_single_cells_may_have_a_target_alone(tmp_path: Path) -> None:
    text = '[[targets.cells]]\ntopic = "fees"\ncount = 12\n'
    gaps = measure(Planted().accepted(5, "cards").store(configured(tmp_path, text))).gaps
    assert wanted(gaps.cells) == {"cards": None, "fees": 12}
    assert gaps.to_json()["missing"] == 12


def test_what_to_do_next_is_said(tmp_path: Path) -> None:
    cells = "".join(
        f'[[targets.cells]]\ntopic = "{topic}"\ncomplexity = "{label}"\ncount = {count}\n'
        for topic, label, count in (
            ("fees", "nuanced", 12),
            ("cards", "nuanced", 8),
            ("lending", "nuanced", 6),
            ("cards", "moderate", 2),
        )
    )
    planted = Planted().waiting(30, "fees", "nuanced").waiting(1, "cards", "nuanced")
    planted.accepted(2, "cards", "moderate")
    gaps = measure(planted.store(configured(tmp_path, cells))).gaps
    assert list(gaps.advice()) == [
        "12 more of topic=fees × complexity=nuanced: 30 such tasks wait in Label Studio",  # noqa: RUF001
        "8 more of topic=cards × complexity=nuanced: only 1 such task waits in Label Studio; "  # noqa: RUF001
        "push 7 more",
        "6 more of topic=lending × complexity=nuanced: none wait; push some",  # noqa: RUF001
    ]


def test_nothing_missing_is_said(tmp_path: Path) -> None:
    planted = Planted().accepted(5, "fees")
    text = '[[targets.cells]]\ntopic = "fees"\ncount = 5\n'
    assert list(measure(planted.store(configured(tmp_path, text))).gaps.advice()) == [
        "Nothing is missing: every cell holds what is wanted"
    ]


def test_other_kinds_than_the_targets_are_counted(tmp_path: Path) -> None:
    config = Planted().accepted(5, "fees", "nuanced").store(configured(tmp_path, TOTAL))
    gaps = measure(config, ["length", "topic"]).gaps
    (cell,) = gaps.cells
    assert (cell.labels, cell.have, cell.wanted) == ({"length": "short", "topic": "fees"}, 5, None)
    assert "targets.dimensions combines other kinds" in next(gaps.advice())


@pytest.mark.parametrize(
    ("by", "said"),
    [
        (["topc"], "--by: no kind of category 'topc'; did you mean 'topic'?"),
        (["topic", "topic"], "--by: topic, topic names a kind twice"),
    ],
)
def test_a_kind_that_there_is_none_of(tmp_path: Path, by: list[str], said: str) -> None:
    config = Planted().accepted(1, "fees").store(configured(tmp_path))
    with pytest.raises(SyncError, match=said):
        measure(config, by)


def test_a_past_version_is_counted_as_it_was(tmp_path: Path) -> None:
    config = configured(tmp_path)
    planted = Planted().waiting(2, "fees")
    planted.store(config)
    planted.accepted(3, "fees").store(config)
    assert [g.have for g in measure(config, at=0).gaps.kinds["topic"]] == [0, 0, 0]
    assert [g.have for g in measure(config).gaps.kinds["topic"]] == [0, 3, 0]


def test_the_prompt_may_be_measured_in_characters(tmp_path: Path) -> None:
    text = '[targets.length]\nof = "prompt"\nunit = "characters"\nup_to = { brief = 11 }\n'
    planted = Planted().waiting(12, "fees")
    gaps = measure(planted.store(configured(tmp_path, text))).gaps
    # "Question 1?" to "Question 12?"
    found = {g.labels["length"]: g.waiting for g in gaps.kinds["length"]}
    assert found == {"brief": 9, "long": 3}


def test_a_label_that_is_no_more_counts_as_none(tmp_path: Path) -> None:
    config = Planted().waiting(2, "fees", "nuanced").store(configured(tmp_path))
    config = configured(tmp_path, "", CATEGORIES.replace('"fees"', '"charges"'))
    gaps = measure(config).gaps
    assert gaps.cells == ()
    assert gaps.unplaced.waiting == 2
