"""The benchmark of the first minutes: its arithmetic, and a run of the real stack."""

import pytest

from benchmarks.first_minutes import tokens_vs_fixed_k
from benchmarks.starting.watching import Drafted
from drafting.more_samples import CLEAR
from tests.benchmarks.command import figures

# what others read by name
NAMED = ("first_draft_s", "all_drafted_s", "undrafted_opens_s", "tokens_vs_fixed_k")


def test_tokens_of_two_passes_count_clear_drafts_once() -> None:
    clear, doubtful = Drafted(CLEAR, "x" * 10), Drafted(0.2, "x" * 30)
    assert tokens_vs_fixed_k([clear], 4) == pytest.approx(1 / 4)
    assert tokens_vs_fixed_k([doubtful], 4) == pytest.approx(1)
    assert tokens_vs_fixed_k([clear, doubtful], 4) == pytest.approx((10 + 4 * 30) / 160)
    assert tokens_vs_fixed_k([clear, doubtful], 1) == pytest.approx(1)


@pytest.mark.thorough
@pytest.mark.timeout(600)
def test_a_quick_run_names_its_figures() -> None:
    found = figures("first_minutes", "--quick")
    assert all(found[name] > 0 for name in (*NAMED, "label_all_opens_s", "limit_s"))
    assert found["tasks"] == 64
    assert found["first_draft_s"] < found["all_drafted_s"]
