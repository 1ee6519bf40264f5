"""Files that trainers read, our own and anybody's: formats, trainers, validation, manifest."""
