"""What people are told about enterprises for which they act no more: neutral, and how to object."""

from django.utils.translation import gettext as _


def enterprise_lost(name: str) -> tuple[str, str]:
    """Return subject and body of the news that a window has handed an enterprise over."""
    subject = _("You do not act for %(enterprise)s here any more") % {"enterprise": name}
    body = _(
        "A window was shown the business licence of %(enterprise)s and has entered the legal representative that it "
        "names. You do not act for this enterprise here any more; what was begun or handed in for it stays with the "
        "enterprise. If this is not right, please come to any window with the business licence and your identity card."
    ) % {"enterprise": name}
    return subject, body
