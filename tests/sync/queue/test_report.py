"""The report of the ranking: sentences, a page that needs nothing else, pictures in both themes."""

import re

import numpy as np
import pytest
from lxml import etree, html

from drafting.acceptance.acceptance import Acceptance
from drafting.acceptance.reliability import ReliabilityBin, reliability
from sync.common.charts import standalone
from sync.queue.charts import reliability_chart, yield_chart
from sync.queue.report import RankingReport, page, ranking_report, reliability_sentence
from sync.queue.stopping import DraftedWork, outlook

pytest.importorskip("vl_convert", reason="the extra 'report' is missing: make install-dev")

RNG = np.random.default_rng(2)


def work(finished: int, open_: int, audits: int) -> DraftedWork:
    """Drafts that are accepted as often as their probabilities say."""
    acceptance = RNG.random(finished)
    audited = np.zeros(finished, dtype=bool)
    audited[:audits] = True
    return DraftedWork(acceptance, RNG.random(finished) > acceptance, audited, RNG.random(open_))


def reported(done: DraftedWork, project: str = "Bank support") -> RankingReport:
    held = None
    if len(done.acceptance) > 50:
        held = reliability(done.acceptance, ~done.changed)
    return ranking_report(project, 7, Acceptance(of_prior=held, why="too few finished"), done)


def test_the_page_says_in_words_what_its_pictures_show() -> None:
    report = reported(work(300, 340, 60))
    shown = html.fromstring(page(report))
    text = " ".join(shown.text_content().split())
    for sentence in report.sentences():
        assert sentence in text
    assert "60" in text
    held = report.acceptance.of_prior
    assert held is not None
    rows = [[cell.text for cell in row] for row in shown.find(".//table/tbody")]
    assert [int(n or 0) for _, _, n in rows] == [each.n for each in held.bins]
    assert len(shown.findall(".//svg")) == 2


def test_the_page_needs_nothing_else() -> None:
    content = page(reported(work(300, 340, 60)))
    shown = html.fromstring(content)
    assert not list(shown.iter("script", "link", "img", "image", "foreignObject"))
    assert not re.findall(r"(?:href|src|url)\s*[=(]\s*[\"']?\s*(?!#)\w", content)
    assert shown.get("lang") == "en"
    assert {th.get("scope") for th in shown.iter("th")} == {"col"}


def test_names_are_text() -> None:
    content = page(reported(work(3, 3, 0), "<script>alert(1)</script> & Co"))
    assert "<script" not in content


def test_every_colour_is_one_of_the_theme() -> None:
    content = page(reported(work(300, 340, 60)))
    named = set(re.findall(r"var\((--\w+)\)", content))
    defined = set(re.findall(r"(--\w+): light-dark", content))
    assert named <= defined
    pictures = "".join(re.findall(r"<svg.*?</svg>", content, re.S))
    painted = set(re.findall(r"(?:fill|stroke)=\"([^\"]+)\"", pictures))
    assert all(one.startswith("var(") or one in ("none", "transparent") for one in painted), painted


@pytest.mark.parametrize(("finished", "open_"), [(0, 0), (0, 1), (1, 0), (1, 1), (2_000, 8_000)])
def test_projects_of_any_size_have_a_page(finished: int, open_: int) -> None:
    content = page(reported(work(finished, open_, finished // 20)))
    assert len(content) < 100_000
    assert ("<svg" in content) == bool(finished + open_)
    assert "nan" not in content.casefold()


def test_too_few_audits_draw_no_interval() -> None:
    few, enough = (work(100, 100, audits) for audits in (3, 60))
    for done, drawn in ((few, False), (enough, True)):
        said, curve = outlook(done)
        assert ("by the audits" in yield_chart(curve, said)) == drawn


def test_bins_without_an_acceptance_or_with_nothing_else_are_drawn() -> None:
    bins = [ReliabilityBin(0.1, 0.0, 40), ReliabilityBin(0.9, 1.0, 40)]
    assert reliability_chart(bins).startswith("<svg")
    assert reliability_chart([]).startswith("<svg")


def test_a_picture_alone_brings_its_colours() -> None:
    said, curve = outlook(work(100, 100, 60))
    alone = standalone(yield_chart(curve, said))
    etree.fromstring(alone.encode())
    light, _, dark = alone.partition("prefers-color-scheme: dark")
    assert "--ours: #1a5fb4;" in light
    assert "--ours: #78aeed;" in dark
    assert "light-dark" not in alone


def test_how_far_probabilities_can_be_relied_on_is_said() -> None:
    assert "not known yet" in reliability_sentence(Acceptance())
    drafts = np.linspace(0.01, 0.99, 100)
    sure = Acceptance(of_prior=reliability(drafts, drafts > 0.5))
    assert "50 were accepted unchanged" in reliability_sentence(sure)
    assert "100% (100% to 100%) of all pairs" in reliability_sentence(sure)
    alike = Acceptance(of_prior=reliability(drafts, drafts > 0))
    assert "both kinds are needed" in reliability_sentence(alike)


def test_machines_get_what_people_read() -> None:
    report = reported(work(300, 340, 60))
    told = report.to_json()
    assert told["sentences"] == [*report.sentences()]
    assert told["reliability"]["n"] == 300
    assert reported(work(3, 3, 0)).to_json()["reliability"] is None
