"""What LLaMA-Factory does with lines, one at a time; run beside its packages.

`REQUEST ANSWER`: the request is a list of [stage, entry of dataset_info.json, lines]; the answer
has for each of its lines why it is dropped or what stops the reading of it, or null. An entry's
columns are those that the line has, as whoever writes one for the file would name them.
"""

import json
import sys
from pathlib import Path
from typing import Any

from tests.sync.training_files.formats.trl_desk import byte_tokenizer

_OPTIONAL = ("tools", "system", "history", "images", "query")
_STOPS = (ValueError, TypeError, KeyError, AttributeError, IndexError, RuntimeError)


def main(request: str, answer: str) -> None:
    reader = _Reader()
    said = [
        [reader.verdict(stage, entry, line) for line in lines]
        for stage, entry, lines in json.loads(Path(request).read_text())
    ]
    Path(answer).write_text(json.dumps(said))


class _Reader:
    def __init__(self) -> None:
        from llamafactory.data import get_template_and_fix_tokenizer
        from llamafactory.data.mm_plugin import get_mm_plugin
        from llamafactory.hparams.data_args import DataArguments

        self._options = DataArguments(dataset="x", template="qwen", cutoff_len=100_000)
        self._tokenizer = byte_tokenizer()
        self._template = get_template_and_fix_tokenizer(self._tokenizer, self._options)
        self._pictures = get_mm_plugin("qwen2_vl", image_token="<|image_pad|>")

    def verdict(self, stage: str, entry: dict[str, Any], line: dict[str, Any]) -> str | None:
        """Why a line is dropped, or what stops the reading of it."""
        try:
            return self._read(stage, entry, line)
        except _STOPS as error:
            return f"{type(error).__name__}: {error}"

    def _read(self, stage: str, entry: dict[str, Any], line: dict[str, Any]) -> str | None:
        from llamafactory.data.converter import get_dataset_converter
        from llamafactory.data.loader import _get_dataset_processor
        from llamafactory.data.parser import DatasetAttr

        columns = {**entry["columns"], **{key: key for key in _OPTIONAL[:4]}}
        named = {k: v for k, v in columns.items() if k not in _OPTIONAL or v in line}
        how = DatasetAttr("hf_hub", dataset_name="x")
        how.join({**entry, "columns": named})
        row = get_dataset_converter(how.formatting, how, self._options)(line)
        images = row["_images"] or []
        if images:  # whose template is another model's: their number is what can be checked here
            turns = row["_prompt"] + row["_response"][:1]
            self._pictures._validate_messages(turns, images, [], [])
            row["_images"] = None
        reader = _get_dataset_processor(self._options, stage, self._template, self._tokenizer, None)
        found = reader.preprocess_dataset({key: [value] for key, value in row.items()})
        return None if any(found.values()) else "dropped"


if __name__ == "__main__":
    main(*sys.argv[1:])
