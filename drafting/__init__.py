"""What makes a draft: prompts, samples, scores, and the settings that a project gives them."""
