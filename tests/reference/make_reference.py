#!/usr/bin/env python3
"""Write what the tests expect beside this file, pictures from those in inputs/, by running other programs.

usage: make_reference.py [--check]

Frames go through ffmpeg as planar 8-bit GBR, so that no colour conversion hides in the result. With --check
nothing is written: everything is compared with what is there. Needs: ffmpeg 5.1, noise 1.2.2 and what
benches/requirements.txt lists.
"""
import json
import math
import random
import subprocess
import tempfile
from pathlib import Path

import cv2
import numpy
from PIL import Image, ImageChops
from glitch_this import ImageGlitcher
from noise import pnoise2, pnoise3
from pixelsort import pixelsort
from pixelsort.interval import choices as interval_choices

from keep import CHECK, HERE, finish, put, put_array, put_text

SIZE = (320, 180)
EDGES = ("blank", "smear", "wrap", "mirror")
BLEND_MODES = (
    "addition and average bleach burn darken difference divide dodge exclusion extremity freeze geometric glow "
    "grainextract grainmerge hardlight hardmix hardoverlay harmonic heat interpolate lighten linearlight multiply "
    "multiply128 negation normal or overlay phoenix pinlight reflect screen softdifference softlight stain subtract "
    "vividlight xor"
).split()


def source(name):
    return Image.open(HERE / "inputs" / f"{name}.png").convert("RGB")


def ffmpeg(arguments, data=b""):
    return subprocess.run(["ffmpeg", "-v", "error", *map(str, arguments)], input=data, capture_output=True, check=True).stdout


def filter_rgb(stacks, graph):
    """Run stacks of RGB frames through a filter graph from [a], [b], [c] to [o]; the frames that come out."""
    raw = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{SIZE[0]}x{SIZE[1]}", "-r", "25"]
    with tempfile.TemporaryDirectory() as folder:
        arguments, labels = [], ""
        for index, (name, frames) in enumerate(zip("abc", stacks)):
            file = Path(folder) / name
            file.write_bytes(b"".join(frame.tobytes() for frame in frames))
            arguments += [*raw, "-i", file]
            labels += f"[{index}]format=gbrp[{name}];"
        whole = f"{labels}{graph};[o]format=rgb24[q]"
        out = ffmpeg([*arguments, "-filter_complex", whole, "-map", "[q]", "-f", "rawvideo", "-"])
    each = SIZE[0] * SIZE[1] * 3
    return [Image.frombytes("RGB", SIZE, out[at:at + each]) for at in range(0, len(out), each)]


def lagfun():
    """planes are GBR: bit 0 green, bit 1 blue, bit 2 red."""
    frames = [source(f"frame{index:03d}") for index in range(20)]
    cases = {
        "decay095": ("decay=0.95", (9, 19)), "decay050": ("decay=0.5", (19,)), "decay099": ("decay=0.99", (19,)),
        "decay1": ("decay=1", (19,)), "decay090_planes4": ("decay=0.9:planes=4", (19,)),
        "decay090_planes3": ("decay=0.9:planes=3", (19,)),
    }
    for name, (options, kept) in cases.items():
        out = filter_rgb([frames], f"[a]lagfun={options}[o]")
        for index in kept:
            put(f"lagfun/{name}_{index:02d}", out[index])


def blend_lut():
    """x is A, the upper picture (tblend: the current one), y is B, the lower (tblend: the one before)."""
    across = bytes(range(256)) * 256
    down = bytes(level for level in range(256) for _ in range(256))
    gray = ["-f", "rawvideo", "-pix_fmt", "gray", "-s", "256x256", "-r", "25", "-i", "-"]
    for mode in BLEND_MODES:
        for suffix, opacity in (("", ""), ("_050", ":all_opacity=0.5"), ("_025", ":all_opacity=0.25")):
            graph = f"tblend=all_mode={mode}{opacity}"
            out = ffmpeg([*gray, "-vf", graph, "-f", "rawvideo", "-"], down + across)
            put(f"blend_lut/{mode}{suffix}", Image.frombytes("L", (256, 256), out))


