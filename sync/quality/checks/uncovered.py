"""Questions of production that no training example is like, and examples that nobody asks.

How near is near, the set itself says: a question is covered where its nearest example is as near
as nearly all examples have theirs. So by its own measure one in twenty is uncovered at most.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from connectors.reading import Embeddings
from sync.common.task_texts import user_text
from sync.quality.checks.check import CheckResult, Finding, FindingSeverity, WorkToCheck
from sync.quality.checks.nearest_rows import nearest_rows, sample_of
from sync.quality.checks.shares import interval, told
from sync.quality.checks.telling_words import WordCounts, shortened, telling_words
from sync.quality.production import ProductionQuestions

KIND = "uncovered_question"
# of a set's own questions that are allowed to be farther from the others
REACH = 0.05
# whatever a set's own questions are like: below it nothing is alike, above it everything
_LIMITS = (0.35, 0.75)
# the same question once more is no neighbour
_SAME = 0.98
# uncovered questions that are put into groups
_GROUPED = 2_000
_GROUPS = 10
_SHOWN = 3


@dataclass(frozen=True)
class UncoveredOptions:
    """Which groups of questions are worth a finding.

    Attributes:
        similarity: a question is covered by an example that is at least so similar; 0: as the
            examples themselves have it.
        together: questions of one group are so similar, on average.
        questions: in a group, at least.
        examples: to hold questions against, at least.
    """

    similarity: float = 0.0
    together: float = 0.4
    questions: int = 3
    examples: int = 20


def reach(vectors: Embeddings, share: float = REACH) -> float:
    """The similarity that all but a share of a set's questions have to their nearest."""
    sample = sample_of(len(vectors))
    among = vectors[sample]
    near = nearest_rows(among, among, 1, own=np.arange(len(among)), below=_SAME)
    found = near.similarity[near.similarity > -1.0]
    typical = float(np.quantile(found, share)) if len(found) else _LIMITS[0]
    return min(max(typical, _LIMITS[0]), _LIMITS[1])


def groups_of(vectors: Embeddings, together: float) -> list[NDArray[np.int64]]:
    """Rows that are alike, the largest group first.

    Args:
        together: the mean similarity of a group's rows, at least.
    """
    from sklearn.cluster import AgglomerativeClustering

    if len(vectors) < 2:
        return [np.arange(len(vectors))]
    clustering = AgglomerativeClustering(
        n_clusters=None, distance_threshold=1 - together, metric="cosine", linkage="average"
    )
    labels = clustering.fit_predict(vectors)
    groups = [np.flatnonzero(labels == label) for label in np.unique(labels)]
    return sorted(groups, key=lambda rows: (-len(rows), int(rows[0])))


def check(work: WorkToCheck) -> CheckResult:
    """Compare with production, where `--against` names traces."""
    asked = work.production
    if asked is None:
        return CheckResult()
    options = work.options.of(KIND, UncoveredOptions)
    rows = [
        i
        for i, record in enumerate(work.labelled.records)
        if i not in work.unread_prompts
        and work.interface.accepted_answer(record.record, record.data) is not None
    ]
    if len(rows) < options.examples or not len(asked.vectors):
        few = (
            f"{asked.source}: {len(rows)} accepted examples and {len(asked.vectors)} readable "
            f"questions; it needs {options.examples} examples to say what they cover"
        )
        return CheckResult(skips=(few,))
    # what a set has beside the model's own columns is of texts that the model can't read
    width = min(work.prompts.shape[1], asked.vectors.shape[1])
    examples = work.prompts[rows, :width]
    asked = replace(asked, vectors=asked.vectors[:, :width])
    near = options.similarity or reach(examples)
    nearest = nearest_rows(asked.vectors, examples, 1)
    uncovered = np.flatnonzero(nearest.similarity[:, 0] < near)
    findings = list(_uncovered(work, asked, rows, uncovered, options))
    covered = told(len(asked.texts) - len(uncovered), len(asked.texts))
    notes = [
        f"Of {asked.source} {covered} questions have a training example that is as near as "
        f"examples have each other (similarity {near:.2f})"
    ]
    if asked.broken:
        notes.append(f"Of {asked.source} {asked.broken} rows could not be read")
    if asked.traces > len(asked.texts):
        notes.append(f"Of {asked.source} {len(asked.texts)} of {asked.traces} traces were compared")
    unasked, finding = _unasked(work, asked, rows, examples)
    findings += finding
    figures = {
        "questions": len(asked.texts),
        "uncovered": len(uncovered),
        "similarity": round(near, 4),
        "unasked_examples": unasked,
        "examples": len(rows),
    }
    return CheckResult(tuple(findings), notes=tuple(notes), figures=figures)


