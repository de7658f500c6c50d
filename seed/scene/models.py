"""The twelve products: shape, materials and panels of each shoe.

Keys of 'collar', 'rise' and 'lean' are |t|: 0 is the toe line, 0.5 the heel.
  collar  x, half width, z of the collar edge
  rise    outward and upward handle of the upper at the sole edge
  lean    x, outward and upward handle of the upper at the collar
"""
import copy

TURN_FRAMES = 30

LOW = dict(
    length=1.0, width=1.0, toe=0.0, spring=0.16, bevel=0.06, heel=0.0, sole=(0.36, 0.27, 0.20), inset=0.05,
    collar={0: (1.30, 0.0, 1.17), .08: (1.27, .14, 1.15), .16: (1.14, .25, 1.02), .25: (.88, .30, .83),
            .35: (.52, .29, .77), .44: (.20, .215, .90), .5: (.11, 0.0, .98)},
    rise={0: (.05, .36), .08: (.05, .36), .16: (.06, .34), .25: (.05, .26), .35: (.06, .22), .44: (.07, .26), .5: (.08, .28)},
    lean={0: (.62, 0, -.22), .08: (.60, .06, -.22), .16: (.42, .12, -.24), .25: (.14, .05, -.20), .35: (.0, .03, -.18),
          .44: (-.03, .02, -.24), .5: (-.03, 0, -.26)},
    throat=0.075, padding=0.085, body='mesh:#e8765a', lining='lining:#2b2b30', collar_mat='lining:#2b2b30',
    layers=[], tread=None, heel_mat='leather:#3a2416', panels=[], tongue=None, laces=None, tabs=[], cords=[], seams=[],
    holes=[], rings=[], thread='thread:#f4f0e8')


def model(base, **changes):
    m = copy.deepcopy(base)
    m.update(changes)
    return m


def eyestay(mat, inner0=.055, inner1=.062, outer0=.11, outer1=.17, v0=.50, h=.035, **kw):
    return dict(lower=[(inner0, v0), ((inner0 + inner1) / 2, .75), (inner1, 1.0)],
                upper=[(outer0, v0 - .06), ((outer0 + outer1) / 2 - .008, .72), (outer1, 1.0)], mat=mat, h=h, **kw)


def toe_guard(mat, reach=.17, tip=.30, end=.12, h=.03, **kw):
    return dict(lower=[(-reach, 0), (-reach / 2, 0), (0, 0), (reach / 2, 0), (reach, 0)],
                upper=[(-reach, end), (-reach / 2, (tip + end) / 2 + .05), (0, tip), (reach / 2, (tip + end) / 2 + .05),
                       (reach, end)], mat=mat, h=h, mirror=False, **kw)


def counter(mat, reach=.36, low=.25, high=.66, h=.035, **kw):
    m = (reach + .5) / 2
    return dict(lower=[(reach, 0), (m, 0), (.5, 0), (1 - m, 0), (1 - reach, 0)],
                upper=[(reach, low), (m, (low + high) / 2), (.5, high), (1 - m, (low + high) / 2), (1 - reach, low)],
                mat=mat, h=h, mirror=False, **kw)


def meridians(mat):
    """Five thin lines from the eyestay down to the sole."""
    return [dict(lower=[(t, .0), (t + .012, .35), (t - .02, .82 - k * .03)],
                 upper=[(t + w, .0), (t + w + .012, .35), (t + w - .02, .82 - k * .03)], mat=mat, h=.018, edge=.012)
            for k, (t, w) in enumerate([(.175, .014), (.207, .011), (.236, .009), (.263, .007), (.288, .005)])]


def ridge(mat, shift, width):
    """A mountain line along the side."""
    line = [(.15, .42), (.175, .52), (.195, .34), (.225, .62), (.25, .38), (.275, .50), (.30, .30), (.335, .46), (.37, .34)]
    return dict(lower=[(t, v + shift) for t, v in line], upper=[(t, v + shift + width) for t, v in line],
                mat=mat, h=.02, edge=.012)


def row(start, end, count):
    """Evenly spaced (t, v) points for punched holes."""
    return [tuple(a + (b - a) * i / (count - 1) for a, b in zip(start, end)) for i in range(count)]


