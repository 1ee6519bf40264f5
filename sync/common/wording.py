"""Words that messages share: a count with its noun, and the name that was probably meant."""

import difflib
from collections.abc import Iterable


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """`1 task`, `2 tasks`; `1 task was`, `2 tasks were` with a plural of its own."""
    return f"{number} {noun}" if number == 1 else f"{number} {plural or f'{noun}s'}"


def nearest(name: str, names: Iterable[str], listed: str = "there are") -> str:
    """A hint for a name that does not exist: the most similar valid name, or a list of all.

    `nearest("lable", ["label", "text"])` is `did you mean 'label'?`; with nothing similar it is
    `there are label, text`.

    Args:
        name: what was written.
        names: what could have been written.
        listed: the words before the list of all names.
    """
    known = list(names)
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return f"did you mean {near[0]!r}?" if near else f"{listed} {', '.join(known) or 'none'}"


def lasting(seconds: float) -> str:
    """A length of time in its two largest units: `48 s`, `1 min 5 s`, `2 h`."""
    rest, parts = max(0, round(seconds)), list[str]()
    for unit, length in (("h", 3600), ("min", 60), ("s", 1)):
        amount, rest = divmod(rest, length)
        if amount:
            parts.append(f"{amount} {unit}")
        elif parts:
            break
    return " ".join(parts[:2]) or "0 s"


def time_left(seconds: float) -> str:
    """A guess at the time that something still takes: `about 40 s left`, `about 6 min left`."""
    if seconds < 90:
        said = f"{max(5, 5 * round(seconds / 5))} s"
    elif seconds < 90 * 60:
        said = f"{round(seconds / 60)} min"
    else:
        said = f"{round(seconds / 3600)} h"
    return f"about {said} left"
