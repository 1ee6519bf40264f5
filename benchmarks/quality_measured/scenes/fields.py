"""Answers of fields with a form: IRAC with citations, SOAP notes, advice with disclosures."""

from random import Random

from benchmarks.quality_measured.scenes.filled import Scene, Template, money

SECTIONS = {
    "legal": ("Issue", "Rule", "Application", "Conclusion"),
    "clinic": ("Subjective", "Objective", "Assessment", "Plan"),
    "advice": ("Client profile", "Risks", "Disclosures"),
}
DISCLOSURE = "Past performance is not a reliable indicator of future results."
WARNING = (
    "The value of investments can fall as well as rise, and you may get back less than you paid in."
)
_CASES = (
    "Harlow Mills v. Dent, 412 U.S. 318, 321 (1973)",
    "Baxter v. Orchard Trust, 487 F.2d 1120, 1124 (2d Cir. 1973)",
    "Mendez v. Pacific Freight Co., 29 F.3d 644, 650 (9th Cir. 1994)",
    "Carver v. Linden School Board, 531 U.S. 204, 211 (2001)",
    "Okoye v. Regent Hotels, Inc., 318 F. Supp. 2d 77, 82 (S.D.N.Y. 2004)",
    "Tillman v. State, 265 P.3d 902, 906 (Cal. 2011)",
)


def _legal(draws: Random) -> dict[str, str]:
    return {
        "cite": draws.choice(_CASES),
        "statute": draws.choice(("42 U.S.C. § 1983", "29 U.S.C. § 2612", "15 U.S.C. § 1692g")),
        "party": draws.choice(("the tenant", "the employee", "the buyer", "the carrier")),
        "other": draws.choice(("the landlord", "the company", "the seller", "the agency")),
    }


def _clinic(draws: Random) -> dict[str, str]:
    return {
        "age": str(draws.randint(24, 83)),
        "days": str(draws.randint(2, 12)),
        "pulse": str(draws.randint(58, 98)),
        "temp": f"{draws.randint(365, 391) / 10:.1f}",
        "systolic": str(draws.randint(108, 152)),
        "diastolic": str(draws.randint(64, 92)),
    }


def _advice(draws: Random) -> dict[str, str]:
    return {
        "age": str(draws.randint(29, 64)),
        "years": str(draws.randint(6, 24)),
        "sum": money(draws, 10_000, 90_000),
        "share": str(draws.choice((35, 45, 55, 65))),
        "cost": f"{draws.choice((0.22, 0.35, 0.48, 0.61))} %",
    }


def _headed(names: tuple[str, ...], form: str, *parts: str) -> str:
    """Parts under their headings; `form` has `@` for the heading."""
    return "\n\n".join(form.replace("@", n) + p for n, p in zip(names, parts, strict=True))


_IRAC = (
    "Whether {party} may claim damages although the contract is silent on delay.",
    "A duty that a statute sets binds the parties even where their contract is silent. {cite}. "
    "See also {statute}.",
    "Here {other} knew of the deadline and let it pass. The duty was therefore broken, and the "
    "loss of {party} follows from it. {other_cap} may argue that no notice was given; the statute "
    "asks for none.",
    "{party_cap} can likely claim damages. This is settled for delay and less certain for lost "
    "profit.",
)
_NOTE = (
    "The patient, {age} years old, reports a dry cough and tiredness for {days} days. No chest "
    "pain.",
    "Temperature {temp} °C, pulse {pulse} per minute, blood pressure {systolic}/{diastolic} mmHg. "
    "Lungs clear on both sides.",
    "Most likely a viral infection of the upper airways. No sign of pneumonia.",
    "Rest and fluids. Come back if the fever lasts or breathing gets harder. Check again in a "
    "week.",
)
_ADVICE = (
    "The client is {age} years old, wants to retire in {years} years and has {sum} to invest. "
    "Losses for a year or two can be borne.",
    "Shares can fall sharply within months. " + WARNING,
    "The fund costs {cost} a year. We receive no commission for it. " + DISCLOSURE,
)


def _legal_slots(draws: Random) -> dict[str, str]:
    slots = _legal(draws)
    more = {f"{name}_cap": slots[name].capitalize() for name in ("party", "other")}
    return {**slots, **more}


def _templates(
    scene: str, question: str, forms: tuple[str, ...], parts: tuple[str, ...]
) -> tuple[Template, ...]:
    return tuple(Template(question, _headed(SECTIONS[scene], form, *parts)) for form in forms)


LEGAL = Scene(
    "legal",
    _legal_slots,
    {
        "dev": _templates(
            "legal",
            "Can {party} claim damages for the delay?",
            ("**@**: ", "## @\n"),
            _IRAC,
        ),
        "reported": _templates(
            "legal",
            "{other_cap} was late by a month. Does {party} have a claim?",
            ("@: ", "### @\n\n", "**@:**\n"),
            _IRAC,
        ),
    },
    {"jurisdiction": "New York, United States", "area": "contract law"},
    (("Cases", "{cite}. {statute}. A duty that a statute sets binds the parties."),),
    profile="legal",
)
CLINIC = Scene(
    "clinic",
    _clinic,
    {
        "dev": _templates(
            "clinic", "Please write the note of this visit.", ("@: ", "## @\n"), _NOTE
        ),
        "reported": _templates(
            "clinic", "Write up the consultation as a note.", ("@\n", "**@:** "), _NOTE
        ),
    },
    {
        "age": "{age}",
        "complaint": "dry cough and tiredness, {days} days",
        "vitals": "T {temp} °C, pulse {pulse}/min, RR {systolic}/{diastolic} mmHg",
    },
    profile="healthcare",
)
ADVICE = Scene(
    "advice",
    _advice,
    {
        "dev": _templates(
            "advice", "How should this client invest {sum}?", ("@: ", "## @\n\n"), _ADVICE
        ),
        "reported": _templates(
            "advice", "Draft our advice on {sum} for this client.", ("@\n", "### @\n"), _ADVICE
        ),
    },
    {
        "client": "{age} years old, retires in {years} years, {sum} to invest",
        "fund_costs": "{cost} a year",
    },
    profile="finance",
)
