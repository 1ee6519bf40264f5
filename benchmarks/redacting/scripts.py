"""How exactly personal data is found in each script."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from rich.table import Table

from benchmarks.redacting.sentences import Sentence
from sync.intake.redaction.spans import Span

FindSpans = Callable[[str], list[Span]]
Figures = dict[str, Any]
_PHONE = "PHONE_NUMBER"


class _Count:
    """Values and spans of one kind."""

    def __init__(self) -> None:
        self.values = self.exact = self.covered = self.spans = self.right = 0

    def figures(self) -> Figures:
        return {
            "values": self.values,
            "recall": _share(self.exact, self.values),
            "covered": _share(self.covered, self.values),
            "precision": _share(self.right, self.spans),
        }


def measured(found_in: Iterable[Sentence], find: FindSpans) -> Figures:
    """Recall and precision by script and kind; a span counts where it is the value and no more.

    `covered` counts values of which no part is left, and `swallowed` the characters of sentences
    that went with a value.
    """
    by: defaultdict[str, defaultdict[str, _Count]] = defaultdict(lambda: defaultdict(_Count))
    forms: defaultdict[tuple[str, str], _Count] = defaultdict(_Count)
    count = swallowed = 0
    languages: Counter[str] = Counter()
    for sentence in found_in:
        count += 1
        languages[sentence.language] += 1
        spans = find(sentence.text)
        taken = {i for span in spans for i in range(span.start, span.end)}
        own = {i for value in sentence.values for i in range(value.start, value.end)}
        beside = {
            i
            for span in spans
            if not own.isdisjoint(range(span.start, span.end))
            for i in range(span.start, span.end)
        }
        swallowed += len(beside - own)
        exact = {(s.start, s.end, s.entity) for s in spans}
        for value, form in zip(sentence.values, sentence.forms, strict=True):
            counts = [by[script][value.entity] for script in (sentence.script, "all")]
            counts.append(forms[value.entity, form])
            for each in counts:
                each.values += 1
                each.exact += (value.start, value.end, value.entity) in exact
                each.covered += taken.issuperset(range(value.start, value.end))
        gold = {(v.start, v.end, v.entity) for v in sentence.values}
        for span in spans:
            for script in (sentence.script, "all"):
                by[script][span.entity].spans += 1
                by[script][span.entity].right += (span.start, span.end, span.entity) in gold
    return {
        "sentences": count,
        "languages": len(languages),
        "swallowed": swallowed,
        "scripts": {
            script: {kind: of.figures() for kind, of in sorted(kinds.items())}
            for script, kinds in by.items()
        },
        "phones": {
            form: of.figures() for (kind, form), of in sorted(forms.items()) if kind == _PHONE
        },
    }


def table(figures: Figures) -> Table:
    """A row for each script and kind."""
    made = Table("script", "kind", "values", "recall", "covered", "precision")
    rows = [(s, kind, of) for s, kinds in figures["scripts"].items() for kind, of in kinds.items()]
    rows += [("all", f"phone, {form}", of) for form, of in figures["phones"].items()]
    for script, kind, of in rows:
        made.add_row(
            script, kind, str(of["values"]), *(_written(of[k]) for k in ("recall", "covered")),
            _written(of["precision"]) if "phone," not in kind else "",
        )  # fmt: skip
    return made


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _written(share: float | None) -> str:
    return "" if share is None else f"{share:.3f}"
