"""Renders one product: blender -b -t 1 -P studio.py -- <slug> <out dir> [options]

Writes <slug>-<view>.ppm for every picture and <slug>-turn/0000.ppm ... for the clip.
Existing frames are kept, so an interrupted run can go on where it stopped.
"""
import argparse
import math
import os
import sys
import tempfile

import bpy
import numpy as np
from mathutils import Vector

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import materials                                      # noqa: E402
from models import MODELS, TURN_FRAMES, views_of       # noqa: E402
from denoise import denoise                           # noqa: E402
from shoe import Shoe                                 # noqa: E402

# view: turn of the shoe, camera elevation, field width, look-at height as part of the shoe's height
# (None: from above). Turn 0 shows the outer side, toe to the left.
VIEWS = {
    'left': (0, 7, 3.6, 0.42),
    'right': (180, 7, 3.6, 0.42),
    'quarter': (38, 20, 3.2, 0.42),
    'back-quarter': (-128, 18, 2.95, 0.42),
    'front': (90, 14, 2.35, 0.42),
    'back': (-90, 9, 2.2, 0.46),
    'top': (-90, None, 2.75, 0),
    'sole': (-90, None, 2.75, 0),
    'turn': (0, 12, 3.55, 0.42),
}
BACKDROP = '#dedad4'
HEIGHTS = (1.05, 1.3, 1.75)         # of a low shoe, a trainer, a boot


def area(name, location, target, size, power, colour=(1, 1, 1)):
    light = bpy.data.lights.new(name, 'AREA')
    light.shape, light.size, light.size_y = 'RECTANGLE', size[0], size[1]
    light.energy, light.color = power, colour
    obj = bpy.data.objects.new(name, light)
    obj.location = location
    obj.rotation_euler = (Vector(target) - Vector(location)).to_track_quat('-Z', 'Y').to_euler()
    bpy.context.scene.collection.objects.link(obj)
    return obj


def backdrop():
    """Paper sweep: floor, wide curve, wall. The camera looks along +y."""
    profile = [(-14.0, 0.0), (4.0, 0.0)]
    profile += [(4.0 + 5 * math.sin(a), 5 - 5 * math.cos(a)) for a in np.linspace(0.05, math.pi / 2, 24)]
    profile.append((9.0, 18.0))
    verts = [(x, y, z) for y, z in profile for x in (-16, 16)]
    faces = [(2 * i, 2 * i + 1, 2 * i + 3, 2 * i + 2) for i in range(len(profile) - 1)]
    data = bpy.data.meshes.new('backdrop')
    data.from_pydata(verts, [], faces)
    data.polygons.foreach_set('use_smooth', [True] * len(data.polygons))
    mat = bpy.data.materials.new('backdrop')
    mat.use_nodes = True
    nodes = mat.node_tree.nodes
    paper = nodes.new('ShaderNodeBsdfDiffuse')
    paper.inputs['Color'].default_value = materials.linear(BACKDROP)
    mat.node_tree.links.new(paper.outputs[0], nodes['Material Output'].inputs['Surface'])
    data.materials.append(mat)
    bpy.context.scene.collection.objects.link(bpy.data.objects.new('backdrop', data))


def studio():
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    backdrop()
    area('key', (-3.6, -3.4, 5.6), (0, 0, .4), (3.2, 3.2), 320, (1, .97, .93))
    area('fill', (5.0, -4.0, 2.6), (0, 0, .5), (3.0, 4.0), 95, (.93, .97, 1))
    area('rim', (2.4, 3.6, 4.4), (0, 0, .7), (3.0, 1.4), 190)
    area('wall', (0, 1.0, 9.0), (0, 7, 3.5), (8.0, 2.0), 520)
    world = bpy.data.worlds.new('world')
    world.use_nodes = True
    world.node_tree.nodes['Background'].inputs['Color'].default_value = (.96, .98, 1, 1)
    world.node_tree.nodes['Background'].inputs['Strength'].default_value = 0.38
    scene.world = world
    camera = bpy.data.objects.new('camera', bpy.data.cameras.new('camera'))
    camera.data.sensor_fit = 'HORIZONTAL'
    scene.collection.objects.link(camera)
    scene.camera = camera

    scene.render.engine = 'CYCLES'
    scene.render.use_persistent_data = True
    c = scene.cycles
    c.device, c.use_denoising, c.use_adaptive_sampling = 'CPU', False, True
    c.max_bounces, c.diffuse_bounces, c.glossy_bounces, c.transmission_bounces = 3, 2, 2, 0
    c.caustics_reflective = c.caustics_refractive = False
    c.sample_clamp_direct, c.sample_clamp_indirect = 8, 2
    c.blur_glossy = 1.0
    layer = scene.view_layers[0]
    layer.cycles.denoising_store_passes = True
    return scene, camera


