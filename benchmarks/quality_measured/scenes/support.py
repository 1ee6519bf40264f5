"""A software maker's support: versions, several questions in one, a manual as document."""

from random import Random

from benchmarks.quality_measured.scenes.filled import Scene, Template, several

_PLACES = ("Lyon", "Osaka", "Leeds", "Toronto", "Kraków")
_FILES = ("invoices", "timesheets", "contracts", "photos")


def _draw(draws: Random) -> dict[str, str]:
    place, files = several(draws, _PLACES, _FILES)
    return {
        "version": f"5.{draws.randint(0, 6)}",
        "seats": str(draws.randrange(12, 240)),
        "place": place,
        "files": files,
        "days": str(draws.choice((14, 21, 45, 60, 75))),
        "space": f"{draws.choice((40, 80, 250, 600))} GB",
    }


_DEV = (
    Template(
        "How do I export my {files}, and can I get an older copy back?",
        intents=(
            (
                "export",
                "To export your {files}, open Filedesk, choose File and then Export. The copy is "
                "a ZIP file in your downloads folder.",
            ),
            (
                "restore",
                "Older copies are kept for {days} days. Open the folder, press History and choose "
                "the day that you want back.",
            ),
        ),
    ),
    Template(
        "Our new colleague can't log in. Also, how many seats do we have left to give away?",
        intents=(
            (
                "login",
                "Please send your colleague a new invitation: Admin, People, Invite again. The "
                "first login only works with the newest invitation.",
            ),
            (
                "seats",
                "Your team has {seats} seats. Under Admin, Seats you see how many of them are "
                "free.",
            ),
        ),
    ),
    Template(
        "What is new in version {version}? And do we have to pay for the update?",
        intents=(
            (
                "news",
                "Filedesk {version} opens large folders faster and shows who changed a file last.",
            ),
            (
                "price",
                "The update to {version} is free for all who have a plan. It installs itself.",
            ),
        ),
    ),
    Template(
        "Where is our data stored? How much space is left? Can we move it to another region?",
        intents=(
            ("location", "Your data is stored in {place}, in a centre of our own."),
            ("space", "Your plan holds {space}. Admin, Storage shows how much of it is used."),
            (
                "move",
                "A move to another region is possible once a year. Ask for it under Admin, Region.",
            ),
        ),
    ),
)
_REPORTED = (
    Template(
        "I deleted our {files} by mistake. Can I restore them? And how do I stop others from "
        "deleting things?",
        intents=(
            (
                "restore",
                "Yes. Deleted {files} stay in the bin for {days} days. Open Bin, mark them and "
                "press Restore.",
            ),
            (
                "rights",
                "To keep others from deleting, open the folder's Rights and take away Delete for "
                "everybody but the owner.",
            ),
        ),
    ),
    Template(
        "Does Filedesk {version} run on old laptops? Also I would like an invoice for last year.",
        intents=(
            (
                "requirements",
                "Filedesk {version} runs on any laptop with a browser from the last three years.",
            ),
            ("invoice", "You find last year's invoice under Admin, Billing, Documents."),
        ),
    ),
    Template(
        "How do I share a folder with a client? Can I set a password for it?",
        intents=(
            (
                "share",
                "Choose the folder, press Share and then Link. Send the link to your client. No "
                "account is needed to open it.",
            ),
            (
                "password",
                "A link can have a password: switch it on under Link, Protection and tell it to "
                "your client by phone.",
            ),
        ),
    ),
    Template(
        "The search finds nothing since the update to {version}. And our storage of {space} is "
        "nearly full, what can we do?",
        intents=(
            (
                "search",
                "After the update to {version} the index is built anew, which takes a night. "
                "Until then search finds only names of files.",
            ),
            (
                "storage",
                "To free some of the {space}, empty the bin and delete old copies under Admin, "
                "Storage, Clean up.",
            ),
        ),
    ),
)
_MANUAL = (
    "Filedesk {version} manual",
    "Filedesk {version} opens large folders faster and shows who changed a file last. The update "
    "is free with every plan and installs itself; the search index is then built anew overnight, "
    "and until then only names are found. It runs on any laptop with a browser from the last "
    "three years. Exports are ZIP files in the downloads folder (File, Export). Older copies and "
    "deleted files are kept for {days} days (History; Bin, Restore). Folders have rights: the "
    "owner can take Delete away from others. A folder is shared by link (Share, Link), without an "
    "account, with a password if wanted (Link, Protection). A first login needs the newest "
    "invitation (Admin, People, Invite again). Free seats are under Admin, Seats. Invoices are "
    "under Admin, Billing, Documents. Storage is under Admin, Storage; Clean up deletes old "
    "copies. Data is stored in {place}, in a centre of our own; it can be moved to another region "
    "once a year (Admin, Region).",
)
SUPPORT = Scene(
    "support",
    _draw,
    {"dev": _DEV, "reported": _REPORTED},
    {"version": "{version}", "seats": "{seats}", "storage": "{space}", "region": "{place}"},
    (_MANUAL,),
)
