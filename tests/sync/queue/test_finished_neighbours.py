"""What finished tasks like a draft's tell of it, and that `labeltune rank` learns from them."""

from pathlib import Path

import numpy as np
import pytest

from drafting.acceptance.prior import FINISHED_LIKE_IT, NEIGHBOURS_ACCEPTED, prior_probability
from sync.queue.finished_neighbours import of_finished, of_waiting
from tests.sync.queue.studio import WORDS, QueuedStudio, ranked, settings_of


def test_what_became_of_the_neighbours() -> None:
    finished = np.eye(4, dtype=np.float32)[[0, 0, 0, 1, 1, 1]]
    asked = np.eye(4, dtype=np.float32)[[0, 1, 3]]
    near, far, strange = of_waiting(
        asked, finished, [True, True, True, False, False, False], [-1] * 3
    )
    assert (near[FINISHED_LIKE_IT], strange[FINISHED_LIKE_IT]) == (1.0, 0.0)
    assert near[NEIGHBOURS_ACCEPTED] == pytest.approx((3 + 2 * 0.5) / (3 + 2))
    assert far[NEIGHBOURS_ACCEPTED] == pytest.approx(2 * 0.5 / (3 + 2))
    assert strange[NEIGHBOURS_ACCEPTED] == 0.5
    assert of_waiting(asked, finished[:0], [], [-1] * 3) == [{}, {}, {}]


def test_a_task_that_lacks_its_second_answer_is_no_neighbour_of_its_own() -> None:
    finished = np.eye(3, dtype=np.float32)[[0, 1, 1]]
    outcomes = [False, True, True]
    begun, other = of_waiting(finished[[0, 1]], finished, outcomes, [0, -1])
    # as if its first answer had not been given
    assert [begun] == of_waiting(finished[:1], finished[1:], outcomes[1:], [-1])
    assert begun == {FINISHED_LIKE_IT: 0.0, NEIGHBOURS_ACCEPTED: 1.0}
    assert other[FINISHED_LIKE_IT] == 1.0
    assert of_waiting(finished[:1], finished[:1], [True], [0]) == [{}]


def test_a_finished_draft_knows_only_what_was_finished_before_it() -> None:
    vectors = np.eye(3, dtype=np.float32)[[0, 0, 1, 0]]
    told = of_finished(vectors, [True, False, False, True])
    assert told[0] == {}
    assert told[1] == {FINISHED_LIKE_IT: 1.0, NEIGHBOURS_ACCEPTED: 1.0}
    assert told[2] == {FINISHED_LIKE_IT: 0.0, NEIGHBOURS_ACCEPTED: 0.5}
    assert told[3][NEIGHBOURS_ACCEPTED] == pytest.approx((1 + 2 / 3) / (2 + 2))
    # neither its own outcome nor a later one is told
    assert of_finished(vectors, [True, False, True, False])[:3] == told[:3]


def test_of_many_drafts_each_is_told_as_if_alone() -> None:
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(2100, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    accepted = (rng.random(2100) < 0.5).tolist()
    told = of_finished(vectors, accepted)
    for place in (1, 1023, 1024, 2099):
        alone = of_waiting(vectors[place : place + 1], vectors[:place], accepted[:place], [-1])
        assert told[place] == pytest.approx(alone[0], abs=1e-6)


def test_the_prior_leaves_them_out() -> None:
    alone = prior_probability({"agreement": 0.3})
    beside = {"agreement": 0.3, FINISHED_LIKE_IT: 0.9, NEIGHBOURS_ACCEPTED: 0.9}
    assert prior_probability(beside) == alone


def test_rank_learns_where_drafts_go_wrong(tmp_path: Path) -> None:
    """The model is as sure of all of them; only what they are about tells them apart."""
    studio = QueuedStudio()
    for number in range(40):
        # a digit would be taken for another number in the same question
        words = WORDS[number % 10], WORDS[number // 10] * 2
        good = studio.draft(f"parcel {words[0]} {words[1]}", 0.5, {"agreement": 0.5})
        studio.finish(good)
        studio.finish(good, completed_by=2)
        bad = studio.draft(f"mortgage {words[0]}s {words[1]}s", 0.5, {"agreement": 0.5})
        studio.finish(bad, changed=True)
        studio.finish(bad, changed=True, completed_by=2)
    # two that lack their second answer: the first one is no sign for the task itself
    changed = studio.draft("parcel nowhere", 0.5, {"agreement": 0.5})
    studio.finish(changed, changed=True)
    kept = studio.draft("parcel yonder", 0.5, {"agreement": 0.5})
    studio.finish(kept)
    like_good = studio.draft("parcel elsewhere", 0.5, {"agreement": 0.5})
    like_bad = studio.draft("mortgage elsewhere", 0.5, {"agreement": 0.5})
    config = settings_of(tmp_path, near_duplicates=False)
    twice = config.label_studio.model_copy(update={"overlap": 2})
    report = ranked(studio, config.model_copy(update={"label_studio": twice}))
    assert report.learnt
    assert studio.order() == [like_bad, like_good]
    assert studio.score(like_good) > studio.score(like_bad) + 0.3
    for begun in (changed, kept):
        assert studio.score(begun) == pytest.approx(studio.score(like_good), abs=0.3)
