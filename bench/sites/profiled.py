"""Settings that profile: the product as it is, and in front of it a profiler of the processor's time by function."""

from bench.sites import settings_of
from tongban.site import settings as product

globals().update(settings_of(product))
MIDDLEWARE = ["bench.sites.watching.ProfilingMiddleware", *product.MIDDLEWARE]
