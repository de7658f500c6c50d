"""Visits every product once, with neighbours in time far apart in the table."""

import math


def permutation_step(count: int) -> int:
    """
    A step that visits each of count positions once: n * step mod count, for n from 0.

    It is the first number from the golden section of count upwards that has no divisor in common with count.
    """
    step = max(1, int(count * 0.6180339887))
    while math.gcd(step, count) != 1:
        step += 1
    return step
