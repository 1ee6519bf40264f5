"""Ways of planting faults; each module holds kinds that are alike."""
