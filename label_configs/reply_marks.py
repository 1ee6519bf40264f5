"""The marks that a model's chat template puts around reasoning and turns, and where they count.

The names are those that public templates write: DeepSeek, Qwen, GLM (`<think>`), MiniMax
(`<mm:think>`, too), Magistral (`[THINK]`), gpt-oss (harmony's channels), Gemma, Llama, ChatML,
Kimi, Seed, Cohere.
"""

import re

_NAMES = r"think|thinking|thought|thoughts|reasoning|scratchpad|seed:think|mm:think"
_TOKENS = {
    "[THINK]": "[/THINK]",
    "◁think▷": "◁/think▷",
    "<|START_THINKING|>": "<|END_THINKING|>",
    "<|begin_of_thought|>": "<|end_of_thought|>",
    "<|channel>thought": "<channel|>",
    "<unused94>thought": "<unused95>",
    "<unused94>": "<unused95>",
}
# what may stand after the bracket of a mark, [THINK], [/THINK], [INST] or [/INST]; "" ends a text
AFTER_BRACKET = "tTiI/"
OPENING = re.compile(
    rf"<(?P<name>{_NAMES})\s*>|(?P<token>{'|'.join(map(re.escape, _TOKENS))})", re.IGNORECASE
)
CLOSING = re.compile(
    rf"</\s*(?P<name>{_NAMES})\s*>|(?P<token>{'|'.join(map(re.escape, _TOKENS.values()))})",
    re.IGNORECASE,
)
# how Open WebUI keeps reasoning in a message, each line quoted
FOLDED = re.compile(
    r"<details\s[^>]*\btype=\"reasoning\"[^>]*>\s*(?:<summary>[^<]*</summary>)?(.*?)</details>",
    re.DOTALL | re.IGNORECASE,
)
QUOTED = re.compile(r"^>[ ]?", re.MULTILINE)
# the channel that is the answer: what is said to the user, or what follows all channels
SHOWN = ("final", "response", "", "commentary")
# how a reply begins whose marks are words: harmony's without its tokens, and Granite's
SPOKEN = ("analysis", "Here is my thought process:", "Here's my thought process:")
SPOKEN_PARTS = re.compile(
    r"Here(?: i|')s my thought process:(?P<thought>.*?)"
    r"(?:\nHere(?: i|')s my response:(?P<answer>.*))?",
    re.DOTALL,
)

# how a turn ends, and how the next or this one begins
_END = (
    r"<\|(?:im_end|eot_id|eom_id|eot|end_of_text|endoftext|end|return|end_of_turn|END_OF_TURN_TOKEN"
    r"|END_RESPONSE|im_sep|message_end|endofassistant)\|>"
    r"|<end_of_turn>|<turn\|>|<eos>|</s>|<｜end▁of▁sentence｜>|\[/INST\]|<\|call\|>"  # noqa: RUF001
)
_BEGIN = (
    r"<\|im_start\|>(?:\s*assistant\b)?|<\|start_header_id\|>\s*assistant\s*<\|end_header_id\|>"
    r"|<\|start\|>\s*assistant\b(?!\s*<\|(?:channel|message)\|>)|<start_of_turn>\s*model\b"
    r"|<\|turn>\s*model\b|<\|assistant\|>|<\|START_RESPONSE\|>|<｜Assistant｜>|<bos>"  # noqa: RUF001
    r"|<\|begin_of_text\|>"
)
_ENDS = re.compile(rf"(?:{_END}|{_BEGIN})")
_BEGINS = re.compile(rf"(?:{_BEGIN})")
# a turn that nobody asked for: the server went on where the answer had ended
_RUN_ON = re.compile(
    rf"(?:{_END})\s*(?:<\|im_start\|>|<\|start_header_id\|>|<start_of_turn>|<\|turn>"
    r"|<\|start\|>\s*(?:user|system|developer)|<\|user\|>|<｜User｜>|\[INST\])"  # noqa: RUF001
)
# of a template, whoever's turn it is
_TEMPLATE = re.compile(
    rf"{_END}|<\|(?:im_start|start_header_id|channel|start)\|>|<start_of_turn>|<\|turn>"
    r"|<\|(?:begin|end)_of_box\|>"
)
# the box is GLM's, around what it is sure of
_WRAPPED = re.compile(
    r"<(?:(?P<tag>answer|response|final_answer)>(?P<said>.*)</(?P=tag)"
    r"|\|begin_of_box\|>(?P<boxed>(?:(?!<\|(?:begin|end)_of_box\|>).)*)<\|end_of_box\|)>",
    re.DOTALL | re.IGNORECASE,
)

_CHANNEL = re.compile(r"<\|channel\|>\s*(\w+)([^<]*)(?:<\|constrain\|>[^<]*)?<\|message\|>")
_CHANNEL_ENDS = re.compile(r"<\|(?:end|return|call|start|channel)\|>")
_FIRST_CHANNEL = re.compile(r"(?:<\|start\|>\s*assistant\s*)?<\|channel\|>")
# the same where the server leaves the special tokens out
_BARE_CHANNELS = re.compile(
    r"analysis(.*?)assistant(?:commentary.*?assistant)?final(.*)", re.DOTALL
)

_FENCE = re.compile(r"^ {0,3}(?:```|~~~)", re.MULTILINE)
_QUOTES = "`'\"“”‘’«»(（「"  # noqa: RUF001


