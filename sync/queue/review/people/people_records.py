"""What is known of each person, put together: the test, the shares, and how they went over time."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from label_configs import Interface
from sync.quality.agreement.votes import VoteTable, vote_tables
from sync.quality.checks.majority_of_others import differing
from sync.quality.checks.shares import interval
from sync.queue.review.people.measured_answers import MeasuredAnswer
from sync.queue.review.people.sequential import TrustTest, standing
from sync.records.person_record import AgreedShare, MonthOfAgreement, PersonRecord
from sync.records.shared_tasks import SharedTask

# of controls whose values differ or don't
_CLASSES = ("nominal", "ordinal", "set")

# by annotator and month: how often they agreed, of how many
MonthlyCounts = Mapping[int, Mapping[str, tuple[int, int]]]


def people_records(
    annotators: Iterable[int],
    measured: Iterable[MeasuredAnswer],
    others: MonthlyCounts,
    test: TrustTest,
) -> tuple[PersonRecord, ...]:
    """The record of each annotator, by number.

    Args:
        measured: of all of them, in any order.
        others: agreement with the others, see `with_others`.
    """
    by: dict[int, list[MeasuredAnswer]] = defaultdict(list)
    for answer in sorted(measured, key=lambda each: (each.known_at, each.at, each.task_id)):
        by[answer.annotator].append(answer)
    return tuple(
        _record(annotator, by[annotator], others.get(annotator, {}), test)
        for annotator in sorted({*annotators, *by})
    )


def with_others(tasks: Sequence[SharedTask], interface: Interface[Any]) -> MonthlyCounts:
    """How often each annotator chose what most of the others did, by month.

    A month is that in which the last of them answered. Ratings in stars and choices count, each
    control by itself; marks and words don't.
    """
    found: dict[int, dict[str, tuple[int, int]]] = defaultdict(dict)
    for table in vote_tables(tasks, interface):
        if table.level not in _CLASSES:
            continue
        for month, rows in _by_month(table).items():
            differs, of = differing(table.given[rows])
            for name, wrong, all_ in zip(
                table.annotators, differs.tolist(), of.tolist(), strict=True
            ):
                if name is not None and all_:
                    agreed, before = found[name].get(month, (0, 0))
                    found[name][month] = (agreed + all_ - wrong, before + all_)
    return found


def _record(
    annotator: int,
    measured: Sequence[MeasuredAnswer],
    others: Mapping[str, tuple[int, int]],
    test: TrustTest,
) -> PersonRecord:
    judged = standing([each.agreed for each in measured], test)
    flagged_at = None
    if judged.state == "flagged":
        flagged_at = measured[judged.flagged_after[-1] - 1].known_at.isoformat(timespec="seconds")
    truth: dict[str, list[bool]] = defaultdict(list)
    for each in measured:
        truth[f"{each.at:%Y-%m}"].append(each.agreed)
    return PersonRecord(
        annotator=annotator,
        state=judged.state,
        flagged_at=flagged_at,
        gold=_share([each.agreed for each in measured if each.source == "gold"]),
        reviewed=_share([each.agreed for each in measured if each.source == "review"]),
        others=_counted(*map(sum, zip(*others.values(), strict=True))) if others else AgreedShare(),
        months=tuple(
            MonthOfAgreement(
                month, _share(truth.get(month, [])), _counted(*others.get(month, (0, 0)))
            )
            for month in sorted({*truth, *others})
        ),
    )


def _by_month(table: VoteTable) -> dict[str, Any]:
    months = np.array([f"{at:%Y-%m}" for at in table.finished])
    return {str(month): np.flatnonzero(months == month) for month in np.unique(months)}


def _share(agreed: Sequence[bool]) -> AgreedShare:
    return _counted(sum(agreed), len(agreed))


def _counted(agreed: int, of: int) -> AgreedShare:
    low, high = interval(agreed, of)
    return AgreedShare(agreed, of, round(low, 4), round(high, 4))
