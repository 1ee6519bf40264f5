"""Which tasks a view of Label Studio's table shows: its filters, as Label Studio keeps them."""

import json
import re
from collections.abc import Iterator, Sequence

from connectors.task_pages import Json, task_filter
from label_configs.task_views import TaskView

# in what is looked for, all that may come before it within brackets; a sign that nobody writes
_ANY_BEFORE = "\0"


def all_of_untouched() -> Json:
    """Tasks that nobody has annotated or skipped."""
    return all_of(
        [number("total_annotations", "equal", 0), number("cancelled_annotations", "equal", 0)]
    )


def filters_of(view: TaskView) -> Iterator[Json]:
    """A view's tasks, by the JSON of their annotations."""
    if view.choice is None:
        found = pattern([f'"from_name": {json.dumps(view.control)}'])
    else:
        yield number("total_annotations", "greater", 0)  # not only skipped
        chosen = json.dumps(view.choice)
        held = [
            f'"choices": [{_ANY_BEFORE}{chosen[1:]}' if view.of_rows else f'"choices": [{chosen}]'
        ]
        if view.unchanged:
            unlike = ['"origin": "prediction-changed"']
            found = pattern([*held, '"origin": "prediction"'], unlike)
        else:
            found = pattern(held)
    yield task_filter("tasks:annotations_results", "regex", found, "String")


def pattern(held: Sequence[str], unlike: Sequence[str] = ()) -> str:
    """A regular expression for the JSON of all of a task's annotations, as Label Studio joins it.

    On SQLite that is the JSON itself, which begins with `[`; on Postgres text of an array, which
    begins with `{` and has a backslash before every quotation mark. One that somebody typed has
    one more on SQLite and two more on Postgres, so it is none. White space is the same on both,
    the order of keys is not. `contains` would do without all this, but takes minutes on 10,000
    tasks.

    Args:
        held: each is part of it.
        unlike: none of them is.
    """
    return f"^(?:{_of('[', '', held, unlike)}|{_of('{', chr(92) * 2, held, unlike)})"


def _of(begins: str, escape: str, held: Sequence[str], unlike: Sequence[str]) -> str:
    def part(text: str) -> str:
        looked = re.escape(text).replace('"', f'{escape}"').replace(r"\ ", " ")
        return r".*[^\\]" + looked.replace(_ANY_BEFORE, r"[^]]*")

    looked = [f"(?={part(text)})" for text in held] + [f"(?!{part(text)})" for text in unlike]
    return re.escape(begins) + "".join(looked)


def number(column: str, operator: str, number: int) -> Json:
    """A filter by one of Label Studio's own numbers."""
    return task_filter(f"tasks:{column}", operator, number, "Number")


def all_of(filters: list[Json]) -> Json:
    """Filters of which each must let a task pass."""
    return {"conjunction": "and", "items": filters}
