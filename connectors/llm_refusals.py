"""Reading a refusal (400, 413, 422): which option, or which length, the server objects to.

Servers word it in many ways, so this only suspects; that the option was it is proven by the call
that succeeds without it (see `llm_options`).
"""

import re
from dataclasses import dataclass

NAMED = {
    "logprobs": re.compile(r"logprob", re.I),
    "structured": re.compile(
        r"response_?format|json[_ ]?schema|json[_ ]?object|structured|grammar|guided", re.I
    ),
    "n": re.compile(
        # the parameter's name: no part of "\n", "isn't", "n-gram" or "1.n"
        r"(?<![\w\\.-])n(?![\w.-])|n_parallel|n_cmpl|num_return"
        r"|(?i:number of|multiple|only one|single) (?:choice|completion)",
    ),
    "temperature": re.compile(r"temperature", re.I),
    "max_completion_tokens": re.compile(r"max_completion_tokens"),
    "tool_choice": re.compile(r"tool_choice", re.I),
    "parallel_tool_calls": re.compile(r"parallel_tool_calls", re.I),
    "tools": re.compile(
        r"(?<![a-z_])tools?(?![a-z_])|tool[ -](?:us|call)|function[ _-]?call|jinja"
        r"|(?<![a-z_])functions?(?![a-z_])",
        re.I,
    ),
    # a chat template's own words, or a framework's around them
    "turns": re.compile(r"alternat|consecutive|same role", re.I),
    "system": re.compile(
        r"alternat|system[ _-]?(?:role|message|prompt|instruction|turn)s?\b|developer instruction"
        r"|roles?\b.{0,80}\bsystem\b|\bsystem\b.{0,20}\brole|(?:first|must start).{0,30}\buser\b",
        re.I,
    ),
}
_LACKS = r"(?:not? support|n't support|unsupported|not (?:available|enabled|implemented)|disabled)"
# that the model, or the server as it was started, has no tools; not that one of them is wrong
MISSING_TOOLS = re.compile(
    r"jinja|enable-auto-tool|tool-call-parser|no endpoints.{0,40}tool"
    rf"|\b(?:tools?|tool[ _-]?(?:us|call|choice)\w*|function[ _-]?call\w*)\b.{{0,40}}{_LACKS}"
    rf"|{_LACKS}.{{0,40}}\b(?:tools?|tool[ _-]?(?:us|call)\w*|function[ _-]?call\w*)\b",
    re.I,
)
# that the model sees no pictures at all; not that one of them can't be read
MISSING_PICTURES = re.compile(
    r"mmproj|not (?:a )?multi-?modal|at most 0 images?|no endpoints.{0,40}image"
    r"|(?:image_url|images?|vision|multi-?modal)\b.{0,60}"
    rf"(?:{_LACKS}|only supported by|expected `?text)"
    rf"|{_LACKS}.{{0,60}}(?:image_url|images?|vision|multi-?modal)\b"
    r"|content\b.{0,40}(?:must be|expected|should be|valid) a (?:valid )?string",
    re.I,
)
_ONE_PICTURE = re.compile(
    r"image (?:formats?|types?|sizes?|data)\b|image/\w|\bmime|media[ _]type|file (?:format|type)",
    re.I,
)
CONTEXT = re.compile(
    r"context_length_exceeded|exceed_context_size|max(?:imum)?[_ ](?:model[_ ]len|context)"
    r"|context (?:size|length|window)|prompt is too long|input is too long|too many tokens"
    r"|reduce the length|maximum number of tokens allowed|max_new_tokens` must be"
    r"|max_tokens must be at least 1, got -",
    re.I,
)
CONTEXT_TOKENS = (
    re.compile(r"n_ctx\W{1,4}(\d+)"),
    re.compile(r"(?:context|model)[_ ]len(?:gth)?\D{0,20}?(\d+)", re.I),
    re.compile(r"context (?:size|window)\D{0,20}?(\d+)", re.I),
    re.compile(r"(\d+) maximum context", re.I),
    re.compile(r"must be <= (\d+)"),
    re.compile(r"> (\d+) maximum"),
    re.compile(r"tokens allowed \((\d+)\)"),
)
PROMPT_TOKENS = (
    re.compile(r"n_prompt_tokens\W{1,4}(\d+)"),
    re.compile(r"\((\d+) in (?:the|your) (?:messages|prompt)"),
    re.compile(r"prompt contains (?:at least )?(\d+)"),
    re.compile(r"has (\d+) input tokens"),
    re.compile(r"resulted in (\d+) tokens"),
    re.compile(r"request \((\d+) tokens\)"),
    re.compile(r"Given: (\d+)"),
    re.compile(r"too long: (\d+)"),
    re.compile(r"token count \((\d+)\)"),
)


@dataclass(frozen=True)
class Refusal:
    """A refused request.

    Attributes:
        text: the whole answer; it may hold the prompt, so that it is never shown nor logged.
        code: the server's own name for it, if it has one.
        suspected: options that it may be about, though it names none.
    """

    status: int
    text: str
    code: str | None = None
    suspected: frozenset[str] = frozenset()

    def names(self, option: str) -> bool:
        """Whether the option is mentioned in any way, or suspected."""
        return option in self.suspected or bool(NAMED[option].search(self.text))

    def same_as(self, other: "Refusal") -> bool:
        """Whether both say the same, apart from numbers and ids."""
        return _worded(self) == _worded(other)

    @property
    def about_turns(self) -> bool:
        """Whether the model's chat template can't take the turns as they are."""
        return self.names("system") or self.names("turns")

    @property
    def about_missing_tools(self) -> bool:
        """Whether the model, or the server as it was started, takes no tools at all."""
        return "tools" in self.suspected or bool(MISSING_TOOLS.search(self.text))

    @property
    def about_missing_pictures(self) -> bool:
        """Whether the model sees no pictures at all."""
        is_one = _ONE_PICTURE.search(self.text)
        return is_one is None and bool(MISSING_PICTURES.search(self.text))

    @property
    def about_context(self) -> bool:
        """Whether prompt and reply are longer than the model takes."""
        return self.status == 413 or bool(CONTEXT.search(self.text))

    @property
    def context_tokens(self) -> int | None:
        """The context's size, when it is told."""
        return _first(CONTEXT_TOKENS, self.text)

    @property
    def left_tokens(self) -> int | None:
        """What the prompt leaves for the reply, when both sizes are told; may be below 0."""
        context, prompt = self.context_tokens, _first(PROMPT_TOKENS, self.text)
        return None if context is None or prompt is None else context - prompt

    def most_choices(self, asked: int) -> int | None:
        """The largest number told that is below `asked` choices, as in "between 1 and 4"."""
        told = (int(number) for number in re.findall(r"(?<![\w.])\d{1,3}(?![\w.]*\w)", self.text))
        return max((number for number in told if 1 < number < asked), default=None)


def _worded(refusal: Refusal) -> tuple[int, str]:
    return refusal.status, re.sub(r"\S*\d\S*", "#", refusal.text)


def _first(patterns: tuple[re.Pattern[str], ...], text: str) -> int | None:
    found = (pattern.search(text) for pattern in patterns)
    return next((int(match[1]) for match in found if match), None)
