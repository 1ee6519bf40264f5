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
