"""What a provider means when it refuses, in one sentence that says what to do.

Providers word the same refusal in many ways; their code or words are recognised, and quoted in the
sentence, so that nothing is lost where a guess is wrong. A job that fails words it likewise.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from connectors.finetune_api import FinetuneError
from sync.common.errors import SyncError

# a line of a file as providers name it: "Line 17", "Example 6174", "row 3"
_LINE = re.compile(r"\b(?:line|example|row)\s*(?:#|number\s)?\s*(\d+)", re.I)


@dataclass(frozen=True)
class Asked:
    """What was asked of whom, for the sentence.

    Attributes:
        key_name: the environment's variable with the key.
    """

    provider: str
    base: str
    base_url: str
    key_name: str


@dataclass(frozen=True)
class _Meaning:
    """A refusal that providers word alike.

    Attributes:
        of: in a code, or in the words.
        told: the sentence.
    """

    of: re.Pattern[str]
    told: Callable[[Asked], str]


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.I)


# in the order in which they are tried
_MEANINGS = (
    _Meaning(
        _words(
            r"winding down|wound down|no longer (?:available|offered|accept|support)\w*.{0,40}"
            r"(?:fine.?tun|organi[sz]ation)|fine.?tuning.{0,60}(?:no longer|not available to "
            r"(?:new|your)|sunset|discontinued|deprecated)|not allowed to (?:create|perform|sample)"
            r".{0,30}(?:fine.?tun|training|model)|not authorized to (?:create|use) fine.?tun"
            r"|training_not_available"
        ),
        lambda a: (
            f"{a.provider} takes no new fine-tuning jobs from this account (OpenAI: none of new "
            "organizations since 2026-05-07, none of anybody after 2027-01-06); Azure, Together "
            "and Fireworks read the same release, and `--way local` needs nobody"
        ),
    ),
    _Meaning(
        _words(
            r"insufficient_quota|exceeded your current quota|billing|payment|credit|"
            r"free (?:trial|plan|tier)|paid (?:plan|account)|upgrade|402"
        ),
        lambda a: (
            f"the account at {a.provider} has no credit left, or none for fine-tuning; add some "
            "there and run the same command again, which goes on"
        ),
    ),
    _Meaning(
        _words(
            r"(?:maximum|limit|too many|exceed\w*|max).{0,60}(?:active|concurrent|running|pending|"
            r"queued|jobs|fine.?tun\w* requests)|daily_rate_limit|rate.?limit|quota"
        ),
        lambda a: (
            f"{a.provider} takes no further job now: too many run or were made today; wait until "
            "one has ended and run the same command again, which goes on"
        ),
    ),
    _Meaning(
        _words(
            r"model_not_(?:found|available)|invalid (?:base )?model|no such model|not tunable|"
            r"not (?:available|supported|enabled|allowed) (?:for|by) fine.?tun|"
            r"(?:does not|doesn't|cannot|can't|can not) (?:support|be).{0,20}fine.?tun|"
            r"model.{0,60}(?:does not|doesn't|not) (?:exist|found|support\w*|available)|"
            r"unsupported (?:base )?model"
        ),
        lambda a: (
            f"{a.provider} does not tune {a.base!r}, or not for this account; correct --base "
            "(a name with its date, such as gpt-4.1-mini-2025-04-14), or finetune.base"
        ),
    ),
    _Meaning(
        _words(
            r"moderation|unsafe|usage polic|safety|harmful|refusals_v\d|content.?(?:filter|policy)|"
            r"too many (?:flagged|blocked)"
        ),
        lambda a: (
            f"{a.provider} found examples that its usage policies forbid, before or after the "
            "training; take them out in Label Studio, export again, or train with `--way local`"
        ),
    ),
    _Meaning(
        _words(r"too few|at least \d+ examples|invalid_n_examples|not enough (?:examples|data)"),
        lambda a: f"{a.provider} finds the training file too short; finish more tasks first",
    ),
    _Meaning(
        _words(r"too large|file size|exceeds the (?:max|limit)|413"),
        lambda a: f"{a.provider} finds a file too large; export fewer examples, or train here",
    ),
    _Meaning(
        _words(
            r"invalid_(?:training_|validation_)?file|file.?format|invalid (?:file|json|line|token)|"
            r"jsonl|invalid_payload"
        ),
        lambda a: (
            f"{a.provider} refuses a file of the release, which `labeltune validate` did not "
            "foresee; please report it"
        ),
    ),
)


def meaning(asked: Asked, code: str, said: str, status: int | None = None) -> str | None:
    """What a refusal means and what to do; None where its words are not known.

    Args:
        code, said: the provider's own.
        status: of HTTP; None: a job failed.
    """
    if status == 401:
        return f"{asked.base_url} refused {asked.key_name}; is it the key of {asked.provider}?"
    text = f"{code} {said} {status or ''}"
    for one in _MEANINGS:
        if one.of.search(text):
            return one.told(asked)
    if status == 403:
        return (
            f"{asked.provider} does not let this key make fine-tuning jobs; give it the right to, "
            f"or use another {asked.key_name}"
        )
    if status == 404:
        return (
            f"{asked.base_url} has no fine-tuning API, or does not know what was asked for; "
            "correct finetune.endpoint"
        )
    return None


def refused(error: FinetuneError, asked: Asked) -> SyncError:
    """The sentence for a call that a provider refused."""
    if error.status is None:
        return SyncError(f"{error}; run the same command again, which goes on")
    means = meaning(asked, error.code, error.said, error.status)
    if means is None:
        return SyncError(f"{error}; run the same command again, which goes on")
    return SyncError(f"{means}{_quoted(error.code, error.said, error.status)}")


def failed(asked: Asked, name: str, code: str, said: str, line_told: str = "") -> SyncError:
    """The sentence for a job that failed.

    Args:
        name: of the run.
        line_told: which task the line that it names came from, or "".
    """
    means = meaning(asked, code, said) or f"{asked.provider} does not say what to do"
    return SyncError(f"{name} failed: {means}{_quoted(code, said, None)}{line_told}")


def line_of(said: str) -> int | None:
    """The line of a file that a refusal names, from 1."""
    found = _LINE.search(said)
    return int(found[1]) if found else None


def _quoted(code: str, said: str, status: int | None) -> str:
    told = ", ".join(part for part in (str(status or ""), code) if part)
    words = f'"{said}"' if said else ""
    inner = ": ".join(part for part in (told, words) if part)
    return f" ({inner})" if inner else ""
