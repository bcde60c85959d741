"""What a group's own tools leave in public, read kind by kind: one module a kind."""
