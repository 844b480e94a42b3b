"""What this room does on others' news: when tables have been made, the processes that ship are published.

A release with a better default brings a new version of it.
"""

from tongban.base.shipping import load_after_migrations
from tongban.processes import actions
from tongban.processes.models import ProcessVersion

load_after_migrations("processes", ProcessVersion, actions.publish_shipped)
