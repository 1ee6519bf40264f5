"""Slurs, insults, swearing and threats, by a list of words.

A list can't tell a quotation from an insult, knows few languages and no irony, so it holds only
words that no expert writes to a reader. Words of anatomy, sex, drugs, illness and death are not
among them: clinical and legal answers need them. Whole words count, so that Scunthorpe stays.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from sync.quality.text_checks.checked_text import CheckedText, TextFault

_SWEARING = (
    r"\w*fuck\w*|f[*@#-]{1,3}(?:c?k|ck)\w*|(?:bull|horse|dip)?sh[i1!*]t(?:ty|s|head|hole|e)?|wtf|stfu|gtfo|"
    r"ass-?holes?|arse-?holes?|a\*\*hole|dumb-?ass(?:es)?|jack-?ass(?:es)?|son of a bitch|"
    r"b[i1*]tch(?:es|y)?|motherf\w+|c[u*]nts?|dick-?heads?|pricks|wankers?|bollocks|tossers?|twats?|"
    r"crap(?:py)?|damn|pissed off|bloody hell|(?:what|who|why|how) the (?:hell|fuck)|douche-?bags?|goddamn(?:ed|it)?|scumbags?|"
    r"scheiß\w*|scheiss\w*|arschl[oö]ch\w*|wichser|fotzen?|hurensohn|verpiss dich|halt die fresse|"
    r"putain|connards?|connasses?|enculés?|salopes?|ta gueule|nique ta mère|fils de pute|"
    r"puta|puto|hijos? de puta|gilipollas|cabr[oó]n(?:es)?|pendej[oa]s?|mierda|joder|"
    r"vaffanculo|stronz[oiae]|coglion[ei]|cazzo|"
    r"caralho|filho da puta|klootzak|kankerlijer|kurwa|"
    r"сук[аи]|бля(?:дь|ть)|ху[йя]\w*|пизд\w*|еба\w*|мудак\w*"
)
_SLURS = (
    r"n[i1*]gg(?:er|a|ers|as)|f[a4]gg?ots?|k[i1]kes?|sp[i1]cs|ch[i1]nks|gooks?|wetbacks?|towelheads?|"
    r"ragheads?|sandn\w+|trann(?:y|ies)|retards?|retarded (?:idiot|moron|people|person|fool)|"
    r"kanaken?|neger|untermensch(?:en)?|schwuchteln?|zigeunerpack|bougnoules?|youpins?|négros?|"
    r"sudacas?|maric[oó]n(?:es)?|frocio|finocchio di merda|жид[ыа]?|пид[оа]р\w*"
)
_INSULTS = (
    r"(?:idiots?|morons?|imbeciles?|stupid|dumb|dumbest|idiotic|moronic|pathetic|worthless|useless|"
    r"brain-?dead|braindead|ignorant|dimwit\w*|losers?|fools?|foolish|trash|garbage|scum|vermin|"
    r"disgusting|clueless|subhuman|ugly|lazy|incompetent|crazy|insane|a joke|"
    r"waste of (?:space|time|oxygen|air|skin))"
)
_AT_YOU = (
    rf"\byou(?:['’]re| are| must be| people are| guys are|r)?(?: all)?(?: (?:such|just|clearly|obviously|"
    rf"really|so|too|being|an?|absolute(?:ly)?|complete(?:ly)?|total(?:ly)?|utter(?:ly)?|fucking|damn|"
    rf"bloody|very|quite|nothing but|pathetic|stupid|worthless|useless)){{0,4}} {_INSULTS}\b"
    r"(?! (?:of|about|by) (?:the|that|this|how))(?! to \w+ (?:about|that))"
    rf"|\bonly an? (?:complete |total |utter )?(?:idiot|moron|imbecile|fool) (?:would|could|like)"
    rf"|\b(?:you|such an?|what an?|like an?|dear|listen,?|hey,?|another|any|some) (?:\w+ )?(?:idiots?|morons?|bastards?|imbeciles?|"
    r"dimwits?|cretins?|scum|loser)\b"
    r"|\bidiots?\b(?! savant)|\bmorons?\b|\bpiece of (?:shit|crap|garbage|trash)\b|\byou make me sick\b"
    r"|\byou should be ashamed\b|\bnobody cares (?:what|about|if) you\b"
    r"|\bshut (?:the (?:hell|fuck) )?up\b|\bgo to hell\b|\bscrew you\b|\bget lost\b|\bpiss off\b"
    r"|\bhow (?:stupid|dumb) (?:are you|can you be|do you)|\bare you (?:really )?(?:stupid|dumb|an idiot|"
    r"retarded|that stupid|brain ?dead)\b|\byour (?:stupid|dumb|idiotic|pathetic|moronic|ridiculous|"
    r"worthless) (?:\w+ )?\w+|\b(?:this|that|what) (?:is an? )?(?:a )?(?:stupid|dumb|idiotic|moronic) question"
    r"|\bi (?:hate|despise|loathe) (?:you|people like you|your kind)\b|\bpeople like you\b.{0,40}\b"
    r"(?:should|deserve|disgust|don['’]t)\b|\bnobody (?:likes|cares about|wants) you\b"
    r"|\bdu (?:bist (?:so )?(?:ein(?:e)? )?)?(?:dumm|idiot\w*|trottel|depp|vollidiot|versager|blöd\w*)\b"
    r"|\b(?:tu es|vous êtes|t['’]es) (?:un |une |vraiment |si |trop )?(?:idiot\w*|stupide|imbécile|con|nul|débile)\b"
    r"|\b(?:eres|es usted) (?:un |una |muy |tan )?(?:idiota|estúpid[oa]|imbécil|tont[oa]|inútil)\b"
    r"|\bsei (?:un |una |proprio )?(?:idiota|stupid[oa]|cretin[oa]|imbecille)\b"
)
_THREATS = (
    r"\b(?:i|we)(?:['’]ll| will| am going to|['’]m going to|['’]re going to| are going to|['’]d| would)"
    r"(?: (?:fucking|gladly|personally|just|happily))? (?:(?:find|hunt|track) (?:you|down)|"
    r"(?:kill|hurt|murder|destroy|shoot|stab|strangle|beat|punch|slap|burn|rape|ruin|break|end) (?:you|"
    r"your (?:family|face|life|kids|children|house|legs))|make you (?:pay|suffer|regret))"
    r"|\byou(?:['’]ll| will) (?:regret (?:this|it)|pay for (?:this|that))\b|\bwatch your back\b"
    r"|\b(?:go )?(?:kill|hang|shoot) yourself\b(?! (?:in the foot|up on))|\bkys\b"
    r"|\byou (?:should|deserve to|ought to|need to) (?:just )?(?:die|be (?:shot|killed|hanged|beaten))\b"
    r"|\b(?:hope|wish) (?:that )?you (?:die|get (?:cancer|hurt|hit|sick)|rot|suffer|burn)\b|\bdrop dead\b"
    r"|\bi know where you live\b|\bich (?:bring|mach) dich (?:um|fertig|kalt)\b|\bje vais te (?:tuer|buter)\b"
    r"|\bte voy a (?:matar|romper)\b|\bti ammazzo\b"
)
_HATE = (
    r"\b(?:these people|those people|people like (?:you|that|them|this)|patients like (?:you|that|them|"
    r"this)|your kind) are (?:all |just |so |too |nothing but |a |an )*(?:stupid|dumb|inferior|animals?|"
    r"filthy|subhuman|vermin|parasites?|trash|scum|disgusting|worthless|idiots|a waste of)"
    r"|\b(?:all|those|these|every|most) (?:\w+ )?(?:women|men|muslims?|jews|jewish people|christians?|"
    r"immigrants?|migrants?|refugees|foreigners|blacks|black people|whites|white people|asians|"
    r"mexicans|arabs|gays|gay people|homosexuals|trans people|indians|africans|old people|"
    r"disabled people|poor people|fat people) (?:are|is) (?:all |just |so |too |nothing but |a |an |"
    r"naturally |inherently )*(?:stupid|dumb|inferior|criminals?|animals?|terrorists?|lazy|filthy|dirty|"
    r"subhuman|vermin|parasites?|evil|trash|scum|disgusting|worthless|liars?|thieves|rapists?|idiots|"
    r"less intelligent|a (?:plague|disease|cancer))"
    r"|\b(?:kill|exterminate|deport|gas|hang|shoot) (?:all|every|the) (?:\w+ )?(?:jews|muslims?|blacks|"
    r"immigrants?|migrants?|gays|foreigners|women|christians?)\b"
)
_KINDS = (
    ("a threat", _THREATS, 0.0),
    ("a slur", rf"(?<![\w@/.-])(?:{_SLURS})(?![\w@])", 0.0),
    ("hatred of a group", _HATE, 0.0),
    ("an insult", _AT_YOU, 0.1),
    ("swearing", rf"(?<![\w@/.-])(?:{_SWEARING})(?![\w@])", 0.1),
)
_QUOTED = re.compile(
    r"\"[^\"\n]{1,200}\"|“[^”\n]{1,200}”|„[^“\n]{1,200}“|«[^»\n]{1,200}»|「[^」\n]*」"
)


@dataclass(frozen=True)
class Toxicity:
    """Answers with a slur, an insult, swearing or a threat outside quotation marks.

    Attributes:
        words: further ones, as whole words in any case.
        allowed: words that are meant.
    """

    words: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()

    def __call__(self, text: CheckedText) -> Iterator[TextFault]:
        answer = _QUOTED.sub(" ", text.answer)
        for kind, pattern, score in _patterns(self.words):
            for found in pattern.finditer(answer):
                said = " ".join(found[0].split())
                if said.lower() not in {word.lower() for word in self.allowed}:
                    yield TextFault(
                        f"the answer holds {kind} (“{said[:60]}”); take it out, or quote it where "
                        "it must be named",
                        score,
                        "error",
                    )
                    return


@lru_cache(maxsize=8)
def _patterns(words: tuple[str, ...]) -> tuple[tuple[str, re.Pattern[str], float], ...]:
    own = "|".join(map(re.escape, words))
    kinds = (*_KINDS, ("a word of your list", rf"(?<!\w)(?:{own})(?!\w)", 0.2)) if own else _KINDS
    return tuple((kind, re.compile(said, re.IGNORECASE), score) for kind, said, score in kinds)
