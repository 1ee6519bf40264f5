"""What says of a release which files it holds, what they came from, and that they are whole."""
