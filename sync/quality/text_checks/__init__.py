"""Checks that judge one accepted answer at a time, one module each, and one entry in `TEXT_CHECKS`.

Each is a frozen dataclass: its fields are its options in `labeltune.toml`, and called with a
`CheckedText` it gives what it finds.
Open first: `checked_text`, then `too_fast`.
"""

from collections.abc import Callable

from sync.quality.text_checks.answer_language import AnswerLanguage
from sync.quality.text_checks.arithmetic import Arithmetic
from sync.quality.text_checks.assistant_phrase import AssistantPhrase
from sync.quality.text_checks.broken_markdown import BrokenMarkdown
from sync.quality.text_checks.checked_text import TextCheck
from sync.quality.text_checks.citation import Citation
from sync.quality.text_checks.conclusion import ReasoningConclusion
from sync.quality.text_checks.cut_off import CutOff
from sync.quality.text_checks.missing_section import MissingSection
from sync.quality.text_checks.placeholder import PlaceholderAnswer
from sync.quality.text_checks.readability import Readability
from sync.quality.text_checks.repetition import Repetition
from sync.quality.text_checks.required_phrase import RequiredPhrase
from sync.quality.text_checks.role_marker import RoleMarker
from sync.quality.text_checks.stale_facts import StaleFacts
from sync.quality.text_checks.too_fast import TooFast
from sync.quality.text_checks.toxicity import Toxicity
from sync.quality.text_checks.unanswered_intent import UnansweredIntent
from sync.quality.text_checks.unit_conversions import UnitConversions
from sync.quality.text_checks.unsupported_facts import UnsupportedFacts

TEXT_CHECKS: dict[str, Callable[..., TextCheck]] = {
    "too_fast": TooFast,
    "placeholder": PlaceholderAnswer,
    "cut_off": CutOff,
    "answer_language": AnswerLanguage,
    "assistant_phrase": AssistantPhrase,
    "role_marker": RoleMarker,
    "broken_markdown": BrokenMarkdown,
    "repetition": Repetition,
    "toxicity": Toxicity,
    "readability": Readability,
    "required_phrase": RequiredPhrase,
    "missing_section": MissingSection,
    "citation": Citation,
    "arithmetic": Arithmetic,
    "conclusion": ReasoningConclusion,
    "stale_fact": StaleFacts,
    "unanswered_intent": UnansweredIntent,
    "unit_conversion": UnitConversions,
    "unsupported_fact": UnsupportedFacts,
}

# of these, the ones that run only where `labeltune.toml` or a profile says so
OFF_UNLESS_ASKED: frozenset[str] = frozenset(
    {"readability", "required_phrase", "missing_section", "citation", "stale_fact"}
)
