"""The web side: Label Studio's protocol, who may call, and how the backend stands.

It answers from the store and puts jobs into the queue. It imports no client of a model, no torch
and no SDK, so that it starts at once.
Open first: `app`.
"""
