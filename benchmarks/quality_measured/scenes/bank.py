"""A bank's replies to its customers: plain words, facts from the account."""

from random import Random

from benchmarks.quality_measured.scenes.filled import Scene, Template, day, money

_NAMES = ("Harper", "Okafor", "Lindqvist", "Moreau", "Patel", "Novak", "Castellanos", "Yamada")
_STREETS = ("Mill Lane", "Station Road", "Harbour Street", "Castle Square", "Abbey Gardens")
_PLANS = ("Basic", "Plus", "Premier", "Student")
_SHOPS = ("Norwood Books", "Ferrari's Deli", "Skyline Air", "Greenfield Garden Centre")


def _draw(draws: Random) -> dict[str, str]:
    return {
        "name": f"{draws.choice(('Ms', 'Mr', 'Dr'))} {draws.choice(_NAMES)}",
        "plan": draws.choice(_PLANS),
        "fee": money(draws, 3, 19),
        "amount": money(draws, 20, 900),
        "limit": f"GBP {draws.randrange(1_200, 9_000, 150):,}",
        "date": day(draws),
        "days": str(draws.randint(3, 9)),
        "share": f"{draws.choice((1.5, 2.5, 2.75, 3.2, 4.5))} %",
        "street": draws.choice(_STREETS),
        "shop": draws.choice(_SHOPS),
    }


_DEV = (
    Template(
        "My card is lost. What does a new one cost, and how long does it take?",
        "I am sorry that your card is lost, {name}. Freeze it in the app first: open Cards, "
        "choose the card and press Freeze. A new card costs {fee} on the {plan} plan and comes by "
        "post within {days} working days. The old one can't be used again once the new one is on "
        "its way.",
    ),
    Template(
        "I see a payment that I don't know. What is it?",
        "The payment of {amount} was made to {shop} on {date}. If you did not make it, please "
        "tell us in the app: open the payment, press Report and answer two short questions. We "
        "stop the card at once and look into it. You will hear from us within {days} working days.",
    ),
    Template(
        "What do I pay when I use my card abroad?",
        "On the {plan} plan we charge {share} of each payment in another currency. There is no "
        "extra fee for payments in pounds. If a shop asks whether you want to pay in pounds or in "
        "the local currency, choose the local one: our rate is mostly the better one.",
    ),
    Template(
        "Can you raise my card limit?",
        "Yes. Your limit is {limit} a month now, {name}. You can change it yourself in the app "
        "under Cards, Limits. The change counts at once. If you need more than the app allows, "
        "come to our branch in {street} with your passport, and we will do it together.",
    ),
    Template(
        "Where can I pay in cash?",
        "You can pay in cash at our branch in {street}. It takes a minute: bring your card, and "
        "the money is in your account the same day. Up to {limit} a month is free on the {plan} "
        "plan. Above that we charge {fee} each time.",
    ),
    Template(
        "Why was I charged twice?",
        "You were not charged twice, although it looks like it. {shop} first reserved {amount} "
        "and then took the same sum on {date}. The reservation goes away by itself, mostly within "
        "{days} days. Until then your balance is a little lower. You need not do anything.",
    ),
)
_REPORTED = (
    Template(
        "My card was swallowed by a cash machine. What now?",
        "That is a nuisance, {name}, and I am glad that you wrote. We have blocked the card for "
        "you. A new one is sent to your address today. It takes {days} working days and costs "
        "{fee}, which is taken from your account on {date}. Until then you can pay by phone with "
        "the card in the app.",
    ),
    Template(
        "When will my refund arrive?",
        "{shop} sent your refund of {amount} on {date}. Refunds take up to {days} working days to "
        "reach an account. If it is not there by then, send us a picture of the receipt. We will "
        "then ask their bank where the money is.",
    ),
    Template(
        "How do I change my plan?",
        "You are on the {plan} plan, which costs {fee} a month. To change it, open the app, "
        "choose Profile, then Plan. The new plan starts on the first day of the next month. What "
        "you have paid for this month stays as it is.",
    ),
    Template(
        "I moved house. What do I have to do?",
        "Please give us your new address in the app under Profile, Address. You can also do it at "
        "our branch in {street}. Bring a letter that shows your name and the new address. Your "
        "card keeps working, {name}, so there is no need for a new one.",
    ),
    Template(
        "A transfer that I sent has not arrived. Can you help?",
        "Your transfer of {amount} left your account on {date}. The other bank has up to {days} "
        "working days to book it. If it is still missing then, we can call it back for {fee}. "
        "Please check the account number in the meantime: a single wrong digit is the usual "
        "reason.",
    ),
    Template(
        "How much may I spend with my card?",
        "Your card has a limit of {limit} a month on the {plan} plan. Payments abroad count as "
        "well, and for those we charge {share} on top. You see in the app how much is left. The "
        "limit starts anew on the first of each month.",
    ),
)
BANK = Scene(
    "bank",
    _draw,
    {"dev": _DEV, "reported": _REPORTED},
    {
        "customer": "{name}",
        "plan": "{plan}",
        "card_fee": "{fee}",
        "last_payment": "{amount} at {shop} on {date}",
        "limit": "{limit} a month",
        "fee_abroad": "{share}",
        "processing": "{days} working days",
        "branch": "12 {street}",
    },
)

# what a chain of reasoning concludes, and the answer that follows from it
_CHAINS_DEV = (
    Template(
        "I froze my card on Friday and was billed {amount} on Saturday. Who pays?",
        "We refund you {amount}. You will see it in your account within {days} working days.",
        reasoning=(
            "The card was frozen on Friday, and {shop} billed it on Saturday.",
            "A payment that comes after the freeze is not the customer's loss by our terms.",
            "So the bank bears it: the customer gets {amount} back.",
        ),
    ),
    Template(
        "Can I have the overdraft fee back? It was my first one.",
        "Yes, we give the fee of {fee} back to you this time.",
        reasoning=(
            "The fee table says that an overdraft costs {fee}.",
            "The terms allow one fee a year to be waived, and none was waived so far.",
            "So the fee of {fee} can be waived.",
        ),
    ),
    Template(
        "May I take out {limit} in cash this month?",
        "Yes, you may take out {limit} this month.",
        reasoning=(
            "The limit is {limit} a month.",
            "Nothing was taken out this month.",
            "So the whole {limit} can be taken out.",
        ),
    ),
)
_CHAINS_REPORTED = (
    Template(
        "I sent {amount} to the wrong account. Can you get it back?",
        "Yes, we can call the {amount} back, since the other bank has not booked it yet.",
        reasoning=(
            "The transfer left on {date} and is not booked by the other bank.",
            "Transfers that are not booked can be called back.",
            "So the transfer of {amount} can still be called back.",
        ),
    ),
    Template(
        "Do I have to pay for the new card?",
        "No, the new card is free for you, since the old one was faulty.",
        reasoning=(
            "A new card costs {fee} on the {plan} plan.",
            "The chip of the old one was faulty, and faulty cards are replaced for free.",
            "So the customer does not pay for the new card.",
        ),
    ),
    Template(
        "I paid by card abroad. What is the fee for {amount}?",
        "You pay {share} of {amount} as a fee.",
        reasoning=(
            "The payment of {amount} was in another currency.",
            "On the {plan} plan that costs {share}.",
            "So the fee is {share} of {amount}.",
        ),
    ),
)
BANK_CHAINS = Scene(
    "bank_chains", _draw, {"dev": _CHAINS_DEV, "reported": _CHAINS_REPORTED}, BANK.facts
)
