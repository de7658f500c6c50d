"""
The first service's locust file, for Canvas:

    locust -f perf/locustfile.py --host http://localhost:1121

Random products of 10,000,000 (load as many first), by the document and by the first service's API.

Locust is in none of the package registries that this project is built from, so this file has not been run
with locust itself.
"""

import random

from locust import FastHttpUser, constant, task

PRODUCTS = 10_000_000


class ProductPage(FastHttpUser):
    """A product page, which asks again as soon as it is answered."""

    wait_time = constant(0)

    @task(9)
    def media(self) -> None:
        """The document of a product."""
        product = random.randint(1, PRODUCTS)
        self.client.get(f"/api/products/{product}/media", name="/api/products/{id}/media")

    @task(1)
    def images(self) -> None:
        """The same by the first service's API."""
        product = random.randint(1, PRODUCTS)
        self.client.get(f"/api/images?shoe_id={product}", name="/api/images")
