"""What people type, made into what the records hold, or answered with a sentence."""
