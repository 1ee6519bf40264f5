"""Where batch functions run: in this process, or on Ray Data."""
