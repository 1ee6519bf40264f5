"""Fine-tuning file formats: one module each, and one entry here."""

from sync.formats.openai_chat import OpenAIChat
from sync.formats.problem import Format, Problem

FORMATS: dict[str, Format] = {f.name: f for f in (OpenAIChat(),)}

__all__ = ["FORMATS", "Format", "Problem"]
