"""Settings that count: the product as it is, and in front of it a count of the queries of each request."""

from bench.sites import settings_of
from tongban.site import settings as product

globals().update(settings_of(product))
MIDDLEWARE = ["bench.sites.watching.CountingMiddleware", *product.MIDDLEWARE]
