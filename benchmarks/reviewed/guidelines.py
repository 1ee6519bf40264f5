"""How well a changed sentence of guidelines finds the finished tasks that it concerns.

The tasks are questions of banking77, each of a known intent; the changed sentences were written for
some of these intents, as a bank might, and some for none (how to write, to whom). The limit was
chosen on sentences for other intents (`DEVELOPMENT`) and banking77's training part; the figures are
of `HELD_BACK` and its test part.
"""

import csv
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from connectors.embedding import load_encoder
from connectors.reading import read
from sync.queue.review.guidelines.concerned import ABOUT

DATA = Path(__file__).parent.parent.parent.parent / "shared" / "data"
_EACH = 20

DEVELOPMENT: Mapping[str, str] = {
    "activate_my_card": "A new card is activated in the app under Cards before its first use.",
    "age_limit": "Accounts are for adults; a parent may open one for a child of 16.",
    "apple_pay_or_google_pay": "Apple Pay and Google Pay work with all cards but virtual ones.",
    "automatic_top_up": "Auto top-up starts when the balance falls below the amount that was set.",
    "beneficiary_not_allowed": "A payee in a country on the sanctions list cannot be added.",
    "cancel_transfer": "A transfer can be called off while it is still marked as pending.",
    "card_about_to_expire": "We send a replacement one month before the old card runs out.",
    "card_arrival": "A card that has not come after ten working days is sent again free of charge.",
    "card_swallowed": "When a machine keeps a card, the customer freezes it and orders another.",
    "change_pin": "The PIN can be changed at any cash machine, and not in the app.",
    "country_support": "We open accounts for residents of the European Economic Area only.",
    "disposable_card_limits": "A customer may make five disposable cards a day.",
    "edit_personal_details": "A change of name or address needs a document that shows it.",
    "exchange_rate": "We convert at the interbank rate, with a markup of 1% at weekends.",
    "fiat_currency_support": "Balances can be held in 30 currencies, in no crypto currency.",
    "getting_spare_card": "A second physical card on the same account costs GBP 5.",
    "lost_or_stolen_phone": "Whoever has lost their phone logs in on the website and signs it out.",
    "passcode_forgotten": "A forgotten passcode is reset with a selfie, never by e-mail.",
    "pin_blocked": "After three wrong PINs the card is unblocked in the app under Security.",
    "request_refund": "Refunds of card payments are for the merchant; we step in after 15 days.",
    "terminate_account": "An account is closed once its balance is zero; ask why before it is.",
    "top_up_limits": "The most that can be added in a month depends on the level of verification.",
    "transaction_charged_twice": "A second charge of the same payment is taken back by itself.",
    "transfer_timing": "Payments within Europe arrive the next working day, others within five.",
    "verify_source_of_funds": "We ask where money comes from when deposits exceed GBP 10,000.",
    "wrong_amount_of_cash_received": "If a machine pays out too little, a claim needs its receipt.",
}
HELD_BACK: Mapping[str, str] = {
    "atm_support": "Cash machines that show Visa or Mastercard take our cards.",
    "balance_not_updated_after_cheque_or_cash_deposit": "A cheque is credited after six days.",
    "card_delivery_estimate": "Express delivery of a card takes two working days and costs GBP 15.",
    "card_linking": "A card that was removed from the app can be added to it again.",
    "card_payment_fee_charged": "Paying by card is free of charge, abroad as well.",
    "card_payment_not_recognised": "Of a payment that nobody remembers: freeze the card first.",
    "card_payment_wrong_exchange_rate": "The rate of a purchase is that of its settlement day.",
    "cash_withdrawal_charge": "Five withdrawals a month are free, each further one costs GBP 1.50.",
    "compromised_card": "If somebody else knows the card details, replace the card at once.",
    "contactless_not_working": "Contactless works after one payment with the chip and the PIN.",
    "declined_cash_withdrawal": "A refused withdrawal: check limit, PIN and card.",
    "declined_transfer": "A refused transfer is explained in the app; never guess the reason.",
    "direct_debit_payment_not_recognised": "A direct debit can be returned for eight weeks.",
    "exchange_via_app": "Currencies are exchanged in the app under Accounts, then Exchange.",
    "extra_charge_on_statement": "A charge of GBP 1 on a statement is a shop that checks the card.",
    "getting_virtual_card": "A virtual card is made in the app and can be used straight away.",
    "pending_card_payment": "A pending payment is final after seven days at the latest.",
    "pending_top_up": "A top-up that is pending for more than an hour goes to the payments team.",
    "receiving_money": "Salaries can be paid into the account by the sort code in the app.",
    "supported_cards_and_currencies": "Money can be added from bank cards in EUR and GBP.",
    "top_up_by_bank_transfer_charge": "Adding money by bank transfer costs nothing on our side.",
    "top_up_failed": "A failed top-up: ask for the error that is shown, and the issuing bank.",
    "transfer_not_received_by_recipient": "If a payee has nothing after two days, offer a trace.",
    "unable_to_verify_identity": "When a document is not accepted, ask for a photo without glare.",
    "visa_or_mastercard": "Customers choose between Visa and Mastercard when they order.",
    "why_verify_identity": "Explain that the law obliges banks to know their customers.",
}
# that concern everything or nothing, so that no task is more meant than another
GENERAL: Sequence[str] = (
    "Write in British English.",
    "Keep an answer below 120 words.",
    "Greet the customer by name where it is known, and sign with the team's name.",
    "Never promise what another department decides.",
    "Use plain words; explain every abbreviation.",
    "Steps are a numbered list, one action a line.",
    "Apologise once where something went wrong on our side.",
    "Do not repeat personal data in the answer.",
    "Answer every question that was asked, the most urgent first.",
    "Close with what happens next and by when.",
)


