"""What the web server calls."""

from django.core.wsgi import get_wsgi_application

from tongban.base.lifeline import end_with_parent
from tongban.site import evenness
from tongban.site.settings import CONFIGURATION

# A serving process whose master was killed would go on holding the port.
end_with_parent()
application: evenness.Application = get_wsgi_application()
if evenness.shared is not None:
    application = evenness.evenly(application, evenness.shared, CONFIGURATION.web_threads)
