"""The ML backend: drafts Label Studio's tasks with an LLM, in the background, and scores them."""