def aim(camera, view, height):
    _, elevation, field, part = VIEWS[view]
    distance = 11.0
    if elevation is None:
        # Keep the nearest large surface - insole or tread - the same size for low shoes and boots.
        target = Vector((0, 0, height if view == 'sole' else 0.5))
        camera.location = target + Vector((0, -0.25, distance))
    else:
        e = math.radians(elevation)
        target = Vector((0, 0, height * part))
        camera.location = target + Vector((0, -distance * math.cos(e), distance * math.sin(e)))
    camera.rotation_euler = (target - camera.location).to_track_quat('-Z', 'Y').to_euler()
    camera.data.angle = 2 * math.atan(field / 2 / distance)
    bpy.context.view_layer.update()


def place(root, shoe, view, turn):
    """Turn the shoe about its middle; the sole view lays it upside down."""
    angle = math.radians(180 + turn)
    upside_down = view == 'sole'
    half = 2.92 * shoe['length'] / 2
    root.rotation_euler = (math.pi if upside_down else 0, 0, angle)
    root.location = (-half * math.cos(angle), -half * math.sin(angle), shoe['top'] if upside_down else 0)
    bpy.context.view_layer.update()


def frame_box(camera, root, shoe, view):
    """Part of the frame (x0, x1, y0, y1 in 0..1, y up) that the shoe and its shadow need."""
    if view == 'sole':                    # stands high over the floor, its shadow is everywhere
        return 0, 1, 0, 1
    matrix = np.array(root.matrix_world)
    world = shoe['points'] @ matrix[:3, :3].T + matrix[:3, 3]
    # The shadow falls away from the key light.
    shadow = np.stack([world[:, 0] + .35 * world[:, 2], world[:, 1] + .30 * world[:, 2], 0 * world[:, 2]], -1)
    inverse = np.array(camera.matrix_world.inverted())
    points = np.concatenate([world, shadow]) @ inverse[:3, :3].T + inverse[:3, 3]
    half = math.tan(camera.data.angle / 2)
    points = 0.5 + 0.5 * points[:, :2] / -points[:, 2:] / (half, half * 1.25)
    (x0, y0), (x1, y1) = points.min(0) - (.17, .13), points.max(0) + (.17, .07)
    return max(x0, 0), min(x1, 1), max(y0, 0), min(y1, 1)


def tone(x):
    """Soft shoulder above 0.8, then the sRGB curve."""
    x = np.maximum(x, 0)
    x = np.where(x > 0.8, 0.8 + 0.2 * np.tanh((x - 0.8) / 0.2 * 0.8), x)
    return np.where(x <= 0.0031308, x * 12.92, 1.055 * np.power(np.maximum(x, 1e-8), 1 / 2.4) - 0.055)


def passes_to_files(scene, folder):
    """Route the passes the denoiser needs into float files."""
    scene.use_nodes = True
    tree = scene.node_tree
    tree.nodes.clear()
    layers = tree.nodes.new('CompositorNodeRLayers')
    out = tree.nodes.new('CompositorNodeOutputFile')
    out.base_path = folder
    out.format.file_format, out.format.color_depth, out.format.exr_codec = 'OPEN_EXR', '32', 'NONE'
    out.file_slots.clear()
    for slot, name in (('colour', 'Image'), ('albedo', 'Denoising Albedo'), ('normal', 'Denoising Normal')):
        out.file_slots.new(slot)
        tree.links.new(layers.outputs[name], out.inputs[slot])


def load(folder, name, frame):
    image = bpy.data.images.load(os.path.join(folder, f'{name}{frame:04d}.exr'), check_existing=False)
    image.colorspace_settings.name = 'Non-Color'
    w, h = image.size
    data = np.empty(w * h * 4, np.float32)
    image.pixels.foreach_get(data)
    bpy.data.images.remove(image)
    return data.reshape(h, w, 4)[::-1, :, :3]


def enlarge(plate, size):
    """Bilinear; the empty backdrop has no detail to lose."""
    w, h = size
    ys, xs = np.linspace(0, plate.shape[0] - 1, h), np.linspace(0, plate.shape[1] - 1, w)
    y0, x0 = np.minimum(ys.astype(int), plate.shape[0] - 2), np.minimum(xs.astype(int), plate.shape[1] - 2)
    fy, fx = (ys - y0)[:, None, None], (xs - x0)[None, :, None]
    rows = plate[y0] * (1 - fy) + plate[y0 + 1] * fy
    return rows[:, x0] * (1 - fx) + rows[:, x0 + 1] * fx


