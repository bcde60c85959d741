"""Mail: put into the queue by what needs it, sent by `manage.py send_mail`.

    queue_mail("edit_link", person=ada, is_asked=True, key=f"edit:{link.pk}", context={…})

renders templates/mail/edit_link.subject.txt, .txt and .html in the receiver's language. They hold
neither greeting nor ending: templates/mail/frame.* adds them when the mail leaves, because several
mails that nobody just asked for may leave as one. Text is not escaped, HTML is. A button:

    {% include "mail/_button.html" with address=address words=words only %}
"""

from .queue import queue_mail

__all__ = ["queue_mail"]
