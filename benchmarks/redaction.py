"""How much personal data redaction finds, how often it is wrong, and how fast it is.

The data is a JSON list of texts with gold spans as presidio's generator writes it: the file
`data/synth_dataset_v2.json` of github.com/microsoft/presidio-research. A value counts as found when
a span of its kind covers all of it, and as covered when spans of any kind leave no letter or digit
of it. Precision is the share of the spans of a kind that touch a gold value of that kind.

The texts are halved by a hash: recognisers were developed on one half only. Presidio's own
recognisers are measured beside ours. Texts of --plain files should hold nothing personal.
"""

import argparse
import csv
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

# before this folder, whose sync.py would hide the package
sys.path.insert(0, str(Path(__file__).parent.parent))

from rich.console import Console
from rich.table import Table

from benchmarks.redacting import scripts
from benchmarks.redacting.sentences import ROUNDS, sentences
from benchmarks.redacting.stock_presidio import stock_spans
from sync.common.source_task import SourceTask
from sync.intake.cleaning.steps.redaction import Redaction
from sync.intake.cleaning.task_batches import batches
from sync.intake.redaction.spans import Span, analysis
from sync.settings.redaction import RedactionSection

# the data's names of what we call otherwise
OURS = {
    "DOMAIN_NAME": "URL",
    "GPE": "LOCATION",
    "STREET_ADDRESS": "LOCATION",
    "ZIP_CODE": "LOCATION",
}
PATTERN_TYPES = (
    *("EMAIL_ADDRESS", "PHONE_NUMBER", "CREDIT_CARD", "IBAN_CODE"),
    *("US_SSN", "IP_ADDRESS", "URL"),
)
SCRIPT_TYPES = ("EMAIL_ADDRESS", "PHONE_NUMBER", "URL", "MAC_ADDRESS")
HALVES = ("developed on", "held out")
FindSpans = Callable[[str], list[Span]]
Figures = dict[str, Any]


def main() -> int:
    """Print the tables, or one JSON object."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--data", type=Path, help="texts with gold spans")
    what.add_argument("--scripts", action="store_true", help="our sentences in many scripts")
    parser.add_argument("--stock", action="store_true", help="presidio's own, with --scripts")
    parser.add_argument("--plain", type=Path, nargs="*", default=[], help="CSV or JSONL files")
    parser.add_argument("--spacy-model", help="an installed model's name or folder")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--quick", action="store_true", help="the first 300 texts of each file")
    asked = parser.parse_args()
    if asked.scripts:
        return in_scripts(stock=asked.stock, quick=asked.quick, as_json=asked.json)
    if not asked.data.is_file():
        parser.error(
            f"{asked.data}: no such file; get data/synth_dataset_v2.json of "
            "github.com/microsoft/presidio-research"
        )
    most = 300 if asked.quick else None
    samples = json.loads(asked.data.read_text(encoding="utf-8"))[:most]
    settings = RedactionSection(on=True, spacy_model=asked.spacy_model)
    find = analysis(settings).spans
    figures = {
        "halves": {
            half: measured([s for s in samples if half_of(s["full_text"]) == half], find)
            for half in HALVES
        },
        "all": measured(samples, find),
        "stock": measured(samples, stock_spans(PATTERN_TYPES, settings.least_score)),
        "texts_per_s": speeds(settings, [s["full_text"] for s in samples]),
        "plain": {p.name: alarms(list(plain_texts(p))[:most], find) for p in asked.plain},
    }
    recalls = [figures["all"][kind]["recall"] for kind in PATTERN_TYPES if kind in figures["all"]]
    figures["least_pattern_recall"] = min(recalls)
    if asked.json:
        sys.stdout.write(json.dumps(figures) + "\n")
    else:
        show(figures)
    return 0


def in_scripts(*, stock: bool, quick: bool, as_json: bool) -> int:
    """Print what is found in which script."""
    settings = RedactionSection(on=True)
    find = analysis(settings).spans
    if stock:
        find = stock_spans(SCRIPT_TYPES, settings.least_score, in_scripts=True)
    figures = scripts.measured(sentences(1 if quick else ROUNDS), find)
    if as_json:
        sys.stdout.write(json.dumps(figures) + "\n")
        return 0
    console = Console()
    console.print(scripts.table(figures))
    console.print(
        f"{figures['sentences']} sentences in {figures['languages']} languages; "
        f"{figures['swallowed']} characters went with a value"
    )
    return 0


def half_of(text: str) -> str:
    """Which half a text belongs to; the same on every machine."""
    return HALVES[hashlib.sha256(text.encode()).digest()[0] % 2]


def measured(samples: Sequence[Mapping[str, Any]], find: FindSpans) -> Figures:
    """By kind of the data: values, how many were found and covered, and the precision."""
    values, found, covered = Counter[str](), Counter[str](), Counter[str]()
    spans_of, right = Counter[str](), Counter[str]()
    for sample in samples:
        text = sample["full_text"]
        gold = [
            Span(g["start_position"], g["end_position"], kind_of(g["entity_type"]), 1.0)
            for g in sample["spans"]
        ]
        spans = find(text)
        for value in gold:
            values[value.entity] += 1
            found[value.entity] += any(holds(s, value) for s in spans)
            covered[value.entity] += is_covered(text, value, spans)
        for span in spans:
            spans_of[span.entity] += 1
            right[span.entity] += any(touches(span, value) for value in gold)
    return {
        kind: {
            "values": values[kind],
            "recall": round(found[kind] / values[kind], 4),
            "covered": round(covered[kind] / values[kind], 4),
            "precision": round(right[kind] / spans_of[kind], 4) if spans_of[kind] else None,
        }
        for kind in sorted(values, key=lambda k: (k not in PATTERN_TYPES, k))
    }


def kind_of(entity: str) -> str:
    """Our name of a kind of the data."""
    return OURS.get(entity, entity)


def holds(span: Span, value: Span) -> bool:
    """Whether a span of the value's kind has all of it."""
    return span.entity == value.entity and span.start <= value.start and value.end <= span.end


