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


@pytest.mark.parametrize(
    ("cited", "said"),
    [
        # a part is missing
        ("Mendez v. Pacific Freight Co., F.3d 644, 650 (9th Cir. 1994)", "has no volume"),
        ("In re Pacific Freight Co., F.3d 644, 650 (9th Cir. 1994)", "has no volume"),
        ("F.3d 644, 650 (9th Cir. 1994)", "has no volume"),
        ("Carver v. Linden School Board, U.S. 204, 211 (2001)", "has no volume"),
        ("Okoye v. Regent Hotels, Inc., F. Supp. 2d 77, 82 (S.D.N.Y. 2004)", "has no volume"),
        ("Mendez v. Pacific Freight Co., 29 F.3d (9th Cir. 1994)", "has no page"),
        ("Carver v. Linden School Board, 531 204, 211 (2001)", "names no reporter; add it between"),
        ("Carver v. Linden School Board (2001)", "names no reporter; add volume"),
        ("Mendez v. Pacific Freight Co. (9th Cir. 1994)", "names no reporter; add volume"),
        ("Mendez v. Pacific Freight Co., 29 F.3d 644, 650 (9th Cir.)", "has no year"),
        ("Mendez v. Pacific Freight Co., 29 F.3d 644, 650 [9th Cir. 1994]", "has no year"),
        ("Carver v. Linden School Board, 531 U.S. 204, 211 (20011)", "has no year"),
        ("Mendez v. Pacific Freight Co., 29 F.3d 644, 650 (1994)", "names no court"),
        ("See 29 F.3d 644, 650 (9th Cir. 1994)", "without the name of the case"),
        ("Mendez, 29 F.3d at 650", "is short for what is nowhere cited in full"),
        # a part is wrong
        ("Mendez v. Pacific Freight Co., 29 F3d 644, 650 (9th Cir. 1994)", "is written '29 F.3d 644'"),
        ("Mendez v. Pacific Freight Co., 29 Fed. 3d 644, 650 (9th Cir. 1994)", "names no reporter that is known"),
        ("Mendez v. Pacific Freight Co., 29 F.3rd 644, 650 (9th Cir. 1994)", "names no reporter that is known"),
        ("Mendez v. Pacific Freight Co., 29 F.3d 644, 620 (9th Cir. 1994)", "before its first"),
        ("Carver v. Linden School Board, 531 U.S. 204 211 (2001)", "without a comma"),
        ("Mendez v. Pacific Freight Co., 29 F.3d 644, 650 (9th Cir. 1974)", "F.3d began in 1993"),
        ("Mendez v. Pacific Freight Co., 29 F.2d 644, 650 (9th Cir. 2004)", "F.2d ended in 1993"),
        ("Mendez v. Pacific Freight Co., 29 F.3d 644, 650 (1994, 9th Cir.)", "names the court behind the year"),
        ("Mendez vs. Pacific Freight Co., 29 F.3d 644, 650 (9th Cir. 1994)", "has 'vs.' for 'v.'"),
        ("Mendez v Pacific Freight Co., 29 F.3d 644, 650 (9th Cir. 1994)", "has 'v' for 'v.'"),
        ("Carver v. Linden School Board 531 U.S. 204, 211 (2001)", "needs a comma"),
        # statutes
        ("42 U.S.C. 1983", "is written '42 U.S.C. § 1983'"),
        ("42 USC § 1983", "is written '42 U.S.C. § 1983'"),
        ("29 CFR 825.100(a)", "is written '29 C.F.R. § 825.100(a)'"),
        ("Cal. Civ. Code 1942.4", "is written 'Cal. Civ. Code § 1942.4'"),
        ("U.S.C. § 1983", "has no title"),
        ("42 § 1983", "names no code"),
        ("42 U.S.C. §", "names no section"),
        # other countries
        ("2019 UKSC 5", "is written '[2019] UKSC 5'"),
        ("(2019) EWCA Civ 5", "is written '[2019] EWCA Civ 5'"),
        ("[2019] UKSC", "has no number"),
        ("UKSC 5", "has no year"),
        ("[2019] EWHC 123", "names no division"),
        ("[1932] AC", "has no page"),
        ("Case C131/12", "is written 'Case C-131/12'"),
        ("Case C-131-12", "is written 'Case C-131/12'"),
        ("Case C-131", "has no year"),
        ("ECLI:EU:C:2014", "is no ECLI"),
        ("BGH, Urteil vom 12.3.2019", "has no file number"),
        ("BGH, Urteil VIII ZR 12/18", "has no date"),
    ],
)  # fmt: skip
def test_a_citation_that_lacks_something(cited: str, said: str) -> None:
    faults = found(
        Citation(), f"A duty that a statute sets binds the parties. {cited}. This is so."
    )
    assert any(said in fault.message for fault in faults), faults


