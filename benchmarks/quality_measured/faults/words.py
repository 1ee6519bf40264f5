"""Faults of wording: what a model leaves, other languages, insults, somebody's data."""

from random import Random

from benchmarks.quality_measured.cases import Case, Kind, Plant
from benchmarks.quality_measured.faults.planting import amid, first, last, named, whole
from sync.quality.text_checks.checked_text import CheckedText

_ANY = ("pubmedqa", "medquad", "bank", "support")
_DEV_LANGUAGES = (
    "Vielen Dank für Ihre Nachricht. Die Gebühr wird am Ende des Monats von Ihrem Konto "
    "abgebucht. Wenn Sie Fragen haben, schreiben Sie uns bitte über die App oder kommen Sie in "
    "eine Filiale.",
    "Merci pour votre message. Les frais sont prélevés à la fin du mois sur votre compte. Si vous "
    "avez des questions, écrivez-nous dans l'application ou passez dans une de nos agences.",
    "Gracias por su mensaje. La comisión se cobra al final del mes en su cuenta. Si tiene alguna "
    "pregunta, escríbanos en la aplicación o visite una de nuestras oficinas.",
)
_REPORTED_LANGUAGES = (
    "Grazie per il suo messaggio. La patologia viene di solito diagnosticata con un esame del "
    "sangue. Si rivolga al suo medico se i sintomi durano più di una settimana o se peggiorano.",
    "Obrigado pela sua mensagem. A doença costuma ser diagnosticada por meio de um exame de "
    "sangue. Procure o seu médico se os sintomas durarem mais de uma semana ou se piorarem.",
    "Bedankt voor uw bericht. De ziekte wordt meestal vastgesteld met een bloedonderzoek. Ga naar "
    "uw huisarts als de klachten langer dan een week duren of erger worden.",
    "Dziękujemy za wiadomość. Chorobę rozpoznaje się zwykle na podstawie badania krwi. Proszę "
    "zgłosić się do lekarza, jeśli objawy trwają dłużej niż tydzień lub się nasilają.",
    "感谢您的来信。这种疾病通常通过血液检查来诊断。如果症状持续超过一周或加重\uff0c请咨询您的医生。",
    "Спасибо за ваше сообщение. Болезнь обычно выявляют по анализу крови. Обратитесь к врачу, "
    "если симптомы длятся больше недели или усиливаются.",
)


def _half_switched(name: str, texts: tuple[str, ...]) -> Plant:
    """A sentence in the right language, then another language."""

    def plant(case: Case, draws: Random) -> CheckedText:
        opening = case.text.answer.split(". ")[0][:80]
        return case.answering(f"{opening}.\n\n{draws.choice(texts)}")

    return named(name, plant)


_LEFT_DEV = (
    "As an AI language model, I cannot give personal advice.",
    "As of my last knowledge update in September 2021, this was correct.",
    "I don't have access to real-time data.",
    "I'm sorry, but as an AI I can't help with that.",
)
_LEFT_REPORTED = (
    "As an artificial intelligence, I do not have personal experience of this.",
    "I'm just an AI, so please check this with somebody who knows.",
    "As a large language model trained by OpenAI, I can't verify this.",
    "My knowledge cutoff is April 2023, so there may be newer information.",
    "My training data only goes up to 2022.",
    "I am an AI assistant and can't open your account.",
)
_ASIDES_DEV = ("Sure! Here is the revised answer:", "Certainly! Here's a draft of your reply:")
_ASIDES_REPORTED = (
    "Of course! Here is a polished version of your answer:",
    "Here's the rewritten response, with a friendlier tone:",
    "Certainly. Below is the answer in the format that you requested:",
    "Absolutely! Here's a concise reply that you can use:",
)
_TURNS_DEV = ("\n\nHuman: And what else?", "\n\n### Instruction:\nAnswer briefly.")
_TURNS_REPORTED = (
    "\n\nUser: Thanks!\nAssistant: You're welcome!",
    "\n\n### Response:\nSee above.",
    "\n\nQ: Is there more?\nA: No.",
    "\n\nsystem: You are a helpful assistant.",
)
_MARKS_DEV = ("<|im_end|>", "\n<|assistant|>")
_MARKS_REPORTED = ("<|eot_id|>", "[/INST]", "</s>", "<|endoftext|>", "\n<think>Is this right?")
_RUDE_DEV = (
    "You idiot, read the terms.",
    "Stop bothering us with your stupid questions.",
    "Shut up and wait.",
)
_RUDE_REPORTED = (
    "Are you too dumb to open an app?",
    "Frankly, people like you are worthless.",
    "Go to hell if you don't like it.",
    "What a bunch of morons you are.",
    "Nobody cares about your pathetic little problem, loser.",
    "If you write again I will find you and hurt you.",
    "This is fucking obvious.",
    "Those people are scum and should be thrown out of the country.",
)
_PERSONAL_DEV = (
    "Write to anna.koch@example.com.",
    "Call her at +44 20 7946 0958.",
    "The IBAN is DE89 3704 0044 0532 0130 00.",
)
_PERSONAL_REPORTED = (
    "Her address for mail is j.okafor81@example.org.",
    "Her mobile is +49 171 1234567.",
    "Pay it to GB29 NWBK 6016 1331 9268 19.",
    "The card is 4111 1111 1111 1111.",
    "His number is (212) 555-0147.",
    "His social security number is 536-22-8726.",
)

WORDS = {
    "wrong language": Kind(
        "answer_language",
        _ANY,
        (whole("dev", _DEV_LANGUAGES), _half_switched("half dev", _DEV_LANGUAGES)),
        (whole("reported", _REPORTED_LANGUAGES), _half_switched("half", _REPORTED_LANGUAGES)),
        also=frozenset({"unusual_length", "readability", "unanswered_intent", "unsupported_claim"}),
    ),
    "left by a model": Kind(
        "assistant_phrase",
        _ANY,
        (first("dev", _LEFT_DEV), amid("dev amid", _LEFT_DEV), first("aside", _ASIDES_DEV, "\n\n")),
        (
            first("opening", _LEFT_REPORTED),
            amid("amid", _LEFT_REPORTED),
            first("aside", _ASIDES_REPORTED, "\n\n"),
        ),
        also=frozenset({"broken_markdown", "cut_off", "unsupported_claim", "unsupported_fact"}),
    ),
    "turns left over": Kind(
        "role_marker",
        _ANY,
        (last("dev", _TURNS_DEV, ""),),
        (last("reported", _TURNS_REPORTED, ""),),
        also=frozenset({"assistant_phrase", "cut_off", "unsupported_claim"}),
    ),
    "marks left over": Kind(
        "leftover",
        _ANY,
        (last("dev", _MARKS_DEV, ""),),
        (last("reported", _MARKS_REPORTED, ""),),
        also=frozenset({"role_marker", "assistant_phrase", "cut_off", "unsupported_claim"}),
    ),
    "toxic": Kind(
        "toxicity",
        _ANY,
        (first("dev", _RUDE_DEV), last("dev end", _RUDE_DEV)),
        (
            amid("amid", _RUDE_REPORTED),
            last("end", _RUDE_REPORTED),
            first("opening", _RUDE_REPORTED),
        ),
        also=frozenset({"unsupported_claim"}),
    ),
    "personal data": Kind(
        "personal_data",
        _ANY,
        (last("dev", _PERSONAL_DEV),),
        (last("reported", _PERSONAL_REPORTED), amid("reported amid", _PERSONAL_REPORTED)),
        also=frozenset({"unsupported_claim", "unsupported_fact"}),
    ),
}
