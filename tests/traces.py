"""Everything this site has written down anywhere, as text, for tests that look for what must not
be there."""

import base64
import json
import pickle

from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.serializers.json import DjangoJSONEncoder

from groups.models import CacheRow


def places_of(*texts):
    """Return every place that holds one of ``texts``, in any case: tables, sessions, the cache."""
    wanted = [text.lower() for text in texts]
    return {place for place, text in written_down() if any(each in text.lower() for each in wanted)}


def written_down():
    """Yield (place, text) of every value there is; what is packed is unpacked."""
    for model in apps.get_models(include_auto_created=True):
        for row in model._default_manager.values():
            for column, value in row.items():
                yield f"{model._meta.db_table}.{column}", readable(value)
    for session in Session.objects.all():
        yield "a session", readable(session.get_decoded())
    for row in CacheRow.objects.all():
        yield "the cache", str(pickle.loads(base64.b64decode(row.value)))


def readable(value):
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False, cls=DjangoJSONEncoder)
    return str(value)
