"""The services that a push relies on: the drafting backend and the model server."""
