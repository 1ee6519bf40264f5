"""Together's own `check_file` over generated lines: what it refuses is an error here, too."""

from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from sync.training_files.formats import FORMATS
from sync.training_files.trainers import PROVIDERS
from sync.training_files.validation.lines import BLANK
from tests.sync.training_files.readers.comparing import Compared, compared, errors
from tests.sync.training_files.readers.documented import documented
from tests.sync.training_files.readers.generated_lines import PNG, generated, image, said, text
from tests.sync.training_files.readers.reader_packages import packages, verdicts


class Package(NamedTuple):
    """A version of Together's package, and what else it imports that we may not have."""

    provider: str
    requirements: tuple[str, ...]


PACKAGES = {
    "1.6.0": Package("together", ("together==1.6.0",)),
    "2.14.0": Package("together-2", ("together==2.14.0", "distro==1.9.0", "detect-agent==0.6.0")),
}
# what we call its kinds of line
KINDS = {
    "openai-chat": "openai-chat",
    "openai-preference": "openai-preference",
    "together text": "trl-language-modeling",
    "together prompt": "trl-prompt-completion",
}
NUMBER = 600
# our rules that break lines which it takes, each on its page with the reason
TAKEN = {
    *("tool_calls", "tool_arguments", "tool_call_id", "tool_ids", "tools", "unanswered"),
    *("reasoning", "weight", "content", "rows", "messages", "role", "assistant"),
}


def told(version: str, lines: list[Any], folder: Path) -> list[str | None]:
    """What a version says of lines."""
    path = packages(f"together-{version}", *PACKAGES[version].requirements)
    said: list[str | None] = verdicts("together_reader", lines, folder, path)
    return said


def differences(version: str, number: int, seed: int, folder: Path) -> dict[str, Compared]:
    lines = {kind: generated(kind, number, seed) for kind in KINDS}
    answers = iter(told(version, [line for kind in KINDS for line in lines[kind]], folder))
    provider = PACKAGES[version].provider
    return {
        kind: compared(form, provider, lines[kind], [next(answers) for _ in lines[kind]])
        for kind, form in KINDS.items()
    }


def held(found: dict[str, Compared]) -> Counter[str]:
    """What we refuse and it takes, by rule; the other way round there is nothing."""
    for each in found.values():
        assert each.passed == []
        assert each.taken
    return sum((each.refused for each in found.values()), Counter[str]())


@pytest.mark.parametrize("version", PACKAGES)
def test_what_it_refuses_is_an_error(version: str, tmp_path: Path) -> None:
    found = differences(version, NUMBER, 0, tmp_path)
    assert sum(each.lines for each in found.values()) >= 3 * NUMBER
    refused = set(held(found))
    assert refused <= TAKEN
    assert refused <= documented(PACKAGES[version].provider)


@pytest.mark.thorough
@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("version", PACKAGES)
def test_what_it_refuses_is_an_error_in_many_more_lines(
    version: str, seed: int, tmp_path: Path
) -> None:
    assert set(held(differences(version, 4_000, seed, tmp_path))) <= TAKEN


def chat(*messages: Any, **more: Any) -> dict[str, Any]:
    return {"messages": list(messages), **more}


def pair(messages: list[Any], better: str = "Yes.", worse: str = "No.") -> dict[str, Any]:
    return {
        "input": {"messages": messages},
        "preferred_output": [said("assistant", better)],
        "non_preferred_output": [said("assistant", worse)],
    }


USER, ANSWER = said("user"), said("assistant")
CALL = {"id": "c1", "type": "function", "function": {"name": "pay", "arguments": "{}"}}
REFUSED: list[tuple[str, str, Any]] = [
    ("openai-chat", "columns", chat(USER, ANSWER, id="row-1")),
    ("openai-chat", "columns", chat(USER, ANSWER, tools=[])),
    ("openai-chat", "content", chat(USER, said("assistant", None, tool_calls=[CALL]))),
    ("openai-preference", "input-last", pair([USER, ANSWER])),
    ("openai-chat", "mixed", chat(said("user", [text(), image()]), ANSWER)),
]
ADVISED: list[tuple[str, str, Any]] = [
    ("openai-chat", "alternation", chat(ANSWER, USER, ANSWER)),
    ("openai-chat", "last", chat(USER, ANSWER, USER)),
    ("openai-chat", "content", chat(USER, said("assistant", ""))),
    ("openai-chat", "weight", chat(USER | {"weight": 0}, ANSWER)),
    ("openai-chat", "weight", chat(USER | {"weight": 1}, ANSWER)),
    ("openai-chat", "weight", chat(USER, ANSWER | {"weight": 0})),
    ("openai-chat", "system-first", chat(USER, said("system"), USER, ANSWER)),
    ("openai-preference", "same", pair([USER], "Yes.", "Yes.")),
    ("openai-preference", "text", pair([said("user", [image(PNG)])])),
    ("trl-language-modeling", "", {"text": "Words."}),
    ("trl-prompt-completion", "", {"prompt": "One and", "completion": " two."}),
]


def test_lines_of_the_report_are_judged_as_it_does(tmp_path: Path) -> None:
    """What came out when 41 small files were tried by hand."""
    lines = [line for _, _, line in REFUSED + ADVISED]
    answers = told("1.6.0", lines, tmp_path)
    assert all(answers[: len(REFUSED)])
    assert not any(answers[len(REFUSED) :])
    for form, rule, line in REFUSED:
        assert [fault.rule for fault in errors(form, "together", line)] == [rule]
    for form, rule, line in ADVISED:
        found = PROVIDERS["together"].faults(FORMATS[form], line)
        assert {(f.rule, f.severity) for f in found} == ({(rule, "warning")} if rule else set())


def test_blank_lines_are_refused_by_it(tmp_path: Path) -> None:
    right = '{"messages": [{"role": "user", "content": ""}, {"role": "assistant", "content": ""}]}'
    assert told("1.6.0", [f"{right}\n", f"{right}\n\n{right}\n"], tmp_path)[1] is not None
    assert PROVIDERS["together"].judged(BLANK).severity == "error"
