"""Take the pictures of docs/ranking.md: `python -m tests.sync.queue.pictures`."""

from pathlib import Path

import numpy as np
from playwright.sync_api import sync_playwright

from drafting.acceptance.acceptance import Acceptance, Calibrator
from drafting.acceptance.reliability import reliability
from sync.queue.audit import choose_audits, with_audits
from sync.queue.report import RankingReport, page, ranking_report
from sync.queue.stopping import DraftedWork

IMAGES = Path(__file__).parents[3] / "docs" / "images"
TASKS, DONE, AUDIT = 900, 560, 0.1


def example() -> RankingReport:
    """A made-up project: 560 of 900 tasks are done, every tenth is an audit."""
    rng = np.random.default_rng(17)
    likely = rng.beta(0.6, 2.2, TASKS)
    acceptance = 1 / (1 + np.exp(np.log(likely / (1 - likely)) + rng.normal(0, 0.5, TASKS)))
    changed = rng.random(TASKS) < likely
    audits = choose_audits(3, range(TASKS), AUDIT)
    others = [int(task) for task in np.argsort(acceptance) if task not in set(audits)]
    queue = np.array(with_audits(others, audits))
    done, left = queue[:DONE], queue[DONE:]
    held = reliability(acceptance[done], ~changed[done])
    why = "what was learnt foretells held-back work better than the prior"
    acceptance_known = Acceptance(
        calibrator=Calibrator(0.0, 1.0, {}),
        why=why,
        judged=DONE,
        accepted=held.accepted,
        of_calibrator=held,
    )
    work = DraftedWork(acceptance[done], changed[done], np.isin(done, audits), acceptance[left])
    return ranking_report("Bank support", 31, acceptance_known, work)


def main() -> None:
    """Write one picture a theme."""
    report = example()
    print("\n".join(report.sentences()))  # noqa: T201 - docs/ranking.md quotes it
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        for theme in ("light", "dark"):
            context = chromium.new_context(
                viewport={"width": 900, "height": 1190},
                color_scheme=theme,  # type: ignore[arg-type]
            )
            shown = context.new_page()
            shown.set_content(page(report))
            shown.screenshot(path=IMAGES / f"ranking_{theme}.png")
        chromium.close()


if __name__ == "__main__":
    main()
