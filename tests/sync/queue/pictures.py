"""Take the pictures of docs/ranking.md: `python -m tests.sync.queue.pictures`."""

from pathlib import Path

import numpy as np

from drafting.acceptance.acceptance import Acceptance, Calibrator
from drafting.acceptance.reliability import reliability
from sync.common.charts import standalone
from sync.queue.audit import choose_audits, with_audits
from sync.queue.charts import reliability_chart, yield_chart
from sync.queue.report import RankingReport, ranking_report
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
    """Write the pictures, each in both themes, and the sentences beside them."""
    report = example()
    held = report.acceptance.reliability
    assert held is not None
    print("\n".join(report.sentences()))  # noqa: T201 - docs/ranking.md quotes it
    drawn = {
        "when_to_stop": yield_chart(report.curve, report.outlook),
        "reliability": reliability_chart(held.bins),
    }
    for name, svg in drawn.items():
        (IMAGES / f"{name}.svg").write_text(standalone(svg) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
