"""`[export]`: what is refused, and the system prompt."""

from pathlib import Path

import pytest

from sync.common.errors import ConfigError
from sync.settings import load
from sync.settings.export import ExportSection


def written(folder: Path, text: str) -> Path:
    path = folder / "labeltune.toml"
    path.write_text(f"[export]\n{text}\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('context = "assistant"', "export.context"),
        ("distractors = -1", "export.distractors"),
        ("annotation = []", "export.annotation"),
        ('annotation = ["newest"]', "export.annotation"),
        ('annotation = ["latest", "latest"]', "'latest' is named twice; keep the first"),
        ('system_prompt = "a"\nsystem_prompt_file = "b"', "keep the one that is meant"),
        ('distractors = 2\ncontext = "none"', "choose another place, or set distractors = 0"),
        ('reasonning = "think"', "reasoning"),
    ],
)
def test_what_can_not_be_meant_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigError, match=r"labeltune\.toml") as refused:
        load(written(tmp_path, text))
    assert said in str(refused.value)


def test_the_system_prompt_comes_from_the_file_or_from_one_beside_it(tmp_path: Path) -> None:
    assert ExportSection().system_text(tmp_path) == ""
    assert ExportSection(system_prompt=" Be kind.\n").system_text(tmp_path) == "Be kind."
    (tmp_path / "prompt.md").write_bytes("\ufeffBe kind.\n".encode())
    config = load(written(tmp_path, 'system_prompt_file = "prompt.md"'))
    assert config.export.system_text(config.folder) == "Be kind."


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "can't be read .*; correct export.system_prompt_file"),
        (b"\xff", "can't be read .*; correct export.system_prompt_file"),
        (b" \n", "is empty; write it, or remove export.system_prompt_file"),
    ],
)
def test_a_prompt_that_can_not_be_read(tmp_path: Path, content: bytes | None, said: str) -> None:
    if content is not None:
        (tmp_path / "prompt.md").write_bytes(content)
    section = ExportSection(system_prompt_file="prompt.md")
    with pytest.raises(ConfigError, match=rf"prompt\.md: the system prompt {said}"):
        section.system_text(tmp_path)
