#!/usr/bin/env python3
"""Names the encoded files by their hash, writes the two data files, and checks the result.

    catalogue.py write <encoded dir> <frames dir> <seed dir>
    catalogue.py check <seed dir>
"""
import hashlib
import json
import pathlib
import shutil
import struct
import sys

from models import MODELS, views_of

PREFIX = '/samples/'
LIMIT = 6_000_000
ALT = {
    'quarter': '{name} in {colour}, three-quarter view from the front',
    'left': '{name} in {colour}, seen from the left: {left}',
    'right': '{name} in {colour}, inner side, seen from the right',
    'front': '{name} in {colour}, toe facing the camera',
    'back': 'Heel of the {name} in {colour}: {back}',
    'back-quarter': '{name} in {colour}, three-quarter view from behind',
    'top': '{name} in {colour}, seen from above: {top}',
    'sole': 'Sole of the {name}: {sole}',
    'turn': '{name} in {colour} turning once around',
}
# Where a crop of the picture should stay centred; the default is the middle.
FOCAL = {'left': {'x': 0.5, 'y': 0.5}, 'quarter': {'x': 0.5, 'y': 0.52}}
MIME = {'.webp': 'image/webp', '.webm': 'video/webm'}


def compact(value):
    return json.dumps(value, ensure_ascii=False, separators=(',', ':'))


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()[:8]


def webp_size(path):
    data = path.read_bytes()[:30]
    assert data[:4] == b'RIFF' and data[8:12] == b'WEBP', path
    if data[12:16] == b'VP8 ':
        w, h = struct.unpack('<HH', data[26:30])
        return w & 0x3fff, h & 0x3fff
    if data[12:16] == b'VP8X':
        return 1 + int.from_bytes(data[24:27], 'little'), 1 + int.from_bytes(data[27:30], 'little')
    raise ValueError(f'{path}: not a lossy WebP')


def _element(data, at):
    """EBML id, payload start and payload end."""
    def number(at, keep):
        width = 9 - data[at].bit_length()
        value = data[at] if keep else data[at] & ((1 << (8 - width)) - 1)
        for b in data[at + 1:at + width]:
            value = value << 8 | b
        unknown = not keep and value == (1 << 7 * width) - 1
        return (None if unknown else value), at + width
    ident, at = number(at, True)
    size, at = number(at, False)
    return ident, at, len(data) if size is None else at + size


def webm_info(path):
    """Width, height and the codec ids of all tracks, read from the file itself."""
    data = path.read_bytes()
    found = {'codecs': []}

    def walk(at, end):
        while at < end:
            ident, start, stop = _element(data, at)
            # Segment, Tracks, TrackEntry and Video are the containers on the way.
            if ident in (0x18538067, 0x1654AE6B, 0xAE, 0xE0):
                walk(start, min(stop, end))
            elif ident == 0xB0:
                found['width'] = int.from_bytes(data[start:stop], 'big')
            elif ident == 0xBA:
                found['height'] = int.from_bytes(data[start:stop], 'big')
            elif ident == 0x86:
                found['codecs'].append(data[start:stop].decode())
            at = stop
    walk(0, len(data))
    return found


def backdrop_colour(frame):
    """Mean colour of the frame's outer rim, from a binary PPM."""
    data = frame.read_bytes()
    magic, w, h, depth = data[:40].split(maxsplit=4)[:4]
    assert magic == b'P6' and depth.startswith(b'255')
    w, h = int(w), int(h)
    pixels = data[len(data) - w * h * 3:]
    total, count = [0, 0, 0], 0
    for y in range(0, h, 7):
        for x in list(range(0, w, 7)) if y < h // 8 or y > h - h // 8 else (2, w - 3):
            i = (y * w + x) * 3
            for c in range(3):
                total[c] += pixels[i + c]
            count += 1
    return '#%02x%02x%02x' % tuple(round(c / count) for c in total)