def tblend():
    for mode in ("difference", "screen", "softlight", "stain"):
        put(f"tblend/{mode}", filter_rgb([[source("frame000"), source("hd")]], f"[a]tblend=all_mode={mode}[o]")[0])


def wave(name, level):
    """One of displace's own maps: a grey level for each place."""
    picture = Image.new("L", SIZE)
    picture.putdata([level(x, y) for y in range(SIZE[1]) for x in range(SIZE[0])])
    put(f"inputs/{name}", picture.convert("RGB"))


def displace():
    wave("wave_xmap", lambda x, y: round(128 + 90 * math.sin(y / 9)))
    wave("wave_ymap", lambda x, y: round(128 + 90 * math.cos(x / 13)))
    maps = {"wave": ("wave_xmap", "wave_ymap"), "video": ("frame000", "frame008")}
    for name, (x, y) in maps.items():
        for edge in EDGES:
            stacks = [[source("hd")], [source(x)], [source(y)]]
            put(f"displace/{name}_{edge}", filter_rgb(stacks, f"[a][b][c]displace=edge={edge}[o]")[0])


def rgbashift():
    mixed = "rh=12:rv=-5:gh=0:gv=3:bh=-20:bv=8"
    far = "rh=255:bh=-255:gv=-200"
    for edge in ("smear", "wrap"):
        for name, options in (("mixed", mixed), ("far", far)):
            put(f"rgbashift/{edge}_{name}", filter_rgb([[source("hd")]], f"[a]rgbashift={options}:edge={edge}[o]")[0])