def feather(size, box):
    """1 inside the rendered box, fading to 0 at those of its sides that are not frame sides."""
    w, h = size
    x, y = (np.arange(w) + .5) / w, 1 - (np.arange(h) + .5) / h

    def ramp(v, lo, hi, low_band, high_band):
        low = np.ones_like(v) if lo <= 0 else np.clip((v - lo - .004) / low_band, 0, 1)
        high = np.ones_like(v) if hi >= 1 else np.clip((hi - .004 - v) / high_band, 0, 1)
        s = np.minimum(low, high)
        return s * s * (3 - 2 * s)
    # Narrower above: there is no shadow there.
    return (ramp(y, box[2], box[3], .11, .055)[:, None] * ramp(x, box[0], box[1], .14, .14)[None, :])[..., None]


def render(scene, folder, size, samples, box=None):
    r, c = scene.render, scene.cycles
    r.resolution_x, r.resolution_y, r.resolution_percentage = *size, 100
    r.use_border = box is not None
    if box:
        r.border_min_x, r.border_max_x, r.border_min_y, r.border_max_y = box
    c.samples, c.adaptive_min_samples, c.adaptive_threshold = samples, 6, 0.05
    bpy.ops.render.render(write_still=False)
    return [load(folder, n, scene.frame_current) for n in ('colour', 'albedo', 'normal')]


def shoot(scene, folder, path, size, samples, box, plate):
    picture, albedo, normal = render(scene, folder, size, samples, box)
    w, h = size
    rows = slice(int((1 - box[3]) * h), math.ceil((1 - box[2]) * h))
    cols = slice(int(box[0] * w), math.ceil(box[1] * w))
    result = enlarge(plate, size)
    clean = denoise(picture[rows, cols], albedo[rows, cols], normal[rows, cols])
    mask = feather(size, box)[rows, cols]
    result[rows, cols] = result[rows, cols] * (1 - mask) + clean * mask
    data = (np.clip(tone(result), 0, 1) * 255 + 0.5).astype(np.uint8)
    with open(path + '.part', 'wb') as f:
        f.write(b'P6\n%d %d\n255\n' % (w, h) + data.tobytes())
    os.rename(path + '.part', path)


def plates(scene, camera, out, scratch):
    """The empty backdrop, once for every view and height of camera target."""
    for view in VIEWS:
        for height in HEIGHTS:
            aim(camera, view, height)
            picture = denoise(*render(scene, scratch, (80, 100), 200), passes=5, strength=2)
            np.save(os.path.join(out, f'plate-{view}-{height}.npy'), picture)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('slug', help="product, or 'plates' for the empty backdrop, which the products need")
    parser.add_argument('out')
    parser.add_argument('--views', default='', help='comma-separated; all of the product if left out')
    parser.add_argument('--width', type=int, default=800)
    parser.add_argument('--samples', type=int, default=12)
    parser.add_argument('--turn-width', type=int, default=400)
    parser.add_argument('--turn-samples', type=int, default=8)
    args = parser.parse_args(sys.argv[sys.argv.index('--') + 1:])

    scene, camera = studio()
    with tempfile.TemporaryDirectory(dir=args.out) as scratch:
        passes_to_files(scene, scratch)
        run(args, scene, camera, scratch)


def run(args, scene, camera, scratch):
    if args.slug == 'plates':
        return plates(scene, camera, args.out, scratch)

    product = next(m for m in MODELS if m['slug'] == args.slug)
    views = args.views.split(',') if args.views else views_of(product)
    root = bpy.data.objects.new('root', None)
    scene.collection.objects.link(root)
    Shoe(product['shoe'], root).build()
    points = np.array([v.co for o in root.children for v in o.data.vertices])
    shoe = dict(length=product['shoe']['length'], top=points[:, 2].max(), points=points)
    # A few fixed camera heights, so that the empty backdrop can be shared.
    height = min(HEIGHTS, key=lambda h: abs(h - shoe['top']))

    def take(view, turn, path, width, samples):
        if os.path.exists(path):
            return
        place(root, shoe, view, turn)
        aim(camera, view, height)
        plate = np.load(os.path.join(args.out, f'plate-{view}-{height}.npy'))
        shoot(scene, scratch, path, (width, width * 5 // 4), samples,
              frame_box(camera, root, shoe, view), plate)

    for view in views:
        if view == 'turn':
            folder = os.path.join(args.out, f'{args.slug}-turn')
            os.makedirs(folder, exist_ok=True)
            for i in range(TURN_FRAMES):
                take('turn', VIEWS['turn'][0] + 360 * i / TURN_FRAMES, os.path.join(folder, f'{i:04d}.ppm'),
                     args.turn_width, args.turn_samples)
            # The first frame again, as large as the pictures: the poster is seen beside them.
            take('turn', VIEWS['turn'][0], os.path.join(args.out, f'{args.slug}-poster.ppm'), args.width, args.samples)
        else:
            take(view, VIEWS[view][0], os.path.join(args.out, f'{args.slug}-{view}.ppm'), args.width, args.samples)


main()
