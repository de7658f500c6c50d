"""Materials by name: "<kind>:<hex colour>", e.g. "leather:#7a4a2b".

A name is all a model has to give; each material is made once per scene.
"""
import bpy


def linear(hex_colour):
    c = hex_colour.lstrip('#')
    values = [int(c[i:i + 2], 16) / 255 for i in (0, 2, 4)]
    return [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055)**2.4 for v in values] + [1.0]


class Graph:
    """A little sugar over the node tree."""

    def __init__(self, mat):
        mat.use_nodes = True
        self.tree = mat.node_tree
        self.bsdf = self.tree.nodes['Principled BSDF']

    def node(self, kind, **values):
        n = self.tree.nodes.new(kind)
        for key, value in values.items():
            if key in n.inputs:
                n.inputs[key].default_value = value
            else:
                setattr(n, key, value)
        return n

    def link(self, a, b):
        self.tree.links.new(a, b)

    def math(self, op, a, b=None):
        n = self.tree.nodes.new('ShaderNodeMath')
        n.operation = op
        for i, x in enumerate((a, b)):
            if x is None:
                continue
            if isinstance(x, (int, float)):
                n.inputs[i].default_value = x
            else:
                self.link(x, n.inputs[i])
        return n.outputs[0]

    def uv(self):
        n = self.node('ShaderNodeSeparateXYZ')
        self.link(self.node('ShaderNodeUVMap').outputs['UV'], n.inputs[0])
        return n.outputs[0], n.outputs[1]

    def noise(self, scale, detail=1.0):
        n = self.node('ShaderNodeTexNoise', Scale=scale, Detail=detail)
        self.link(self.node('ShaderNodeTexCoord').outputs['Object'], n.inputs['Vector'])
        return n.outputs['Fac']

    def voronoi(self, scale, uv=False, feature='F1'):
        n = self.node('ShaderNodeTexVoronoi', Scale=scale)
        n.feature = feature
        src = self.node('ShaderNodeUVMap').outputs['UV'] if uv else self.node('ShaderNodeTexCoord').outputs['Object']
        self.link(src, n.inputs['Vector'])
        return n.outputs['Distance']

    def bump(self, height, distance, strength=1.0):
        n = self.node('ShaderNodeBump', Strength=strength, Distance=distance)
        self.link(height, n.inputs['Height'])
        self.link(n.outputs[0], self.bsdf.inputs['Normal'])

    def shade(self, colour, fac, dark=0.6):
        """Multiply the base colour down to `dark` where fac is 0."""
        n = self.node('ShaderNodeMixRGB')
        n.inputs[1].default_value = [c * dark for c in colour[:3]] + [1]
        n.inputs[2].default_value = colour
        self.link(fac, n.inputs[0])
        self.link(n.outputs[0], self.bsdf.inputs['Base Color'])


def get(name):
    if name in bpy.data.materials:
        return bpy.data.materials[name]
    mat = bpy.data.materials.new(name)
    kind, _, colour = name.partition(':')
    kind, colour = {'dark': ('rubber', '#101010'), 'metal': ('metal', '#c9c6c0'),
                    'aglet': ('gloss', '#e9e5dc')}.get(name, (kind, colour))
    g = Graph(mat)
    base = linear(colour)
    g.bsdf.inputs['Base Color'].default_value = base
    KINDS[kind](g, base)
    return mat


def _set(g, **values):
    for key, value in values.items():
        g.bsdf.inputs[key.replace('_', ' ')].default_value = value


def leather(g, c):
    _set(g, Roughness=0.42, Specular=0.45)
    grain = g.math('ADD', g.voronoi(46), g.math('MULTIPLY', g.noise(14), 0.8))
    g.bump(grain, 0.006)
    g.shade(c, g.math('ADD', g.math('MULTIPLY', g.noise(3.0), 0.7), 0.35), 0.78)


def smooth_leather(g, c):
    _set(g, Roughness=0.24, Specular=0.5, Clearcoat=0.25, Clearcoat_Roughness=0.15)
    g.bump(g.noise(30, 1), 0.0025)
    g.shade(c, g.math('ADD', g.math('MULTIPLY', g.noise(2.2), 0.8), 0.3), 0.62)


