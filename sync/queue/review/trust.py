"""What finished work tells of its annotators, and where one answer is not enough: in one pass.

From it follow further reviews, tasks that are handed out once more, and everybody's record.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from connectors.reading import Embeddings
from label_configs.annotations.candidates import finished
from sync.compute.vector_cache import VECTORS, NeededBy, text_vectors
from sync.queue.asked_texts import TextEmbedding
from sync.queue.review.disputed import (
    SecondOpinions,
    SharedAnswers,
    disputed,
    second_opinions,
    shared_answers,
)
from sync.queue.review.gold import gold_answers, gold_overlaps
from sync.queue.review.items import FinishedItem
from sync.queue.review.known_findings import KnownFindings
from sync.queue.review.people.compared_answers import Embed
from sync.queue.review.people.measured_answers import (
    DecidedTasks,
    by_annotator,
    decided_tasks,
    reviewed_answers,
)
from sync.queue.review.people.people_records import people_records, with_others
from sync.queue.review.people.sequential import TrustTest
from sync.queue.review.people.settled_tasks import SettledTask, settled_task
from sync.queue.review.plan import RANDOM, ReviewReason, next_tier
from sync.queue.review.risk import risk_of
from sync.queue.review.shares import task_number
from sync.records import LabelledRecord
from sync.records.person_record import PersonRecord
from sync.records.pulled_work import PulledWork
from sync.records.shared_tasks import SharedTask, shared_work
from sync.settings import Config
from sync.settings.review import ReviewSection
from sync.table.data_folder import data_folder


@dataclass(frozen=True)
class Trust:
    """What was found.

    Attributes:
        people: everybody who finished a task, by number.
        disputed: tasks on which annotators do not agree; `opinions`: what becomes of them.
        gold: by task id, how many annotators gold tasks are to have.
        reviews: tasks that are to be reviewed for it, and why.
    """

    people: tuple[PersonRecord, ...] = ()
    disputed: int = 0
    opinions: SecondOpinions = field(default_factory=SecondOpinions)
    gold: Mapping[int, int] = field(default_factory=dict)
    reviews: Mapping[int, ReviewReason] = field(default_factory=dict)

    @property
    def overlaps(self) -> dict[int, int]:
        """How many annotators single tasks are to have, by id."""
        return {**self.gold, **self.opinions.overlaps}


@dataclass
class _Seen:
    """What is found while rows go by."""

    settled: list[SettledTask] = field(default_factory=list)
    undecided: list[SharedAnswers] = field(default_factory=list)
    shared: list[SharedTask] = field(default_factory=list)
    everybody: set[int] = field(default_factory=set)
    answered_at: list[float] = field(default_factory=list)


def read_trust(
    work: PulledWork,
    items: Sequence[FinishedItem],
    settings: ReviewSection,
    findings: KnownFindings,
    embed: Embed,
) -> Trust:
    """Look at every finished task once.

    Args:
        items: every finished task that a reviewer can be shown.
        embed: called where only the meaning of two texts can tell whether they say the same.

    Raises:
        SyncError: the table can't be read.
        EmbeddingError: the embedding model can't be loaded.
    """
    seen = _look(work, {item.task_id: item for item in items})
    everybody = frozenset(seen.everybody)
    decided = decided_tasks(seen.settled, embed)
    at_random = [item.key for item in items if task_number(item.key, RANDOM) < settings.random]
    measured = [*gold_answers(decided), *reviewed_answers(decided, items, at_random)]
    test = TrustTest(trusted=settings.trusted)
    people = people_records(everybody, measured, with_others(seen.shared, work.interface), test)
    differing = disputed(seen.undecided, findings, embed)
    opinions = second_opinions(differing, everybody, settings.agree_at)
    own = {
        annotator: [item for item, _ in given]
        for annotator, given in by_annotator(items, decided).items()
    }
    return Trust(
        people=people,
        disputed=len(differing),
        opinions=opinions,
        gold=_gold(items, decided, seen, settings),
        reviews={
            **further_reviews(own, people, settings.first_tasks),
            **dict.fromkeys(opinions.adjudicated, "disagreement"),
        },
    )


def further_reviews(
    own: Mapping[int, Sequence[FinishedItem]], people: Sequence[PersonRecord], first: int
) -> dict[int, ReviewReason]:
    """Tasks that are reviewed for who has answered them, and why.

    The first answers of everybody are reviewed anyway. Whoever is not qualified when all of them
    are goes on for as many more. Of somebody who is flagged, everything is reviewed.

    Args:
        own: of each annotator what they answered, in the order in which it was begun.
        first: how many of each are reviewed at least; 0: only of those who are flagged.
    """
    found: dict[int, ReviewReason] = {}
    for person in people:
        items = own.get(person.annotator, ())
        if person.state == "flagged":
            found |= {item.task_id: "flagged annotator" for item in items}
    for person in people:
        items = own.get(person.annotator, ())
        if person.state != "flagged" and first:
            rounds = 1 if person.state == "qualified" else 1 + _without_gap(items) // first
            for item in items[: rounds * first]:
                found.setdefault(item.task_id, "new annotator")
    return found


def meanings(config: Config, embedding: TextEmbedding, keep_for: NeededBy = "review") -> Embed:
    """How answers are compared by what they mean: with the project's embedding model."""

    def embed(texts: Sequence[str]) -> Embeddings:
        return text_vectors(
            texts,
            config.embedding.model,
            data_folder(config).on_this_machine(VECTORS),
            embedding.load,
            embedding.engine,
            embedding.progress,
            keep_for=keep_for,
        ).vectors

    return embed


def _look(work: PulledWork, items: Mapping[int, FinishedItem]) -> _Seen:
    seen = _Seen()
    for row in work.snapshot.rows():
        done = finished(row.annotations)
        if not done:
            continue
        known = {each.completed_by for each in done if each.completed_by is not None}
        seen.everybody |= known
        seen.answered_at += (each.created_at.timestamp() for each in done)
        if len(known) > 1:
            seen.shared += shared_work([row], work.interface).tasks
        item = items.get(row.task_id)
        if item is None:
            continue
        if item.review is not None:
            record = next(iter(work.outcomes([row])), None)
            if isinstance(record, LabelledRecord):
                verdict = work.choosing.verdicts.of(record.data)
                task = settled_task(row, record, work.interface, verdict)
                seen.settled += [] if task is None else [task]
        elif len(known) > 1 and (answers := shared_answers(row, work.interface)) is not None:
            seen.undecided.append(answers)
    return seen


def _gold(
    items: Sequence[FinishedItem], decided: DecidedTasks, seen: _Seen, settings: ReviewSection
) -> dict[int, int]:
    passed = {
        item.task_id
        for item in items
        if item.review is not None
        and not item.review.rejects
        and next_tier(item, risk_of(item, settings), settings.tiers) is None
    }
    return gold_overlaps(
        decided, passed, seen.answered_at, frozenset(seen.everybody), settings.gold
    )


def _without_gap(items: Sequence[FinishedItem]) -> int:
    """How many are reviewed before the first that is not."""
    return next((at for at, item in enumerate(items) if item.review is None), len(items))
