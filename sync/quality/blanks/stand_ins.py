"""Whole answers that say nothing: "TBD", "see above", "This is a placeholder.", signs."""

import re

from label_configs.visible_text import is_unseen
from sync.quality.blanks.labels import labels_a_blank

# the whole answer, in lower case and without what stands around it
_STAND_INS = frozenset(
    word.strip()
    for word in """
    tbd|tba|tbc|todo|to do|fixme|n/a|na|n.a|null|nan|undefined|placeholder|placeholder text|test
    testing|test test|test answer|asdf|asdfasdf|qwerty|foo|bar|foo bar|xxx|xx|abc|answer|the answer
    answer here|your answer|your answer here|answer goes here|write answer here|enter answer here
    insert answer here|type your answer here|response|response here|your response here|text here
    sample answer|example answer|dummy|dummy text|see above|as above|same as above|ditto|idem
    coming soon|pending|later|draft|in progress|work in progress|wip|under construction|blank|empty
    no answer|not available|to be added|to be announced|to be completed|to be confirmed
    to be determined|to be decided|to be defined|to be done|to be filled|to be filled in
    to be filled out|to be provided|to be supplied|to be updated|to be written|to follow
    idk|dunno|no idea|skip|skipped|asd|asdfgh|qwe|qwertz|xyz|lorem|lorem ipsum|foobar|foo bar baz|no answer yet
    see attachment|see attached|see document|see documents|see link|see previous answer|same answer|same as previous
    same as before|s.o|s. o|offen|kommt noch|zu ergänzen|bitte ergänzen|noch zu ergänzen|en attente|à remplir
    voir plus haut|ídem|ver más arriba|da fare|in sospeso|n.v.t|nvt|do uzupełnienia|см. выше|уточняется|无|略
    fill in|fill in later|fill this in|needs answer|needs an answer|answer pending|answer to follow
    noch offen|folgt|folgt noch|wird ergänzt|wird nachgereicht|wird noch ergänzt|platzhalter
    keine angabe|k.a|siehe oben|antwort|antwort hier|à compléter|a completer|à définir|à venir
    voir ci-dessus|réponse|por definir|por completar|pendiente|por hacer|ver arriba|da completare
    da definire|nog in te vullen|volgt|待定|待补充|待填写|待完善
    未定|未記入|后补|同上|見上|以上同様|やること
    추후 작성|추후 입력|미정|يحدد لاحقا|กรอกภายหลัง|รอข้อมูล
    """.replace("\n", "|").split("|")
    if word.strip()
)

# all of a short answer
_STANDS_IN = re.compile(
    r"(?:this is |just )?(?:an? |the )?(?:placeholder|dummy|sample|test|example)(?: (?:text|answer|"
    r"response|content|entry|data|only))*(?: \d+)?"
    r"|(?:(?:the |an? )?(?:answer|response|text|content|details?|info\w*|this) )?(?:to be|will be|"
    r"needs to be|must be|has to be|should be|is to be) (?:added|announced|completed|confirmed|decided|"
    r"determined|defined|done|filled(?: in| out)?|provided|supplied|updated|written|inserted|"
    r"reviewed)(?: (?:here|later|soon|below|by \w+(?: \w+)?))?"
    r"|(?:please )?(?:insert|add|write|enter|put|type|fill in|paste)(?: \w+){0,3} (?:here|later|below)"
    r"|(?:answer|response|details|content|text|more|something)(?: \w+)? (?:coming soon|to follow|"
    r"pending|goes here|here)|(?:(?:blah|bla|asdf|test|foo|bar|x|qwerty|lorem|ipsum)[ ,.]*)+\d*"
    r"|(?:fixme|tbd|todo(?= ?[:(\-–—]|$))\b[^.]{0,60}|([a-hj-z])\1{2,}|(?:hello world|nothing here(?: yet)?|no content|not written yet)",
    re.IGNORECASE,
)
_AROUND = " \t\r\n.…:;,!?*_#`'\"“”„«»()[]{}<>-–—~|/\\"
_SHORT = 80
_BRACKETED = re.compile(r"[\[<{(]{1,3}([^\[\]<>{}()\n]{1,90})[\]>})]{1,3}")


def stands_in(answer: str) -> str | None:
    """What stands in place of an answer, in words; None where it says something."""
    if is_unseen(answer):
        return "it holds nothing that can be seen"
    bare = " ".join(answer.split()).strip(_AROUND).lower()
    if not bare and not any(c in "+=<>|" for c in answer):
        return f"{answer.strip()[:20]!r}"
    is_one = len(bare) <= _SHORT and _STANDS_IN.fullmatch(bare)
    if bare in _STAND_INS or is_one or bare.startswith("lorem ipsum"):
        return f"{answer.strip()[:40]!r}"
    bracketed = _BRACKETED.fullmatch(answer.strip())
    if bracketed and labels_a_blank(bracketed[1]):
        return f"{answer.strip()[:60]!r}"
    return None
