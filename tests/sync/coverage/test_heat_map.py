"""The page with the heat map: all that is in it can be read without colours and scripts."""

import re
from pathlib import Path

import pytest
from lxml import html
from playwright.sync_api import Browser

from sync.coverage.gaps import Gaps
from sync.coverage.heat_map import page
from sync.coverage.measure import measure
from tests.sync.coverage.planted import CATEGORIES, Planted, configured

TOTAL = '[targets]\ntotal = 100\ndimensions = ["topic", "complexity"]\n'


def gaps_in(folder: Path, text: str = "", by: tuple[str, ...] = ()) -> Gaps:
    planted = Planted().accepted(6, "fees", "nuanced").waiting(3, "cards", "nuanced")
    planted.waiting(1, "fees", "moderate")
    return measure(planted.store(configured(folder, text)), by).gaps


def shown(gaps: Gaps) -> list[list[str]]:
    """The heat map's table, row by row."""
    table = html.fromstring(page(gaps, ["Do it"])).find(".//table")
    return [[" ".join(c.text_content().split()) for c in row] for row in table.iter("tr")]


def test_cells_say_in_words_what_their_colour_says(tmp_path: Path) -> None:
    assert shown(gaps_in(tmp_path, TOTAL)) == [
        ["topic", "moderate", "nuanced"],
        ["cards", "none", "0 of 30 30 missing, 3 waiting"],
        ["fees", "0 of 10 10 missing, 1 waiting", "6 of 60 54 missing, 0 waiting"],
    ]


def test_without_targets_it_counts(tmp_path: Path) -> None:
    assert shown(gaps_in(tmp_path)) == [
        ["topic", "moderate", "nuanced"],
        ["cards", "none", "0 3 waiting"],
        ["fees", "0 1 waiting", "6 0 waiting"],
    ]


def test_one_kind_alone_is_a_list(tmp_path: Path) -> None:
    assert shown(gaps_in(tmp_path, by=("topic",))) == [["cards", "0 3 waiting"], ["fees", "6 1 wai"
        "ting"]]  # fmt: skip


def test_three_kinds_put_two_into_a_row(tmp_path: Path) -> None:
    first, *rest = shown(gaps_in(tmp_path, by=("topic", "length", "complexity")))
    assert first == ["topic × length", "nuanced"]  # noqa: RUF001
    assert rest == [["fees × short", "6 0 waiting"]]  # noqa: RUF001


def test_headers_say_what_they_head(tmp_path: Path) -> None:
    document = html.fromstring(page(gaps_in(tmp_path, TOTAL), []))
    assert {th.get("scope") for th in document.iter("th")} == {"col", "row"}
    assert all(table.find("caption") is not None for table in document.iter("table"))
    assert document.get("lang") == "en"
    assert not list(document.iter("script", "link", "img"))


def test_names_are_text(tmp_path: Path) -> None:
    categories = CATEGORIES.replace("Bank support", "<script>alert(1)</script> & Co")
    config = Planted().waiting(1, "fees").store(configured(tmp_path, "", categories))
    content = page(measure(config).gaps, ["<b>Do it</b>"])
    assert "<script" not in content
    assert "<b>Do" not in content


def test_an_empty_project_has_a_page(tmp_path: Path) -> None:
    config = Planted().waiting(1).store(configured(tmp_path))
    assert "1 task lacks" not in page(measure(config).gaps, [])


def luminance(colour: str) -> float:
    """Of `rgb(…)`, as WCAG defines it."""
    channels = [int(each) / 255 for each in re.findall(r"\d+", colour)[:3]]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.browser
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_stands_out_in_every_cell_and_theme(
    browser: Browser, tmp_path: Path, theme: str
) -> None:
    """At least 4.5 to 1 (WCAG AA), and the more is missing the further a cell is from full."""
    content = page(gaps_in(tmp_path, TOTAL), ["Do it"])
    needs = (0, 0.25, 0.5, 0.75, 1)
    cells = "".join(f'<td class="cell wanted" style="--need: {need}">x</td>' for need in needs)
    content = content.replace("<tbody>", f"<tbody><tr id='probe'>{cells}</tr>", 1)
    context = browser.new_context(color_scheme=theme)  # type: ignore[arg-type]
    shown = context.new_page()
    shown.set_content(content)
    # a canvas turns any notation of a colour into bytes
    found = shown.evaluate("""() => [...document.querySelectorAll('#probe td')].map(td => {
        const {color, backgroundColor} = getComputedStyle(td);
        return [color, backgroundColor].map(each => {
            const pen = document.createElement('canvas').getContext('2d');
            pen.fillStyle = each; pen.fillRect(0, 0, 1, 1);
            return 'rgb(' + [...pen.getImageData(0, 0, 1, 1).data].join(',') + ')';
        });
    })""")
    context.close()
    for text, background in found:
        bright, dim = sorted((luminance(text), luminance(background)), reverse=True)
        assert (bright + 0.05) / (dim + 0.05) >= 4.5
    assert len({background for _, background in found}) == len(needs)
