"""A stack that is starting, watched as a newcomer sees it: Label Studio's API, and its page."""
