"""The ranking as one HTML page that needs nothing else: what is left, and how far to rely on it.

The pictures are drawn into the page, and what they show is also said in sentences and a table.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from drafting.acceptance.acceptance import Acceptance
from drafting.acceptance.reliability import Reliability
from sync.common.charts import COLOURS, page_template
from sync.common.json_text import Json
from sync.common.wording import counted
from sync.queue.charts import reliability_chart, yield_chart
from sync.queue.outlook import Outlook, YieldCurve
from sync.queue.stopping import DraftedWork, outlook

REPORT = "ranking.html"
_TEMPLATE = "ranking.html"


@dataclass(frozen=True)
class RankingReport:
    """What a lead is shown of a project's ranking.

    Attributes:
        acceptance: how likely drafts are accepted, and how far that can be relied on.
        outlook: what is left, and what the next tasks would bring.
        curve: the same as a line.
    """

    project: str
    table_version: int
    acceptance: Acceptance
    outlook: Outlook
    curve: YieldCurve

    def sentences(self) -> Iterator[str]:
        """What it means, for people, a sentence each."""
        for sentence in self.outlook.sentences():
            yield f"{sentence}."
        yield f"{reliability_sentence(self.acceptance)}."

    def to_json(self) -> Json:
        """Everything, for machines."""
        held = self.acceptance.reliability
        return {
            "outlook": self.outlook.to_json(),
            "reliability": None if held is None else asdict(held),
            "sentences": [*self.sentences()],
        }


def ranking_report(
    project: str, table_version: int, acceptance: Acceptance, work: DraftedWork
) -> RankingReport:
    """Estimate what is left, and put it beside how far the ranking can be relied on."""
    said, curve = outlook(work)
    return RankingReport(project, table_version, acceptance, said, curve)


def reliability_sentence(acceptance: Acceptance) -> str:
    """How far probabilities of acceptance can be relied on, without its full stop."""
    held = acceptance.reliability
    if held is None:
        return "How far the probabilities can be relied on is not known yet"
    first = (
        f"Of {counted(held.n, 'finished draft')} that the probabilities were not learned from, "
        f"{held.accepted:,} were accepted unchanged"
    )
    if held.auroc is None:
        return f"{first}; both kinds are needed to tell how well they are told apart"
    return (
        f"{first}; an accepted one had a higher probability than a changed one in "
        f"{_auroc(held)} of all pairs (AUROC), and probabilities were off by "
        f"{100 * held.calibration_error:.0f} points of a hundred (calibration error; "
        f"{100 * held.calibration_error_by_chance:.0f} by chance alone)"
    )


def page(report: RankingReport) -> str:
    """The whole page as HTML.

    Raises:
        MissingExtraError: the extra `report`, which draws the pictures, is not installed.
    """
    held = report.acceptance.reliability
    has_work = bool(report.outlook.finished + report.outlook.open)
    return page_template(_TEMPLATE).render(
        report=report,
        colours=COLOURS,
        held=held,
        why=report.acceptance.why,
        learnt=report.acceptance.calibrator is not None,
        sentences=[f"{sentence}." for sentence in report.outlook.sentences()],
        reliability_sentence=f"{reliability_sentence(report.acceptance)}.",
        yield_svg=yield_chart(report.curve, report.outlook) if has_work else "",
        reliability_svg=reliability_chart(held.bins) if held is not None else "",
    )


def _auroc(held: Reliability) -> str:
    if held.auroc_low is None or held.auroc_high is None:
        return f"{held.auroc:.0%}"
    return f"{held.auroc:.0%} ({held.auroc_low:.0%} to {held.auroc_high:.0%})"
