"""Personal data in source tasks, replaced before anything leaves this machine."""
