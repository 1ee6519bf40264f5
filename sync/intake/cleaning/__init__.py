"""What source tasks go through before they are imported, and what it took out and why."""
