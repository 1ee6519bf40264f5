"""What `check_file` of Together's package says of lines, each in a file of its own.

`REQUEST ANSWER`: the request is a list of lines; the answer has for each what was refused, or null.
"""

import importlib
import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any


def main(request: str, answer: str) -> None:
    check_file = _check_file()
    lines = json.loads(Path(request).read_text())
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "train.jsonl")
        Path(answer).write_text(json.dumps([_verdict(check_file, file, line) for line in lines]))


def _check_file() -> Callable[[Path], dict[str, Any]]:
    """The package moved it from 2.0 on."""
    try:
        module = importlib.import_module("together.lib.utils.files")
    except ModuleNotFoundError as error:
        if not str(error.name).startswith("together.lib"):
            raise
        module = importlib.import_module("together.utils.files")
    module.tqdm = lambda lines, **_: lines  # its bar of progress, a file
    found: Callable[[Path], dict[str, Any]] = module.check_file
    return found


def _verdict(check_file: Callable[[Path], dict[str, Any]], file: Path, line: Any) -> str | None:
    file.write_text(line if isinstance(line, str) else json.dumps(line) + "\n")
    try:
        report = check_file(file)
    except (TypeError, AttributeError) as error:  # 2.14.0 stumbles over what is no list
        return f"{type(error).__name__}: {error}"
    return None if report["is_check_passed"] else str(report["message"])


if __name__ == "__main__":
    main(*sys.argv[1:])