def write(encoded, frames, seed):
    files = seed / 'files'
    shutil.rmtree(files, ignore_errors=True)
    files.mkdir(parents=True)

    def publish(source):
        name = f'{source.stem}.{digest(source)}{source.suffix}'
        shutil.copyfile(source, files / name)
        return PREFIX + name

    products, media = [], []
    for number, model in enumerate(MODELS, 1):
        slug = model['slug']
        products.append({'product_id': number, 'name': model['name'], 'description': model['about']})
        items = []
        for index, view in enumerate(views_of(model), 1):
            alt = ALT[view].format(name=model['name'], colour=model['colour'], **model['alt'])
            if view == 'turn':
                source = encoded / f'{slug}-turntable.webm'
                info = webm_info(source)
                items.append({'id': index, 'type': 'video', 'url': publish(source), 'alt': alt,
                              'width': info['width'], 'height': info['height'],
                              'poster': publish(encoded / f'{slug}-poster.webp'), 'mime': 'video/webm',
                              'placeholder': backdrop_colour(frames / f'{slug}-turn' / '0000.ppm')})
                continue
            source = encoded / f'{slug}-{view}.webp'
            w, h = webp_size(source)
            item = {'id': index, 'type': 'image', 'url': publish(source), 'alt': alt, 'width': w, 'height': h,
                    'mime': 'image/webp'}
            if view in FOCAL:
                item['focal'] = FOCAL[view]
            item['placeholder'] = backdrop_colour(frames / f'{slug}-{view}.ppm')
            items.append(item)
        media.append({'product_id': number, 'media': items})
    for name, rows in (('products', products), ('media', media)):
        (seed / f'{name}.ndjson').write_text(''.join(compact(r) + '\n' for r in rows), encoding='utf-8')


KEYS = ['id', 'type', 'url', 'alt', 'decorative', 'width', 'height', 'poster', 'mime', 'focal', 'placeholder', 'variants']


def check(seed):
    problems, used, alts = [], set(), set()
    files = seed / 'files'

    def expect(ok, message):
        if not ok:
            problems.append(message)

    def resolve(url):
        path = files / url.removeprefix(PREFIX)
        expect(url.startswith(PREFIX) and path.is_file(), f'{url}: no such file')
        if path.is_file():
            expect(path.name.split('.')[-2] == digest(path), f'{path.name}: hash does not match')
        used.add(path.name)
        return path

    lines = {n: (seed / f'{n}.ndjson').read_text('utf-8').splitlines() for n in ('products', 'media')}
    rows = {n: [json.loads(line) for line in ls] for n, ls in lines.items()}
    for n in rows:
        expect(all(compact(r) == line for r, line in zip(rows[n], lines[n])), f'{n}.ndjson: not in compact form')
        expect([r['product_id'] for r in rows[n]] == list(range(1, 13)), f'{n}.ndjson: product ids')
    videos = 0
    for row in rows['media']:
        where = f"product {row['product_id']}"
        items = row['media']
        expect(len({i['id'] for i in items}) == len(items), f'{where}: ids not unique')
        expect(5 <= sum(i['type'] == 'image' for i in items) <= 7, f'{where}: number of pictures')
        videos += any(i['type'] == 'video' for i in items)
        for item in items:
            expect(list(item) == [k for k in KEYS if k in item], f"{where}: keys of item {item['id']}")
            expect(item['alt'] not in alts and len(item['alt']) <= 500, f"{where}: alt text of item {item['id']}")
            alts.add(item['alt'])
            path = resolve(item['url'])
            if not path.is_file():
                continue
            expect(MIME[path.suffix] == item['mime'], f'{path.name}: mime')
            size = item['width'], item['height']
            if item['type'] == 'image':
                expect(webp_size(path) == size, f'{path.name}: size')
            else:
                info = webm_info(path)
                expect((info['width'], info['height']) == size, f'{path.name}: size')
                expect(info['codecs'] == ['V_VP9'], f'{path.name}: tracks')
                expect(webp_size(resolve(item['poster'])) == (2 * size[0], 2 * size[1]), f'{path.name}: poster size')
    expect(videos >= 5, 'fewer than five videos')
    for path in sorted(files.iterdir()):
        expect(path.name in used, f'{path.name}: not used')
    total = sum(p.stat().st_size for p in seed.rglob('*') if p.is_file() and '__pycache__' not in p.parts)
    expect(total <= LIMIT, f'{total} bytes are more than {LIMIT}')
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f'{len(used)} files used, {total} bytes in all, {len(problems)} problems')
    return not problems


if __name__ == '__main__':
    command, *paths = sys.argv[1:]
    paths = [pathlib.Path(p) for p in paths]
    if command == 'write':
        write(*paths)
    elif command == 'check':
        sys.exit(0 if check(*paths) else 1)
