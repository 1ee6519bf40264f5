"""Checks that judge one accepted answer at a time, one module each, and one entry in `TEXT_CHECKS`.

Each is a frozen dataclass: its fields are its options in `labeltune.toml`, and called with a
`CheckedText` it gives what it finds.
Open first: `checked_text`, then `too_fast`.
"""

from collections.abc import Callable

from sync.quality.text_checks.checked_text import TextCheck
from sync.quality.text_checks.too_fast import TooFast

TEXT_CHECKS: dict[str, Callable[..., TextCheck]] = {
    "too_fast": TooFast,
}

# of these, the ones that run only where `labeltune.toml` or a profile says so
OFF_UNLESS_ASKED: frozenset[str] = frozenset()