def touches(span: Span, value: Span) -> bool:
    """Whether a span shares a character with a value of its kind."""
    return span.entity == value.entity and span.start < value.end and value.start < span.end


def is_covered(text: str, value: Span, spans: Iterable[Span]) -> bool:
    """Whether no letter or digit of a value is outside all spans."""
    inside = {i for span in spans for i in range(span.start, span.end)}
    return all(i in inside for i in range(value.start, value.end) if text[i].isalnum())


def alarms(texts: Sequence[str], find: FindSpans) -> Figures:
    """What is found in texts that should hold nothing personal, by kind."""
    kinds = Counter(span.entity for text in texts for span in find(text))
    return {"texts": len(texts), "found": dict(kinds)}


def plain_texts(path: Path) -> Iterator[str]:
    """Every text of a CSV or JSONL file."""
    with path.open(encoding="utf-8", newline="") as file:
        if path.suffix == ".csv":
            yield from (cell for row in csv.reader(file) for cell in row)
        else:
            for line in file:
                yield from (v for v in json.loads(line).values() if isinstance(v, str))


def speeds(settings: RedactionSection, texts: Sequence[str]) -> dict[str, int]:
    """Texts a second of the whole step, and of the same texts with nothing but words in them."""
    step = Redaction(settings, b"benchmark")
    words = [" ".join(w for w in text.split() if w.isalpha()) for text in texts]
    return {"with values": _speed(step, texts), "without values": _speed(step, words)}


def _speed(step: Redaction, texts: Sequence[str]) -> int:
    tasks = (
        # a number, so that no text is one that was looked at before
        SourceTask(None, {"messages": [{"role": "user", "content": f"{text} ({i})"}]}, "")
        for i, text in enumerate(texts)
    )
    tables = list(batches(tasks))
    started = perf_counter()
    for table in tables:
        step(table)
    return round(len(texts) / (perf_counter() - started))


def show(figures: Figures) -> None:
    """Tables for people."""
    table = Table(
        *("kind", "values", "recall", "held out", "precision", "covered"),
        *("presidio's recall", "precision"),
    )
    held_out = figures["halves"][HALVES[1]]
    for kind, all_of in figures["all"].items():
        stock = figures["stock"][kind] if kind in PATTERN_TYPES else {}
        table.add_row(
            *(kind, str(all_of["values"]), _share(all_of["recall"])),
            _share(held_out.get(kind, {}).get("recall")),
            *(_share(all_of["precision"]), _share(all_of["covered"])),
            *(_share(stock.get("recall")), _share(stock.get("precision"))),
        )
    console = Console()
    console.print(table)
    for name, result in figures["plain"].items():
        found = ", ".join(f"{n} {kind}" for kind, n in result["found"].items())
        console.print(f"{name}: {result['texts']:,} texts, found: {found or 'nothing'}")
    for name, speed in figures["texts_per_s"].items():
        console.print(f"{speed:,} texts/s ({name})")


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


if __name__ == "__main__":
    sys.exit(main())