def _uncovered(
    work: WorkToCheck,
    asked: ProductionQuestions,
    rows: Sequence[int],
    uncovered: NDArray[np.int64],
    options: UncoveredOptions,
) -> Iterator[Finding]:
    if not len(uncovered):
        return
    if interval(len(uncovered), len(asked.texts))[0] > 2 * REACH:
        message = (
            f"{told(len(uncovered), len(asked.texts))} of the questions in {asked.source} have no "
            f"example like them, where {REACH:.0%} would be usual; the groups beside this say what "
            "to label"
        )
        score = round(1 - len(uncovered) / len(asked.texts), 4)
        yield work.set_finding(KIND, "warning", score, message, control="questions")
    part = uncovered[sample_of(len(uncovered), _GROUPED)]
    examples = WordCounts.of(user_text(work.labelled.records[i].data) for i in rows)
    weight = len(uncovered) / len(part)
    groups = groups_of(asked.vectors[part], options.together)
    for group in groups[:_GROUPS]:
        number = round(len(group) * weight)
        if len(group) < options.questions:
            return
        own = [asked.texts[j] for j in part[group].tolist()]
        words = telling_words(own, examples)
        about = f" about {', '.join(words)}" if words else ""
        middle = np.argsort(-(asked.vectors[part[group]] @ asked.vectors[part[group]].mean(axis=0)))
        shown = dict.fromkeys(shortened(own[j]) for j in middle.tolist())
        quoted = ", ".join(f"“{text}”" for text in list(shown)[:_SHOWN])
        severity: FindingSeverity = (
            "warning" if interval(number, len(asked.texts))[0] > 0.01 else "info"
        )
        message = (
            f"no example is like {told(number, len(asked.texts))} of the questions in "
            f"{asked.source}{about}, such as {quoted}; label some of them"
        )
        score = round(1 - number / len(asked.texts), 4)
        yield work.set_finding(KIND, severity, score, message, suggested=", ".join(words) or None)


def _unasked(
    work: WorkToCheck, asked: ProductionQuestions, rows: Sequence[int], examples: Embeddings
) -> tuple[int, list[Finding]]:
    """How many examples are like nothing that is asked, and a finding where they are many."""
    if len(asked.vectors) < 2:
        return 0, []
    near = reach(asked.vectors)
    nearest = nearest_rows(examples, asked.vectors, 1)
    far = np.flatnonzero(nearest.similarity[:, 0] < near)
    if interval(len(far), len(rows))[0] <= 2 * REACH:
        return len(far), []
    farthest = far[np.argsort(nearest.similarity[far, 0], kind="stable")]
    tasks = tuple(work.labelled.records[rows[j]].task_id for j in farthest[:5].tolist())
    message = (
        f"{told(len(far), len(rows))} of the examples are like no question in {asked.source}: a "
        "model learns what nobody asks; keep what must be covered all the same, such as rare risks"
    )
    score = round(1 - 0.5 * len(far) / len(rows), 4)
    found = work.set_finding(KIND, "info", score, message, tasks=tasks, control="examples")
    return len(far), [found]
