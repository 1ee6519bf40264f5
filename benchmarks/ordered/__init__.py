"""Questions with known answers, and a model's replies to them, drawn once and stored."""
