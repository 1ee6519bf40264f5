"""Drafts that are made anew: how many, what they cost, and how that is said."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest

from connectors.task_pages import TaskPage
from sync.commands.push import afterwards
from sync.intake.cleaning.report import CleaningReport
from sync.intake.push import PushReport
from sync.intake.push.redrafts import Redrafting, redrafting
from sync.settings import LLMSection

BECAUSE = ("llm.model",)
PRICED = LLMSection.model_validate(
    {"model": "m", "prices": {"m": {"input": 1.0, "output": 4.0}, "n": {"input": 3.0, "output": 0}}}
)
USED = {"drafted": 10, "prompt_tokens": 20_000, "completion_tokens": 5_000}


@dataclass
class Listing:
    """Counts tasks, whatever is asked."""

    total: int
    filters: Sequence[Mapping[str, Any]] = ()

    def task_pages(
        self,
        project_id: int,
        filters: Sequence[Mapping[str, Any]] = (),
        ordering: Sequence[str] = ("tasks:id",),
        include: Sequence[str] = (),
        page_size: int = 500,
    ) -> Iterator[TaskPage]:
        self.filters = filters
        yield TaskPage([], self.total, 0)


def status(**counts: int) -> dict[str, Any]:
    return {"projects": [{"id": 1, "counts": {}}, {"id": 7, "counts": {**USED, **counts}}]}


def test_drafts_of_tasks_without_an_annotation_count() -> None:
    listing = Listing(3)
    assert redrafting(listing, 7, BECAUSE, LLMSection(), lambda: None) == Redrafting(
        3, BECAUSE, None
    )
    columns = [each["filter"] for each in listing.filters]
    assert columns == ["filter:tasks:total_annotations", "filter:tasks:total_predictions"]
    assert redrafting(Listing(0), 7, BECAUSE, PRICED, status) is None


@pytest.mark.parametrize(
    ("llm", "cost"),
    [
        (PRICED, 100 * (2_000 * 1.0 + 500 * 4.0) / 1e6),
        (PRICED.model_copy(update={"more_models": ("n",)}), 100 * (4_000 + 6_000) / 2 / 1e6),
        (PRICED.model_copy(update={"model": "unpriced"}), None),
        (LLMSection(), None),
    ],
)
def test_cost_is_told_by_the_tokens_of_a_draft_so_far(llm: LLMSection, cost: float | None) -> None:
    found = redrafting(Listing(100), 7, BECAUSE, llm, status)
    assert found is not None
    assert found.cost == (None if cost is None else pytest.approx(cost))


@pytest.mark.parametrize(
    "said",
    [None, {}, {"projects": []}, {"projects": [{"id": 7}]}, {"projects": None}, status(drafted=0),
     status(prompt_tokens=0, completion_tokens=0)],
)  # fmt: skip
def test_cost_that_can_not_be_told(said: dict[str, Any] | None) -> None:
    found = redrafting(Listing(2), 7, BECAUSE, PRICED, lambda: said)
    assert found == Redrafting(2, BECAUSE, None)


REPORT = PushReport(
    project="P", project_id=7, url="http://x", model_version="v", dry_run=False,
    new_project=False, created=0, updated=0, overwritten=(), unchanged=0, annotated=0,
    completed=0, doubled=0, redrafting=None, own_label_config=False, not_compared=None,
    seconds=1.0, sources=(), notes=(), cleaning=CleaningReport(0, 0, 0, ()),
)  # fmt: skip


@pytest.mark.parametrize(
    ("anew", "dry_run", "said"),
    [
        (
            Redrafting(40, ("the guidelines", "llm.model"), 0.351),
            False,
            "40 drafts will be made anew, since the guidelines and llm.model have changed, for "
            "about 0.35 by [llm.prices].",
        ),
        (
            Redrafting(1, ("llm.samples",), None),
            True,
            "1 draft would be made anew, since llm.samples has changed.",
        ),
        (
            Redrafting(2, ("the guidelines",), None),
            False,
            "2 drafts will be made anew, since the guidelines have changed.",
        ),
    ],
)
def test_it_is_said(anew: Redrafting, dry_run: bool, said: str) -> None:
    assert list(afterwards(replace(REPORT, redrafting=anew, dry_run=dry_run))) == [said]


def test_nothing_is_said_of_nothing() -> None:
    assert list(afterwards(REPORT)) == []


@pytest.mark.parametrize(
    ("tasks", "said"),
    [
        (
            (12,),
            "1 annotated task holds new data, but its annotations and drafts still answer the "
            "old: open task 12 in Label Studio, correct the annotation or delete it, after which "
            "a new draft follows by itself, and then run `labeltune pull`.",
        ),
        ((3, 4), "2 annotated tasks hold new data, but their annotations"),
        (tuple(range(1, 9)), "open tasks 1, 2, 3, 4, 5 and 3 more, listed in last-push.json"),
    ],
)
def test_the_next_step_after_overwriting(tasks: tuple[int, ...], said: str) -> None:
    (sentence,) = afterwards(replace(REPORT, overwritten=tasks))
    assert said in sentence
    assert sentence.endswith("run `labeltune pull`.")
