"""What the web server calls."""

from django.core.wsgi import get_wsgi_application

from tongban.base.lifeline import end_with_parent

# A serving process whose master was killed would go on holding the port.
end_with_parent()
application = get_wsgi_application()