def suede(g, c):
    _set(g, Roughness=0.95, Specular=0.1, Sheen=0.5, Sheen_Tint=0.7)
    n = g.noise(70, 2)
    g.bump(n, 0.006)
    g.shade(c, g.math('ADD', g.math('MULTIPLY', g.noise(5), 0.9), 0.15), 0.72)


def mesh(g, c):
    """Engineered mesh: staggered round holes on a fine grid."""
    _set(g, Roughness=0.75, Specular=0.2, Sheen=0.2)
    u, v = g.uv()
    a, b = g.math('MULTIPLY', u, 150.0), g.math('MULTIPLY', v, 96.0)
    s1 = g.math('COSINE', g.math('ADD', a, b))
    s2 = g.math('COSINE', g.math('SUBTRACT', a, b))
    hole = g.math('MULTIPLY', g.math('ADD', s1, s2), 0.5)       # -1 .. 1
    height = g.math('SUBTRACT', 1.0, g.math('MAXIMUM', hole, 0.0))
    g.bump(height, 0.010)
    g.shade(c, g.math('POWER', height, 1.2), 0.5)


def knit(g, c):
    """Ribbed knit: rows of small v-stitches."""
    _set(g, Roughness=0.85, Specular=0.15, Sheen=0.35)
    u, v = g.uv()
    zig = g.math('ABSOLUTE', g.math('SINE', g.math('MULTIPLY', u, 70.0)))
    row = g.math('SINE', g.math('ADD', g.math('MULTIPLY', v, 190.0), g.math('MULTIPLY', zig, 2.6)))
    height = g.math('ADD', g.math('MULTIPLY', zig, 0.7), g.math('MULTIPLY', row, 0.3))
    g.bump(height, 0.014)
    g.shade(c, g.math('ADD', g.math('MULTIPLY', height, 0.7), 0.3), 0.68)


def canvas(g, c):
    _set(g, Roughness=0.9, Specular=0.1, Sheen=0.15)
    u, v = g.uv()
    height = g.math('MULTIPLY', g.math('SINE', g.math('MULTIPLY', u, 230.0)),
                    g.math('SINE', g.math('MULTIPLY', v, 230.0)))
    g.bump(height, 0.006)
    g.shade(c, g.math('ADD', g.math('MULTIPLY', height, 0.4), 0.6), 0.7)


def elastic(g, c):
    _set(g, Roughness=0.8, Specular=0.15)
    u, _ = g.uv()
    height = g.math('SINE', g.math('MULTIPLY', u, 150.0))
    g.bump(height, 0.012)
    g.shade(c, g.math('ADD', g.math('MULTIPLY', height, 0.4), 0.6), 0.5)


def foam(g, c):
    _set(g, Roughness=0.62, Specular=0.25)
    g.bump(g.noise(90, 1), 0.002)


def rubber(g, c):
    _set(g, Roughness=0.5, Specular=0.35)
    g.bump(g.noise(60, 1), 0.002)


def gum(g, c):
    _set(g, Roughness=0.4, Specular=0.4, Subsurface=0.0)
    g.bump(g.noise(40, 1), 0.002)


def gloss(g, c):
    _set(g, Roughness=0.16, Specular=0.5)


def lace(g, c):
    _set(g, Roughness=0.85, Specular=0.12)
    u, v = g.uv()
    height = g.math('SINE', g.math('ADD', g.math('MULTIPLY', u, 260.0), g.math('MULTIPLY', v, 200.0)))
    g.bump(height, 0.004)


def thread(g, c):
    _set(g, Roughness=0.7, Specular=0.2)


def cork(g, c):
    _set(g, Roughness=0.8, Specular=0.2)
    v = g.voronoi(24)
    g.bump(v, 0.008)
    g.shade(c, g.math('ADD', g.math('MULTIPLY', v, 0.8), 0.25), 0.45)


def metal(g, c):
    _set(g, Roughness=0.28, Metallic=1.0)


def lining(g, c):
    _set(g, Roughness=0.95, Specular=0.05, Sheen=0.3)
    g.bump(g.noise(60, 1), 0.006)


KINDS = {f.__name__: f for f in (leather, smooth_leather, suede, mesh, knit, canvas, elastic, foam, rubber, gum,
                                 gloss, lace, thread, cork, metal, lining)}
