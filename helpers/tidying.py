"""What the helpers' part throws away once it has had its time."""

from groups.tidying import LINKS_KEPT

from .models import CheckIn


def tidy(now):
    """Throw away the check-ins that are long over. Returns how many of what, as {what: count}."""
    over = CheckIn.objects.filter(expires_at__lt=now - LINKS_KEPT)
    return {"check_ins": over.delete()[1].get("helpers.CheckIn", 0)}
