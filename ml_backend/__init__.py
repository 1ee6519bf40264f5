"""The ML backend: drafts Label Studio's tasks in the background, and scores them.

`service` is what Label Studio calls. `work` are the worker's jobs, `drafts` makes one draft, and
`store` is what all processes share. Prompts and scores stand in the package `drafting`.
Open first: `worker`, then `service.app`.
"""
