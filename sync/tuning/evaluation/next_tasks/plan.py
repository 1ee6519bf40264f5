"""Which tasks an evaluation's failures become, before anything of it is sent.

Nothing is remembered beside Label Studio: a task that was brought forward holds a mark with the
model and the kind, and what is marked already is not asked for again.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sync.coverage.measure import measure
from sync.coverage.raised_targets import RaisedTarget, not_raised
from sync.dataset.splits.split_items import SplitItem, items_of
from sync.records.pulled_work import open_pulled_work
from sync.settings import Config
from sync.tuning.evaluation.arms.prompts import VectorsOf
from sync.tuning.evaluation.next_tasks.choose import ChosenTasks, NextTask, repeating
from sync.tuning.evaluation.next_tasks.failing_kinds import (
    FailingKind,
    FailingWork,
    dimensions_of,
    failing_kinds,
    raised_by,
)
from sync.tuning.evaluation.next_tasks.leak_guard import (
    QuestionVectors,
    held_out_keys,
    leaking,
    question_vectors,
)
from sync.tuning.evaluation.next_tasks.project_questions import (
    ProjectQuestions,
    TaskCandidate,
    project_questions,
    question_of,
)
from sync.tuning.evaluation.next_tasks.written_questions import WrittenFor, wanted_questions

# requests -> the questions that came of them
WriteQuestions = Callable[[Sequence[WrittenFor]], Sequence[TaskCandidate]]
# what the project holds -> tasks of files that it does not hold
ReadFiles = Callable[[ProjectQuestions], Sequence[TaskCandidate]]


# of a written question and a held-out one: a model that is told what they are about may put one
# into other words (ours)
_REWORDED = 0.75


@dataclass(frozen=True)
class NextTasks:
    """What failures become.

    Attributes:
        kinds: what fails.
        already: tasks that were brought forward before, by the mark of their kind.
        tasks: that are brought forward now, or made.
        raised: cells of which more is wanted, and has not been before.
        refused: candidates that were near enough and may not become tasks, by why.
        without_cell: failing items that lack a label of the cells.
    """

    kinds: tuple[FailingKind, ...]
    already: Mapping[str, int]
    tasks: tuple[NextTask, ...]
    raised: tuple[RaisedTarget, ...]
    refused: Mapping[str, int] = field(default_factory=dict)
    without_cell: int = 0

    def missing(self, kind: FailingKind) -> int:
        """How many tasks of a kind were not found."""
        found = sum(task.kind == kind for task in self.tasks) + self.already.get(kind.mark, 0)
        return max(0, kind.wanted - found)


class _Guarded:
    """Candidates held against all that there is."""

    def __init__(
        self, failing: FailingWork, known: ProjectQuestions, held_out: set[str], of: VectorsOf
    ) -> None:
        self._config = failing.work.config
        self._held_out = held_out
        self._vectors_of = of
        there = {item.key for item in known.finished}
        settings = self._config.split.model_copy(update={"by": "group"})
        asked = items_of((item.record for item in failing.work.held.items), settings)
        self._finished: list[SplitItem] = [
            *known.finished,
            *(item for item in asked if item.key not in there),
        ]
        self._train = [question_of(record.data) for record in failing.work.train]
        self.texts = [*(item.text for item in self._finished), *known.others]

    def vectors(self, candidates: Sequence[TaskCandidate]) -> QuestionVectors:
        """Of everything together, so that what no model reads is compared by its characters."""
        texts = [*self.texts, *self._train, *(each.text for each in candidates)]
        return question_vectors(texts, self._config.split, self._vectors_of)

    def choose(
        self,
        chosen: ChosenTasks,
        candidates: Sequence[TaskCandidate],
        beside: Sequence[TaskCandidate],
        refused: Counter[str],
    ) -> None:
        """Choose of candidates.

        Args:
            beside: further tasks of the project, which they may neither repeat nor tie to the test.
        """
        if not candidates:
            return
        vectors = chosen.vectors
        texts = [*self.texts, *(each.text for each in beside)]
        repeats = repeating(candidates, texts, vectors)
        every = [*candidates, *beside]
        leaks = leaking(self._finished, every, self._held_out, vectors)[: len(candidates)]
        if candidates[0].origin == "written":
            held = [item.text for item in self._finished if item.key in self._held_out]
            leaks |= repeating(candidates, held, vectors, min(vectors.near, _REWORDED))
        near = chosen.near_enough(candidates)
        refused["a split would keep with a held-out item, or that say one in other words"] += int(
            (near & leaks).sum()
        )
        refused["ask nearly what the project has"] += int((near & repeats & ~leaks).sum())
        chosen.choose(candidates, ~(repeats | leaks))


def plan_next(
    failing: FailingWork, vectors_of: VectorsOf, read_files: ReadFiles, write: WriteQuestions
) -> NextTasks:
    """Choose tasks: of those that wait, then of files, then of what a model writes.

    Raises:
        SyncError: nothing was pulled, a split was changed, or a file can't be read.
        EmbeddingError: the embedding model can't be loaded.
    """
    work = failing.work
    pulled = open_pulled_work(work.config)
    kinds, known = failing_kinds(failing), project_questions(pulled)
    held_out = held_out_keys(work.folder, (item.key for item in work.held.items))
    files = list(read_files(known))
    guarded = _Guarded(failing, known, held_out, vectors_of)
    open_kinds = [
        replace(kind, wanted=max(0, kind.wanted - known.marked[kind.mark])) for kind in kinds
    ]
    chosen = ChosenTasks(open_kinds, guarded.vectors([*known.waiting, *files]))
    refused: Counter[str] = Counter()
    guarded.choose(chosen, known.waiting, (), refused)
    guarded.choose(chosen, files, known.waiting, refused)
    requests = [
        request
        for place, kind in enumerate(open_kinds)
        for request in wanted_questions(kind, chosen.left(place), work.train, chosen.vectors)
    ]
    if requests and (written := _new(write(requests), known)):
        there = [*known.waiting, *files]
        chosen.with_vectors(guarded.vectors([*there, *written]))
        guarded.choose(chosen, written, there, refused)
    by_mark = {kind.mark: kind for kind in kinds}
    dimensions = dimensions_of(work.config)
    version = pulled.snapshot.table_version
    now = failing.now
    raised = raised_by(kinds, now, dimensions, _wanted(work.config, dimensions), version)
    return NextTasks(
        kinds,
        {mark: known.marked[mark] for mark in by_mark if known.marked[mark]},
        tuple(replace(task, kind=by_mark[task.kind.mark]) for task in chosen.tasks),
        not_raised(work.folder, raised),
        {why: number for why, number in refused.items() if number},
        sum(len(k.items) for k in kinds if not all(name in k.labels for name in dimensions)),
    )


def _new(written: Iterable[TaskCandidate], known: ProjectQuestions) -> list[TaskCandidate]:
    """Each question once, and none that the project holds."""
    found = {each.key: each for each in written if each.key not in known.keys}
    return list(found.values())


def _wanted(config: Config, dimensions: Sequence[str]) -> dict[tuple[str, ...], int]:
    """What is wanted, or there, of each cell, whichever is more."""
    if not dimensions:
        return {}
    cells = measure(config, dimensions).gaps.cells
    return {tuple(gap.labels.values()): max(gap.wanted or 0, gap.have) for gap in cells}
