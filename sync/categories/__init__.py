"""What kind of request a task is: query type, complexity, expertise, topic; by rules or a model."""
