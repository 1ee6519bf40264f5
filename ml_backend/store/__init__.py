"""What all processes of the backend share, in an SQLite file or on Redis.

Queues, drafts on their way, marks that tell which worker holds what, counts, and replies that were
paid for. All of it may be lost while the backend is stopped: Label Studio knows what is drafted.
Open first: `queues`.
"""
