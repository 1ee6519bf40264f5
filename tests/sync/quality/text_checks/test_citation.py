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
        ("Mendez v. Pacific Freight Co., 29 F.3d 644, 650, (9th Cir. 1994)", "a comma before its brackets"),
        ("Mendez v. Pacific Freight Co., 29 F.3d 644, p. 650 (9th Cir. 1994)", "'p.' before its page"),
        ("Mendez v. Pacific Freight Co., 29 F.3d 644, 659-650 (9th Cir. 1994)", "run backwards"),
        ("Mendez v. Pacific Freight Co., 29 F.3d 644, 650 (2nd Cir. 1994)", "which is written '2d Cir.'"),
        ("Mendez v. Pacific Freight Co., 29 F.3d 644, 650 (9th. Cir. 1994)", "which is written '9th Cir.'"),
        ("Mendez v. Pacific Freight Co., 29 F.3d 644, 650 (Ninth Circuit 1994)", "write its number"),
        ("Mendez v. Pacific Freight Co., 29 F.3d 644, 650 (19th Cir. 1994)", "there are 11"),
        ("Mendez v. Pacific Freight Co., 29 F.3d 644, 650 (9th Cir., 1994)", "a comma before its year"),
        ("Okoye v. Regent Hotels, Inc., 318 F. Supp. 2d 77, 82 (S.D. New York 2004)", "writes 'New York' out"),
        ("Okoye v. Regent Hotels, Inc., 318 F. Supp. 2d 77, 82 (SD N.Y. 2004)", "which is written 'S.D.'"),
        ("Carver v. Linden School Board, 531 U.S. 204, 211 (Sup. Ct. 2001)", "U.S. holds the Supreme Court alone"),
        # a volume and a year that belie each other
        ("Carver v. Linden School Board, 531 U.S. 204, 211 (2020)", "volume 531 of U.S. is of 2000 or so"),
        ("Carver v. Linden School Board, 204 U.S. 531, 540 (2001)", "volume 204 of U.S. is of 1907 or so"),
        ("Mendez v. Pacific Freight Co., 29 F.3d 644, 650 (9th Cir. 2014)", "volume 29 of F.3d is of 1994 or so"),
        # who is cited
        ("Carver, 531 U.S. 204, 211 (2001)", "without the name of the case"),
        ("Carver v., 531 U.S. 204, 211 (2001)", "names no second party"),
        ("carver v. linden, 531 U.S. 204, 211 (2001)", "without capitals"),
        ("531 U.S. 204, 211 (2001)", "without the name of the case"),
        ("Carver v. Linden School Board. See 42 U.S.C. § 1983", "is named without its citation"),
        ("Mendez (9th Cir. 1994)", "stands without volume"),
        ("Carver v. Linden School Board, 531 U.S., 204, 211 (2001)", "a comma behind its reporter"),
        ("Carver v. Linden School Board, (2001) 531 U.S. 204, 211", "has its year before it"),
        # databases, rules, registers
        ("Lee v. Park, No. 04-1, 2005 WL 123456", "names no court and day"),
        ("Lee v. Park, 2005 WL 123456 (S.D.N.Y. Mar. 3, 2005)", "has no docket number"),
        ("FRCP 12(b)(6)", "is written 'Fed. R. Civ. P. 12(b)(6)'"),
        ("Fed R Civ P 12(b)(6)", "is written 'Fed. R. Civ. P. 12(b)(6)'"),
        ("Fed. R. Evid.", "names no rule"),
        ("U.S. Const. amend. 14, § 1", "is written as 'U.S. Const. amend. IV'"),
        ("85 Fed. Reg. 12345", "has no date"),
        ("Fed. Reg. 12345 (Mar. 3, 2020)", "has no volume"),
        ("Pub. L. 104-191", "is written as 'Pub. L. No. 104-191'"),
        ("Restatement 2d of Contracts § 90", "with the series in words"),
        # statutes
        ("28 U.S.C § 1331", "is written '28 U.S.C. § 1331'"),
        ("28 U.S. Code § 1331", "is written '28 U.S.C. § 1331'"),
        ("28 U.S.C. §§ 1331", "write one sign"),
        ("280 U.S.C. § 1331", "U.S.C. has 54"),
        ("28 U.S.C. § 1331(a", "a bracket that is not closed"),
        ("28 U.S.C. §1331", "no blank"),
        ("28 U.S.C. ¶ 1331", "is written '28 U.S.C. § 1331'"),
        ("See also § 1331", "names no code"),
        ("Cal. Civil Code § 1942.4", "is written 'Cal. Civ. Code § 1942.4'"),
        ("Cal Civ Code § 1942.4", "is written 'Cal. Civ. Code § 1942.4'"),
        ("Civ. Code § 1942.4", "names no state"),
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
        ("BGHZ 123", "has no page"),
        ("NJW 2019", "has no page"),
        ("§ 823 Abs. BGB", "names no number behind 'Abs.'"),
        ("§ 823, 826 BGB", "write two signs"),
        ("§§ 823 BGB", "write one sign"),
        ("BGE 140 III", "has no page"),
        ("Regulation (EU) 679/2016", "no year where it belongs"),
        ("Directive 95/46", "names no body"),
        ("OJ L 119, 4.5.2016", "has no page"),
        ("[2018] EWCA 12", "names no division"),
        ("[1932] A.C. 562", "without points"),
        ("[2014] SCC 7", "is written '2014 SCC 7'"),
        ("S.I. 2013/3134", "is written as 'SI 2013/3134'"),
        ("Consumer Rights Act, s 9", "has no year"),
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
        "Lee v. Park, No. 04-1234, 2005 WL 123456, at *3 (S.D.N.Y. Mar. 3, 2005)",
        "Fed. R. Civ. P. 12(b)(6), Fed. R. Evid. 403, U.S. Const. amend. XIV, § 1, and 85 Fed. Reg. 12345, 12350 (Mar. 3, 2020)",
        "Pub. L. No. 104-191, 110 Stat. 1936 (1996), and Restatement (Second) of Contracts § 90 (1981)",
        "Tex. Bus. & Com. Code § 17.46(b), N.Y. Gen. Bus. Law § 349, and title 28 of the U.S. Code",
        "Marbury v. Madison, 5 U.S. 137, 177 (1803), and Lochner v. New York, 198 U.S. 45, 53 (1905)",
        "Lee v. Park, 29 F.3d 644, 650 (9th Cir. 1994), aff'd, 531 U.S. 204, 211 (2001)",
        "Donoghue v Stevenson [1932] AC 562, 2014 SCC 7, (1992) 175 CLR 1, and SI 2013/3134",
        "Regulation (EU) 2016/679, Directive 95/46/EC, Regulation (EC) No 261/2004, Regulation (EU) No 1215/2012, and OJ L 119, 4.5.2016, p. 1",
        "§ 823 Abs. 1 BGB, §§ 823, 826 BGB, Art. 14 Abs. 1 GG, BGHZ 123, 45, and NJW 2020, 1234",
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
        (
            "Pacific Freight Co. v. Mendez, 29 F.3d 644, 650 (9th Cir. 1994)",
            "has its parties turned",
        ),
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
