"""New questions of a kind, written by a model: only where the team has none that waits.

The model sees questions of the train split and never a held-out one, which it would put into other
words; of those that fail it is told the few words that name their cluster. A new question stands in
the situation of one of train, with its facts and documents, so that a split keeps both together.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import numpy as np

from label_configs import Interface, LabelConfigError
from label_configs.content import INSTRUCTION_ROLES, text_of
from label_configs.context import readable
from sync.common.json_text import Json
from sync.common.languages import letters, prose, ranking
from sync.common.source_task import WRITTEN_BY
from sync.dataset.splits.ties import ties_of
from sync.records import LabelledRecord
from sync.settings import Config
from sync.tuning.evaluation.arms.prompts import ArmRequest
from sync.tuning.evaluation.next_tasks.failing_kinds import FailingKind
from sync.tuning.evaluation.next_tasks.leak_guard import QuestionVectors
from sync.tuning.evaluation.next_tasks.project_questions import TaskCandidate, question_of

SCHEMA: Json = {
    "type": "object",
    "properties": {
        "questions": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 4}
    },
    "required": ["questions"],
    "additionalProperties": False,
}
# questions of each reply; some are refused
_EACH = 3
_SHOWN = 4
_LONGEST = 2_000
_SHORTEST_LETTERS = 8
# of the material that is shown
_MATERIAL = 4_000
_KEPT = ("context", "documents", "document", "section")
_SYSTEM = (
    "You write questions that people put to an organisation, so that its experts can answer them. "
    "You never answer."
)


@dataclass(frozen=True)
class WrittenFor:
    """One request: a kind, and the train task in whose situation it is asked anew."""

    kind: FailingKind
    seed: LabelledRecord
    examples: tuple[str, ...]

    def request(self, config: Config) -> ArmRequest:
        """What the model is asked."""
        return ArmRequest(([*self._messages(config)],), SCHEMA, str)

    def _messages(self, config: Config) -> Iterator[dict[str, Any]]:
        yield {"role": "system", "content": _SYSTEM}
        kinds = "; ".join(_kind(name, label, config) for name, label in self._labels())
        shown = "\n".join(f"- {text}" for text in self.examples)
        parts = [
            f"Questions that were asked before:\n{shown}",
            f"What is known of who asks:\n{material}" if (material := _material(self.seed)) else "",
            f"The kind of question: {kinds}." if kinds else "",
            f"Write {_EACH} new questions that could be asked in this situation. Each has to do "
            f"with: {self.kind.cluster}. Each asks something else than those above and than each "
            "other, with other facts and other words. Write in their language, as such people "
            'write. Reply with JSON: {"questions": ["…", "…"]}',
        ]
        yield {"role": "user", "content": "\n\n".join(filter(None, parts))}

    def _labels(self) -> Sequence[tuple[str, str]]:
        return list(self.kind.categories.items())


def wanted_questions(
    kind: FailingKind, number: int, train: Sequence[LabelledRecord], vectors: QuestionVectors
) -> list[WrittenFor]:
    """Requests for so many questions of a kind: by the train tasks that are most like it.

    Args:
        train: of the train split alone; those of another cell are no examples.
    """
    fitting = [each for each in train if kind.fits(each.categories) and question_of(each.data)]
    if not fitting or not number:
        return []
    failed = vectors.of([question_of(item.record.data) for item in kind.items])
    rows = vectors.of([question_of(each.data) for each in fitting])
    order = np.argsort(-(rows @ failed.T).mean(axis=1), kind="stable").tolist()
    nearest = [fitting[place] for place in order]
    examples = tuple(" ".join(_last(each).split())[:400] for each in nearest[:_SHOWN])
    # twice as many as are wanted, of which some are refused
    return [WrittenFor(kind, seed, examples) for seed in nearest[: -(-2 * number // _EACH)]]


def written_candidates(
    asked: WrittenFor, reply: str | None, config: Config, interface: Interface[Any], model: str
) -> Iterator[TaskCandidate]:
    """The questions of a reply that can be tasks; whether they are new is looked at later."""
    for text in _questions(reply):
        if not _is_like(text, question_of(asked.seed.data)):
            continue
        row = _row(asked, text, config, model)
        try:
            interface.check_task({k: v for k, v in row.items() if k != "id"})
        except LabelConfigError:
            continue
        yield TaskCandidate(
            row["id"],
            question_of(row),
            ties_of(row, config.split),
            asked.kind.categories,
            "written",
            f"written by {model}",
            row=row,
        )


def _questions(reply: str | None) -> Iterator[str]:
    try:
        found = json.loads(reply or "")["questions"]
    except (ValueError, LookupError, TypeError):
        return
    for text in found if isinstance(found, list) else ():
        if isinstance(text, str) and text.strip() and len(text) <= _LONGEST:
            yield text.strip()


def _is_like(text: str, seed: str) -> bool:
    """Whether a text is long enough to be asked, and in the language of another one."""
    mine, theirs = prose(text), prose(seed)
    if len(letters(mine).encode()) < _SHORTEST_LETTERS:
        return False
    likely = [code for code, probability in ranking(theirs)[:2] if probability > 0.1]
    return not likely or ranking(mine)[0][0] in likely or len(letters(theirs)) < 20


def _row(asked: WrittenFor, text: str, config: Config, model: str) -> dict[str, Any]:
    """A new question in the situation of the train task, with all that ties it to that one."""
    data = asked.seed.data
    system = [m for m in data.get("messages") or () if m.get("role") in INSTRUCTION_ROLES]
    paths = (*config.split.keep_together, config.split.time_field or "")
    together = {path.split(".")[0] for path in paths}
    kept = {name: data[name] for name in (*_KEPT, *sorted(together)) if data.get(name)}
    digest = sha256(json.dumps([asked.seed.key, text]).encode()).hexdigest()[:16]
    categories = asked.kind.categories
    return {
        "id": f"written-{digest}",
        "messages": [*system, {"role": "user", "content": text}],
        **kept,
        **({"categories": categories} if categories else {}),
        WRITTEN_BY: model,
    }


def _last(record: LabelledRecord) -> str:
    said = [m for m in record.data.get("messages") or () if m.get("role") == "user"]
    return text_of(said[-1].get("content")) if said else ""


def _material(record: LabelledRecord) -> str:
    context = record.data.get("context") or {}
    facts = [f"{name}: {readable(fact)}" for name, fact in context.items() if fact is not None]
    titles = [str(d.get("title") or "") for d in record.data.get("documents") or ()]
    if any(titles):
        facts.append(f"documents: {', '.join(filter(None, titles))}")
    return "\n".join(facts)[:_MATERIAL]


def _kind(name: str, label: str, config: Config) -> str:
    about = config.categories[name].about if name in config.categories else ""
    return f"{name} is {label}{f' ({about})' if about else ''}"
