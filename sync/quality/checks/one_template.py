"""Answers that follow one template: a model learns the template, and little else.

A word that many answers hold is part of what they share; every other word is a gap. Two answers
follow one template where shared words and gaps come in the same order. A house style, such as one
greeting or a disclosure that the law asks for, is no fault; hardly anything beside it is one.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sync.quality.checks.check import CheckResult, Finding, WorkToCheck
from sync.quality.checks.shares import interval, told
from sync.quality.checks.telling_words import shortened, words_of

KIND = "one_template"
# shared words that a template has at least
_LEAST_WORDS = 5
# a word that this share of the answers hold is shared
_SHARED = 0.1
# of an answer's words, that its template has at least
_COVERED = 2 / 3
_OPENING = 4
_SHOWN = 5
_GAP = "…"


@dataclass(frozen=True)
class OneTemplateOptions:
    """When answers are too uniform.

    Attributes:
        share: of answers that follow one template.
        opening: of answers that begin with the same words.
        answers: in all; fewer are not judged.
    """

    share: float = 0.2
    opening: float = 0.5
    answers: int = 50


def skeletons(texts: Sequence[Sequence[str]], shared: float = _SHARED) -> list[tuple[str, ...]]:
    """Of each text its shared words in order, a gap in place of all that stands between.

    Args:
        texts: as words.
        shared: the share of texts that hold a word, for it to be shared.
    """
    counts = Counter(word for words in texts for word in set(words))
    least = max(2.0, shared * len(texts))
    common = {word for word, n in counts.items() if n >= least}
    found = []
    for words in texts:
        built: list[str] = []
        for word in words:
            if word in common:
                built.append(word)
            elif not built or built[-1] != _GAP:
                built.append(_GAP)
        found.append(tuple(built))
    return found


def check(work: WorkToCheck) -> CheckResult:
    """Look at the accepted answers."""
    options = work.options.of(KIND, OneTemplateOptions)
    accepted = [
        (record.task_id, answer)
        for record in work.labelled.records
        if (answer := work.interface.accepted_answer(record.record, record.data))
    ]
    texts = [answer for _, answer in accepted]
    tasks = [task_id for task_id, _ in accepted]
    if len(texts) < options.answers:
        return CheckResult(needs=options.answers)
    words = [words_of(text) for text in texts]
    findings = [
        *_of_templates(work, tasks, texts, words, options),
        *_of_openings(work, tasks, words, options),
    ]
    return CheckResult(tuple(findings))


def _of_templates(
    work: WorkToCheck,
    tasks: Sequence[int],
    texts: Sequence[str],
    words: Sequence[Sequence[str]],
    options: OneTemplateOptions,
) -> Iterator[Finding]:
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for i, skeleton in enumerate(skeletons(words)):
        kept = sum(word != _GAP for word in skeleton)
        if kept >= max(_LEAST_WORDS, _COVERED * len(words[i])):
            groups[skeleton].append(i)
    for skeleton, rows in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0])):
        low, _ = interval(len(rows), len(texts))
        if low <= options.share:
            return
        shape = shortened(" ".join(skeleton).replace(f" {_GAP} ", " … "))
        message = (
            f"{told(len(rows), len(texts))} of the answers follow one template, “{shape}”: a "
            "model learns its words by heart and little else; vary them, or export fewer of them"
        )
        yield work.set_finding(
            KIND,
            "warning",
            round(1 - len(rows) / len(texts), 4),
            message,
            tasks=tuple(tasks[i] for i in rows[:_SHOWN]),
        )


def _of_openings(
    work: WorkToCheck,
    tasks: Sequence[int],
    words: Sequence[Sequence[str]],
    options: OneTemplateOptions,
) -> Iterator[Finding]:
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for i, own in enumerate(words):
        if len(own) > _OPENING:
            groups[tuple(own[:_OPENING])].append(i)
    if not groups:
        return
    opening, rows = max(groups.items(), key=lambda item: (len(item[1]), item[0]))
    if interval(len(rows), len(words))[0] <= options.opening:
        return
    message = (
        f"{told(len(rows), len(words))} of the answers begin with “{' '.join(opening)}”: fine "
        "where that is your house style; else a model will say it always"
    )
    score = round(1 - 0.5 * len(rows) / len(words), 4)
    shown = tuple(tasks[i] for i in rows[:_SHOWN])
    yield work.set_finding(KIND, "info", score, message, control="opening", tasks=shown)
