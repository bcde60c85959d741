"""The pages and data of the directory. One module a noun."""
