"""JSON: one object with the licence and a list of groups, a group a line; the import reads it."""

import json

from ..public_entries import as_plain

CONTENT_TYPE = "application/json"


def lines(source, batches):
    """Yield the file bit by bit."""
    head = {"title": source.title, "url": source.page_url, "licence": source.licence}
    yield f'{_text(head)[:-1]}, "groups": [\n'
    yield from _joined({"id": pk, **as_plain(entry)} for batch in batches for pk, entry in batch)
    yield '], "deleted": [\n'
    yield from _joined(
        {"id": gone.id, "deleted_on": gone.gone_at.date().isoformat()} for gone in source.gone
    )
    yield "]}\n"


def _joined(items):
    before = ""
    for item in items:
        yield f"{before}{_text(item)}"
        before = ",\n"
    if before:
        yield "\n"


def _text(value):
    return json.dumps(value, ensure_ascii=False)
