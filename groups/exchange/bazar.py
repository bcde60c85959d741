"""The JSON export of YesWiki's forms (Bazar), in which many groups keep their list."""

# `url` is the wiki page of the entry, not the site it tells of.
_OF_THE_WIKI = {"url", "id_fiche", "id_typeannonce", "html_output", "semantic", "owner", "user"}


def is_export(items):
    """Tell whether these items are entries of a Bazar."""
    first = items[0] if items else None
    return isinstance(first, dict) and ("bf_titre" in first or "id_typeannonce" in first)


def plain_entry(entry):
    """Return an entry without what is the wiki's own, its choices as lists."""
    if not isinstance(entry, dict):
        return entry
    plain = {key: value for key, value in entry.items() if key not in _OF_THE_WIKI}
    # Before 2020 a position was one text.
    latitude, bar, longitude = str(plain.pop("carte_google", "")).partition("|")
    if bar:
        plain = {"bf_latitude": latitude, "bf_longitude": longitude} | plain
    for key, value in plain.items():
        if key.startswith(("checkbox", "liste", "radio")):
            choices = value if isinstance(value, list) else str(value or "").split(",")
            # A list of the wiki may be kept by number; a number is no keyword.
            plain[key] = [each for each in choices if not str(each).strip().isdigit()]
    return plain
