"""An answer that a model put into a code fence as a whole."""

import re

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})[ \t]*([^\s`]*)[^\n`]*")
_MARKDOWN = frozenset({"markdown", "md", "mdx"})
_UNSAID = frozenset({"", "text", "txt", "plaintext", "plain"})
# what a line of code, of data or of a command looks like
_CODE = re.compile(
    r".*[;{}\\]\s*$|\s*(?:[$#>]\s|>>>|#!|//|/\*|</?\w|@\w|\w+\s*[:=(\[]\S|(?:import|from|def|class"
    r"|function|const|let|var|return|SELECT|INSERT|UPDATE|DELETE|CREATE|FROM|RUN|COPY)\s)"
)
_ENDS = tuple(".!?…:。！？．")  # noqa: RUF001
_LEAST_WORDS = 3


def unfenced(answer: str) -> str:
    """An answer without the code fence that it stands in as a whole.

    A fence that names a language stays, since what it holds is code or data. So does one that
    names none or "text", unless its lines read like sentences.
    """
    lines = answer.strip().split("\n")
    opened = _FENCE.fullmatch(lines[0].rstrip())
    if len(lines) < 3 or opened is None or not _is_one_fence(lines, opened[1]):
        return answer
    body, language = lines[1:-1], opened[2].lower()
    if language in _MARKDOWN or (language in _UNSAID and _reads_as_prose(body)):
        return "\n".join(body).strip()
    return answer


def _is_one_fence(lines: list[str], fence: str) -> bool:
    """Whether the fence of the first line ends with the last; fences inside open and close."""
    depth = 0
    for at, line in enumerate(lines):
        found = _FENCE.fullmatch(line.rstrip())
        if found is None or found[1][0] != fence[0]:
            continue
        depth += 1 if found[2] or at == 0 else -1
        if depth == 0:
            return at == len(lines) - 1
    return False


def _reads_as_prose(lines: list[str]) -> bool:
    said = [line for line in lines if line.strip()]
    return any(map(_is_sentence, said)) and not any(map(_CODE.match, said))


def _is_sentence(line: str) -> bool:
    text = line.rstrip(" *_\"'”»)」")
    # a script without spaces has no words to count
    return text.endswith(_ENDS) and (len(text.split()) >= _LEAST_WORDS or not text.isascii())
