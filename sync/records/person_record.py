"""How far each person's answers agree with known truths and with the others': as `review` found it.

Kept in the data folder for the report and for `labeltune status`.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal

from sync.common.wording import counted
from sync.table import last_runs
from sync.table.data_folder import DataFolder

PEOPLE = "people"

TrustState = Literal["new", "qualified", "flagged"]


@dataclass(frozen=True, slots=True)
class AgreedShare:
    """How often somebody agreed, of how many answers.

    Attributes:
        low: lower end of the share's 95 % interval, in [0, 1]; `high`: upper end.
    """

    agreed: int = 0
    of: int = 0
    low: float = 0.0
    high: float = 1.0

    def __str__(self) -> str:
        if not self.of:
            return "none"
        share = self.agreed / self.of
        return f"{self.agreed} of {self.of} ({share:.0%}, {self.low * 100:.0f} to {self.high:.0%})"


@dataclass(frozen=True, slots=True)
class MonthOfAgreement:
    """One month of somebody's agreement.

    Attributes:
        month: such as `2026-11`.
        truth: with gold and with reviewers; `others`: with most of the others.
    """

    month: str
    truth: AgreedShare = AgreedShare()
    others: AgreedShare = AgreedShare()


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """How far one annotator is to be trusted.

    Attributes:
        annotator: Label Studio's number.
        state: `new` until enough is known; `flagged`: answers agree with the truth about as often
            as by guessing.
        flagged_at: when that was known, in ISO form; None: not flagged.
        gold: answers to tasks whose truth was known before.
        reviewed: answers that a reviewer judged who did not pick them for being doubtful.
        others: choices that most of the others made, too.
        months: oldest first.
    """

    annotator: int
    state: TrustState = "new"
    flagged_at: str | None = None
    gold: AgreedShare = AgreedShare()
    reviewed: AgreedShare = AgreedShare()
    others: AgreedShare = AgreedShare()
    months: tuple[MonthOfAgreement, ...] = ()

    @property
    def measured(self) -> int:
        """Answers of which it is known whether they are right."""
        return self.gold.of + self.reviewed.of

    def flag(self) -> str | None:
        """Why somebody is flagged, in a sentence without its full stop; None: they are not."""
        if self.state != "flagged":
            return None
        right = self.gold.agreed + self.reviewed.agreed
        return (
            f"annotator {self.annotator}: {right} of {counted(self.measured, 'answer')} whose "
            "truth is known agree with it, closer to guessing than to trusted work; look at "
            "their answers together before you rely on more of them"
        )


def note_people(folder: DataFolder, people: Iterable[PersonRecord], table_version: int) -> None:
    """Remember what is known of everybody.

    Raises:
        SyncError: the folder can't be written.
    """
    told = {"table_version": table_version, "people": [asdict(each) for each in people]}
    last_runs.note(folder, PEOPLE, told)


def known_people(folder: DataFolder) -> tuple[PersonRecord, ...]:
    """What the last `labeltune review` knew of everybody; nothing where there was none.

    Raises:
        SyncError: the folder can't be read.
    """
    noted = last_runs.recall(folder, PEOPLE) or {}
    try:
        return tuple(map(_person, noted.get("people") or ()))
    except (TypeError, LookupError, AttributeError):  # of another version of this program
        return ()


def _person(told: dict[str, Any]) -> PersonRecord:
    shares = {name: AgreedShare(**told[name]) for name in ("gold", "reviewed", "others")}
    months = tuple(
        MonthOfAgreement(each["month"], AgreedShare(**each["truth"]), AgreedShare(**each["others"]))
        for each in told["months"]
    )
    return PersonRecord(**{**told, **shares, "months": months})
