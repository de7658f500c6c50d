"""Parametric shoe geometry.

Units are decimetres: x runs from heel (0) to toe (about 2.9), +y is the outer
(lateral) side of this left shoe, z is up and the ground is z = 0.

The upper is one smooth surface S(t, v).  t walks once around the shoe (0 = toe,
+-0.5 = heel, positive = outer side); v climbs from the sole edge (0) to the collar
(1) along a cubic Bezier whose four control points are splines in t.  Everything that
sits on the upper - panels, laces, eyelets, seams - is placed in (t, v) and lifted
along the surface normal, so it fits every model without extra modelling.
"""
import bpy
import numpy as np

import materials


# ---------------------------------------------------------------- small mathematics

def periodic_spline(keys, values, period=1.0):
    """C2 periodic cubic spline; returns a vectorised function."""
    keys = np.asarray(keys, float)
    values = np.asarray(values, float).reshape(len(keys), -1)
    n = len(keys)
    h = np.diff(np.append(keys, keys[0] + period))
    slope = (np.roll(values, -1, 0) - values) / h[:, None]
    matrix, rhs = np.zeros((n, n)), np.zeros_like(values)
    for i in range(n):
        j = (i - 1) % n
        matrix[i, j] += h[i]
        matrix[i, i] += 2 * (h[i] + h[j])
        matrix[i, (i + 1) % n] += h[j]
        rhs[i] = 3 * (h[i] * slope[j] + h[j] * slope[i])
    d = np.linalg.solve(matrix, rhs)

    def evaluate(t):
        t = (np.asarray(t, float) - keys[0]) % period + keys[0]
        i = np.clip(np.searchsorted(keys, t, side='right') - 1, 0, n - 1)
        k = (i + 1) % n
        s = ((t - keys[i]) / h[i])[..., None]
        hi = h[i][..., None]
        return ((2 * s**3 - 3 * s**2 + 1) * values[i] + (s**3 - 2 * s**2 + s) * hi * d[i]
                + (3 * s**2 - 2 * s**3) * values[k] + (s**3 - s**2) * hi * d[k])
    return evaluate


def mirrored_spline(table):
    """Periodic spline from keys on |t| in [0, 0.5], mirrored to the inner side."""
    keys = sorted(table)
    ts = [-k for k in reversed(keys) if 0 < k < 0.5] + keys
    return periodic_spline(ts, [table[abs(t)] for t in ts])


def curve2(points, a):
    """Catmull-Rom through 2-D points, evaluated at a in [0, 1]."""
    p = np.asarray(points, float)
    p = np.vstack([2 * p[0] - p[1], p, 2 * p[-1] - p[-2]])
    x = np.clip(np.asarray(a, float), 0, 1) * (len(p) - 3)
    i = np.minimum(np.asarray(x, int), len(p) - 4)
    s = (x - i)[..., None]
    p0, p1, p2, p3 = p[i], p[i + 1], p[i + 2], p[i + 3]
    return 0.5 * (2 * p1 + (p2 - p0) * s + (2 * p0 - 5 * p1 + 4 * p2 - p3) * s**2
                  + (3 * p1 - p0 - 3 * p2 + p3) * s**3)


def smooth(lo, hi, x):
    s = np.clip((np.asarray(x, float) - lo) / (hi - lo), 0, 1)
    return s * s * (3 - 2 * s)


def unit(v):
    return v / np.maximum(np.linalg.norm(v, axis=-1, keepdims=True), 1e-9)


# ---------------------------------------------------------------- meshes