def planes(raw, width, height, part):
    """The Y, Cb and Cr of a picture; the latter two have a part of its width and height."""
    sizes = [(width, height)] + 2 * [(width // part, height // part)]
    found = []
    for size in sizes:
        found.append(Image.frombytes("L", size, raw[:size[0] * size[1]]))
        raw = raw[size[0] * size[1]:]
    return found


def chromashift():
    """Luma stays as it is: the other two planes are kept, before and after."""
    frame = ["-f", "rawvideo", "-s", f"{SIZE[0]}x{SIZE[1]}", "-r", "25"]
    for kind, part in (("yuv444p", 1), ("yuv420p", 2)):
        scale = f"scale=flags=bicubic+accurate_rnd+full_chroma_int:out_color_matrix=bt601,format={kind}"
        raw = ffmpeg([*frame, "-pix_fmt", "rgb24", "-i", "-", "-vf", scale, "-f", "rawvideo", "-"], source("hd").tobytes())
        luma, *before = planes(raw, *SIZE, part)
        for plane, picture in zip("uv", before):
            put(f"inputs/chromashift/{kind}_{plane}", picture)
        for edge in ("smear", "wrap"):
            shift = f"chromashift=cbh=7:cbv=-3:crh=-11:crv=4:edge={edge}"
            out = ffmpeg([*frame, "-pix_fmt", kind, "-i", "-", "-vf", shift, "-f", "rawvideo", "-"], raw)
            same, *after = planes(out, *SIZE, part)
            assert same.tobytes() == luma.tobytes()
            for plane, picture in zip("uv", after):
                put(f"chromashift/{kind}_{edge}_{plane}", picture)


def operations_table(operations):
    """Shift, first row and height of each, as 256 * red + green - 32768; blue of the first: 0 a band, 1 to 3 a colour."""
    table = Image.new("RGB", (3, len(operations)))
    for row, (what, *numbers) in enumerate(operations):
        for column, number in enumerate(numbers):
            table.putpixel((column, row), (*divmod(number + 32768, 256), what if column == 0 else 0))
    return table


def glitch_this():
    """With what the package draws, in the order in which it draws: an offset, and unless it is 0 a row and a height."""
    cases = {"a2": (2, 7, False, False), "a5_color": (5.5, 11, True, False), "a10_color_scan": (10, 23, True, True)}
    randint = random.randint
    height = SIZE[1]
    for name, (amount, seed, color, scan) in cases.items():
        drawn = []

        def draw(low, high):
            drawn.append(randint(low, high))
            return drawn[-1]
        random.randint = draw
        picture = ImageGlitcher().glitch_image(source("hd"), amount, seed=seed, color_offset=color, scan_lines=scan)
        random.randint = randint
        operations, numbers = [], iter(drawn)
        for _ in range(int(2 * amount)):
            if shift := next(numbers):
                first = next(numbers)
                operations.append((0, shift, first, min(next(numbers), height - first)))
        if color:
            operations.append((next(numbers) + 1, next(numbers), next(numbers), 0))
        assert not list(numbers)
        put(f"glitch_this/{name}", picture)
        put(f"inputs/glitch_this/{name}", operations_table(operations))


def sort_keys(folder, picture, angle, keys=("lightness", "hue", "saturation", "intensity", "minimum"), **settings):
    """By each key; what is drawn is the same for all. Returns where runs begin, row by row."""
    interval, found = settings.get("interval_function", "threshold"), []
    find = interval_choices[interval]
    interval_choices[interval] = lambda *values, **named: found.append(find(*values, **named)) or found[-1]
    for key in keys:
        random.seed(1234)
        put(f"pixelsort/{folder}/{key}_{angle}", pixelsort(picture, sorting_function=key, angle=angle, **settings))
    interval_choices[interval] = find
    return found[0]


def pixelsorts():
    picture = source("hd_240x135")
    for interval in ("none", "threshold", "edges"):
        for angle in (0, 45, 90):
            sort_keys(interval, picture, angle, interval_function=interval)
    for interval, angles, length in (("random", (0,), 50), ("waves", (0, 45, 90), 30)):
        for angle in angles:
            drawn = sort_keys(interval, picture, angle, interval_function=interval, char_length=length)
            put_text(f"pixelsort/{interval}/intervals_{angle}.json", json.dumps(drawn))
    mask = Image.open(HERE / "inputs" / "pixelsort_mask.png")
    sort_keys("mask", picture, 0, ["lightness"], mask_image=mask)


def imagechops_offset():
    for x, y in ((37, 0), (-13, 25), (1000, -777)):
        put(f"imagechops_offset/offset_{x}_{y}", ImageChops.offset(source("hd"), x, y))


def perlin():
    """What the effect noise looks up in 40 x 25 pixels: a case's keys are the effect's, its origin is in pixels."""
    width, height = 40, 25
    middle, corner = (width / 2, height / 2), (0, 0)

    def case(origin, across, down, sample, **keys):
        offset = [origin[0] - middle[0], origin[1] - middle[1]]
        places = [((x + 0.5 - origin[0]) * across, (y + 0.5 - origin[1]) * down) for y in range(height) for x in range(width)]
        return {"keys": {**keys, "offset": offset}, "values": [round(sample(x, y), 7) for x, y in places]}

    fine = {"octaves": 6, "persistence": 0.6, "lacunarity": 2.5}
    tile = {"octaves": 4, "repeatx": 5, "repeaty": 3, "repeatz": 3}
    cases = [
        case(middle, 1 / 7.3, 1 / 7.3, pnoise2, cell=7.3, octaves=1, depth=0),
        case(middle, 1 / 3.1, 1 / 3.1, lambda x, y: pnoise3(x, y, -41.37), cell=3.1, octaves=1, depth=-41.37),
        case(middle, 1 / 9.7, 1 / 9.7, lambda x, y: pnoise3(x, y, 0.37, **fine),
             cell=9.7, octaves=6, gain=0.6, lacunarity=2.5, depth=0.37),
        # From here on places are positive: for others the package reads beyond its table, or does not repeat.
        case(corner, 1 / 2.3, 1 / 2.3, lambda x, y: pnoise3(x, y, 5.61, base=37), cell=2.3, octaves=1, depth=5.61, seed=37),
        case(corner, 5 / width, 3 / height, lambda x, y: pnoise3(x, y, 2.61, **tile),
             cell=8, octaves=4, depth=2.61, tile=True, period=1, speed=3),
    ]
    put_text("noise/perlin.json", json.dumps(cases, separators=(",", ":")) + "\n")


def tmix():
    """Weights run from the oldest picture to the newest."""
    frames = [source(f"frame{index:03d}") for index in range(20)]
    cases = {
        "flat3": ("frames=3", (0, 1, 10, 19)), "ramp5": ("frames=5:weights=1 2 3 4 5", (2, 12)),
        "sharp3": ("frames=3:weights=-1 3 -1", (11,)), "triangle7": ("frames=7:weights=1 2 3 4 3 2 1", (13,)),
        "moved2": ("frames=2:weights=-2 2:scale=1", (10,)), "half4": ("frames=4:scale=0.125", (19,)),
    }
    for name, (options, kept) in cases.items():
        out = filter_rgb([frames], f"[a]tmix={options}[o]")
        for index in kept:
            put(f"tmix/{name}_{index:02d}", out[index])


def colorchannelmixer():
    cases = {
        "swap": "rr=0:rb=1:br=1:bb=0", "infrared": "rr=0.4:rg=0.9:rb=-0.3:gr=0.2:gg=0.5:gb=0.3:br=0.9:bb=0.1",
        "sepia": "0.393:0.769:0.189:0:0.349:0.686:0.168:0:0.272:0.534:0.131",
    }
    for name, options in cases.items():
        put(f"colorchannelmixer/{name}", filter_rgb([[source("hd")]], f"[a]colorchannelmixer={options}[o]")[0])


def look(red, green, blue):
    """A colour look, 0 to 1 in and out: what the tables hold."""
    light = 0.3 * red + 0.6 * green + 0.1 * blue
    return red ** 0.8 * (0.7 + 0.3 * light), green ** 1.3, 1 - (1 - blue) ** 0.7 * (0.9 - 0.4 * light)


def cube(name, entries, dimensions):
    """A .cube file; red runs fastest."""
    at = [index / (entries - 1) for index in range(entries)]
    colors = [(r, g, b) for b in at for g in at for r in at] if dimensions == 3 else [(v, v, v) for v in at]
    lines = [f"LUT_{dimensions}D_SIZE {entries}"] + [" ".join(f"{value:.6f}" for value in look(*color)) for color in colors]
    (HERE / "inputs" / f"{name}.cube").write_text("\n".join(lines) + "\n")


def hald(name, level):
    entries = level * level
    colors = [
        look(*(value / (entries - 1) for value in (index % entries, index // entries % entries, index // entries ** 2)))
        for index in range(entries ** 3)
    ]
    picture = Image.new("RGB", (level ** 3, level ** 3))
    picture.putdata([tuple(min(max(round(value * 255), 0), 255) for value in color) for color in colors])
    put(f"inputs/{name}", picture)


def lut():
    if not CHECK:
        cube("look_17", 17, 3)
        cube("curves_33", 33, 1)
    hald("hald_4", 4)
    inputs = HERE / "inputs"
    graphs = {f"cube_{interp}": f"lut3d={inputs}/look_17.cube:interp={interp}" for interp in ("trilinear", "tetrahedral")}
    graphs["curves"] = f"lut1d={inputs}/curves_33.cube"
    for name, graph in graphs.items():
        put(f"lut/{name}", filter_rgb([[source("hd")]], f"[a]{graph}[o]")[0])
    for interp in ("trilinear", "tetrahedral"):
        # Packed, because planar tables lose the order of their colours in haldclut.
        graph = f"[0]format=rgb24[a];[1]format=rgb24[b];[a][b]haldclut=interp={interp},format=rgb24"
        pictures = ["-i", inputs / "hd.png", "-i", inputs / "hald_4.png"]
        out = ffmpeg([*pictures, "-filter_complex", graph, "-frames:v", 1, "-f", "rawvideo", "-"])
        put(f"lut/hald_{interp}", Image.frombytes("RGB", SIZE, out))


FARNEBACK = dict(pyr_scale=0.5, levels=3, winsize=15, iterations=3, poly_n=5, poly_sigma=1.2, flags=0)
GAUSSIAN = cv2.OPTFLOW_FARNEBACK_GAUSSIAN
FARNEBACK_SETS = {
    "default": {}, "poly7": dict(poly_n=7, poly_sigma=1.5), "gaussian": dict(flags=GAUSSIAN),
    "poly7_gaussian": dict(poly_n=7, poly_sigma=1.5, flags=GAUSSIAN),
    "levels0": dict(levels=0), "levels1": dict(levels=1), "levels2": dict(levels=2), "levels3": dict(levels=3),
    "levels4": dict(levels=4), "levels5": dict(levels=5),
    "win21_iter5": dict(winsize=21, iterations=5), "win8_iter1": dict(winsize=8, iterations=1),
    "pyr08": dict(pyr_scale=0.8, levels=4), "ocl_test": dict(levels=5, winsize=13, iterations=10, poly_sigma=1.1),
}


def farneback():
    """Each field is kept at every so many pixels across and down: its stride."""
    every = [name for name in FARNEBACK_SETS if name not in ("levels3", "levels4")]
    pairs = {
        "bunny": (every, 3), "person": (every, 3), "rabbit": (every, 3), "rubberwhale": (every, 4), "synthetic": (every, 4),
        "bunny_640x360": (("default", "gaussian", "levels5"), 4),
        "bunny_1920x1080": ([f"levels{count}" for count in range(1, 6)], 8),
    }
    cases = []
    for pair, (names, stride) in pairs.items():
        one, two = (cv2.imread(str(HERE / f"inputs/farneback/{pair}_{which}.png"), cv2.IMREAD_GRAYSCALE) for which in "ab")
        for name in names:
            settings = FARNEBACK | FARNEBACK_SETS[name]
            every_pixels = 2 if name == "default" else stride
            field = cv2.calcOpticalFlowFarneback(one, two, None, **settings)
            put_array(f"farneback/{pair}/{name}", field[::every_pixels, ::every_pixels])
            cases.append(dict(pair=pair, name=name, stride=every_pixels, **settings))
    put_text("farneback/cases.json", "[\n" + ",\n".join(map(json.dumps, cases)) + "\n]\n")


def remap(state, flow):
    """What lies at each place plus the flow: OpenCV 5's linear remap with a border of 0 (4's has steps of 1/32 pixel)."""
    height, width = flow.shape[:2]
    rows, columns = numpy.mgrid[0:height, 0:width].astype(numpy.float32)
    x, y = columns + flow[..., 0], rows + flow[..., 1]
    left, top = numpy.floor(x).astype(int), numpy.floor(y).astype(int)
    f, g = (x - left).astype(numpy.float32)[..., None], (y - top).astype(numpy.float32)[..., None]

    def at(down, across):
        v, u = top + down, left + across
        within = (v >= 0) & (v < height) & (u >= 0) & (u < width)
        found = state[v.clip(0, height - 1), u.clip(0, width - 1)]
        return numpy.where(within[..., None], found, numpy.float32(0))

    upper = at(0, 0) + f * (at(0, 1) - at(0, 0))
    lower = at(1, 0) + f * (at(1, 1) - at(1, 0))
    return upper + g * (lower - upper)


def mosh():
    """A still, dragged by the motion of a film; the state is not rounded, what is seen of it is truncated."""
    for film, still in (("person", "hd"), ("rabbit", "still")):
        state = numpy.asarray(source(still), numpy.float32)
        before = None
        for index in range(31):
            gray = numpy.asarray(Image.open(HERE / "inputs" / film / f"gray{index:03d}.png"))
            if before is not None:
                state = remap(state, cv2.calcOpticalFlowFarneback(before, gray, None, **FARNEBACK))
            before = gray
            if index in (1, 10, 30):
                put(f"mosh/{film}_on_{still}_{index:02d}", Image.fromarray(state.astype(numpy.uint8)))


def scene_score():
    scores = {}
    for name in ("frame%03d", "cut%d"):
        graph = "format=rgb24,select='gte(scene,0)',metadata=print:file=-"
        said = ffmpeg(["-i", HERE / "inputs" / f"{name}.png", "-vf", graph, "-f", "null", "-"]).decode()
        scores[name] = [float(line.split("=")[1]) for line in said.split() if line.startswith("lavfi.scene_score")]
    put_text("scene_score/scores.json", json.dumps(scores) + "\n")


for make in (farneback, mosh, lagfun, blend_lut, tblend, displace, rgbashift, chromashift, glitch_this, pixelsorts, imagechops_offset, perlin, tmix, colorchannelmixer, lut, scene_score):
    make()
finish()
