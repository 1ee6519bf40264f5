"""The rule of pictures beside a line of LLaMA-Factory's formats: as many as there are marks.

Source: `mm_plugin.py` of LLaMA-Factory 0.9.5, which stops where the numbers differ. A text says
`<image>` where a picture stands, and `images` lists them in that order.
"""

from collections.abc import Iterable
from typing import Any

from sync.common.json_text import Json
from sync.common.wording import counted
from sync.training_files.formats.format import Fault
from sync.training_files.formats.pictures import MARK


def marks_fault(line: Json, texts: Iterable[Any]) -> Fault | None:
    """That a line's marks and its pictures are not as many, or None.

    Args:
        texts: what is said in it, but for a system's prompt.
    """
    images = line.get("images")
    if images is None or images == []:
        return None
    pictures = len(images) if isinstance(images, list) else 1
    marks = sum(text.count(MARK) for text in texts if isinstance(text, str))
    if marks == pictures:
        return None
    return Fault(
        "images",
        f"{counted(marks, 'mark')} {MARK} in the texts and {counted(pictures, 'picture')} in "
        "images; LLaMA-Factory stops there: write one for each",
    )