class Builder:
    """Collects meshes below one parent, so that the whole shoe can be turned."""

    def __init__(self, parent):
        self.parent = parent

    def mesh(self, name, verts, faces, material, uv=None, solid=0.0):
        data = bpy.data.meshes.new(name)
        data.from_pydata([tuple(v) for v in verts], [], faces)
        if uv is not None:
            layer = data.uv_layers.new(name='UVMap')
            index = np.empty(len(data.loops), dtype=np.int32)
            data.loops.foreach_get('vertex_index', index)
            layer.data.foreach_set('uv', np.asarray(uv, np.float32)[index].ravel())
        data.polygons.foreach_set('use_smooth', [True] * len(data.polygons))
        data.materials.append(materials.get(material))
        obj = bpy.data.objects.new(name, data)
        bpy.context.scene.collection.objects.link(obj)
        obj.parent = self.parent
        if solid:
            mod = obj.modifiers.new('solid', 'SOLIDIFY')
            mod.thickness, mod.offset = solid, -1
            bevel = obj.modifiers.new('bevel', 'BEVEL')
            bevel.width, bevel.segments, bevel.limit_method = solid * 0.4, 3, 'ANGLE'
        return obj

    def grid(self, name, p, material, closed=False, solid=0.0):
        """p: (n, m, 3) points; closed joins the last row to the first."""
        n, m, _ = p.shape
        rows = n if closed else n - 1
        faces = [(i * m + j, (i + 1) % n * m + j, (i + 1) % n * m + j + 1, i * m + j + 1)
                 for i in range(rows) for j in range(m - 1)]
        # Texture coordinates in decimetres keep the weave the same size everywhere.
        du = np.linalg.norm(np.diff(p, axis=0), axis=-1).mean(1)
        dv = np.linalg.norm(np.diff(p, axis=1), axis=-1).mean(0)
        u, v = np.append(0, np.cumsum(du)), np.append(0, np.cumsum(dv))
        uv = np.stack(np.meshgrid(u, v, indexing='ij'), -1).reshape(-1, 2)
        return self.mesh(name, p.reshape(-1, 3), faces, material, uv, solid)

    def sweep(self, name, path, normals, material, width, height, sides=10, closed=False,
              taper=False):
        """Flat or round cord along path; width lies across, height along normals."""
        path, normals = np.asarray(path, float), np.asarray(normals, float)
        tangent = (np.roll(path, -1, 0) - np.roll(path, 1, 0)) if closed else np.gradient(path, axis=0)
        tangent = unit(tangent)
        side = unit(np.cross(tangent, normals))
        up = unit(np.cross(side, tangent))
        angle = np.linspace(0, 2 * np.pi, sides + 1)
        # A slightly squared circle reads as a woven band instead of a wire.
        c, s = np.cos(angle), np.sin(angle)
        c, s = np.sign(c) * np.abs(c)**0.7, np.sign(s) * np.abs(s)**0.7
        size = np.ones(len(path))
        if taper:
            k = np.linspace(0, 1, len(path))
            size = np.minimum(1, 0.05 + np.sqrt(np.minimum(k, 1 - k) * 12))
        p = (path[:, None] + (side[:, None] * c[:, None] * width / 2
                              + up[:, None] * s[:, None] * height / 2) * size[:, None, None])
        return self.grid(name, p, material, closed=closed)


# ---------------------------------------------------------------- the shoe

