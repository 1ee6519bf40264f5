"""Everything before Label Studio: sources are read, cleaned, redacted, categorised and pushed.

Files come in, tasks of Label Studio come out. The inner rooms stand in that order: `sources`,
`cleaning` with `redaction`, `categories`, `push`; `services` asks how backend and model stand.
Open first: `push`.
"""
