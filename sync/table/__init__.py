"""What was pulled, and where everything lies that `labeltune` keeps."""
