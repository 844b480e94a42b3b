"""Settings of the yardsticks: everything as delivered, but two addresses that do nothing."""

from bench.sites import settings_of
from tongban.site import settings as product

globals().update(settings_of(product))
ROOT_URLCONF = "bench.sites.empty_urls"
