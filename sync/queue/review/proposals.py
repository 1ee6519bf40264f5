"""What reviewers correct again and again for much the same reason: guidelines should say it.

Reasons of amended and rejected answers are embedded and grouped by their meaning. A group that
speaks of several tasks becomes a proposal, in the words of the reason that is most like the others.
Reasons from before the guidelines changed last are left out, since these may say it by now.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from connectors.extras import MissingExtraError, told
from connectors.reading import Embeddings
from label_configs.annotations.reviews import Verdicts
from sync.common.wording import counted
from sync.quality.checks.telling_words import shortened
from sync.quality.checks.uncovered import groups_of
from sync.queue.asked_texts import TextEmbedding
from sync.queue.review.people.compared_answers import Embed
from sync.queue.review.trust import meanings
from sync.records.pulled_work import PulledWork
from sync.settings import Config
from sync.table.data_folder import data_folder
from sync.table.guideline_versions import changed_at

# the mean similarity of a group's reasons, at least; see docs/review.md
TOGETHER = 0.65
# corrected tasks that a group speaks of, at least
_TASKS = 3
# different reasons that are put into groups, the newest; and how many further ones are told of each
_GROUPED, _SHOWN = 2_000, 2
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class GivenReason:
    """Why a reviewer amended or rejected an answer.

    Attributes:
        key: the id that the task has from its source.
        text: in the reviewer's words, on one line.
        error_kinds: see `label_configs.review`; may be empty.
    """

    key: str
    text: str
    error_kinds: tuple[str, ...]
    reviewer: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class GuidelineProposal:
    """A reason that stands behind several corrections.

    Attributes:
        reason: that of the group which is most like all of them.
        further: others of the group, likewise the most alike first.
        error_kind: that was named most often; None where none was.
        reviewers: how many people gave such a reason.
        tasks: ids from their source of the corrected tasks, in alphabetical order.
    """

    reason: str
    further: tuple[str, ...]
    error_kind: str | None
    reviewers: int
    tasks: tuple[str, ...]

    def __str__(self) -> str:
        kind = f" ({self.error_kind})" if self.error_kind else ""
        who = counted(self.reviewers, "reviewer")
        further = "; also ".join(f"“{each}”" for each in (self.reason, *self.further))
        return (
            f"The guidelines could say what {who} corrected in {counted(len(self.tasks), 'task')}"
            f"{kind}: {further}."
        )


def read_proposals(
    config: Config, work: PulledWork, embedding: TextEmbedding
) -> tuple[tuple[GuidelineProposal, ...], tuple[str, ...]]:
    """What guidelines should say; none, and why, where no embedding model can be used.

    Raises:
        SyncError: the table or the data folder can't be used.
        EmbeddingError: the embedding model can't be loaded.
    """
    since = changed_at(data_folder(config), config.guidelines_text())
    reasons = given_reasons(work.choosing.verdicts, since)
    try:
        with told("grouping reasons of reviewers"):
            return guideline_proposals(reasons, meanings(config, embedding, "reasons")), ()
    except MissingExtraError as error:
        return (), (f"Reasons of reviewers are not compared: {error}",)


def given_reasons(verdicts: Verdicts, since: datetime | None = None) -> list[GivenReason]:
    """Every reason of an amendment or a rejection, also of answers that were changed since.

    Where other projects are reviewed, too, only what was said in the project's own queues.

    Args:
        since: only what was said later.
    """
    found: list[GivenReason] = []
    for key, newest in verdicts.newest.items():
        for review in (each.review for each in (newest, *newest.others)):
            own = verdicts.one_project or bool(review.round)
            corrects = review.decision in ("amend", "reject") and review.reason
            if own and corrects and (since is None or review.updated_at > since):
                text = shortened(review.reason, _LONGEST)
                at = review.updated_at
                found.append(GivenReason(key, text, review.error_kinds, review.reviewer, at))
    return found


def guideline_proposals(
    reasons: Iterable[GivenReason], embed: Embed
) -> tuple[GuidelineProposal, ...]:
    """Reasons that several corrections share; what was corrected most often comes first.

    Args:
        embed: rows of unit length; not called where too few tasks were corrected.
    """
    by_text: dict[str, list[GivenReason]] = {}
    for each in sorted(reasons, key=lambda each: (each.at, each.key), reverse=True):
        by_text.setdefault(each.text, []).append(each)
    texts = [*by_text][:_GROUPED]
    if len(_tasks(by_text[text] for text in texts)) < _TASKS:
        return ()
    vectors = embed(texts)
    found: list[GuidelineProposal] = []
    for rows in groups_of(vectors, TOGETHER):
        central = [texts[row] for row in _most_alike_first(vectors, rows)]
        given = [each for text in central for each in by_text[text]]
        tasks = _tasks([given])
        if len(tasks) >= _TASKS:
            kinds = Counter(kind for each in given for kind in each.error_kinds)
            found.append(
                GuidelineProposal(
                    reason=central[0],
                    further=tuple(central[1 : 1 + _SHOWN]),
                    error_kind=min(kinds, key=lambda kind: (-kinds[kind], kind), default=None),
                    reviewers=len({each.reviewer for each in given}),
                    tasks=tuple(sorted(tasks)),
                )
            )
    return tuple(sorted(found, key=lambda each: (-len(each.tasks), each.reason)))


def _most_alike_first(vectors: Embeddings, rows: NDArray[np.int64]) -> list[int]:
    """Rows of a group, the one first that is most similar to all of them."""
    similar = vectors[rows] @ vectors[rows].mean(axis=0)
    order: list[int] = rows[np.argsort(-similar, kind="stable")].tolist()
    return order


def _tasks(reasons: Iterable[Iterable[GivenReason]]) -> set[str]:
    return {each.key for some in reasons for each in some}