class Shoe:
    def __init__(self, model, parent):
        self.m = model
        self.b = Builder(parent)
        self._outline()
        self._upper()

    # -- plan outline and sole heights

    def _outline(self):
        m = self.m
        k, toe = m['width'] * 1.05, m['toe']
        # toe > 0 squares the toe box, toe < 0 points it.
        outer = [(2.92, -0.10), (2.84 + .02 * toe, 0.10 + .08 * toe), (2.56, 0.335 + .07 * toe), (2.08, 0.475),
                 (1.60, 0.445), (1.10, 0.365), (0.62, 0.338), (0.26, 0.285), (0.06, 0.165), (0.0, 0.0)]
        inner = [(2.92, -0.10), (2.86 + .02 * toe, -0.28 - .06 * toe), (2.60, -0.43 - .05 * toe), (2.12, -0.475),
                 (1.66, -0.385), (1.20, -0.30), (0.66, -0.31), (0.28, -0.28), (0.06, -0.165), (0.0, 0.0)]

        def half(points):
            p = np.array(points) * [m['length'], k]
            d = np.append(0, np.cumsum(np.linalg.norm(np.diff(p, axis=0), axis=1)))
            return 0.5 * d / d[-1], p
        to, po = half(outer)
        ti, pi = half(inner)
        keys = np.concatenate([-ti[-2:0:-1], to])
        values = np.concatenate([pi[-2:0:-1], po])
        self.outline = periodic_spline(keys, values)

    def outline_normal(self, t):
        d = self.outline(np.asarray(t) + 1e-3) - self.outline(np.asarray(t) - 1e-3)
        return unit(np.stack([d[..., 1], -d[..., 0]], -1))

    def ground(self, x):
        """Height of the tread: toe spring in front, a small bevel at the heel."""
        m, x = self.m, np.asarray(x, float) / self.m['length']
        z = m['spring'] * smooth(1.75, 3.15, x) * 1.25 + m['bevel'] * smooth(0.55, -0.1, x)
        return z + m['heel'] * smooth(1.75, 0.85, x)

    def sole_top(self, x):
        m = self.m
        s = np.asarray(x, float) / m['length']
        heel, ball, toe = m['sole']
        thick = ball + (heel - ball) * smooth(1.9, 0.35, s) + (toe - ball) * smooth(2.0, 2.9, s)
        return self.ground(x) + thick

    # -- upper surface

    def _upper(self):
        m = self.m
        self.collar = mirrored_spline(m['collar'])
        self.rise = mirrored_spline(m['rise'])
        self.lean = mirrored_spline(m['lean'])

    def control(self, t):
        t = np.asarray(t, float)
        edge = self.outline(t)
        n2 = self.outline_normal(t)
        inset = self.m['inset']
        a = np.concatenate([edge - n2 * inset, (self.sole_top(edge[..., 0]) - 0.04)[..., None]], -1)
        sign = np.where((t + 0.5) % 1 >= 0.5, 1.0, -1.0)[..., None]
        c = self.collar(t)
        c = np.concatenate([c[..., :1], c[..., 1:2] * sign, c[..., 2:]], -1)
        r = self.rise(t)
        b1 = a + np.concatenate([n2 * r[..., :1], r[..., 1:2]], -1)
        l = self.lean(t)
        b2 = c + np.concatenate([l[..., :1], l[..., 1:2] * sign, l[..., 2:]], -1)
        return a, b1, b2, c

    def surface(self, t, v):
        t, v = np.broadcast_arrays(np.asarray(t, float), np.asarray(v, float))
        a, b1, b2, c = self.control(t)
        w = v[..., None]
        # Past the collar (tongues, pull tabs) the curve goes straight on.
        q = np.minimum(w, 1.0)
        p = (1 - q)**3 * a + 3 * (1 - q)**2 * q * b1 + 3 * (1 - q) * q**2 * b2 + q**3 * c
        return p + np.maximum(w - 1, 0) * 3 * (c - b2)

    def normal(self, t, v):
        e = 2e-3
        t, v = np.broadcast_arrays(np.asarray(t, float), np.asarray(v, float))
        v = np.minimum(v, 1.0)
        dt = self.surface(t + e, v) - self.surface(t - e, v)
        dv = self.surface(t, v + e) - self.surface(t, v - e)
        return unit(np.cross(dt, dv))

    def on(self, t, v, lift=0.0):
        return self.surface(t, v) + self.normal(t, v) * np.asarray(lift, float)[..., None]

    # -- parts

    def build(self):
        m = self.m
        self.build_sole()
        if m['body']:
            self.build_body()
        for panel in m['panels']:
            self.build_panel(**panel)
        if m['tongue']:
            self.build_tongue(**m['tongue'])
        if m['laces']:
            self.build_laces(**m['laces'])
        for kind, build in (('tabs', self.build_tab), ('cords', self.build_cord), ('seams', self.build_seam),
                            ('holes', self.build_holes), ('rings', self.build_eyelet)):
            for part in m[kind]:
                build(**part)

    def build_body(self):
        m = self.m
        t = np.linspace(-0.5, 0.5, 240, endpoint=False)
        v = np.linspace(-0.03, 1, 72)
        tt, vv = np.meshgrid(t, v, indexing='ij')
        self.b.grid('body', self.on(tt, vv), m['body'], closed=True)
        v = np.linspace(1.0, 0.02, 40)
        tt, vv = np.meshgrid(t, v, indexing='ij')
        self.b.grid('lining', self.on(tt, vv, -0.05 + 0 * tt), m['lining'], closed=True)
        self._disc('insole', m['lining'], lambda x: self.sole_top(x) + 0.03, inset=m['inset'] + 0.03)
        # The collar edge is a padded roll; it stops at the throat if there is one.
        start = m['throat']
        tc = np.linspace(start, 1 - start, 200, endpoint=start > 0)
        path = self.on(tc, 1.0 + 0 * tc, -0.025 + 0 * tc)
        self.b.sweep('collar', path, self.normal(tc, 1.0 + 0 * tc), m['collar_mat'],
                     m['padding'], m['padding'] * 0.9 + 0.01, sides=16, closed=start == 0, taper=start > 0)

    def _disc(self, name, material, z, inset):
        t = np.linspace(-0.5, 0.5, 200, endpoint=False)
        edge = self.outline(t) - self.outline_normal(t) * inset
        length = 2.92 * self.m['length']
        spine = np.stack([np.clip(edge[:, 0], 0.35, length - 0.45), 0 * t], -1)
        k = np.linspace(0, 1, 14)[None, :, None]
        p = edge[:, None] * (1 - k) + spine[:, None] * k
        return self.b.grid(name, np.concatenate([p, z(p[..., 0])[..., None]], -1), material, closed=True)

    def build_sole(self):
        """The sole is a stack of layers, each a band of the wall between two heights ('from', 'to').

        'out' pushes the band outwards, 'round' rounds its lips, 'bulge' swells its middle, 'flare'
        widens it at the heel; 'ribs', 'grooves' and 'wave' decorate it.
        """
        m = self.m
        t = np.linspace(-0.5, 0.5, 320, endpoint=False)
        edge, n2 = self.outline(t), self.outline_normal(t)
        for i, layer in enumerate(m['layers']):
            h = np.linspace(0, 1, 18)
            r = layer.get('round', 0.02)
            lo, hi = self._height(edge[:, 0], layer['from']), self._height(edge[:, 0], layer['to'])
            if 'wave' in layer:
                amp, freq = layer['wave']
                hi = hi + amp * np.sin(2 * np.pi * freq * t) * smooth(0.04, 0.12, np.abs(t))
            span = (hi - lo)[:, None]
            z = lo[:, None] + span * h
            dist = np.minimum(h, 1 - h) * span
            # Rounded lips, and a bulge or hollow in the middle of the wall.
            out = layer.get('out', 0.0) - r + np.sqrt(np.maximum(r**2 - np.maximum(r - dist, 0)**2, 0))
            out = out + layer.get('bulge', 0.0) * np.sin(np.pi * h)
            if 'flare' in layer:
                out = out + layer['flare'] * (1 - h) * smooth(1.3, 0.2, edge[:, 0])[:, None]
            if 'ribs' in layer:
                depth, count = layer['ribs']
                out = out - depth * (0.5 + 0.5 * np.sign(np.sin(2 * np.pi * count * t)))[:, None] * np.sin(np.pi * h)**0.5
            if 'grooves' in layer:
                depth, count = layer['grooves']
                out = out - depth * (np.cos(2 * np.pi * count * h) > 0.8)
            p = np.concatenate([edge[:, None] + n2[:, None] * out[..., None], z[..., None]], -1)
            # Close top and bottom towards the spine of the sole.
            length = 2.92 * m['length']
            spine = np.stack([np.clip(edge[:, 0], 0.35, length - 0.45), 0 * t], -1)

            def cap(ring, height):
                rows = []
                for k in (0.06, 0.2, 0.5, 0.8, 1.0):
                    q = ring[:, :2] * (1 - k) + spine * k
                    rows.append(np.concatenate([q, height(q[:, 0])[:, None]], -1)[:, None])
                return np.concatenate(rows, 1)
            bottom = cap(p[:, 0], lambda x: self._height(x, layer['from']))[:, ::-1]
            top = cap(p[:, -1], lambda x: self._height(x, layer['to']))
            if 'lip' in layer:                     # open: the foot goes in here
                top = top[:, :2]
            self.b.grid(f'sole{i}', np.concatenate([bottom, p, top], 1), layer['mat'], closed=True)
        self.build_tread()
        if m['heel']:
            self.build_heel_block()

    def _height(self, x, spec):
        """spec: fraction of the sole thickness, or (fraction, fixed offset)."""
        f, offset = spec if isinstance(spec, tuple) else (spec, 0.0)
        return self.ground(x) + f * (self.sole_top(x) - self.ground(x)) + offset

    def build_heel_block(self):
        m = self.m
        front = 0.92
        t = np.linspace(0.2, 0.8, 400)
        e = self.outline(t)
        t = t[e[:, 0] < front]
        e = self.outline(t)
        line = np.linspace(0, 1, 24)[1:-1, None]
        # A slightly hollow breast, as on a stacked leather heel.
        breast = e[-1] * (1 - line) + e[0] * line - [[0.06, 0]] * np.sin(np.pi * line)
        ring = np.concatenate([e, breast])
        centre = np.array([0.45, 0.0])
        rows = []
        h = np.concatenate([[0, 0, .01, .03], np.linspace(0.06, 1.0, 12)])
        for i, s in enumerate(h):
            k = 0.0 if i == 0 else (0.955 + 0.05 * s) * (0.985 if i == 1 else 1)
            q = centre + (ring - centre) * k
            top = self.ground(q[:, 0]) + 0.01
            base = m['bevel'] * smooth(0.45, -0.1, q[:, 0])
            rows.append(np.concatenate([q, (base + (top - base) * s)[:, None]], -1)[:, None])
        self.b.grid('heel', np.concatenate(rows, 1)[::-1], m['heel_mat'], closed=True)

    def build_tread(self):
        """Blocks below the sole, cut to the outline."""
        spec = self.m['tread']
        if not spec:
            return
        kind, depth, mat = spec['kind'], spec['depth'], spec['mat']
        length = 2.92 * self.m['length']
        ts = np.linspace(0, 0.5, 400)
        outer, inner = self.outline(ts), self.outline(-ts)

        def half(x, edge):
            o = np.argsort(edge[:, 0])
            return np.interp(x, edge[o, 0], np.abs(edge[o, 1]))
        pitch, fill, cols = spec.get('pitch', 0.17), spec.get('fill', 0.7), spec.get('cols', 3)
        verts, faces = [], []
        xs = np.arange(0.12, length - 0.12, pitch)
        for row, x in enumerate(xs):
            if self.m['heel'] and 0.7 * self.m['length'] < x < 1.25:
                continue
            for c in range(cols):
                y0, y1 = c / cols, (c + 1) / cols
                gap = 0.5 * (1 - fill) / cols
                corners = []
                for yy, dx in ((y0 + gap, 0), (y1 - gap, 0), (y1 - gap, fill), (y0 + gap, fill)):
                    px = x + dx * pitch
                    if kind == 'chevron':
                        px -= 0.16 * abs(yy - 0.5)
                    elif kind == 'wave':
                        px += 0.05 * np.sin(yy * 9)
                    elif kind == 'brick':
                        yy = yy + (0.5 / cols if row % 2 else 0) - 0.25 / cols
                    px = np.clip(px, 0.03, length - 0.03)
                    w_out, w_in = half(px, outer), half(px, inner)
                    mid, wide = (w_out - w_in) / 2, (w_out + w_in) - 0.05
                    corners.append((px, mid + (yy - 0.5) * wide))
                q = np.array(corners)
                if abs(q[2, 0] - q[1, 0]) < 0.03 or np.ptp(q[:, 1]) < 0.03:
                    continue
                centre = q.mean(0)
                base = len(verts)
                for k, dz in ((1.0, 0.03), (1.0, -depth * 0.7), (0.9, -depth)):
                    for p in centre + (q - centre) * k:
                        raised = self.ground(p[0])
                        if self.m['heel'] and p[0] < 0.95:
                            raised = self.m['bevel'] * smooth(0.45, -0.1, p[0])
                        verts.append((*p, raised + dz))
                for lvl in (0, 4):
                    for i in range(4):
                        j = (i + 1) % 4
                        faces.append((base + lvl + i, base + lvl + 4 + i, base + lvl + 4 + j, base + lvl + j))
                faces.append(tuple(base + 8 + i for i in range(4)))
        obj = self.b.mesh('tread', verts, faces, mat)
        obj.data.polygons.foreach_set('use_smooth', [False] * len(obj.data.polygons))

    def build_panel(self, lower, upper, mat, h=0.03, mirror=True, stitch=(), edge=0.022, solid=0.0, closed=False):
        """A piece of material between two (t, v) curves, lifted by h with rounded edges.

        stitch lists the edges that get a seam; solid is for straps, which have no upper below them.
        """
        for side in (1, -1) if mirror else (1,):
            lo = [(t * side, v) for t, v in lower]
            hi = [(t * side, v) for t, v in upper]
            probe = np.linspace(0, 1, 30)

            def length(p2):
                p = self.surface(p2[:, 0], p2[:, 1])
                return np.linalg.norm(np.diff(p, axis=0), axis=1).sum()
            la = max(length(curve2(lo, probe)), length(curve2(hi, probe)), 0.1)
            lb = max(length(curve2([curve2(lo, 0.5), curve2(hi, 0.5)], probe)), 0.05)

            def steps(total, count):
                e = min(edge / total, 0.3)
                ramp = np.array([0, 0.05, 0.15, 0.3, 0.5, 0.75, 1.0])
                s = np.concatenate([e * ramp, np.linspace(e, 1 - e, count)[1:-1], 1 - e * ramp[::-1]])
                k = np.clip(np.minimum(s, 1 - s) / e, 0, 1)
                return s, np.sqrt(1 - (1 - k)**2)
            a, ea = steps(la, int(20 + la * 24))
            if closed:
                a, ea = np.linspace(0, 1, 260), np.ones(260)
            b, eb = steps(lb, int(10 + lb * 20))
            low, high = curve2(lo, a), curve2(hi, a)
            tv = low[:, None] + (high - low)[:, None] * b[None, :, None]
            lift = np.minimum(ea[:, None], eb[None, :]) * (h + 0.012) - 0.012
            p = self.on(tv[..., 0], tv[..., 1], lift)
            if side < 0:
                p = p[::-1]
            self.b.grid('panel', p, mat, solid=solid)
            inset = 0.05
            along = {'lower': inset / lb, 'upper': 1 - inset / lb, 'upper2': 1 - 1.9 * inset / lb}
            for which in stitch:
                if which == 'start':
                    q = curve2([curve2(lo, inset / la), curve2(hi, inset / la)], probe[2:-2])
                else:
                    s, k = np.linspace(0.4 * inset / la, 1 - 0.4 * inset / la, 160), along[which]
                    q = curve2(lo, s) * (1 - k) + curve2(hi, s) * k
                self.build_stitches(q, h)

    def build_stitches(self, tv, lift, size=0.042, gap=0.026):
        """A seam: short raised threads along a (t, v) polyline."""
        p = self.surface(tv[:, 0], tv[:, 1])
        d = np.append(0, np.cumsum(np.linalg.norm(np.diff(p, axis=0), axis=1)))
        verts, faces, ring = [], [], 6
        for start in np.arange(0, d[-1] - size, size + gap):
            s = start + size * np.array([0, 0.15, 0.5, 0.85, 1])
            t, v = np.interp(s, d, tv[:, 0]), np.interp(s, d, tv[:, 1])
            n = self.normal(t, v)
            path = self.on(t, v, lift + np.array([-0.012, 0.001, 0.005, 0.001, -0.012]))
            tangent = unit(np.gradient(path, axis=0))
            across = unit(np.cross(tangent, n))
            base = len(verts)
            for i in range(5):
                for k in range(ring):
                    ang = 2 * np.pi * k / ring
                    verts.append(path[i] + 0.007 * (across[i] * np.cos(ang) + n[i] * np.sin(ang)))
            for i in range(4):
                for k in range(ring):
                    faces.append((base + i * ring + k, base + i * ring + (k + 1) % ring,
                                  base + (i + 1) * ring + (k + 1) % ring, base + (i + 1) * ring + k))
        self.b.mesh('stitches', verts, faces, self.m['thread'])

    def build_tongue(self, mat, start=0.5, end=1.16, t0=0.06, t1=0.12, lift=0.012, curl=0.0, label=None):
        a = np.linspace(0, 1, 60)
        b = np.linspace(-1, 1, 33)
        aa, bb = np.meshgrid(a, b, indexing='ij')
        v = start + (end - start) * aa
        half = t0 + (t1 - t0) * aa
        # Round the tip in plan.
        v = v - 0.05 * smooth(0.75, 1, aa) * bb**4
        p = self.on(half * bb, v, lift + curl * smooth(0.9, 1.3, v)**1.0)
        self.b.grid('tongue', p[:, ::-1], mat, solid=0.07)
        if label:
            aa, bb = np.meshgrid(np.linspace(0, 1, 12), np.linspace(-1, 1, 13), indexing='ij')
            v = end - 0.13 + 0.09 * aa
            q = self.on(t1 * 0.5 * bb, v, lift + 0.012 + curl * smooth(0.9, 1.3, v))
            self.b.grid('label', q[:, ::-1], label, solid=0.012)

    def build_laces(self, mat, rows=5, v0=0.55, v1=0.96, t0=0.075, t1=0.10, lift=0.05, width=0.072,
                    thick=0.026, eyelet='metal', style='cross', bow=True, eyelet_size=0.036):
        vs = np.linspace(v0, v1, rows)
        ts = np.linspace(t0, t1, rows)

        def strand(ta, va, tb, vb, raise_):
            k = np.linspace(0, 1, 30)
            t, v = ta + (tb - ta) * k, va + (vb - va) * k
            # Start inside the eyelet, bow over the tongue, dive into the other one.
            up = lift + raise_ * np.sin(np.pi * k) - 0.05 * (np.abs(2 * k - 1)**10)
            path = self.on(t, v, up)
            self.b.sweep('lace', path, self.normal(t, v), mat, width, thick, 10)
        if style == 'bar':
            for t, v in zip(ts, vs):
                strand(-t, v, t, v, 0.02)
        else:
            strand(-ts[0], vs[0], ts[0], vs[0], 0.012)
            for i in range(rows - 1):
                strand(-ts[i], vs[i], ts[i + 1], vs[i + 1], 0.010)
                strand(ts[i], vs[i], -ts[i + 1], vs[i + 1], 0.045)
        for t, v in zip(ts, vs):
            for s in (1, -1):
                self.build_eyelet(t * s, v, lift - 0.012, eyelet, eyelet_size)
        if bow:
            self.build_bow(mat, ts[-1], vs[-1], lift, width, thick)

    def build_eyelet(self, t, v, lift, mat, radius=0.036):
        t, v = np.array([t]), np.array([v])
        c, n = self.on(t, v, np.array([lift]))[0], self.normal(t, v)[0]
        e1 = unit(np.cross(n, [0.0, 1.0, 0.0]))
        e2 = np.cross(n, e1)
        ang = np.linspace(0, 2 * np.pi, 20, endpoint=False)
        path = c + radius * (np.cos(ang)[:, None] * e1 + np.sin(ang)[:, None] * e2)
        self.b.sweep('eyelet', path, np.repeat(n[None], 20, 0), mat, 0.02, 0.022, 8, closed=True)
        disc = np.stack([path, np.repeat((c - n * 0.002)[None], 20, 0)], 1)
        self.b.grid('eyelet', disc, 'dark', closed=True)

    def build_holes(self, tv, lift=0.0, radius=0.014, mirror=True, mat='dark'):
        """Punched ventilation or brogue holes."""
        verts, faces = [], []
        ang = np.linspace(0, 2 * np.pi, 10, endpoint=False)
        for side in (1, -1) if mirror else (1,):
            for t, v in tv:
                t, v = np.array([t * side]), np.array([v])
                c, n = self.on(t, v, np.array([lift + 0.003]))[0], self.normal(t, v)[0]
                e1 = unit(np.cross(n, [0.0, 1.0, 0.3]))
                e2 = np.cross(n, e1)
                faces.append(tuple(range(len(verts), len(verts) + len(ang))))
                verts.extend(c + radius * (np.cos(ang)[:, None] * e1 + np.sin(ang)[:, None] * e2))
        self.b.mesh('holes', verts, faces, mat)

    def build_bow(self, mat, t, v, lift, width, thick):
        """Knot, two loops and two ends, draped over the throat."""
        k = np.linspace(0, 1, 50)
        centre = v - 0.02
        for s in (1, -1):
            # The two strands from the top eyelets to the knot.
            path_t, path_v = s * t * (1 - k), centre + 0.02 * (1 - k)
            up = lift + 0.05 * k - 0.05 * (1 - k)**10
            self.b.sweep('lace', self.on(path_t, path_v, up), self.normal(path_t, path_v), mat, width, thick)
            # Loop: out to the side and back.
            ang = 2 * np.pi * k
            lt = s * 0.105 * (1 - np.cos(ang)) * 0.75
            lv = centre - 0.07 * np.sin(ang) * np.sin(ang / 2) - 0.09 * (1 - np.cos(ang)) / 2
            up = lift + 0.06 + 0.045 * np.sin(np.pi * k)
            self.b.sweep('bow', self.on(lt, lv, up), self.normal(lt, lv), mat, width * 0.9, thick)
            # Free end with its tip.
            et = s * (0.01 + 0.10 * k)
            ev = centre - 0.19 * k**1.15
            up = lift + 0.065 - 0.012 * k + 0.02 * np.sin(np.pi * k)
            path = self.on(et, ev, up)
            self.b.sweep('lace', path, self.normal(et, ev), mat, width * 0.85, thick * 0.9)
            self.b.sweep('aglet', path[-6:] + 0.002, self.normal(et, ev)[-6:], 'aglet', width * 0.55, thick * 1.5)
        kt = np.linspace(-0.022, 0.022, 12)
        self.b.sweep('knot', self.on(kt, centre + 0 * kt, lift + 0.085 + 0 * kt),
                     self.normal(kt, centre + 0 * kt), mat, width * 1.3, 0.09, 12, taper=True)

    def build_tab(self, mat, t=0.5, low=0.80, high=1.0, height=0.12, width=0.11):
        """Pull loop standing on the collar."""
        k = np.linspace(0, 1, 40)
        base = self.on(np.array([t]), np.array([1.0]), np.array([0.0]))[0]
        n = self.normal(np.array([t]), np.array([1.0]))[0]
        outer = self.on(t + 0 * k[:20], np.linspace(low, high, 20), 0.035 + 0 * k[:20])
        arc = np.linspace(0, np.pi, 20)[1:, None]
        loop = base + n * (0.035 * np.cos(arc) - 0.0) + np.array([0, 0, 1.0]) * height * np.sin(arc)
        path = np.concatenate([outer, loop])
        tangent = unit(np.gradient(path, axis=0))
        across = unit(np.cross(n, [0, 0, 1.0]))
        self.b.sweep('tab', path, unit(np.cross(across[None], tangent)), mat, width, 0.03, 12)

    def build_seam(self, points, lift=0.0, mirror=True):
        """Stitches along a free (t, v) curve."""
        for side in (1, -1) if mirror else (1,):
            self.build_stitches(curve2([(t * side, v) for t, v in points], np.linspace(0, 1, 120)), lift)

    def build_cord(self, points, mat, width=0.03, height=0.03, lift=0.01, mirror=True):
        """Piping along a (t, v) curve."""
        s = np.linspace(0, 1, 120)
        for side in (1, -1) if mirror else (1,):
            q = curve2([(t * side, v) for t, v in points], s)
            path = self.on(q[:, 0], q[:, 1], lift + 0 * s)
            self.b.sweep('cord', path, self.normal(q[:, 0], q[:, 1]), mat, width, height, 10, taper=True)
