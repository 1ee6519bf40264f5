"""How the services stand that a push relies on: the drafting backend and the model server.

Open first: `health`.
"""