@pytest.mark.parametrize(
    "cited",
    [
        "Mendez v. Pacific Freight Co., 29 F.3d 644, 650 (9th Cir. 1994), and 42 U.S.C. § 1983",
        "Brown v. Board of Education, 347 U.S. 483, 74 S. Ct. 686, 691 (1954) (holding so)",
        "Okoye v. Regent Hotels, Inc., 318 F. Supp. 2d 77, 82-84 (S.D.N.Y. 2004). Id. at 83",
        "Mendez v. Pacific Freight Co., 29 F.3d 644, 650 (9th Cir. 1994). Mendez, 29 F.3d at 651",
        "Smith v. Jones (2004) 123 Cal. App. 4th 12, 15", "In re Gault, 387 U.S. 1, 13 & n.10 (1967)",
        "29 C.F.R. § 825.100(a), 29 C.F.R. pt. 825, title 42, U.S.C. § 1983, 42 U.S.C. §§ 1983-1985",
        "Cal. Civ. Code § 1942.4 and Mass. Gen. Laws ch. 93A", "the U.S. Code, the C.F.R. and USC in 1983",
        "[2019] UKSC 5, [2019] EWCA Civ 12, [2019] EWHC 123 (Ch), [1932] AC 562, 2014 SCC 7",
        "Case C-131/12, ECLI:EU:C:2014:317, and BGH, Urteil vom 12. März 2019 - VIII ZR 12/18",
        "The U.S. 204 of them left in (2001), at Article 5 § 2",
    ],
)  # fmt: skip
def test_whole_citations(cited: str) -> None:
    answer = f"A duty that a statute sets binds the parties. {cited}. This is so."
    assert [fault.message for fault in found(Citation(), answer)] == []


HELD = (
    "Mendez v. Pacific Freight Co., 29 F.3d 644, 650 (9th Cir. 1994). Brown v. Board of Education, "
    "347 U.S. 483, 495 (1954). 42 U.S.C. § 1983. Cal. Civ. Code § 1942.4. [2019] UKSC 5."
)


@pytest.mark.parametrize(
    ("cited", "said"),
    [
        (
            "Mendez v. Pacific Freight Co., 92 F.3d 644, 650 (9th Cir. 1994)",
            "in none of the documents",
        ),
        (
            "Mendez v. Pacific Freight Co., 29 F.3d 646, 650 (9th Cir. 1994)",
            "in none of the documents",
        ),
        (
            "Mendez v. Pacific Freight Co., 29 F.3d 644, 650 (9th Cir. 1995)",
            "of 1995, in the documents of 1994",
        ),
        (
            "Mendez v. Pacific Freight Co., 29 F.3d 644, 650 (8th Cir. 1994)",
            "of 8th Cir, in the documents of 9th Cir",
        ),
        ("Mendoza v. Pacific Freight Co., 29 F.3d 644, 650 (9th Cir. 1994)", "names 'mendoza'"),
        ("Mendez v. Pacific Freight Co., 29 F.3d 644, 651 (9th Cir. 1994)", "for page 651"),
        ("42 U.S.C. § 1984", "in none of the documents"),
        ("43 U.S.C. § 1983", "in none of the documents"),
        ("Cal. Civ. Code § 1942.5", "in none of the documents"),
        ("[2019] UKSC 6", "in none of the documents"),
    ],
)
def test_what_the_documents_hold_otherwise(cited: str, said: str) -> None:
    answer = f"A duty that a statute sets binds the parties. {cited}. This is so."
    held = {"documents": (Document("Sources", HELD),)}
    assert any(said in fault.message for fault in found(Citation(), answer, **held))
    assert not any(
        said in fault.message for fault in found(Citation(in_documents=False), answer, **held)
    )
    assert found(Citation(), HELD, **held) == []


def test_statutes_can_be_left_alone() -> None:
    assert found(Citation(statutes=False), "Under 42 USC 1983 it is due.") == []


def test_what_cannot_be_read_stays_out_of_the_log(caplog: pytest.LogCaptureFixture) -> None:
    statute_between = HELD.partition("Cal.")[0]
    found(Citation(), f"{statute_between} Okoye v. Regent, 318 F. Supp. 2d 77, 82 (S.D.N.Y. 2004).")
    assert caplog.records == []


def test_a_pinpoint_may_be_left_out() -> None:
    assert found(Citation(pinpoint=False), "Brown v. Board, 347 U.S. 483 (1954).") == []
