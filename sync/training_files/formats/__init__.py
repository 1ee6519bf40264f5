"""Fine-tuning file formats: one module each, and one entry here.

An example comes in, the object of one JSON line comes out; and a line comes in, the rules that it
breaks come out.
Open first: `format`.
"""

from sync.training_files.formats.alpaca import Alpaca
from sync.training_files.formats.bedrock_conversation import BedrockConversation
from sync.training_files.formats.format import Fault, FileRules, Format, Unsuitable
from sync.training_files.formats.gemini import Gemini
from sync.training_files.formats.openai_chat import OpenAIChat
from sync.training_files.formats.openai_preference import OpenAIPreference
from sync.training_files.formats.openai_reinforcement import OpenAIReinforcement
from sync.training_files.formats.sharegpt import ShareGPT, ShareGPTKTO, ShareGPTPreference
from sync.training_files.formats.trl_language_modeling import TRLLanguageModeling
from sync.training_files.formats.trl_preference import TRLPreference
from sync.training_files.formats.trl_prompt_completion import TRLPromptCompletion
from sync.training_files.formats.trl_stepwise import TRLStepwise
from sync.training_files.formats.trl_unpaired_preference import TRLUnpairedPreference

_ALL: tuple[Format, ...] = (
    OpenAIChat(),
    OpenAIPreference(),
    OpenAIReinforcement(),
    TRLLanguageModeling(),
    TRLPromptCompletion(),
    TRLPreference(),
    TRLUnpairedPreference(),
    TRLStepwise(),
    ShareGPT(),
    ShareGPTPreference(),
    ShareGPTKTO(),
    Alpaca(),
    Gemini(),
    BedrockConversation(),
)
FORMATS: dict[str, Format] = {form.name: form for form in _ALL}

__all__ = ["FORMATS", "Fault", "FileRules", "Format", "Unsuitable"]
