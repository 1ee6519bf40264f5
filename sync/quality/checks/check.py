"""What a check takes and what it gives."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, Protocol, get_args

import numpy as np

from connectors.reading import Embeddings, Reading
from label_configs import Interface
from sync.compute import Engine, LocalEngine
from sync.compute.known_neighbours import Neighbours, nearest_others
from sync.compute.known_pairs import all_near_pairs
from sync.compute.similarity import Pairs
from sync.intake.redaction.in_finished_work import FoundData
from sync.quality.checks.near_prompts import SAME_PROMPT
from sync.quality.judge.connect import ProjectJudge
from sync.quality.production import ProductionQuestions
from sync.records import Labelled, LabelledRecord
from sync.records.shared_tasks import SharedWork
from sync.records.unlisted import Unlisted
from sync.settings.checks import CheckOptions
from sync.settings.export import Personal

# prompts that tell what is usual for one like them
_NEIGHBOURS = 10
FindingSeverity = Literal["error", "warning", "info"]
SEVERITIES: tuple[FindingSeverity, ...] = get_args(FindingSeverity)


class FoundIn(Protocol):
    """What a finding is about: an annotation, whole or as far as it is known."""

    @property
    def task_id(self) -> int: ...
    @property
    def annotation_id(self) -> int: ...


@dataclass(frozen=True)
class Finding:
    """Something about one annotation, or about the whole set, that an expert should look at.

    Attributes:
        kind: the check's name.
        task_id, annotation_id: None for a finding about the set or about an annotator.
        control: the control in question, for label errors.
        given: its label now; `suggested`: the label that fits better.
        score: in [0, 1], low = look at this first.
        related_task_id: the other task, for findings about two.
        url: the task's page in Label Studio; the project's for a finding about the set.
        tasks: of a finding about the set, some that show it, the clearest first.
        annotator: whom it is about, by Label Studio's id; the message calls them `annotator 7`.
    """

    kind: str
    severity: FindingSeverity
    task_id: int | None
    annotation_id: int | None
    score: float
    message: str
    url: str
    control: str | None = None
    given: str | None = None
    suggested: str | None = None
    related_task_id: int | None = None
    tasks: tuple[int, ...] = ()
    annotator: int | None = None


@dataclass(frozen=True, slots=True)
class PersonalTask:
    """A finished task with personal data in it.

    Attributes:
        key: what the key file knows it by.
    """

    task_id: int
    annotation_id: int
    key: str
    found: FoundData


@dataclass(frozen=True, slots=True)
class BadAnswer:
    """An answer that an expert or a reviewer rejected, of the task with this data."""

    data: Mapping[str, Any]
    answer: str


def nothing_reads(texts: Sequence[str]) -> Reading:
    """Where no embedding model is at hand, no text is read."""
    return Reading(np.zeros((len(texts), 1), dtype=np.float32), np.ones(len(texts), dtype=bool))


@dataclass(frozen=True)
class WorkToCheck:
    """A project's finished work with its embeddings, ready to be checked.

    Attributes:
        missing: of each record what it lacks, as a sentence, or None.
        prompts: (n_records, dim) of what the user said, rows of length 1.
        answers: (n_records, dim) of the experts' answers.
        unread_prompts, unread_answers: records of which the embedding model can't read that: it is
            a vector of its characters.
        url_of: the page of a task; `project_url`: of the project.
        engine: where what takes long is computed.
        unlisted: labels that annotations hold and `labeltune.toml` does not list.
        personal: finished tasks that hold personal data.
        exported_as: of `export.personal_data`.
        options: of the checks that have some: `work.options.of("drift", DriftOptions)`.
        rejected: what a reviewer rejected; no check but those of people looks at it.
        wanted: by kind of category, how many examples `[targets]` wants of each label.
        production: what users ask, where that is known.
        judge: a model that checks; None unless `[checks.judge]` asks for it.
        bad_answers: for it to be held against.
        shared: tasks that several annotators finished, with what each of them said.
        shared_answers: (n, dim) of `shared.answers`; `unread_shared`: rows that the embedding model
            can't read.
        read_texts: embeds further texts, by the same model and cache; `read_once`: as well, and
            keeps nothing of them for the next check.
        model: what tells the embedding model from every other one.
        digests: of each record, of all that it is made of; none where nothing is kept of it.
        pairs_in, nearest_in: of `NEAR_PROMPTS` and `NEAREST_PROMPTS`; None to keep nothing.
        past: of a version that was asked for: what is kept stays as it is.
    """

    labelled: Labelled
    missing: tuple[str | None, ...]
    interface: Interface[Any]
    prompts: Embeddings
    answers: Embeddings
    url_of: Callable[[int], str]
    engine: Engine
    unlisted: tuple[Unlisted, ...] = ()
    personal: tuple[PersonalTask, ...] = ()
    exported_as: Personal = "refuse"
    unread_prompts: frozenset[int] = frozenset()
    unread_answers: frozenset[int] = frozenset()
    options: CheckOptions = field(default_factory=CheckOptions)
    project_url: str = ""
    rejected: tuple[LabelledRecord, ...] = ()
    wanted: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    production: ProductionQuestions | None = None
    judge: ProjectJudge | None = None
    bad_answers: tuple[BadAnswer, ...] = ()
    shared: SharedWork = field(default_factory=SharedWork)
    shared_answers: Embeddings = field(default_factory=lambda: np.empty((0, 0), dtype=np.float32))
    unread_shared: frozenset[int] = frozenset()
    read_texts: Callable[[Sequence[str]], Reading] = nothing_reads
    read_once: Callable[[Sequence[str]], Reading] = nothing_reads
    model: str = ""
    digests: tuple[bytes, ...] = ()
    pairs_in: Path | None = None
    nearest_in: Path | None = None
    past: bool = False

    @cached_property
    def near_prompts(self) -> Pairs | None:
        """Pairs of records that ask the same, searched once for all checks.

        None where there are too many to hold, and where a cluster searches instead of this machine.
        """
        if not isinstance(self.engine, LocalEngine):
            return None
        return all_near_pairs(self.prompts, SAME_PROMPT, self.pairs_in, keep=not self.past)

    @cached_property
    def _nearest(self) -> dict[tuple[int, ...], Neighbours]:
        return {}

    def nearest_prompts(self, rows: Sequence[int]) -> Neighbours:
        """Of each of these records the ten whose prompts are most like its own, by their places.

        What is found for the first rows that are asked for is kept for the next check.
        """
        known, asked = self._nearest, tuple(rows)
        if asked not in known:
            path = None if known else self.nearest_in
            vectors = self.prompts[list(asked)]
            known[asked] = nearest_others(vectors, _NEIGHBOURS, path, keep=not self.past)
        return known[asked]

    def finding(
        self,
        of: FoundIn,
        kind: str,
        severity: FindingSeverity,
        score: float,
        message: str,
        **more: Any,
    ) -> Finding:
        """A finding about an annotation, with the page of its task.

        Args:
            more: fields that not every finding has.
        """
        page = self.url_of(of.task_id)
        return Finding(kind, severity, of.task_id, of.annotation_id, score, message, page, **more)

    def set_finding(
        self, kind: str, severity: FindingSeverity, score: float, message: str, **more: Any
    ) -> Finding:
        """A finding about the whole set or an annotator, with the page of the project.

        Args:
            more: as for `finding`; `tasks` that show it.
        """
        return Finding(kind, severity, None, None, score, message, self.project_url, **more)


@dataclass(frozen=True)
class CheckResult:
    """What a check found.

    Attributes:
        skips: what it did not judge and why, a sentence each without its full stop.
        scores: of single labels, for `label-quality.jsonl`: plain values.
        needs: how many finished tasks it would need to judge at all, where there are fewer.
        notes: what else is worth saying, likewise, as how far a judge agrees with the experts.
        figures: the same as numbers and lists, for reports; plain values.
    """

    findings: tuple[Finding, ...] = ()
    skips: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    figures: Mapping[str, Any] = field(default_factory=dict)
    needs: int | None = None
    scores: tuple[Mapping[str, Any], ...] = ()


Check = Callable[[WorkToCheck], CheckResult]
# judges by what the other checks found, whose results it gets by name
FollowUp = Callable[[WorkToCheck, Mapping[str, CheckResult]], CheckResult]
