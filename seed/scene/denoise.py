"""Edge-avoiding a-trous wavelet filter (Dammertz et al., 2010), steered by albedo and normal.

Debian's Blender is built without a denoiser; this lets a few dozen samples do.
"""
import numpy as np

KERNEL = ((-2, 1 / 16), (-1, 4 / 16), (0, 6 / 16), (1, 4 / 16), (2, 1 / 16))


def _shift(a, d, axis):
    """Neighbour at distance d along axis, repeating the border."""
    if d == 0:
        return a
    index = np.clip(np.arange(a.shape[axis]) + d, 0, a.shape[axis] - 1)
    return np.take(a, index, axis)


def denoise(colour, albedo, normal, passes=4, strength=1.0):
    """All arguments are (h, w, 3) float32, linear. Returns the filtered colour."""
    # Filter the light only, so that the texture of the materials stays sharp.
    base = albedo + 0.02
    light = colour / base
    # Work in a compressed range: a firefly must not outvote its neighbours.
    light = np.log1p(light)
    guide = np.concatenate([normal * 3.0, albedo * 4.0], -1).astype(np.float32)
    sigma = 0.35 * strength
    lonely = np.zeros(light.shape[:2] + (1,), np.float32)
    for k in range(passes):
        step = 2**k
        for axis in (0, 1):
            total = np.zeros_like(light)
            weights = np.zeros(light.shape[:2] + (1,), np.float32)
            centre = light.mean(-1, keepdims=True)
            for d, w in KERNEL:
                other = _shift(light, d * step, axis)
                if d == 0:
                    total += other * w
                    weights += w
                    continue
                g = ((_shift(guide, d * step, axis) - guide)**2).sum(-1, keepdims=True)
                l = (other.mean(-1, keepdims=True) - centre)**2
                f = w * np.exp(-g / 0.12 - l / sigma**2)
                total += other * f
                weights += f
            light = total / weights
            if k == 0:
                lonely = np.maximum(lonely, np.clip((0.75 - weights) / 0.25, 0, 1))
        sigma *= 0.6
    result = np.expm1(light) * base
    # Pixels on an outline match neither side and stayed noisy: borrow from the direct neighbours.
    soft = result
    for axis in (0, 1):
        soft = 0.25 * _shift(soft, -1, axis) + 0.5 * soft + 0.25 * _shift(soft, 1, axis)
    return result + (soft - result) * lonely * 0.75
