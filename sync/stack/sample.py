"""The sample project of `labeltune up`: its `labeltune.toml`, its guidelines, its tasks."""

from importlib.resources import as_file, files
from pathlib import Path

from rich.progress import Progress

import sync.settings
from sync.common.errors import StackError
from sync.intake.push import PushReport
from sync.stack.project_file import (
    SAMPLE_CATEGORIES,
    SAMPLE_TITLE,
    TomlValue,
    sample_file,
    template,
    with_values,
    write_new,
)
from sync.stack.settings import LearntOf, Settings


def write_sample_files(config_file: Path, settings: Settings) -> None:
    """Write the sample's `labeltune.toml` and guidelines, or bring its addresses up to date.

    Raises:
        StackError: a file can't be written.
    """
    places: dict[tuple[str, str], TomlValue] = {
        ("label_studio", "url"): settings.label_studio_url,
        ("backend", "url"): settings.backend_url,
        ("llm", "base_url"): settings.llm_url,
        ("llm", "model"): settings.llm_model,
    }
    try:
        if config_file.exists():
            before = config_file.read_text(encoding="utf-8")
            after = with_values(before, places)
            if after != before:
                config_file.write_text(after, encoding="utf-8")
            return
        guidelines = config_file.with_name("guidelines.md")
        if not guidelines.exists():
            write_new(guidelines, sample_file("guidelines.md"))
        sample: dict[tuple[str, str], TomlValue] = {
            ("label_studio", "project"): SAMPLE_TITLE,
            ("label_studio", "categories"): SAMPLE_CATEGORIES,
        }
        write_new(config_file, with_values(template("labeltune.toml"), {**places, **sample}))
    except OSError as error:
        raise StackError(f"{config_file}: can't be written ({error.strerror})") from error


def push_sample(config_file: Path, progress: Progress, learnt: LearntOf) -> PushReport:
    """Push the packaged tasks to the Label Studio that the environment names.

    What the project holds already is not pushed again.

    Args:
        learnt: the prompt that a tuned model that drafts has learned.

    Raises:
        SyncError, ConnectorError: see `sync.intake.push.push`.
    """
    from sync.intake.push import push

    with as_file(files("sync") / "sample" / "bank_support.jsonl") as tasks:
        config = sync.settings.load(config_file)
        return push(config, [tasks], progress, learnt=learnt(config))
