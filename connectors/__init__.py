"""Clients of what lies outside: Label Studio, the model server, the embedding model.

They take and give plain values, import nothing of ours, and know neither interfaces nor settings.
Open first: `label_studio`; `llm` and `embedding` are the other two.
"""
