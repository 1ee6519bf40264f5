"""Tasks as vectors: what the user said, and the documents beside it."""

from dataclasses import dataclass

import pyarrow as pa

from sync.common.task_texts import document_texts, user_text
from sync.compute.embedding import read_whole
from sync.intake.cleaning.chain import OpenEncoder
from sync.intake.cleaning.task_batches import TaskBatch

# columns; the second is null where a task has no documents
VECTOR, DOCUMENTS_VECTOR = "vector", "documents_vector"
# whether the embedding model can't read what the user said, or the documents
UNREAD = "unread"


@dataclass(frozen=True)
class Embedding:
    """Adds `VECTOR`, `DOCUMENTS_VECTOR` and `UNREAD` to a batch.

    Two vectors, since a long document would hide that two questions about it differ, and one
    question asked about many sections would hide that those do.
    """

    load_encoder: OpenEncoder

    def __call__(self, batch: TaskBatch) -> TaskBatch:
        said, documents = [], []
        for data in batch.datas():
            said.append(user_text(data))
            documents.append("\n\n".join(filter(None, document_texts(data))))
        reading = read_whole([*said, *filter(None, documents)], self.load_encoder())
        vectors, unread = reading.vectors, reading.unread.tolist()
        beside = iter(vectors[len(said) :])
        unread_beside = iter(unread[len(said) :])
        kind = pa.list_(pa.float32(), vectors.shape[1])
        columns = {
            VECTOR: list(vectors[: len(said)]),
            DOCUMENTS_VECTOR: [next(beside) if text else None for text in documents],
        }
        for name, rows in columns.items():
            batch = batch.with_column(name, pa.chunked_array([pa.array(rows, kind)]))
        either = [
            bool(text and next(unread_beside)) or flag
            for text, flag in zip(documents, unread, strict=False)
        ]
        return batch.with_column(UNREAD, pa.chunked_array([pa.array(either, pa.bool_())]))
