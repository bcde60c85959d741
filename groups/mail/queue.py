"""The queue of mail: written in the caller's transaction, so that what is undone sends nothing."""

from django.db import IntegrityError, transaction
from django.template import Context
from django.template.loader import get_template
from django.utils import timezone
from django.utils.translation import get_language, override

from ..models import Mail, Person
from ..models.people import fold_email
from ..text import one_line, tidy_lines

SUBJECT_LENGTH = Mail._meta.get_field("subject").max_length


def queue_mail(
    template,
    *,
    key,
    context,
    person=None,
    receiver="",
    language="",
    reply_to="",
    is_asked=False,
    due_at=None,
    now=None,
):
    """Put a mail to ``person``, or to the address ``receiver``, into the queue. Return it.

    Return None, and queue nothing, where ``key`` was queued before, or where the mail was not
    asked for (``is_asked``: the receiver did something a moment ago that sends it) and its
    receiver wants none of those.
    """
    now = now or timezone.now()
    if person and not is_asked and not (person.wants_reminders and person.is_active):
        return None
    if Mail.objects.filter(key=key).exists():
        return None
    language = language_of(person, language)
    subject, text, html = render_parts(template, context, language)
    mail = Mail(
        key=key,
        person=person,
        receiver=person.email if person else fold_email(receiver),
        language=language,
        reply_to=reply_to,
        subject=subject,
        text=text,
        html=html,
        is_asked=is_asked,
        created_at=now,
        due_at=due_at or now,
    )
    try:
        with transaction.atomic():
            mail.save(force_insert=True)
    except IntegrityError:
        # Somebody else queued it while it was being rendered.
        if Mail.objects.filter(key=key).exists():
            return None
        raise
    return mail


def language_of(person, language=""):
    """Return the language of a mail: the person's, or the one given, or that of this page."""
    chosen = person.language if person else language or get_language()
    return chosen if chosen in Person.Language.values else Person.Language.FRENCH


def render_parts(template, context, language):
    """Return the subject, text and HTML of a mail, without greeting and ending."""
    with override(language):
        subject = render_text(f"mail/{template}.subject.txt", context)
        text = render_text(f"mail/{template}.txt", context)
        html = get_template(f"mail/{template}.html").render(context)
    return one_line(subject)[:SUBJECT_LENGTH], tidy_lines(text), tidy_lines(html)


def render_text(name, context):
    """Render a template of plain text: nothing is escaped in it."""
    return get_template(name).template.render(Context(context, autoescape=False))