HIGH = model(
    LOW,
    collar={0: (1.24, 0.0, 1.60), .08: (1.21, .14, 1.59), .16: (1.09, .26, 1.54), .25: (.84, .31, 1.46),
            .35: (.50, .30, 1.43), .44: (.185, .215, 1.48), .5: (.09, 0.0, 1.52)},
    rise={0: (.05, .34), .08: (.05, .34), .16: (.06, .36), .25: (.05, .40), .35: (.06, .40), .44: (.07, .40), .5: (.08, .42)},
    lean={0: (.26, 0, -.74), .08: (.27, .05, -.72), .16: (.22, .10, -.64), .25: (.08, .0, -.50), .35: (.0, -.03, -.46),
          .44: (.03, -.02, -.48), .5: (.03, 0, -.50)})

BOOT = model(
    LOW, width=.96, spring=.10, bevel=.02, throat=0, padding=.04,
    collar={0: (1.12, 0.0, 1.74), .08: (1.09, .14, 1.74), .16: (.98, .27, 1.73), .25: (.76, .34, 1.71),
            .35: (.48, .33, 1.71), .44: (.20, .22, 1.73), .5: (.10, 0.0, 1.76)},
    rise={0: (.04, .36), .08: (.04, .36), .16: (.05, .40), .25: (.04, .45), .35: (.05, .45), .44: (.05, .45), .5: (.06, .45)},
    lean={0: (.00, 0, -1.12), .08: (.02, .03, -1.08), .16: (.06, .04, -.92), .25: (.03, -.02, -.70), .35: (.0, -.04, -.60),
          .44: (.05, -.04, -.55), .5: (.06, 0, -.55)})

SLIP = model(
    LOW, throat=0, padding=.05,
    collar={0: (1.60, 0.0, .98), .08: (1.54, .16, .96), .16: (1.30, .27, .88), .25: (.93, .30, .78),
            .35: (.54, .29, .76), .44: (.20, .215, .86), .5: (.11, 0.0, .92)},
    lean={0: (.55, 0, -.12), .08: (.52, .06, -.13), .16: (.34, .12, -.18), .25: (.10, .05, -.18), .35: (.0, .03, -.18),
          .44: (-.03, .02, -.22), .5: (-.03, 0, -.24)})


def cupsole(wall, tread, line=None, height=1.12):
    """Flat wall of a court or canvas shoe, with an optional coloured line."""
    layers = [{'from': 0, 'to': .16, 'mat': tread, 'round': .012, 'out': .035},
              {'from': .13, 'to': (1.0, height * .06), 'mat': wall, 'round': .022, 'out': .038, 'lip': 1}]
    if line:
        layers.append({'from': .66, 'to': .76, 'mat': line, 'round': .01, 'out': .046})
    return layers


def runner_sole(foam, tread, accent=None, out=.06):
    layers = [{'from': 0, 'to': .17, 'mat': tread, 'round': .02, 'out': .015, 'flare': .05},
              {'from': .14, 'to': (1.0, .07), 'mat': foam, 'round': .055, 'out': out, 'bulge': .015, 'flare': .08, 'lip': 1}]
    if accent:
        layers[1]['to'] = .60
        layers.append({'from': .56, 'to': (1.0, .07), 'mat': accent, 'round': .05, 'out': out - .02, 'lip': 1,
                       'wave': (.018, 3)})
        layers[1].pop('lip')
    return layers


def welt_sole(edge, tread, welt):
    return [{'from': 0, 'to': .62, 'mat': tread, 'round': .012, 'out': .03},
            {'from': .56, 'to': 1.0, 'mat': edge, 'round': .015, 'out': .035},
            {'from': .9, 'to': (1.0, .035), 'mat': welt, 'round': .018, 'out': .022, 'lip': 1}]


