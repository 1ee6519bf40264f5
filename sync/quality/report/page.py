"""The report as one HTML page that needs nothing else: it opens offline and runs no script.

Texts of the project are escaped by the template; `quotes` has made them harmless before. A browser
is told to load nothing from elsewhere and to run nothing, should anything slip through.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import partial

from connectors.extras import MissingExtraError
from sync.common.charts import COLOURS, page_template
from sync.common.wording import counted, lasting
from sync.quality.report import plots
from sync.quality.report.annotators import AnnotatorFigures
from sync.quality.report.kind_words import words_of
from sync.quality.report.project_report import ProjectReport
from sync.quality.report.quotes import TaskQuote, calmed, harmless
from sync.records.states import told_counts

REPORT = "report.html"
_TEMPLATE = "report.html"
# rows of a table of labels or cells, and versions of the trend
MOST_ROWS, MOST_VERSIONS = 50, 12
# findings that are shown unfolded
_OPEN = 10
_PRIVATE = "not shown, since the task holds personal data"
_SEVERITIES = {
    "error": ("Errors", "would teach a model something wrong, or keep a file from being written"),
    "warning": ("Warnings", "are probably wrong and should be looked at"),
    "info": ("Notes", "may be right; look at them when there is time"),
}


@dataclass(frozen=True)
class ReportPictures:
    """Pictures as SVG elements; None where there is nothing to draw."""

    findings: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    sureness: str | None = None
    pace: str | None = None
    agreement: str | None = None
    trend: str | None = None


def page(report: ProjectReport) -> str:
    """The whole page as HTML; without pictures where the extra `report` is not installed."""
    try:
        pictures, drawn = _pictures(report), True
    except MissingExtraError:
        pictures, drawn = ReportPictures(), False
    figures = report.figures
    html = page_template(_TEMPLATE).render(
        report=report,
        project=harmless(report.project, 120),
        colours=COLOURS,
        figures=figures,
        annotators=sorted(figures.annotators, key=lambda each: report.names.place(each.id)),
        trusted=sorted(report.others.people, key=lambda each: report.names.place(each.annotator)),
        flags=_flags(report),
        found=report.found,
        pictures=pictures,
        drawn=drawn,
        severities=_SEVERITIES,
        words_of=words_of,
        quote_of=partial(_quote, report),
        is_open=report.found.number <= _OPEN,
        counted=_counted,
        percent=_percent,
        day=_day,
        moment=_moment,
        lasting=lasting,
        states=", ".join(told_counts({**asdict(figures.work), "accepted": 0, "unlabeled": 0})),
        example_seconds=figures.seconds / figures.work.accepted if figures.work.accepted else None,
        agreeing=dict(report.agreement.with_others) if report.agreement else {},
        shown_time=_shown_time,
        most_rows=MOST_ROWS,
        versions=report.history[-MOST_VERSIONS:][::-1],
        findings_rate=_findings_rate,
    )
    return calmed(html)


def _pictures(report: ProjectReport) -> ReportPictures:
    figures, agreement = report.figures, report.agreement
    points = agreement.over_time if agreement is not None else ()
    return ReportPictures(
        findings=_drawn(report.found.number, lambda: plots.findings_chart(report.found)),
        labels={
            name: plots.labels_chart(name, labels)
            for name, labels in figures.labels.items()
            if len(labels) > 1
        },
        sureness=_drawn(
            sum(figures.sure_finished) + sum(figures.sure_waiting),
            lambda: plots.sureness_chart(figures),
        ),
        pace=_drawn(len(figures.days) > 1, lambda: plots.pace_chart(figures.days)),
        agreement=_drawn(len(points) > 1, lambda: plots.agreement_chart(points)),
        trend=_drawn(len(report.history) > 1, lambda: plots.trend_chart(report.history[-40:])),
    )


def _flags(report: ProjectReport) -> list[str]:
    """Whose answers should be looked at, a sentence each without its full stop."""
    told = (person.flag() for person in report.others.people)
    return [report.names.hidden_in(flag) for flag in told if flag is not None]


def _quote(report: ProjectReport, task_id: int | None) -> TaskQuote:
    if task_id in report.found.private:
        return TaskQuote(_PRIVATE, _PRIVATE)
    return report.figures.quotes.get(task_id or 0, TaskQuote())


def _drawn(wanted: object, draw: Callable[[], str]) -> str | None:
    return draw() if wanted else None


def _counted(number: int, noun: str, plural: str | None = None) -> str:
    return counted(number, noun, plural).replace(str(number), f"{number:,}", 1)


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"  # noqa: RUF001 - a dash in an empty cell


def _day(at: datetime | None) -> str:
    return "–" if at is None else f"{at.day} {at:%b %Y}"  # noqa: RUF001


def _moment(at: datetime) -> str:
    return f"{at.day} {at:%B %Y, %H:%M} UTC"


def _shown_time(seconds: float | None) -> str:
    return "–" if seconds is None else lasting(seconds)  # noqa: RUF001


def _findings_rate(annotator: AnnotatorFigures) -> str:
    share = annotator.findings_share
    return "–" if share is None else f"{100 * share:.0f}"  # noqa: RUF001
