"""Files of fine-tuning examples, ours or anybody's, against every rule of their readers."""