MODELS = [
    dict(slug='meridian', more=['sole'], name='Meridian Runner', colour='coral', video=True,
         about='Light daily runner with an airy mesh upper and a soft, rockered midsole.',
         alt=dict(left='five fine cream lines on the mesh, two-tone midsole',
                  top='lining and tongue in two shades, laces tied in a bow',
                  back='cream pull loop and suede counter',
                  sole='dark chevron tread with a cream rim'),
         shoe=model(
             LOW, spring=.21, bevel=.09, sole=(.42, .30, .19), body='mesh:#f0826a', lining='lining:#33343d',
             collar_mat='lining:#33343d',
             layers=runner_sole('foam:#f7f3ec', 'rubber:#33343d', 'foam:#ffd9c2'),
             tread=dict(kind='chevron', depth=.02, mat='rubber:#33343d', pitch=.2, cols=4),
             panels=[toe_guard('suede:#dd6048', tip=.24, stitch=['upper']),
                     *meridians('gloss:#fff4e6'),
                     counter('suede:#dd6048', stitch=['upper']),
                     eyestay('suede:#dd6048', stitch=['upper'])],
             tongue=dict(mat='mesh:#f6ab97', label='leather:#fff4e6', curl=.05),
             laces=dict(mat='lace:#fff8ee', eyelet='dark'), tabs=[dict(mat='canvas:#fff4e6')])),
    dict(slug='ridgeline', name='Ridgeline Trail', colour='moss and ochre',
         about='Trail shoe with deep lugs, a rubber toe bumper and a mud guard all round.',
         alt=dict(left='an ochre mountain line over a dark mud guard',
                  top='ochre laces and collar, rubber toe bumper',
                  back='ochre pull loop and high suede counter',
                  sole='deep chevron lugs'),
         shoe=model(
             LOW, width=1.03, toe=.6, spring=.19, bevel=.07, sole=(.42, .33, .26), body='mesh:#5d6a45',
             lining='lining:#23261f', collar_mat='lining:#d99a2f',
             layers=[{'from': 0, 'to': .26, 'mat': 'rubber:#24261f', 'round': .02, 'out': .055, 'ribs': (.035, 44), 'flare': .05},
                     {'from': .23, 'to': (1.0, .06), 'mat': 'foam:#e8dfc8', 'round': .04, 'out': .055, 'flare': .05,
                      'grooves': (.012, 2), 'lip': 1}],
             tread=dict(kind='chevron', depth=.065, mat='rubber:#24261f', pitch=.24, cols=4, fill=.6),
             panels=[dict(lower=[(-.5, 0), (-.25, 0), (0, 0), (.25, 0), (.5, 0)],
                          upper=[(-.5, .30), (-.36, .22), (-.25, .30), (-.12, .20), (0, .26), (.12, .20), (.25, .30), (.36, .22), (.5, .30)],
                          mat='suede:#3d4630', h=.025, mirror=False, closed=True, stitch=['upper']),
                     toe_guard('rubber:#24261f', reach=.12, tip=.20, end=.04, h=.05),
                     ridge('gloss:#d99a2f', .00, .085), ridge('gloss:#7f8f5e', .15, .05),
                     counter('suede:#3d4630', high=.75, low=.3, stitch=['upper']),
                     eyestay('suede:#3d4630', stitch=['upper'])],
             tongue=dict(mat='mesh:#76835a', label='leather:#d99a2f', curl=.05),
             laces=dict(mat='lace:#d99a2f', eyelet='dark'), tabs=[dict(mat='canvas:#d99a2f', height=.14)],
             thread='thread:#d9cfa6')),
    dict(slug='harbor', more=['front'], name='Harbor High-Top', colour='navy canvas', video=True,
         about='Canvas high-top on a vulcanised sole, with a rubber toe cap and metal eyelets.',
         alt=dict(left='white toe cap, red line along the sole',
                  top='seven rows of laces from toe cap to ankle',
                  back='back strip with two seams and a rubber heel patch',
                  sole='fine gum-coloured brick pattern'),
         shoe=model(
             HIGH, width=.97, toe=.2, spring=.07, bevel=.02, sole=(.25, .23, .23), body='canvas:#2c415f', lining='lining:#efe6d6',
             collar_mat='canvas:#2c415f', padding=.03,
             layers=cupsole('rubber:#f6f1e6', 'gum:#b98352', 'gloss:#c8463c', 1.3),
             tread=dict(kind='brick', depth=.012, mat='gum:#b98352', pitch=.12, cols=6, fill=.7),
             panels=[toe_guard('rubber:#f6f1e6', reach=.15, tip=.34, end=.06, h=.03),
                     toe_guard('rubber:#eee7d8', reach=.17, tip=.10, end=.05, h=.055),
                     eyestay('canvas:#223450', inner0=.05, inner1=.06, outer0=.10, outer1=.155, v0=.42, h=.022, stitch=['upper', 'upper2']),
                     dict(lower=[(.455, .0), (.47, .5), (.465, 1.0)], upper=[(.5, .0), (.5, .5), (.5, 1.0)], mat='canvas:#223450', h=.02,
                          stitch=['lower']),
                     counter('rubber:#f6f1e6', reach=.455, low=.12, high=.16, h=.035)],
             tongue=dict(mat='canvas:#2c415f', start=.40, end=1.07, t0=.05),
             laces=dict(mat='lace:#fbf7ee', rows=7, v0=.46, v1=.965, lift=.04, t0=.072, t1=.095),
             seams=[dict(points=[(.19, 0), (.20, .22), (.15, .42), (.12, .50)]),
                    dict(points=[(.455, .32), (.36, .34), (.28, .55), (.24, .78), (.17, .93)])])),
    dict(slug='baseline', name='Baseline Court', colour='white and bottle green',
         about='Clean leather court shoe with a perforated toe and a contrasting heel.',
         alt=dict(left='punched side slots and a green heel',
                  top='straight bar lacing and rows of holes on the toe',
                  back='green heel tab on white leather',
                  sole='gum rubber with a wave pattern'),
         shoe=model(
             LOW, toe=.3, spring=.10, bevel=.03, sole=(.29, .26, .24), body='leather:#f1efe9', lining='lining:#e9e4d8', collar_mat='lining:#e9e4d8',
             layers=cupsole('rubber:#f5f2ea', 'gum:#b57c48', None, 1.5),
             tread=dict(kind='wave', depth=.015, mat='gum:#b57c48', pitch=.14, cols=5, fill=.65),
             panels=[dict(lower=[(.17, 0), (.145, .25), (.0, .40), (-.145, .25), (-.17, 0)],
                          upper=[(.215, 0), (.185, .32), (.0, .52), (-.185, .32), (-.215, 0)], mat='leather:#f5f3ee', h=.022, mirror=False,
                          stitch=['lower']),
                     dict(lower=[(.30, .0), (.315, .4), (.29, .92)], upper=[(.42, .0), (.41, .45), (.40, .70)], mat='leather:#f5f3ee', h=.022,
                          stitch=['lower', 'upper']),
                     counter('leather:#1f6b4c', reach=.415, low=.62, high=.66, h=.03),
                     dict(lower=[(.435, .60), (.5, .62), (.565, .60)], upper=[(.43, .99), (.5, .99), (.57, .99)], mat='leather:#1f6b4c', h=.035,
                          mirror=False, stitch=['lower']),
                     eyestay('leather:#f5f3ee', outer0=.12, outer1=.18, h=.03, stitch=['upper'])],
             tongue=dict(mat='leather:#f1efe9', label='leather:#1f6b4c', curl=.05),
             laces=dict(mat='lace:#fbfaf6', rows=6, eyelet='dark', style='bar', bow=False, width=.085, eyelet_size=.026),
             holes=[dict(tv=row((.0, .12), (.0, .34), 5), mirror=False), dict(tv=row((.035, .13), (.035, .32), 5)),
                    dict(tv=row((.07, .14), (.07, .28), 4)), dict(tv=row((.10, .13), (.10, .22), 3)),
                    dict(tv=row((.235, .24), (.22, .62), 6), radius=.018), dict(tv=row((.262, .24), (.25, .62), 6), radius=.018)],
             thread='thread:#dcd8cc')),
    dict(slug='drift', name='Drift Slip-On', colour='sand',
         about='Easy canvas slip-on with elastic gussets and a padded collar.',
         alt=dict(left='elastic gusset and leather-trimmed collar',
                  top='plain canvas vamp and open collar',
                  back='canvas heel panel with a seam',
                  sole='gum-coloured brick pattern'),
         shoe=model(
             SLIP, toe=.3, spring=.07, bevel=.02, sole=(.27, .25, .24), body='canvas:#cfb78c', lining='lining:#6f5b41', collar_mat='leather:#8a5f3a', padding=.075,
             layers=cupsole('rubber:#f7f3ea', 'gum:#a9713f', 'gloss:#8a5f3a', 1.3),
             tread=dict(kind='brick', depth=.012, mat='gum:#a9713f', pitch=.13, cols=5, fill=.68),
             panels=[dict(lower=[(.105, .56), (.12, .78), (.115, .985)], upper=[(.185, .50), (.19, .75), (.185, .985)], mat='elastic:#4b4238', h=.012),
                     dict(lower=[(.195, .0), (.215, .45), (.185, .99)], upper=[(.225, .0), (.24, .45), (.205, .99)], mat='canvas:#bfa577', h=.022, stitch=['lower', 'upper']),
                     counter('canvas:#bfa577', reach=.43, low=.35, high=.80, h=.022, stitch=['upper']),
                     toe_guard('canvas:#bfa577', reach=.19, tip=.12, end=.10, h=.022, stitch=['upper'])],
             thread='thread:#f6ecd6')),
    dict(slug='calder', name='Calder Chelsea Boot', colour='chestnut', video=True,
         about='Polished Chelsea boot with elastic gores, a stacked heel and two pull tabs.',
         alt=dict(left='black elastic gore, stacked heel',
                  top='slim toe and pull tabs in front and behind',
                  back='back seam and tan pull tab',
                  sole='smooth dark sole with a separate heel'),
         shoe=model(
             BOOT, heel=.24, sole=(.12, .12, .12), toe=-.3, body='smooth_leather:#7a4325', lining='lining:#c9a57a', collar_mat='smooth_leather:#5d3019',
             layers=welt_sole('leather:#3a2114', 'rubber:#1d1714', 'leather:#5a351e'), heel_mat='leather:#33200f',
             tread=dict(kind='wave', depth=.006, mat='rubber:#1d1714', pitch=.11, cols=1, fill=.6),
             panels=[dict(lower=[(.215, .50), (.21, .72), (.185, .985)], upper=[(.335, .50), (.345, .72), (.365, .985)], mat='elastic:#2a1f1a', h=.014, edge=.03),
                     dict(lower=[(.205, .46), (.20, .72), (.172, .99)], upper=[(.217, .49), (.212, .72), (.187, .99)], mat='smooth_leather:#6b3a1f', h=.026),
                     dict(lower=[(.333, .49), (.343, .72), (.363, .99)], upper=[(.347, .46), (.357, .72), (.378, .99)], mat='smooth_leather:#6b3a1f', h=.026),
                     dict(lower=[(.478, .05), (.48, .5), (.47, .99)], upper=[(.5, .05), (.5, .5), (.5, .99)], mat='smooth_leather:#6b3a1f', h=.022)],
             seams=[dict(points=[(.24, .0), (.262, .25), (.275, .47)]),
                    dict(points=[(.25, .0), (.272, .25), (.285, .46)])],
             tabs=[dict(mat='canvas:#c9a57a', low=.86, height=.13), dict(t=0, mat='canvas:#c9a57a', low=.92, height=.13)],
             thread='thread:#d9b487')),
    dict(slug='tarn', more=['sole'], name='Tarn Mid Hiker', colour='tan and slate',
         about='Mid-cut hiking boot in waxed leather with a rubber rand and a padded ankle.',
         alt=dict(left='mesh inserts, padded ankle and lugged sole',
                  top='red laces through metal eyelets',
                  back='leather back stay and red pull tab',
                  sole='large square lugs'),
         shoe=model(
             HIGH, width=1.04, toe=.5, spring=.16, bevel=.05, sole=(.40, .34, .28), body='leather:#9a6637', lining='lining:#2d3138', collar_mat='lining:#3b424c', padding=.14,
             throat=.085,
             layers=[{'from': 0, 'to': .40, 'mat': 'rubber:#22211f', 'round': .02, 'out': .07, 'ribs': (.04, 36)},
                     {'from': .36, 'to': (1.0, .03), 'mat': 'foam:#575f68', 'round': .04, 'out': .06, 'grooves': (.014, 2), 'lip': 1}],
             tread=dict(kind='brick', depth=.065, mat='rubber:#22211f', pitch=.25, cols=4, fill=.62),
             panels=[dict(lower=[(-.5, 0), (-.25, 0), (0, 0), (.25, 0), (.5, 0)],
                          upper=[(-.5, .17), (-.25, .13), (-.1, .14), (0, .20), (.1, .14), (.25, .13), (.5, .17)],
                          mat='rubber:#2a2926', h=.04, mirror=False, closed=True),
                     dict(lower=[(.19, .13), (.20, .4), (.165, .62)], upper=[(.30, .13), (.27, .40), (.235, .66)], mat='mesh:#575f68', h=.018),
                     dict(lower=[(.16, .66), (.25, .66), (.36, .62), (.43, .62)], upper=[(.17, .96), (.25, .955), (.36, .95), (.43, .95)], mat='mesh:#575f68', h=.04, edge=.06),
                     counter('leather:#7d5029', reach=.34, low=.18, high=.58, h=.035, stitch=['upper']),
                     dict(lower=[(.465, .5), (.47, .75), (.46, .97)], upper=[(.5, .5), (.5, .75), (.5, .97)], mat='leather:#7d5029', h=.05, stitch=['lower']),
                     eyestay('leather:#7d5029', inner0=.055, inner1=.065, outer0=.12, outer1=.155, v0=.42, h=.035, stitch=['upper'])],
             tongue=dict(mat='mesh:#575f68', start=.40, end=1.09, t0=.055, t1=.125, label='leather:#9a6637', lift=.015),
             laces=dict(mat='lace:#c8402f', rows=6, v0=.47, v1=.95, width=.05, thick=.045, eyelet_size=.034, t0=.08, t1=.105),
             tabs=[dict(mat='canvas:#c8402f', low=.86, height=.12)], thread='thread:#e3c79a')),
    dict(slug='lido', name='Lido Sandal', colour='cognac',
         about='Three-strap leather sandal on a contoured cork footbed.',
         alt=dict(left='two wide straps and a slingback over cork',
                  top='contoured footbed under two straps',
                  back='slingback strap over the cork sole',
                  sole='dark rubber with a wave pattern'),
         shoe=model(
             SLIP, width=1.02, toe=.7, spring=.08, bevel=.03, sole=(.30, .25, .22), inset=.07, body=None,
             layers=[{'from': 0, 'to': .28, 'mat': 'rubber:#2b2522', 'round': .02, 'out': .02},
                     {'from': .25, 'to': (1.0, -.03), 'mat': 'cork:#c79a64', 'round': .03, 'out': .012},
                     {'from': .8, 'to': (1.0, .0), 'mat': 'suede:#c7a37a', 'round': .02, 'out': -.005}],
             tread=dict(kind='wave', depth=.015, mat='rubber:#2b2522', pitch=.15, cols=4, fill=.6),
             panels=[dict(lower=[(.135, -.02), (.105, .30), (.0, .42), (-.105, .30), (-.135, -.02)],
                          upper=[(.20, -.02), (.165, .42), (.0, .66), (-.165, .42), (-.20, -.02)], mat='leather:#a8622f', h=.02, mirror=False, solid=.035,
                          stitch=['lower', 'upper']),
                     dict(lower=[(.222, -.02), (.195, .50), (.0, .82), (-.195, .50), (-.222, -.02)],
                          upper=[(.275, -.02), (.245, .60), (.0, 1.03), (-.245, .60), (-.275, -.02)], mat='leather:#a8622f', h=.02, mirror=False, solid=.035,
                          stitch=['lower', 'upper']),
                     dict(lower=[(.24, .58), (.34, .62), (.42, .64), (.5, .66), (.58, .64), (.66, .62), (.76, .58)],
                          upper=[(.225, .80), (.34, .86), (.42, .88), (.5, .90), (.58, .88), (.66, .86), (.775, .80)], mat='leather:#a8622f', h=.035, mirror=False, solid=.035,
                          stitch=['lower', 'upper'])],
             rings=[dict(t=.235, v=.64, lift=.05, mat='metal', radius=.085), dict(t=.165, v=.26, lift=.035, mat='metal', radius=.085)],
             thread='thread:#f0d7b0')),
    dict(slug='nimbus', name='Nimbus Knit', colour='lilac', video=True,
         about='Sock-like knit runner on a tall cushioned sole; pull it on and go.',
         alt=dict(left='white side cage on knit, tall two-layer sole',
                  top='ribbed cuff and short mint lacing',
                  back='mint heel clip and pull loop',
                  sole='lilac wave tread with a white rim'),
         shoe=model(
             LOW, spring=.24, bevel=.10, sole=(.52, .38, .22), body='knit:#b3a6dc', lining='lining:#4a3f73', collar_mat='knit:#9a8bca', throat=0, padding=.05,
             collar={0: (1.26, 0.0, 1.46), .08: (1.22, .14, 1.44), .16: (1.10, .25, 1.37), .25: (.86, .30, 1.27),
                     .35: (.52, .29, 1.24), .44: (.20, .215, 1.32), .5: (.11, 0.0, 1.38)},
             rise={0: (.05, .36), .08: (.05, .36), .16: (.06, .34), .25: (.05, .30), .35: (.06, .28), .44: (.08, .30), .5: (.10, .32)},
             lean={0: (.36, 0, -.52), .08: (.38, .05, -.50), .16: (.30, .10, -.44), .25: (.10, .02, -.32), .35: (.0, .0, -.30),
                   .44: (-.01, .0, -.34), .5: (-.01, 0, -.36)},
             layers=runner_sole('foam:#fbf9f6', 'rubber:#9a8bca', 'foam:#d9f0e4', out=.085),
             tread=dict(kind='wave', depth=.02, mat='rubber:#9a8bca', pitch=.19, cols=3, fill=.7),
             panels=[dict(lower=[(-.5, .86), (-.25, .86), (0, .89), (.25, .86), (.5, .86)], upper=[(-.5, 1), (-.25, 1), (0, 1), (.25, 1), (.5, 1)],
                          mat='elastic:#9a8bca', h=.02, mirror=False, closed=True),
                     toe_guard('knit:#9a8bca', reach=.20, tip=.16, end=.06, h=.014),
                     dict(lower=[(.07, .46), (.075, .6), (.075, .84)], upper=[(.115, .44), (.14, .58), (.13, .86)], mat='gloss:#fbf9f6', h=.028),
                     dict(lower=[(.12, .46), (.19, .25), (.235, .0)], upper=[(.135, .56), (.215, .30), (.265, .0)], mat='gloss:#fbf9f6', h=.024),
                     dict(lower=[(.13, .72), (.25, .46), (.315, .0)], upper=[(.135, .82), (.272, .50), (.345, .0)], mat='gloss:#fbf9f6', h=.024),
                     counter('gloss:#d9f0e4', reach=.40, low=.16, high=.42, h=.025)],
             laces=dict(mat='lace:#d9f0e4', rows=4, v0=.50, v1=.80, t0=.092, t1=.098, eyelet='dark', lift=.042),
             tabs=[dict(mat='canvas:#d9f0e4', low=.84, height=.16)])),
    dict(slug='apex', name='Apex Mid', colour='teal and sun yellow', video=True,
         about='Supportive mid-cut for indoor courts, with an ankle strap and a wide, stable base.',
         alt=dict(left='white side panel with a yellow line, ankle strap',
                  top='yellow laces and a white eyelet panel',
                  back='ankle strap, counter and yellow pull loop',
                  sole='yellow chevron tread for indoor courts'),
         shoe=model(
             HIGH, width=1.05, toe=.4, spring=.17, bevel=.05, sole=(.42, .34, .25), body='mesh:#137a80', lining='lining:#16323a', collar_mat='lining:#16323a', padding=.12, throat=.085,
             collar={0: (1.26, 0.0, 1.46), .08: (1.23, .14, 1.45), .16: (1.10, .26, 1.38), .25: (.85, .31, 1.26),
                     .35: (.50, .30, 1.24), .44: (.185, .215, 1.36), .5: (.08, 0.0, 1.45)},
             layers=runner_sole('foam:#f4f4ef', 'rubber:#f2bd2c', 'foam:#0f5a60', out=.07),
             tread=dict(kind='chevron', depth=.02, mat='rubber:#f2bd2c', pitch=.15, cols=6, fill=.7),
             panels=[toe_guard('leather:#0f5a60', reach=.19, tip=.36, end=.10, h=.028, stitch=['upper']),
                     dict(lower=[(.20, .0), (.235, .28), (.21, .52), (.15, .66)], upper=[(.30, .0), (.30, .22), (.245, .56), (.16, .80)], mat='leather:#f4f4ef', h=.03, stitch=['lower', 'upper']),
                     dict(lower=[(.225, .0), (.26, .26), (.225, .50), (.165, .66)], upper=[(.25, .0), (.275, .24), (.235, .52), (.168, .70)], mat='gloss:#f2bd2c', h=.042),
                     counter('leather:#0f5a60', reach=.345, low=.22, high=.60, h=.035, stitch=['upper']),
                     dict(lower=[(.30, .60), (.40, .64), (.5, .70), (.60, .64), (.70, .60)], upper=[(.30, .88), (.40, .88), (.5, .93), (.60, .88), (.70, .88)], mat='leather:#0f5a60', h=.05, mirror=False, edge=.05, stitch=['lower']),
                     eyestay('leather:#f4f4ef', inner0=.055, inner1=.065, outer0=.115, outer1=.165, v0=.44, h=.035, stitch=['upper'])],
             tongue=dict(mat='mesh:#1a8f95', start=.42, end=1.09, t0=.055, t1=.125, label='leather:#f2bd2c', lift=.015),
             laces=dict(mat='lace:#f2bd2c', rows=6, v0=.48, v1=.95, eyelet='dark', t0=.08, t1=.105),
             tabs=[dict(mat='canvas:#f2bd2c', low=.88, height=.12)])),
    dict(slug='thornbury', name='Thornbury Derby', colour='oxblood',
         about='Cap-toe derby in polished leather with a stitched welt and a stacked heel.',
         alt=dict(left='five rows of laces, stacked heel',
                  top='cap toe with a row of brogue holes',
                  back='heel counter with a seam and back stay',
                  sole='leather sole with a stacked heel'),
         shoe=model(
             LOW, width=.94, toe=-.35, spring=.12, bevel=.02, heel=.22, sole=(.11, .11, .11), throat=.075, padding=.035,
             body='smooth_leather:#5d1c22', lining='lining:#b98a5c', collar_mat='smooth_leather:#451318',
             collar={0: (1.34, 0.0, 1.14), .08: (1.30, .13, 1.12), .16: (1.15, .24, 1.02), .25: (.88, .29, .88),
                     .35: (.52, .28, .84), .44: (.22, .19, .92), .5: (.13, 0.0, .97)},
             rise={0: (.04, .26), .08: (.04, .27), .16: (.05, .28), .25: (.03, .24), .35: (.05, .22), .44: (.06, .24), .5: (.07, .26)},
             lean={0: (.52, 0, -.30), .08: (.50, .05, -.30), .16: (.36, .10, -.28), .25: (.12, .03, -.22), .35: (.0, .02, -.20),
                   .44: (-.01, .01, -.24), .5: (-.01, 0, -.26)},
             layers=welt_sole('leather:#2c1610', 'leather:#a9764a', 'leather:#4a2a1a'), heel_mat='leather:#2c1610', tread=None,
             panels=[dict(lower=[(-.15, 0), (-.075, 0), (0, 0), (.075, 0), (.15, 0)], upper=[(-.15, .02), (-.10, .26), (0, .36), (.10, .26), (.15, .02)],
                          mat='smooth_leather:#5d1c22', h=.018, mirror=False, stitch=['upper', 'upper2']),
                     dict(lower=[(.065, .58), (.07, .75), (.070, 1.0)], upper=[(.235, .02), (.30, .45), (.36, .98)], mat='smooth_leather:#5d1c22', h=.024, stitch=['start', 'lower']),
                     counter('smooth_leather:#4d151b', reach=.40, low=.55, high=.72, h=.026, stitch=['upper']),
                     dict(lower=[(.475, .6), (.48, .8), (.47, .99)], upper=[(.5, .6), (.5, .8), (.5, .99)], mat='smooth_leather:#4d151b', h=.034)],
             tongue=dict(mat='smooth_leather:#451318', start=.56, end=1.08, t0=.06, t1=.10),
             laces=dict(mat='lace:#2a0d10', rows=5, v0=.64, v1=.95, width=.032, thick=.03, style='bar', bow=True, eyelet='dark', eyelet_size=.018, lift=.04, t0=.09, t1=.105),
             holes=[dict(tv=[(0, .315), (.025, .31), (.05, .29), (.075, .262), (.095, .228), (.112, .18), (.125, .12)], lift=.018, radius=.013)],
             thread='thread:#8a4a45')),
    dict(slug='quay', name='Quay Loafer', colour='forest suede',
         about='Soft suede loafer with a hand-sewn apron and a saddle strap.',
         alt=dict(left='hand-sewn apron and saddle strap',
                  top='apron seam around the vamp',
                  back='suede heel panel over a low stacked heel',
                  sole='tan leather sole with a low heel'),
         shoe=model(
             SLIP, width=.96, toe=.1, spring=.08, bevel=.02, heel=.13, sole=(.13, .12, .12), body='suede:#3d5a47', lining='lining:#c49a6c', collar_mat='suede:#2f4738', padding=.04,
             rise={0: (.05, .34), .08: (.05, .34), .16: (.05, .32), .25: (.04, .26), .35: (.05, .22), .44: (.06, .26), .5: (.07, .28)},
             layers=welt_sole('leather:#6b4428', 'leather:#b98652', 'leather:#7d5232'), heel_mat='leather:#5a3820', tread=None,
             panels=[dict(lower=[(.225, .02), (.185, .50), (.0, .66), (-.185, .50), (-.225, .02)], upper=[(.275, .02), (.225, .66), (.0, .88), (-.225, .66), (-.275, .02)],
                          mat='suede:#35503f', h=.03, mirror=False, stitch=['lower', 'upper']),
                     counter('suede:#35503f', reach=.43, low=.40, high=.72, h=.022, stitch=['upper'])],
             cords=[dict(points=[(.20, .60), (.165, .50), (.10, .36), (.05, .295), (0, .28), (-.05, .295), (-.10, .36), (-.165, .50), (-.20, .60)],
                         mat='suede:#2f4738', width=.045, height=.05, mirror=False, lift=.004)],
             seams=[dict(points=[(.21, .56), (.175, .45), (.105, .30), (.05, .235), (0, .22), (-.05, .235), (-.105, .30), (-.175, .45), (-.21, .56)],
                         mirror=False)],
             thread='thread:#d8c9a4')),
]

# The first picture sells the shoe; the rest answer questions.
def views_of(product):
    if product.get('video'):
        return ['quarter', 'left', 'turn', 'right', 'back', 'top'] + product.get('more', [])
    return ['quarter', 'left', 'right', 'back-quarter', 'top'] + product.get('more', [])
