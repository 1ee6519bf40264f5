"""What a deployed model said: traces of production, by the project's checks and by what is asked.

Traces are read as `push` reads sources; the last turn of each is the model's answer. Nothing is
known of what it should have been, so that only what an answer alone tells is measured.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from connectors.reading import Embeddings
from label_configs.content import spoken, text_of
from label_configs.context import readable
from label_configs.raw_reply import split_reply
from sync.common.errors import SourceError
from sync.common.json_text import Json
from sync.common.source_task import SourceTask
from sync.common.task_texts import user_text
from sync.common.wording import counted
from sync.intake.sources import SourceReader
from sync.quality.checks.nearest_rows import nearest_rows
from sync.quality.checks.uncovered import reach
from sync.quality.chosen_checks import chosen_checks
from sync.quality.judge.connect import sampled
from sync.quality.text_checks.checked_text import CheckedText, Document, TextCheck
from sync.records import LabelledRecord
from sync.records.pulled_work import open_pulled_work
from sync.settings import Config
from sync.tuning.evaluation.arms.prompts import VectorsOf
from sync.tuning.evaluation.measures.text_checks import OF_EXPERTS
from sync.tuning.evaluation.statistics.intervals import MeanEstimate, group_numbers, mean_estimate

# examples to hold questions against, at least
_LEAST_EXAMPLES = 20


@dataclass(frozen=True)
class ProductionTrace:
    """A conversation that a deployed model ended.

    Attributes:
        before: its turns before the answer.
        failed: names of the checks that the answer fails.
        is_new: no accepted example is like the question; None: not known.
    """

    task: SourceTask
    before: Sequence[Mapping[str, Any]]
    answer: str
    failed: tuple[str, ...] = ()
    is_new: bool | None = None

    @property
    def question(self) -> str:
        """All that the user said."""
        return user_text({"messages": list(self.before)})


@dataclass(frozen=True)
class TracesFound:
    """What traces tell.

    Attributes:
        passing: the share of answers that pass all checks.
        failing: by check, how many answers fail it; the most frequent first.
        new: the share of questions that no accepted example is like; None where there are too few
            examples to tell.
        notes: what else is to be said, a sentence each without its full stop.
    """

    traces: tuple[ProductionTrace, ...]
    passing: MeanEstimate
    failing: Mapping[str, int]
    new: MeanEstimate | None
    notes: tuple[str, ...]

    def sentences(self) -> Iterator[str]:
        """For people."""
        yield f"Of {len(self.traces)} traces {_told(self.passing)} pass all checks."
        for name, number in self.failing.items():
            yield f"  {number} fail {name}"
        if self.new is not None:
            yield f"{_told(self.new)} ask what no accepted example is like."
        yield from (f"{note}." for note in self.notes)

    def to_json(self) -> Json:
        """Plain values; nothing of what was said."""
        return {
            "traces": len(self.traces),
            "passing": self.passing.__dict__,
            "failing": dict(self.failing),
            "new": None if self.new is None else self.new.__dict__,
            "failed": [
                {"where": t.task.where, "checks": t.failed} for t in self.traces if t.failed
            ],
            "notes": list(self.notes),
        }


def read_traces(
    config: Config, paths: Sequence[Path], vectors_of: VectorsOf, most: int = 0
) -> TracesFound:
    """Check what a deployed model said.

    Args:
        most: traces that are looked at, a random share of more; 0: all.

    Raises:
        SourceError: a file can't be read, or no trace ends with an answer.
        ConfigError: a check or its options are unknown.
        SyncError: nothing was pulled.
    """
    sources = config.sources.model_copy(update={"last_assistant": "keep"})
    reader = SourceReader(paths, sources)
    read = [_trace(outcome) for outcome in reader.outcomes()]
    found = [trace for trace in read if trace is not None]
    if not found:
        named = ", ".join(path.name for path in paths)
        raise SourceError(
            f"{named}: no trace of {len(read)} ends with an answer in words; expected "
            "conversations whose last turn is the assistant's, as `labeltune push` reads them"
        )
    chosen = [found[i] for i in sampled(range(len(found)), most)]
    checks = chosen_checks(config).of_texts
    used = {name: check for name, check in checks.items() if name not in OF_EXPERTS}
    guidelines = config.guidelines_text()
    checked = [replace(t, failed=_failed(t, used, guidelines, config)) for t in chosen]
    groups = group_numbers([trace.question for trace in checked])
    traces, notes = _told_apart(checked, config, vectors_of)
    new = None
    if traces[0].is_new is not None:
        new = mean_estimate(np.array([float(bool(t.is_new)) for t in traces]), groups)
    if len(found) < len(read):
        others = counted(len(read) - len(found), "row ends", "rows end")
        notes.append(f"{others} without an answer in words")
    counts = Counter(name for trace in traces for name in trace.failed)
    return TracesFound(
        tuple(traces),
        mean_estimate(np.array([float(not trace.failed) for trace in traces]), groups),
        dict(counts.most_common()),
        new,
        tuple(notes),
    )


def queue_sample(found: TracesFound, number: int) -> Iterator[Json]:
    """Rows for experts: those that fail most checks, then new questions, then others at random."""
    shuffled = np.random.default_rng(0).permutation(len(found.traces)).tolist()
    order = sorted(
        shuffled, key=lambda i: (-len(found.traces[i].failed), not found.traces[i].is_new)
    )
    for place in order[:number]:
        trace = found.traces[place]
        yield {**trace.task.data, "id": trace.task.id}


def _trace(outcome: object) -> ProductionTrace | None:
    if not isinstance(outcome, SourceTask):
        return None
    messages = outcome.data.get("messages") or []
    if len(messages) < 2 or messages[-1].get("role") != "assistant":
        return None
    answer = split_reply(text_of(messages[-1].get("content"))).answer
    return ProductionTrace(outcome, messages[:-1], answer) if answer.strip() else None


def _failed(
    trace: ProductionTrace, checks: Mapping[str, TextCheck], guidelines: str, config: Config
) -> tuple[str, ...]:
    data = trace.task.data
    context = data.get("context") or {}
    said = [turn for turn in trace.before if turn.get("role") == "user"]
    text = CheckedText(
        question=text_of(said[-1].get("content")) if said else "",
        prompt="\n\n".join(filter(None, map(spoken, trace.before))),
        answer=trace.answer,
        context={str(k): readable(v) for k, v in context.items() if v is not None},
        documents=tuple(
            Document(str(d.get("title") or ""), str(d.get("text") or ""))
            for d in data.get("documents") or ()
        ),
        guidelines=guidelines,
        profile=config.label_studio.profile,
    )
    return tuple(name for name, check in checks.items() if _fails(check, text))


def _fails(check: TextCheck, text: CheckedText) -> bool:
    try:
        return any(fault.severity != "info" for fault in check(text))
    except Exception:  # noqa: BLE001 - one text that a check can't take stops no other
        return False


def _told_apart(
    traces: Sequence[ProductionTrace], config: Config, vectors_of: VectorsOf
) -> tuple[list[ProductionTrace], list[str]]:
    """Traces with whether their question is new, by how near examples have each other."""
    work = open_pulled_work(config)
    examples = [
        user_text(outcome.data)
        for outcome in work.outcomes()
        if isinstance(outcome, LabelledRecord) and outcome.accepted(work.interface)
    ]
    if len(examples) < _LEAST_EXAMPLES:
        few = f"{len(examples)} accepted examples are too few to say what they cover"
        return list(traces), [f"{few}; it needs {_LEAST_EXAMPLES}"]
    vectors = vectors_of([*examples, *(trace.question for trace in traces)])
    known: Embeddings = vectors[: len(examples)]
    nearest = nearest_rows(vectors[len(examples) :], known, 1).similarity[:, 0]
    limit = reach(known)
    return [
        replace(trace, is_new=bool(similarity < limit))
        for trace, similarity in zip(traces, nearest, strict=True)
    ], []


def _told(share: MeanEstimate) -> str:
    if share.low is None or share.high is None:
        return f"{share.value:.0%}"
    return f"{share.value:.0%} ({share.low:.0%} to {share.high:.0%})"
