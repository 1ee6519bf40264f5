"""Whether a set can be trained on, in the words of somebody who has ten seconds.

A set is ready when enough of it is accepted, no error was found in it, and people agree on what
they decided. Everything else is worth knowing and keeps nobody from training.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sync.common.wording import counted
from sync.quality.report.agreement_shown import AgreementShown
from sync.quality.report.found_kinds import AllFound
from sync.quality.report.kind_words import words_of
from sync.quality.report.other_rooms import WantedExamples
from sync.quality.report.work_figures import WorkFigures

# what providers' own pages recommend for a start, see docs/validate.md
FEWEST = 50
# Krippendorff (2004): below, not even tentative conclusions should be drawn
LEAST_ALPHA = 0.667
# warnings in more than this share of the finished tasks are worth a word at the top
_MANY_WARNINGS = 0.1
_NAMED = 3


@dataclass(frozen=True)
class Readiness:
    """Whether a set is ready, and why.

    Attributes:
        reasons: what keeps it from being ready, the weightiest first; a sentence each.
        cautions: what one should know all the same.
    """

    reasons: tuple[str, ...]
    cautions: tuple[str, ...] = ()

    @property
    def ready(self) -> bool:
        """Whether nothing keeps it."""
        return not self.reasons

    @property
    def answer(self) -> str:
        """In three words at most."""
        return "Yes" if self.ready else "Not yet"


def readiness(
    figures: WorkFigures,
    found: AllFound,
    agreement: AgreementShown | None = None,
    wanted: WantedExamples | None = None,
    *,
    newer: bool = False,
) -> Readiness:
    """Judge a set.

    Args:
        agreement: of its annotators; None where it could not be measured.
        wanted: what the targets ask for; None without targets.
        newer: work was pulled that the last check did not see.
    """
    return Readiness(
        reasons=tuple(_reasons(figures, found, agreement, wanted, newer=newer)),
        cautions=tuple(_cautions(figures, found, agreement)),
    )


def _reasons(
    figures: WorkFigures,
    found: AllFound,
    agreement: AgreementShown | None,
    wanted: WantedExamples | None,
    *,
    newer: bool,
) -> Iterator[str]:
    accepted = figures.work.accepted
    if not figures.finished:
        yield "No task is finished yet."
        return
    if number := found.of_severity("error"):
        kinds = [each for each in found.kinds if each.severity == "error"]
        named = ", ".join(f"{words_of(each.kind).name}: {each.number:,}" for each in kinds[:_NAMED])
        more = ", and others" if len(kinds) > _NAMED else ""
        tasks = found.tasks.get("error", 0)
        where = f" in {_of(tasks, 'task')}" if tasks else ""
        yield f"{_of(number, 'error')} must be put right{where} ({named}{more})."
    if wanted is not None and wanted.missing:
        yield f"{wanted.missing:,} of {wanted.total:,} wanted examples are missing."
    elif wanted is None and accepted < FEWEST:
        yield (
            f"{_of(accepted, 'example')} {'is' if accepted == 1 else 'are'} accepted; training "
            f"should begin with {FEWEST} or more."
        )
    least = agreement.least if agreement is not None else None
    if least is not None and least[1] < LEAST_ALPHA:
        yield _disagreement(*least)
    if newer:
        yield "Work has come in since the last check; run “labeltune check” again."


def _disagreement(name: str, value: float) -> str:
    return (
        f"People decide too differently about “{name}” (agreement {value:.2f} of 1; "
        f"{LEAST_ALPHA:.2f} is the least to rely on)."
    )


def _cautions(
    figures: WorkFigures, found: AllFound, agreement: AgreementShown | None
) -> Iterator[str]:
    if not figures.finished:
        return
    warned = found.tasks.get("warning", 0)
    if warned > _MANY_WARNINGS * figures.finished:
        yield f"Warnings were found in {_of(warned, 'task')}: one of {_one_of(figures, warned)}."
    elif number := found.of_severity("warning"):
        yield f"{_of(number, 'warning')} should be looked at."
    if figures.work.unlabeled:
        wait = "still waits" if figures.work.unlabeled == 1 else "still wait"
        yield f"{_of(figures.work.unlabeled, 'task')} {wait} for an expert."
    if not figures.repeated:
        yield "No task was answered by two people, so nobody knows how far they agree."
    elif agreement is None:
        yield "Too little was decided twice to say how far people agree."
    if not figures.reviewed:
        yield "No answer has been reviewed by a second person."


def _one_of(figures: WorkFigures, number: int) -> str:
    share = figures.finished / number
    return f"{share:.0f}" if share >= 2 else "two or more"


def _of(number: int, noun: str) -> str:
    """A count as people read it, with its noun."""
    return counted(number, noun).replace(str(number), f"{number:,}", 1)
