"""
Runs the first service's locust test against Canvas:

    locust -f perf/locustfile.py --host http://localhost:1121

It reads random products of 10,000,000, or of as many as the variable PRODUCTS says (load them first), as documents and
through the first service's API. Locust is Debian's package python3-locust.
"""

import os
import random

from locust import FastHttpUser, constant, task

PRODUCTS = int(os.environ.get("PRODUCTS", "10000000"))


class ProductPage(FastHttpUser):
    """A product page that sends a request as soon as the last one is answered."""

    wait_time = constant(0)

    @task(9)
    def media(self) -> None:
        """Reads the document of a product."""
        product = random.randint(1, PRODUCTS)
        self.client.get(f"/api/products/{product}/media", name="/api/products/{id}/media")

    @task(1)
    def images(self) -> None:
        """Reads a product through the first service's API."""
        product = random.randint(1, PRODUCTS)
        self.client.get(f"/api/images?shoe_id={product}", name="/api/images")
