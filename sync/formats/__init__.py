"""Fine-tuning file formats: one module each, and one import and one entry here."""

from sync.formats.alpaca import Alpaca
from sync.formats.bedrock_conversation import BedrockConversation
from sync.formats.format import Fault, FileRules, Format, Json, Unsuitable
from sync.formats.gemini import Gemini
from sync.formats.openai_chat import OpenAIChat
from sync.formats.openai_preference import OpenAIPreference
from sync.formats.openai_reinforcement import OpenAIReinforcement
from sync.formats.sharegpt import ShareGPT
from sync.formats.sharegpt_kto import ShareGPTKTO
from sync.formats.sharegpt_preference import ShareGPTPreference
from sync.formats.trl_language_modeling import TRLLanguageModeling
from sync.formats.trl_preference import TRLPreference
from sync.formats.trl_prompt_completion import TRLPromptCompletion
from sync.formats.trl_stepwise import TRLStepwise
from sync.formats.trl_unpaired_preference import TRLUnpairedPreference

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

__all__ = ["FORMATS", "Fault", "FileRules", "Format", "Json", "Unsuitable"]
