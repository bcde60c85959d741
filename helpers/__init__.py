"""The five indicators. They know the groups; the groups do not know them."""
