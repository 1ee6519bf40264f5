"""Names of speakers before what they say, as a prompt or the transcript of a talk has them.

A name is a label of anything: "Patient: male, 54." gives a fact, "Patient: Does it hurt?" a turn. So
it counts by whose it is (nobody but a transcript has a `User`), by what is said after it, and by
who else speaks.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

SpeakerSide = Literal["model", "user", "helper", "helped", "voice", "answer", "question"]

_SIDES: dict[SpeakerSide, str] = {
    "model": r"assistant|ai assistant|virtual (?:assistant|agent)|ai|bot|chatbot|chatgpt|gpt-?\d?|llm|claude|gemini|"
    r"llama|copilot|mistral|qwen|deepseek|assistent(?:in)?|asistente|assistente|asystent|ассистент|помощник|助手|助理|"
    r"机器人|アシスタント|어시스턴트|المساعد|ki",
    "user": r"user|human|nutzer|benutzer|anwender|utilisateur|usuario|utente|usuário|gebruiker|użytkownik|"
    r"пользователь|用户|用戶|ユーザー|사용자|المستخدم",
    "helper": r"(?:support |service |live |customer (?:service |support )?|human |senior )?(?:agent|rep|representative)|"
    r"(?:customer |technical )?(?:support|service|care)|model|advis[eo]r|consultant|specialist|expert|operator|"
    r"help ?desk|doctor|dr\.?|physician|nurse|pharmacist|lawyer|attorney|counsel|banker|technician|engineer|"
    r"teacher|tutor|staff|moderator|host|berater(?:in)?|mitarbeiter(?:in)?|arzt|ärztin|anwalt|anwältin|"
    r"kundenservice|kundendienst|conseill(?:er|ère)|médecin|avocat|agente|asesor|médico|abogado|consulente|"
    r"客服|医生|律师|担当者|スタッフ|상담원",
    "helped": r"customer|client|patient|caller|visitor|guest|student|tenant|borrower|buyer|interviewer|asker|"
    r"kund(?:e|in)|patientin|mandant(?:in)?|anrufer(?:in)?|cliente|paciente|客户|顾客|患者|"
    r"お客様|고객",
    "voice": r"speaker ?[\dab]|person ?[\dab]|me|you|ich|sie|moi|vous|yo|usted",
    "answer": r"a\d?|ans|answer|response|reply|output|completion|antwort|réponse|respuesta|risposta|resposta|antwoord|odpowiedź|"
    r"ответ|答|回答|答案|답변|답|(?:final|model|suggested|draft|proposed|sample|generated|best|my|your|correct|ai|"
    r"bot|agent|assistant)(?:['’]s)? (?:answer|response|reply|output)|(?:answer|reply|response|message) to (?:the )?"
    r"(?:question|customer|client|patient|user)",
    "question": r"q\d?|question|query|prompt|input|instruction|frage|pregunta|domanda|pergunta|vraag|pytanie|вопрос|问|問|问题|質問|질문|"
    r"(?:user|customer|client|patient|original)(?:['’]s)? (?:question|query|message|request|prompt)",
}
_TIME = (
    r"(?:\[?\(?(?:\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4},? ?)?\d{1,2}:\d{2}(?::\d{2})?(?: ?[APap]\.?[Mm]\.?)?\]?\)?"
    r"(?: ?[-–])? ?)?"
)
_NAMED = "|".join(f"(?P<{side}>{names})" for side, names in _SIDES.items())
# what a bot is called after its owner; whose turn it is; the mark after a name
_LABEL = re.compile(
    rf"^[ \t>]*(?:[-–—•] )?{_TIME}[*_#\[(<\"“]{{0,5}} ?(?:(?-i:(?!The |An? |Our |Your |This |My |Each |Every )[A-Z][\w-]+ (?:[A-Z][\w-]+ )?)(?=bot|assistant|agent|support))?(?:{_NAMED})"
    r"(?: ?\((?:[^()\n]{1,30})\)| (?-i:[A-Z][\w.]+))?[*_\])>]{0,4} ?(?:[:：]|(?: said| says| asks| replied| wrote):)"
    r"[*_]{0,3}(?P<rest>[^\n]*)",
    re.IGNORECASE | re.MULTILINE,
)
_WITHIN_A_LINE = re.compile(
    r"(?<=[.!?…。？！”\")] )(?P<name>(?:User|Human|Assistant|AI|Bot|Customer|Client|Patient|Agent|Doctor|Lawyer|Advisor|"
    r"Question|Answer|Q|A)|USER|HUMAN|ASSISTANT): (?=[A-Z“\"])"
)
_ANY_LABEL = re.compile(
    r"^[ \t>]*(?:[-*•] )?[*_#]{0,4} ?[^\W\d_][^\n:：.!?]{0,40}[:：]", re.MULTILINE
)
# a line that is nothing but the name of a role, as when a template's tokens were left out
_ALONE = re.compile(
    r"^[ \t]*(?:assistant|user|system|model|assistantfinal|assistantanalysis)[ \t]*$"
    r"|\A\s*assistant(?:final|analysis)?(?=[A-Z])"
    r"|(?<=[.!?])(?:assistant|user|system|model)[ \t]*(?=\n|\Z)"
    r"|\n[ \t]*(?:User|Human|Assistant|System|AI|USER|ASSISTANT)[ \t]*\Z",
    re.MULTILINE,
)
_QUOTED_MAIL = re.compile(
    r"^-{2,} ?(?:original message|forwarded message|ursprüngliche nachricht|weitergeleitete nachricht|message "
    r"d['’]origine|mensaje original)|^>? ?(?:on [^\n]{5,70} wrote|am [^\n]{5,70} schrieb[^\n]{0,60}|le [^\n]{5,70} a "
    r"écrit|el [^\n]{5,70} escribió) ?:[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_STEPS_OF_AN_AGENT = re.compile(
    r"^(Thought|Action|Action Input|Observation|Final Answer)(?: \d)?:", re.MULTILINE
)
_SAID_FIRST = re.compile(
    r"\W*(?:thanks|thank you|ok|okay|yes|no|hi|hello|hey|i|i['’]m|i['’]ve|my|we|can|could|how|what|when|why|where|"
    r"who|which|and|but|is|are|do|does|please|great|sure|ja|nein|danke|oui|non|merci|sí|gracias)\b",
    re.IGNORECASE,
)
_ENDS = tuple(".!?…。？！؟")
_WANTED = re.compile(
    r"\b(?:dialog(?:ue)?s?|conversations?|transcripts?|scripts?|chat ?logs?|interviews?|faqs?|quiz(?:zes)?|flash ?cards?|"
    r"role.?play\w*|q ?& ?a|screenplay|scene|few.shot|training examples?|examples? of (?:a )?(?:chat|call)|"
    r"gespräch|dialogo|diálogo|问答|对话)\b",
    re.IGNORECASE,
)
_OTHER_LABELS = 2  # besides the names of speakers, from which on labels are those of facts


@dataclass(frozen=True, slots=True)
class _Turn:
    """A line that begins with the name of a speaker.

    Attributes:
        start: its place in the text.
        said: what follows the name, up to the next turn.
    """

    side: SpeakerSide
    name: str
    start: int
    said: str

    @property
    def line(self) -> str:
        """Its first line."""
        return self.said.split("\n", 1)[0]

    @property
    def speaks(self) -> bool:
        """Whether what follows is a sentence, and no value."""
        words = self.line.strip("*_\"'“ ").split()
        return (
            len(words) > 1
            and not words[0][:1].islower()
            and self.line.rstrip("\"'”*_) ").endswith(_ENDS)
        )

    @property
    def asks(self) -> bool:
        """Whether it is a question, or begins as somebody speaks of himself or to another."""
        return "?" in self.line or "？" in self.line or _SAID_FIRST.match(self.line) is not None


def speaker_left(text: str, question: str) -> str | None:
    """The first name of a speaker that was left in an answer; None where there is none.

    Args:
        question: what was asked; where a dialogue is asked for, names are meant.
    """
    for pattern in (_ALONE, _QUOTED_MAIL):
        if found := pattern.search(text):
            return found[0].strip()
    steps = {found[1] for found in _STEPS_OF_AN_AGENT.finditer(text)}
    if "Action Input" in steps or ("Thought" in steps and steps & {"Action", "Final Answer"}):
        return "Thought:" if "Thought" in steps else "Action Input:"
    if (":" not in text and "：" not in text) or _WANTED.search(question):
        return None
    turns = list(_turns(text))
    found_within = _within_a_line(text)
    if not turns:
        return found_within
    others = max(0, len(_ANY_LABEL.findall(text)) - len(turns))
    for rule in (_at_the_start, _at_the_end, _alone, _talk):
        if name := rule(turns, text, others):
            return name
    return found_within


def _turns(text: str) -> Iterator[_Turn]:
    found = list(_LABEL.finditer(text))
    if not found:
        return
    ends = [*(one.start() for one in found[1:]), len(text)]
    for one, end in zip(found, ends, strict=True):
        side = next(side for side in _SIDES if one[side] is not None)
        said = text[one.start("rest") : end]
        yield _Turn(side, text[one.start() : one.start("rest")].strip(), one.start(), said.strip())


def _at_the_start(turns: Sequence[_Turn], text: str, others: int) -> str | None:
    first = turns[0]
    if text[: first.start].strip() or not first.said:
        return None
    if first.side == "model" and (others == 0 or first.speaks):
        return first.name
    if first.name.lstrip("[(")[:1].isdigit():
        return first.name  # the time at which it was said
    rest = {turn.side for turn in turns[1:]}
    if first.side == "answer":
        # an item of a list, or a label of one of several parts, as "Answer:" before "Explanation:"
        is_item = len(first.name.strip("*_:# ")) == 1 and "\n" in text.strip()
        return None if is_item or others > 0 or rest - {"question", "answer"} else first.name
    if first.side == "helper" and len(turns) == 1 and others == 0:
        starts = first.said.lstrip('*_"“ ')[:1]
        return (
            first.name
            if first.speaks and starts.isupper() and len(first.said.split()) > 3
            else None
        )
    return None


def _at_the_end(turns: Sequence[_Turn], text: str, others: int) -> str | None:
    """A name with nothing behind it, where a text was cut before the next turn."""
    last = turns[-1]
    told = text[: last.start].strip()
    if last.said or not told or not (others == 0 or last.side in ("user", "model")):
        return None
    return last.name if last.side != "answer" else None


def _alone(turns: Sequence[_Turn], text: str, others: int) -> str | None:
    """A turn of a user's, or one that can be nothing but a turn."""
    for turn in turns:
        after_text = bool(text[: turn.start].strip())
        said = turn.speaks or turn.asks
        if (
            turn.side == "user"
            and (said or (after_text and others == 0))
            and others < _OTHER_LABELS
        ):
            return turn.name
        if turn.side == "model" and turn.speaks and others == 0:
            return turn.name
        if (
            turn.side in ("helped", "voice", "question")
            and turn.asks
            and others == 0
            and (after_text or "\n" in turn.said)
        ):
            return turn.name
    return None


def _talk(turns: Sequence[_Turn], text: str, others: int) -> str | None:
    """Two sides that speak by turns."""
    sides = {turn.side for turn in turns if turn.speaks or turn.asks}
    asks, answers = sides & {"user", "helped"}, sides & {"model", "helper"}
    voices = {turn.name.lower() for turn in turns if turn.side == "voice" and turn.speaks}
    if (asks and answers) or {"question", "answer"} <= sides or len(voices) > 1:
        return turns[0].name
    return None


def _within_a_line(text: str) -> str | None:
    found = list(_WITHIN_A_LINE.finditer(text))
    names = {one["name"].lower() for one in found}
    for one in found:
        said = text[one.end() : one.end() + 200].split("\n", 1)[0]
        if one["name"].lower() in ("user", "human") and "?" in said:
            return one[0].strip()
    asked = names & {"user", "human", "customer", "client", "patient", "question", "q"}
    answered = names & {
        "assistant",
        "ai",
        "bot",
        "agent",
        "doctor",
        "lawyer",
        "advisor",
        "answer",
        "a",
    }
    return found[0][0].strip() if asked and answered else None