def measured(quick: bool) -> dict[str, Any]:
    """The figures; none where the data are missing."""
    if not (DATA / "banking77_test.csv").exists():
        return {}
    found = figures("test", HELD_BACK, ABOUT, 5 if quick else _EACH)
    return {"guidelines_about": ABOUT, **{f"guidelines_{k}": v for k, v in found.items()}}


def figures(part: str, changed: Mapping[str, str], limit: float, each: int) -> dict[str, float]:
    """What sentences find among questions of all intents.

    Returns:
        recall: of the tasks of a sentence's intent, the share that it finds; median over sentences
            (`recall_median`) and mean. precision: of what is found, the share of that intent.
        found_share: of all tasks, that a sentence finds on average; `general_share`: likewise of a
            sentence that is about nothing in particular.
    """
    asks = questions(part, each)
    encoder = load_encoder("all-MiniLM-L6-v2")
    texts = read(encoder, [text for _, text in asks]).vectors
    of = np.array([intent for intent, _ in asks])
    similar = read(encoder, list(changed.values())).vectors @ texts.T
    general = read(encoder, list(GENERAL)).vectors @ texts.T
    hits = similar >= limit
    right = np.array([of == intent for intent in changed])
    recall = (hits & right).sum(axis=1) / right.sum(axis=1)
    return {
        "recall": round(float(recall.mean()), 4),
        "recall_median": round(float(np.median(recall)), 4),
        "precision": round(float((hits & right).sum() / max(1, hits.sum())), 4),
        "found_share": round(float(hits.mean()), 4),
        "general_share": round(float((general >= limit).mean()), 4),
    }


def questions(part: str, each: int) -> list[tuple[str, str]]:
    """Intent and text of the first questions of every intent."""
    by_intent: dict[str, list[str]] = defaultdict(list)
    with (DATA / f"banking77_{part}.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            by_intent[row["category"]].append(row["text"])
    return [(intent, text) for intent in sorted(by_intent) for text in by_intent[intent][:each]]
