"""The benchmark of near-duplicates measures what it says, on few rows; about ten seconds."""

import pytest

from benchmarks import near_duplicates


@pytest.mark.thorough
def test_it_names_its_figures_and_finds_what_brute_force_finds() -> None:
    texts = list(near_duplicates.given(None))
    figures = near_duplicates.measure(texts, (600,))
    assert figures["differing_pairs"] == 0
    assert min(figures[name] for name in ("seconds", "vs_scikit_learn", "peak_rss_mb")) > 0
    (rows,) = figures["by_rows"].values()
    # it rounds otherwise
    assert rows["pairs"] == pytest.approx(rows["scikit_learn_pairs"], rel=0.01)
    assert rows["pairs"] > rows["dropped"] > 0


@pytest.mark.parametrize("count", [10, 3000])
def test_texts_are_varied_until_there_are_enough(count: int) -> None:
    texts = near_duplicates.varied(["Where is my card?", "Is it safe?"], count)
    assert len(set(texts)) == len(texts) == min(count, 2 * 20 * 181)
    assert texts[:2] == ["Where is my card?", "Is it safe?"]
