import pytest

from sync.quality.text_checks.checked_text import Document
from sync.quality.text_checks.citation import Citation
from tests.sync.quality.text_checks.texts import found

BROWN = "Brown v. Board of Education, 347 U.S. 483, 495 (1954)"


@pytest.mark.parametrize(
    "answer",
    [
        f"It is unequal. {BROWN}.",
        f"See {BROWN}. In Brown v. Board of Education the court said so.",
        "Doe v. Roe, 345 F. Supp. 3d 123, 130 (S.D.N.Y. 2018), holds the same.",
        "Bullcoming v. New Mexico, 564 U.S. ___ (2011).",
        "Under 42 U.S.C. § 1983 and 29 C.F.R. § 1910.12 it is due.",
        "Take 5 mg. 3 times a day at 10 a.m. from 12 Nov. 2026; see 12 St. 4.",
        "Vaccine A v. placebo.",
    ],
)
def test_proper_form(answer: str) -> None:
    assert [fault.message for fault in found(Citation(), answer)] == []


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("Brown v. Board of Education, 347 U.S. 483.", "has no year"),
        ("Brown v. Board of Education, 347 U.S. 483 (1954).", "has no pinpoint"),
        ("Brown v. Board of Education, 347 US 483, 495 (1954).", "is written '347 U.S. 483'"),
        ("Smith v. Jones, 123 Xyz. Rptr. 45 (1999).", "names no reporter that is known"),
        ("Smith v. Jones, 12 F.3d (2d Cir. 1999).", "has no page"),
        ("The court in Miranda v. Arizona said so.", "is named without its citation"),
    ],
)
def test_improper_form(answer: str, said: str) -> None:
    (fault,) = found(Citation(), answer)
    assert said in fault.message


def test_only_what_the_documents_hold() -> None:
    held = {"documents": (Document("Brown", "Brown, 347 U.S. 483 (1954), is good law."),)}
    assert found(Citation(), BROWN, **held) == []
    (fault,) = found(Citation(), BROWN.replace("483", "484"), **held)
    assert "'347 U.S. 484' stands in none of the documents" in fault.message
    assert fault.severity == "error"
    assert found(Citation(in_documents=False), BROWN.replace("483", "484"), **held) == []


def test_a_pinpoint_may_be_left_out() -> None:
    assert found(Citation(pinpoint=False), "Brown v. Board, 347 U.S. 483 (1954).") == []
