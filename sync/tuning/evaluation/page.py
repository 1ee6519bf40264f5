"""An evaluation as one HTML page that needs nothing else: it opens offline and runs no script."""

from collections.abc import Sequence

from connectors.extras import MissingExtraError
from sync.common.charts import COLOURS, page_template
from sync.common.wording import counted
from sync.quality.report.quotes import calmed, harmless
from sync.tuning.evaluation import EVALUATION_FOLDER
from sync.tuning.evaluation.charts import arms_chart, differences_chart
from sync.tuning.evaluation.comparison import ArmsCompared, ComparedSeries
from sync.tuning.evaluation.results import Evaluation, MeasuredRow, told_difference
from sync.tuning.evaluation.rounds.shown_rounds import rounds_chart

PAGE = f"{EVALUATION_FOLDER}/evaluation.html"
RESULTS = f"{EVALUATION_FOLDER}/evaluation.json"
_TEMPLATE = "evaluation.html"
# failures that are named
MOST_FAILED = 50


def page(found: Evaluation) -> str:
    """The whole page as HTML; without pictures where the extra `report` is not installed."""
    pair = found.main_pair
    html = page_template(_TEMPLATE).render(
        found=found,
        project=harmless(found.project, 120),
        colours=COLOURS,
        headline=headline(found),
        pair=pair,
        arms_svg=_drawn_arms(found),
        rounds_svg=_drawn_rounds(found),
        differences_svg="" if pair is None else _drawn_differences(found, pair),
        told=lambda each: told_difference(each, found.row(each.name)),
        cell=_cell,
        failed=found.failed[:MOST_FAILED],
        counted=counted,
    )
    return calmed(html)


def headline(found: Evaluation) -> str:
    """The answer in a sentence."""
    decided, main = found.decided_by, found.main
    if decided is None or main is None:
        return "Nothing was compared: one arm alone was asked."
    row = found.row(decided.name)
    shown = {
        "better": f"{main} is better than {found.against}",
        "worse": f"{main} is worse than {found.against}",
        "not shown": f"It is not shown that {main} differs from {found.against}",
    }[decided.verdict]
    return f"{shown}: {decided.told}, {told_difference(decided, row)}."


def _drawn_arms(found: Evaluation) -> str:
    decided = found.rows[0] if found.rows and found.rows[0].unit == "share" else None
    if decided is None:
        return ""
    try:
        return arms_chart(decided, [arm.name for arm in found.arms])
    except MissingExtraError:
        return ""


def _drawn_rounds(found: Evaluation) -> str:
    if found.progress is None or found.progress.before is None:
        return ""
    try:
        return rounds_chart(found.progress.rounds)
    except MissingExtraError:
        return ""


def _drawn_differences(found: Evaluation, pair: ArmsCompared) -> str:
    shares = _of_shares(found, pair.series)
    if not shares:
        return ""
    try:
        title = f"{pair.arm} minus {pair.against}, points of a hundred"
        return differences_chart(shares, title)
    except MissingExtraError:
        return ""


def _of_shares(found: Evaluation, series: Sequence[ComparedSeries]) -> list[ComparedSeries]:
    return [
        each
        for each in series
        if found.row(each.name).unit == "share" and each.found.difference.low is not None
    ]


def _cell(row: MeasuredRow, arm: str) -> str:
    """A mean with its interval, as a table shows it."""
    mean = row.means.get(arm)
    if mean is None:
        return "–"  # noqa: RUF001 - a dash in an empty cell
    if mean.low is None or mean.high is None:
        return row.shown(mean.value)
    low, high = row.shown(mean.low), row.shown(mean.high)
    return f"{row.shown(mean.value)} ({low.removesuffix(' %')} to {high})"
