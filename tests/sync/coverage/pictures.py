"""Take the pictures of docs/balance.md: `python -m tests.sync.coverage.pictures`."""

import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from sync.coverage.heat_map import page
from sync.coverage.measure import measure
from tests.sync.coverage.planted import Planted, configured

IMAGES = Path(__file__).parents[3] / "docs" / "images"
TARGETS = """
[targets]
total = 600
dimensions = ["topic", "complexity"]
weighting = "impact"
minimum = 20
[targets.impact.topic]
fees = 2.0
[[targets.cells]]
topic = "fees"
complexity = "nuanced"
count = 90
"""
# accepted and waiting
WORK = {
    ("cards", "straightforward"): (140, 60),
    ("cards", "moderate"): (52, 31),
    ("cards", "nuanced"): (11, 9),
    ("fees", "straightforward"): (121, 48),
    ("fees", "moderate"): (30, 66),
    ("fees", "nuanced"): (12, 30),
    ("lending", "straightforward"): (33, 12),
    ("lending", "moderate"): (20, 4),
    ("lending", "nuanced"): (3, 0),
}


def main() -> None:
    """Write one picture a theme."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        planted = Planted()
        for place, (labels, (accepted, waiting)) in enumerate(WORK.items()):
            planted.accepted(accepted, *labels, words=(30, 120, 300)[place % 3])
            planted.waiting(waiting, *labels, score=0.5)
        gaps = measure(planted.store(configured(Path(folder), TARGETS))).gaps
        chromium = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        for theme in ("light", "dark"):
            context = chromium.new_context(
                viewport={"width": 860, "height": 830},
                color_scheme=theme,  # type: ignore[arg-type]
            )
            shown = context.new_page()
            shown.set_content(page(gaps, [*gaps.advice()]))
            shown.screenshot(path=IMAGES / f"gaps_{theme}.png")
        chromium.close()


if __name__ == "__main__":
    main()
