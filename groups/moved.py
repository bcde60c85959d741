"""Addresses that have changed lead to those of today, with all that was asked for."""


def with_query(address, request):
    """Return ``address`` with the parameters of ``request``."""
    query = request.META.get("QUERY_STRING", "")
    return f"{address}?{query}" if query else address
