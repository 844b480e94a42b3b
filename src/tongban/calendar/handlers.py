"""What this room does on others' news: when tables have been made, the published years are put into them."""

from tongban.base.shipping import load_after_migrations
from tongban.calendar import actions
from tongban.calendar.models import CalendarVersion

load_after_migrations("calendar", CalendarVersion, actions.load_published)
