"""What a fine-tuning job tells while it runs: events in several spellings, and files of results."""

import base64
import binascii
import csv
import io
import re
from collections.abc import Iterable, Iterator
from typing import Any

from connectors.finetune_api import JobStep, Json

# "Step 10/100: training loss=0.52, validation loss=0.61"
_STEP = re.compile(r"\bstep (\d+)(?:\s*(?:/|of)\s*(\d+))?", re.I)
_LOSS = re.compile(
    r"\b(training|train|validation|valid|full validation) loss\s*[=:]\s*([\d.]+)", re.I
)


def step_of(event: Json) -> JobStep:
    """What an event tells of a step: in its data, else in its words."""
    data = event.get("data") if isinstance(event.get("data"), dict) else {}
    told = {name: number(value) for name, value in (data or {}).items()}
    training = told.get("train_loss")
    validation = _first(told.get("full_valid_loss"), told.get("valid_loss"))
    if training is None and validation is None:
        for what, value in _LOSS.findall(words(event.get("message"))):
            if what.lower().startswith("train"):
                training = number(value.rstrip("."))
            else:
                validation = number(value.rstrip("."))
    return JobStep(_number_of(event), training, validation)


def _number_of(event: Json) -> int:
    data = event.get("data") if isinstance(event.get("data"), dict) else {}
    told = number((data or {}).get("step"))
    if told is not None:
        return int(told)
    found = _STEP.search(words(event.get("message")))
    return int(found[1]) if found else 0


def total_of(event: Json) -> int:
    data = event.get("data") if isinstance(event.get("data"), dict) else {}
    told = number((data or {}).get("total_steps"))
    found = _STEP.search(words(event.get("message")))
    return int(told or (found[2] if found and found[2] else 0))


def merged(steps: Iterable[JobStep]) -> tuple[JobStep, ...]:
    """One entry a step that has a loss, in their order."""
    found: dict[int, JobStep] = {}
    for one in steps:
        if one.step < 1 or (one.training is None and one.validation is None):
            continue
        before = found.get(one.step, one)
        found[one.step] = JobStep(
            one.step,
            _first(one.training, before.training),
            _first(one.validation, before.validation),
        )
    return tuple(found[step] for step in sorted(found))


def result_steps(content: bytes) -> Iterator[JobStep]:
    """The steps of a file of results: CSV, of OpenAI's own in base64."""
    text = content.decode("utf-8", "replace")
    if "," not in text.partition("\n")[0]:
        try:
            text = base64.b64decode(content, validate=False).decode("utf-8", "replace")
        except (binascii.Error, ValueError):
            return
    for row in csv.DictReader(io.StringIO(text)):
        step = number(row.get("step"))
        if step is not None:
            validation = _first(number(row.get("full_valid_loss")), number(row.get("valid_loss")))
            yield JobStep(int(step), number(row.get("train_loss")), validation)


def _first(*values: float | None) -> float | None:
    return next((value for value in values if value is not None), None)


def number(value: Any) -> float | None:
    """A number, also as text; None for what is none, or stands for none (-1, NaN)."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if 0.0 <= number < float("inf") else None


def words(value: Any) -> str:
    return value if isinstance(value, str) else ""
