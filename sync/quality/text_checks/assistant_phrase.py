"""Phrases of a chat model that nobody wrote for the reader.

What a model says of itself ("as an AI language model"), of the task ("Here is the revised answer"),
before and after an answer ("Sure!", "I hope this helps"), and what its page leaves when it is
copied ("Copy code", marks of its sources). Between quotes, in code, and where the question is about
models, the same words are meant.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sync.common.languages import prose
from sync.quality.checks.check import FindingSeverity
from sync.quality.text_checks.checked_text import CheckedText, TextFault

_I = re.IGNORECASE
_AI = (
    r"(?:(?:(?:artificial intelligence|ai|(?:large )?language|machine learning)(?:[ -](?:model|"
    r"assistant|system|chatbot|bot|language model|program|tool|powered assistant))?)|(?:virtual|digital|"
    r"automated|helpful) assistant|chatbot|llm)"
)
_SELF = re.compile(
    rf"(?:^|[.!?;:,—–-])\W{{0,8}}as an? {_AI}\b|\bas an? {_AI}\b(?=[^.!?\n]{{0,50}}\bI\b)"
    r"|\bI(?:['’]m| am) (?:just |only |merely |simply )?(?:an? )?(?:ai\b|artificial intelligence|"
    r"(?:large )?language model|chatbot|virtual assistant|ai assistant)"
    r"|\bas (?:chatgpt|gpt-?\d|claude|gemini|bard|copilot)\b|\bI(?:['’]m| am) (?:chatgpt|claude|gpt-?\d)"
    r"|\bmy (?:knowledge|training)(?: data)?(?: cut-?off| only (?:goes|extends)| ends| was last)"
    r"|\b(?:knowledge|training) cut-?off\b|\bas of my (?:last|latest|most recent|knowledge|training)"
    r"|\bmy (?:last|latest|most recent) (?:update|training|knowledge update)"
    r"|\b(?:trained|developed|created) by (?:openai|anthropic|google deepmind|meta ai|mistral ai)"
    r"|\bI (?:don['’]t|do not|cannot|can['’]t|am unable to|am not able to) (?:have |possess |access |"
    r"browse |experience )(?:personal (?:opinions?|experiences?|beliefs?|feelings?)|feelings|emotions|"
    r"real[- ]time|the internet|internet access|the ability to (?:browse|access)|access to real)"
    r"|\bals (?:eine? )?(?:ki|künstliche intelligenz|sprachmodell|ki-sprachmodell|ki-modell|"
    r"ki-assistent)(?:in)?\b|\bich bin (?:nur )?(?:eine? )?(?:ki\b|sprachmodell|künstliche)"
    r"|\ben tant (?:que|qu['’]) ?(?:ia\b|intelligence artificielle|modèle de langage|assistant)"
    r"|\bcomo (?:una? )?(?:modelo de (?:lenguaje|linguagem)|ia\b|inteligencia artificial)"
    r"|\bin quanto (?:modello linguistico|ia\b|intelligenza artificiale)"
    r"|\bals (?:een )?(?:ai|taalmodel)\b(?=[ ,])"
    r"|作为(?:一个|一名)?(?:人工智能|AI|大?语言模型)|作為(?:一個)?(?:人工智慧|AI|語言模型)"
    r"|(?:AI|人工知能|言語モデル)(?:アシスタント|モデル)?として|(?:AI|인공지능|언어 모델)(?:로서|이기 때문에)"
    r"|как (?:языковая модель|искусственный интеллект|ии-)|كنموذج لغ|بصفتي نموذج"
    r"|ในฐานะ(?:โมเดลภาษา|ปัญญาประดิษฐ์|AI)",
    _I | re.MULTILINE,
)
_REFUSES = re.compile(
    r"^[^\w\n]{0,8}(?:I['’]?m |I am )?(?:sorry|afraid|apologi[sz]e)\b.{0,20}(?:but )?,? ?(?:but )?I "
    r"(?:can(?:no|['’])?t|am unable to|am not able to) (?:assist|fulfil|comply|generate|continue|"
    r"help (?:you )?with (?:that|this)|answer that)"
    r"|\bagainst my (?:programming|guidelines)|\bI must (?:inform|remind) you that as an",
    _I,
)
_BEFORE = re.compile(
    r"\W{0,4}(?:(?:sure(?: thing)?|certainly|of course|absolutely|definitely|great question|"
    r"good question|excellent question|happy to help|no problem|understood|got it|okay|ok|gladly)"
    r"[!.,:;—–-]+ *(?:(?:I(?:['’]d| would) be (?:happy|glad) to (?:help|assist)[^.!\n]{0,40}[.!] *)?"
    r"(?:here(?:['’]s| is| are)|below (?:is|are)|let me|I(?:['’]ll| will| can|['’]ve| have)|"
    r"let['’]s|this is|I(?:['’]d| would) be)\b"
    r")|(?:sure(?: thing)?|certainly|absolutely|(?:great|good|excellent) question)!(?=\s)"
    r"|(?:that['’]s|that is|what) an? (?:great|good|excellent|interesting|thoughtful) question"
    r"|thank(?:s| you) for (?:your question|asking|reaching out to (?:me|an ai))"
    r"|here(?:['’]s| is| are) (?:the|an?|your|my|some) (?:\w+[- ]){0,3}(?:answer|response|reply|"
    r"version|rewrite|draft|summary of (?:the|your)|explanation you|revision|breakdown)\b[^\n.]{0,60}:"
    r"|(?:gerne|natürlich|selbstverständlich|klar)[!,] *(?:hier (?:ist|sind)|ich)"
    r"|(?:bien sûr|certainement)[ !,]+(?:voici|je)|(?:claro|por supuesto|¡claro!)[!, ]+(?:aquí|te)"
    r"|(?:certo|certamente)[!,] *ecco|(?:当然|好的)[!,！，]?(?:以下是|这是|我)|もちろんです[。！]|"
    r"물론(?:입니다|이죠)[.!])",
    _I,
)
_AFTER = re.compile(
    r"\bI hope (?:this|that|it|these)(?: \w+){0,3} (?:helps?|is helpful|was helpful|clarif\w+|"
    r"answers? your|meets your|clears|is useful|is what you)|\bhope (?:this|that|it) helps\b|\bhappy (?:learning|coding|studying)!"
    r"|\blet me know (?:if|whether|how|should) (?:you(?:['’]d| would| want| need| have)|there|I can|"
    r"this|that|anything)|\b(?:please )?(?:feel free|don['’]t hesitate|do not hesitate) to (?:ask|"
    r"reach out|let me know|contact me)|\bis there anything else (?:I|you)\b"
    r"|\bif you (?:have|need) (?:any )?(?:more|further|other|additional) (?:questions|help|"
    r"assistance|information|details|clarification)[^.\n]{0,30}, ?(?:please )?(?:let me|feel free|just "
    r"ask|don['’]t)|\bwould you like me to\b|\bI(?:['’]d| would) be (?:happy|glad) to (?:help|assist|"
    r"clarify|provide more|elaborate)"
    r"|\bI apologi[sz]e for (?:the|any|my) (?:confusion|previous|earlier|misunderstanding|mistake|error|"
    r"oversight)|\bthank you for (?:pointing (?:that|this|it) out|the clarification|clarifying)"
    r"|\b(?:happy|glad) to (?:elaborate|explain further|provide more)\b|\bI['’]m here to help\b"
    r"|\bI(?:['’]m| am) not an? (?:doctor|physician|medical professional|lawyer|attorney|"
    r"(?:licensed|financial) (?:advis[eo]r|professional))\b"
    r"|\bich hoffe,? (?:das|dies|diese)(?: \w+){0,3} (?:hilft|hilfreich|geholfen)"
    r"|\bj['’]espère que (?:cela|ceci|ça)(?: \w+){0,2} (?:aide|aidera|utile|répond)"
    r"|\bespero que (?:esto|te|le|isso)(?: \w+){0,2} (?:ayude|sirva|útil|ajude)"
    r"|希望(?:这|對|对|能)[^。]{0,12}(?:帮助|有帮助|幫助)|お役に立て(?:れば|ば)|도움이 되(?:셨|었)?(?:기를|길)",
    _I,
)
_META = re.compile(
    r"^[^\w\n]{0,8}(?:note|disclaimer|explanation|comment)s?(?: to (?:the )?(?:user|reviewer|editor))?"
    r"\W{0,3}: .{0,60}\b(?:I (?:have|made|kept|changed|removed|used|tried|wrote|assumed)|I['’]ve|"
    r"the (?:prompt|guidelines|draft|response))\b"
    r"|^[^\w\n]{0,8}(?:as (?:you )?requested|as instructed|(?:as )?per your (?:request|instructions?))[,:]"
    r"|\bI(?:['’]ve| have) (?:rewritten|revised|reworded|rephrased|edited|improved|shortened|drafted)"
    r" (?:the|your|this|it)\b"
    r"|\bhere(?:['’]s| is) (?:the|an?|my) (?:\w+[- ]){0,2}(?:rewritten|revised|corrected|improved|"
    r"edited|updated|polished|shortened|rephrased) (?:\w+ )?(?:version|answer|response|text|draft|"
    r"reply)|\bthis answer (?:is written|follows|adheres|meets|complies|aims|addresses|provides)\b"
    r"|\bthis response (?:is written|is based on|follows the|adheres to|complies with)\b"
    r"|\b(?:based on|according to|from) the (?:provided|given|above|supplied) (?:context|prompt|"
    r"passages?|instructions?)\b"
    r"|\bthe (?:given |original )?prompt(?=[,.;:]| (?:asks|says|states|mentions|does|doesn|requires|"
    r"above|provided|is asking))|\bthe user(?:['’]s (?:question|query|prompt|request)| (?:asks|asked|"
    r"is asking|has asked|provided))\b"
    r"|^[^\w\n]{0,8}\(?word count\W{0,3}\d+|^[^\w\n]{0,8}(?:final (?:answer|version|response)|revised (?:answer|"
    r"version)|rewritten (?:answer|version)|draft(?: answer| response)?|end of (?:answer|response))"
    r"[^\w\n]{0,8}$|\bwe need to (?:answer|respond|produce|craft)\b"
    r"|^[^\w\n]{0,8}okay, (?:so )?(?:the user|let['’]s|I need to)\b"
    r"|\b(?:answer|response|text|reply) (?:was |is )?(?:generated|written|produced) by (?:an? )?(?:ai|"
    r"artificial intelligence|language model|chatgpt|gpt|model)\b"
    r"|\b(?:below|above) is (?:the|an?|my) (?:\w+[- ]){0,2}(?:answer|response|reply|rewrite|revision)\b",
    _I | re.MULTILINE,
)
_PAGE = re.compile(
    r"^[^\w\n]{0,8}(?:copy code|regenerate(?: response)?|stop generating|share prompt|chatgpt said:|you said:|"
    r"continue generating|\d+ ?/ ?\d+|thought for \d+ \w+)[^\w\n]{0,8}$"
    r"|\boaicite\b|contentReference\[|【\d+[†:][^】\n]*】|turn\d+(?:search|view|news|image|file)\d+"
    r"|utm_source=(?:chatgpt|openai)|\bgrok_card\b|\[cite(?:_start|: ?\d)|\ue200",
    _I | re.MULTILINE,
)
# a question about models, or one that the phrase may answer
_ABOUT_MODELS = re.compile(
    r"\b(?:ai|gpt\w*|chatgpt|llms?|chatbots?|language models?|claude|gemini|assistant|prompt\w*|"
    r"artificial intelligence|ki|ia|sprachmodell\w*|neural)\b|人工智能|语言模型|人工知能",
    _I,
)
_QUOTED = re.compile(r"\"[^\"\n]*\"|“[^”\n]*”|„[^“\n]*“|«[^»\n]*»|「[^」\n]*」|^>.*$", re.MULTILINE)


@dataclass(frozen=True)
class AssistantPhrase:
    """Phrases of a chat model in an answer.

    Attributes:
        closings: whether courtesies before and after an answer count; false where your own people
            write them, as in customer support.
        allowed: phrases that are meant, in any case.
    """

    closings: bool = True
    allowed: tuple[str, ...] = ()

    def __call__(self, text: CheckedText) -> Iterator[TextFault]:
        if (left := _PAGE.search(text.answer)) is not None:
            yield _fault(left[0], "a chat page left it", 0.05, "error")
            return
        answer = _QUOTED.sub(" ", prose(text.answer))
        found = self._first(answer, _ABOUT_MODELS.search(text.question) is not None)
        if found is not None:
            yield found

    def _first(self, answer: str, about_models: bool) -> TextFault | None:
        """The worst phrase."""
        if not about_models:
            for pattern in (_SELF, _REFUSES):
                if found := self._found(pattern.search(answer)):
                    return _fault(found, "a model says it of itself", 0.05, "error")
            if found := self._found(_META.search(answer)):
                return _fault(found, "it speaks of the task and not to the reader", 0.2, "warning")
        if self.closings:
            phrase = self._found(_BEFORE.match(answer)) or self._found(_AFTER.search(answer))
            if phrase:
                return _fault(phrase, "chat models say it with any answer", 0.4, "warning")
        return None

    def _found(self, found: re.Match[str] | None) -> str | None:
        if found is None:
            return None
        said = " ".join(found[0].split())
        return None if any(each.lower() in said.lower() for each in self.allowed) else said


def _fault(phrase: str, why: str, score: float, severity: FindingSeverity) -> TextFault:
    said = " ".join(phrase.split()).strip(" .,:;!*_(")[:80]
    return TextFault(f"the answer holds “{said}”, and {why}; take it out", score, severity)
