"""What the fields of a source can be for."""

# what [sources.columns] can fill, apart from facts and documents, which have names of their own
COLUMN_TARGETS = (
    "id",
    "prompt",
    "system",
    "answer",
    "messages",
    "conversations",
    "instruction",
    "input",
    "output",
    "history",
)
CONTEXT, DOCUMENTS = "context.", "documents."
NAMED_TARGETS = (CONTEXT, DOCUMENTS)
# where the answer goes that a source had already
REFERENCE = "reference"
