"""What to say after a name that there is none of."""

import difflib
from collections.abc import Iterable


def nearest(name: str, names: Iterable[str], listed: str = "there are") -> str:
    """The nearest of the names that there are, as a question; else all of them.

    Args:
        listed: what to say before all of them.
    """
    known = list(names)
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return f"did you mean {near[0]!r}?" if near else f"{listed} {', '.join(known) or 'none'}"
