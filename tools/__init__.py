"""What runs before anything is installed, or installs it: the standard library only."""
