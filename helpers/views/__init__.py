"""The pages of the helpers. One module a noun."""