def closing_of(opened: re.Match[str], text: str, at: int) -> re.Match[str] | None:
    """The mark that ends a block; one between quotes or in code is a word of the reasoning."""
    ends = [end for end in CLOSING.finditer(text, at) if is_closed_by(opened, end)]
    for end in ends:
        if not is_quoted(end, text):
            return end
    # thoughts may break off in a fence or a code span, and no mark would count any more
    apart = [end for end in ends if text[end.start() - 1] not in _QUOTES]
    return apart[-1] if apart else None


def is_closed_by(opened: re.Match[str], closed: re.Match[str]) -> bool:
    """Whether two marks belong together."""
    if opened["name"] is not None:
        return closed["name"] is not None and closed["name"].lower() == opened["name"].lower()
    token = next(token for token in _TOKENS if token.lower() == opened["token"].lower())
    return closed["token"] is not None and closed["token"].lower() == _TOKENS[token].lower()


def is_opened_before(closed: re.Match[str], text: str) -> bool:
    """Whether the text opens what this mark closes, so that it is a part of what is said."""
    return any(
        is_closed_by(opened, closed) and not is_quoted(opened, text)
        for opened in OPENING.finditer(text, 0, closed.start())
    )


def is_mark(found: re.Match[str], text: str) -> bool:
    """Whether a closing mark ends a block, and is not a word in a sentence about such marks."""
    if is_quoted(found, text):
        return False
    line = text[text.rfind("\n", 0, found.start()) + 1 : found.start()]
    said = line.rstrip()
    return not said or line == said or said[-1] in ".!?…。！？:)"  # noqa: RUF001


def is_quoted(found: re.Match[str], text: str) -> bool:
    """Whether it stands between quotes, in a code span or in a fence."""
    at, after = found.start(), text[found.end() : found.end() + 1]
    if at and text[at - 1] in _QUOTES and not after.isalnum():
        return True
    if text.count("`", text.rfind("\n", 0, at) + 1, at) % 2 == 1:
        return True
    fenced = "```" in text or "~~~" in text
    return fenced and len(_FENCE.findall(text, 0, at)) % 2 == 1


def starts_line(found: re.Match[str], text: str) -> bool:
    """Whether nothing but blanks stands before it on its line."""
    return not text[text.rfind("\n", 0, found.start()) + 1 : found.start()].strip()


def channels(text: str) -> list[tuple[str, str]] | None:
    """(channel, what is said there) of a reply in the harmony format; None for any other reply.

    What comes after the last channel has the name "".
    """
    if _FIRST_CHANNEL.match(text) is None:
        bare = _BARE_CHANNELS.fullmatch(text)
        return [("analysis", bare[1]), ("final", bare[2])] if bare else None
    found, after = [], ""
    for begin in _CHANNEL.finditer(text):
        end = _CHANNEL_ENDS.search(text, begin.end())
        # what goes to a tool is no preamble that a user reads
        name = "call" if "to=" in begin[2] else begin[1].lower()
        found.append((name, text[begin.end() : end.start() if end else len(text)]))
        after = text[end.end() :] if end and end[0] == "<|end|>" else ""
    if after.strip() and not _CHANNEL_ENDS.match(after.strip()):
        found.append(("", after))
    return found or [("analysis", _FIRST_CHANNEL.sub("", text, count=1))]


def without_turn_marks(text: str) -> str:
    """A reply without what begins and ends its turn, and without a turn that follows it."""
    run_on = next((m for m in _RUN_ON.finditer(text) if not is_quoted(m, text)), None)
    if run_on is not None and text[: run_on.start()].strip():
        text = text[: run_on.start()]
    begins = _BEGINS.match(text)
    if begins is not None:
        text = text[begins.end() :]
    while (ends := _last_token(text.rstrip())) is not None and not _is_word(ends, text):
        text = text[: ends.start()]
    return text


def _last_token(text: str) -> re.Match[str] | None:
    """The token that a text ends with; it begins at one of its last two signs."""
    at = len(text)
    for _ in range(2):
        at = max(text.rfind("<", 0, at), text.rfind("[", 0, at))
        if at < 0:
            return None
        if found := _ENDS.fullmatch(text, at):
            return found
    return None


def holds_turn_marks(text: str) -> bool:
    """Whether a mark of a turn stands anywhere but in code, quotes or HTML's `<s>`."""
    return any(
        not is_quoted(found, text) and not (found[0] == "</s>" and "<s>" in text)
        for found in _TEMPLATE.finditer(text)
    )


def holds_block_marks(text: str) -> bool:
    """Whether a mark of a block stands at the beginning of a line, outside code and quotes."""
    return any(
        starts_line(found, text) and not is_quoted(found, text)
        for tag in (OPENING, CLOSING)
        for found in tag.finditer(text)
    )


def unwrapped(answer: str) -> str:
    """What stands in `<answer>` or a box, where that is all: some models write it so."""
    found = _WRAPPED.fullmatch(answer)
    return answer if found is None else found["said"] if found["tag"] else found["boxed"]


def _is_word(ends: re.Match[str], text: str) -> bool:
    """Whether the token at the end is just mentioned: quoted, an HTML tag, or named before."""
    token, before = ends[0], text[: ends.start()]
    if is_quoted(ends, text):
        return True
    if token == "</s>" and before.count("<s>") > before.count("</s>"):
        return True
    return before.endswith(" ") and token in before
