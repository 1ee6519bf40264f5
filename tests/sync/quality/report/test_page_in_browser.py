"""The page in a real browser, opened from a file: quiet, readable, printable, without scripts.

It needs no Label Studio.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from sync.commands.report import written_report
from sync.quality.report.last_check import last_check
from sync.table.data_folder import data_folder
from tests.sync.coverage.test_heat_map import luminance
from tests.sync.quality.report.planted import answered, checked, configured, finding, stored
from tests.sync.quality.report.test_page import EVIL

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a project whose every text tries something."""
    config = configured(tmp_path_factory.mktemp("report"))
    rows = [
        answered(n, EVIL + "word " * 20_000, question=f"{EVIL} سؤال 😀", by=n % 3, days=n)
        for n in range(1, 31)
    ]
    findings = [
        finding(n, "label_error", message=EVIL, url="javascript:alert(1)", severity=severity)
        for severity in ("error", "warning", "info")
        for n in range(1, 31)
    ]
    checked(stored(config, rows), findings, skips=[EVIL])
    return Path(written_report(config, last_check(data_folder(config))).path)


@pytest.fixture
def opened(browser: Browser, file: Path) -> Iterator[Page]:
    """The page; what it complains of or asks for fails the test."""
    shown = browser.new_page(viewport={"width": 1280, "height": 900})
    said: list[str] = []
    shown.on("console", lambda message: said.append(message.text))
    shown.on("pageerror", lambda error: said.append(str(error)))
    shown.on("dialog", lambda dialog: said.append(dialog.message))
    shown.on("request", lambda request: said.append(request.url))
    shown.goto(file.as_uri())
    yield shown
    shown.close()
    assert said == [file.as_uri()]


def test_it_fits_every_width_and_says_what_it_should(opened: Page) -> None:
    for width in (1280, 768, 390):
        opened.set_viewport_size({"width": width, "height": 900})
        wide = opened.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{wide} at {width}"
    assert opened.locator(".answer").inner_text() == "Not yet"
    assert opened.locator("svg").count() >= 3
    assert opened.locator("a[href^=javascript]").count() == 0


def test_findings_unfold_by_keys(opened: Page) -> None:
    first = opened.locator("details").first
    table = first.locator("table")
    assert not table.is_visible()
    first.locator("summary").focus()
    opened.keyboard.press("Enter")
    assert table.is_visible()
    assert "<script>alert(1)</script>" in table.inner_text()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_stands_out_in_both_themes(opened: Page, theme: str) -> None:
    """At least 4.5 to 1 (WCAG AA), against the nearest background that is painted."""
    opened.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    opened.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    pairs = opened.evaluate("""() => {
        const pen = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
        const bytes = colour => {
            pen.clearRect(0, 0, 1, 1); pen.fillStyle = colour; pen.fillRect(0, 0, 1, 1);
            return [...pen.getImageData(0, 0, 1, 1).data];
        };
        const found = new Set();
        for (const e of document.querySelectorAll('main *, header *')) {
            if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())) continue;
            const drawn = e.closest('svg') ? getComputedStyle(e).fill : getComputedStyle(e).color;
            let under = e;
            while (under && bytes(getComputedStyle(under).backgroundColor)[3] === 0)
                under = under.parentElement;
            const ground = getComputedStyle(under || document.body).backgroundColor;
            found.add(JSON.stringify([bytes(drawn), bytes(ground)]));
        }
        return [...found].map(each => JSON.parse(each));
    }""")
    assert len(pairs) > 5
    for text, ground in pairs:
        dim, bright = sorted(luminance(f"rgb{tuple(each[:3])}") for each in (text, ground))
        assert (bright + 0.05) / (dim + 0.05) >= 4.5, (text, ground)


def test_it_works_without_scripts_and_prints_the_first_findings(
    browser: Browser, file: Path
) -> None:
    context = browser.new_context(java_script_enabled=False, color_scheme="dark")
    shown = context.new_page()
    shown.goto(file.as_uri())
    assert shown.locator(".answer").inner_text() == "Not yet"
    shown.emulate_media(media="print")
    rows = shown.locator("details").first.locator("tbody tr")
    assert [rows.nth(n).is_visible() for n in (0, 2, 3)] == [True, True, False]
    assert not shown.locator("nav").is_visible()
    assert len(shown.pdf(format="A4")) > 10_000
    context.close()
