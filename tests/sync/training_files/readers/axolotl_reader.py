"""What Axolotl's prompt strategies do with lines, one at a time; run beside its packages.

`REQUEST ANSWER`: the request is a list of [data set of its YAML, lines]; the answer has for each of
its lines what stops the reading of it, or that nothing of it is learnt, or null.
"""

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.sync.dataset.release.companions.axolotl_reader import REST, TEMPLATE
from tests.sync.training_files.formats.trl_desk import byte_tokenizer, tiny_model

_STOPS = (ValueError, TypeError, KeyError, AttributeError, IndexError, RuntimeError, AssertionError)


def main(request: str, answer: str) -> None:
    asked = json.loads(Path(request).read_text())
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        tokenizer = byte_tokenizer()
        tokenizer.chat_template = TEMPLATE
        tokenizer.save_pretrained("model")
        tiny_model(len(tokenizer)).config.save_pretrained("model")
        said = [_verdicts(tokenizer, entry, run, lines) for entry, run, lines in asked]
    Path(answer).write_text(json.dumps(said))


def _verdicts(tokenizer: Any, entry: Any, run: Any, lines: list[Any]) -> list[str | None]:
    from axolotl.prompt_strategies import load
    from axolotl.utils.config import validate_config
    from axolotl.utils.dict import DictDefault

    sets = [{"path": "train.jsonl", **entry}]
    config = validate_config(DictDefault({"datasets": sets, **run, **REST}))
    strategy = load(config.datasets[0].type, tokenizer, config, config.datasets[0])
    return [_verdict(strategy, line) for line in lines]


def _verdict(strategy: Any, line: Any) -> str | None:
    import jinja2

    try:
        found = strategy.tokenize_prompt(line)
    except jinja2.TemplateError as error:
        return f"TemplateError: {error}"
    except _STOPS as error:
        return f"{type(error).__name__}: {error}"
    labels = found.get("labels") or []
    return None if any(label != -100 for label in labels) else "nothing is learnt"


if __name__ == "__main__":
    main(*sys.argv[1:])
