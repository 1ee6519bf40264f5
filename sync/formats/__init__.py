"""Fine-tuning file formats: one module each, and one import and one entry here."""

from sync.formats.format import Fault, FileRules, Format, Json, Unsuitable
from sync.formats.openai_preference import OpenAIPreference
from sync.formats.openai_reinforcement import OpenAIReinforcement
from sync.formats.problem import Problem, RecordChat
from sync.formats.trl_language_modeling import TRLLanguageModeling
from sync.formats.trl_preference import TRLPreference
from sync.formats.trl_prompt_completion import TRLPromptCompletion
from sync.formats.trl_stepwise import TRLStepwise
from sync.formats.trl_unpaired_preference import TRLUnpairedPreference

_ALL: tuple[Format, ...] = (
    RecordChat(),
    OpenAIPreference(),
    OpenAIReinforcement(),
    TRLLanguageModeling(),
    TRLPromptCompletion(),
    TRLPreference(),
    TRLUnpairedPreference(),
    TRLStepwise(),
)
FORMATS: dict[str, Format] = {form.name: form for form in _ALL}

__all__ = ["FORMATS", "Fault", "FileRules", "Format", "Json", "Problem", "Unsuitable"]
