"""Fine-tuning file formats: one module each, and one import and one entry here."""

from sync.formats.format import Fault, FileRules, Format, Json, Unsuitable
from sync.formats.problem import Problem, RecordChat

_ALL: tuple[Format, ...] = (
    RecordChat(),
)  # fmt: skip
FORMATS: dict[str, Format] = {form.name: form for form in _ALL}

__all__ = ["FORMATS", "Fault", "FileRules", "Format", "Json", "Problem", "Unsuitable"]
