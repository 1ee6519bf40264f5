"""Tokens of chat templates, whole or cut, and messages that were left in their own notation.

ChatML, Llama 2 to 4, Mistral, Gemma, Phi, Zephyr, Vicuna, Alpaca, Guanaco, Cohere, DeepSeek, GLM,
Baichuan, InternLM, Exaone, Granite, Kimi; OpenAI's and ShareGPT's messages.
"""

import re
from collections.abc import Iterator

from label_configs.reply_marks import is_quoted

_ROLES = r"(?:system|user|assistant|human|gpt|bot|instruction|response|prompt)"
_NAMES = (
    r"(?:im_start|im_end|im_sep|eot_id|eom_id|start_header_id|end_header_id|begin_of_text|end_of_text|"
    r"endoftext|end_of_turn|start_of_turn|start_of_role|end_of_role|header_start|header_end|message|"
    r"channel|system|user|assistant|human|bot|end|eot|EOT)"
)
_TOKENS = re.compile(
    # between bars, and cut in the middle
    r"<\|/?[A-Za-z_▁][\w▁ -]{0,40}\|?>?|<\|\s*$|\[\|/?[A-Za-z_]{2,20}\|\]|<｜[^｜<>\n]{1,40}｜?>?"
    rf"|(?<![\w|]){_NAMES}\|>|\b(?:im_start|im_end|eot_id|start_header_id|end_header_id)\b"
    # Gemma's, Llama 2's, Mistral's; what begins and ends a text
    r"|<(?:start|end)_of_(?:turn|\w+)>|<(?:start|end)_of(?:_\w*)?\s*$|</?s>|</s\s*$|</?<SYS>>|<eo[sahm]>|<bos>|<pad>|<unk>"
    r"|\[/?INST\]|\[/?INS?T?\s*$|\[/?(?:AVAILABLE_TOOLS|TOOL_RESULTS|SYSTEM_PROMPT|EOS|BOS)\]"
    r"|<reserved_\d+>|<extra_id_\d+>|<0x[0-9A-F]{2}>|^\[Round \d+\]|[\[<]end of (?:turn|text|conversation|response|answer)[\]>]|<(?:human|bot|gpt|user|assistant)>:",
    re.MULTILINE,
)
# as headings, tags and brackets, at the beginning of a line
_LINES = re.compile(
    rf"^[ \t]*#{{2,4}} ?(?:{_ROLES}|instructions|input|output|ai|chatgpt)[ \t]*[:：]"
    r"|^[ \t]*#{2,4} ?(?:human|assistant|user|system|bot|gpt)[ \t]*$|\n#{2,4}\s*\Z"
    rf"|^[ \t]*</?{_ROLES}>|</?(?:system|user|assistant|human)>|^[ \t]*\[/?(?:system|user|assistant|human|bot|gpt|inst)\](?!\()"
    r"|\A\s*<(?:answer|final|final_answer|output|reply|completion|text)>"
    r"|\*{1,2}\[(?:user|assistant|human|system)\]\*{1,2}",
    re.IGNORECASE | re.MULTILINE,
)
_MESSAGES = re.compile(
    r"\{?\s*['\"](?:role|from|speaker|author)['\"]\s*:\s*['\"](?:user|assistant|system|human|gpt|bot|model|tool|"
    r"developer|agent|customer)['\"]|['\"](?:messages|conversations|choices)['\"]\s*:\s*\["
    r"|^[ \t-]*(?:role|from):[ \t]*['\"]?(?:user|assistant|system|human|gpt)['\"]?[ \t]*$"
    r"|<(?:turn|message|msg|utterance|chat)\b[^>\n]{0,40}\b(?:role|speaker|from|name)=",
    re.IGNORECASE | re.MULTILINE,
)
# sentences that templates and their data begin with
_SENTENCES = re.compile(
    r"\bbelow is an instruction that describes a task\b|\bwrite a response that appropriately completes the "
    r"request\b|\ba chat between a curious (?:user|human)\b|\byou are (?:a (?:helpful|friendly|knowledgeable)"
    r"[\w, -]{0,40} assistant|an? (?:AI|virtual) assistant|chatgpt|claude)\b",
    re.IGNORECASE,
)
_MAY_HOLD = ("<", "|", "[", "#", "_", '"', "'", "role:", "from:")


def template_tokens(text: str) -> Iterator[str]:
    """Every token and every message's notation outside quotes and code, as they stand in a text."""
    if any(sign in text for sign in _MAY_HOLD):
        for pattern in (_TOKENS, _LINES, _MESSAGES):
            for found in pattern.finditer(text):
                struck = found[0] in ("<s>", "</s>") and text.count("<s>") == text.count("</s>")
                if not struck and not is_quoted(found, text):
                    yield " ".join(found[0].split())
    for found in _SENTENCES.finditer(text):
        if not is_quoted(found, text):
            yield found[0]
