#!/usr/bin/env python3
"""Write opencv/: five pictures, what OpenCV's filters make of them, and cases.json, which says what is what.

usage: make_opencv.py [--check]

Pictures are small and of five kinds: an animated film, a photograph, a camera's grey, drawn shapes, a gradient in noise. A
filter with many settings meets them in turn, so that each kind meets each operation, and each shape. With --check nothing
is written: everything is compared with what is there. Needs: opencv-python-headless==4.14.0.94 numpy 'pillow<11'
"""
import json
from itertools import product

import cv2
import numpy
from PIL import Image

from keep import HERE, finish, put, put_text

BORDERS = {"mirror": cv2.BORDER_REFLECT_101, "smear": cv2.BORDER_REPLICATE}
OPERATIONS = {
    "erode": cv2.MORPH_ERODE, "dilate": cv2.MORPH_DILATE, "open": cv2.MORPH_OPEN, "close": cv2.MORPH_CLOSE,
    "gradient": cv2.MORPH_GRADIENT, "top_hat": cv2.MORPH_TOPHAT, "black_hat": cv2.MORPH_BLACKHAT,
}
SHAPES = {"box": cv2.MORPH_RECT, "cross": cv2.MORPH_CROSS, "ellipse": cv2.MORPH_ELLIPSE, "diamond": cv2.MORPH_DIAMOND}
cases = []


def source(name):
    return numpy.asarray(Image.open(HERE / "inputs" / f"{name}.png").convert("RGB"))


def scaled(picture, width, height):
    return cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)


def shapes(width, height):
    """Flat colours with hard and soft rims, lines of one pixel, dots, and slants of all directions."""
    picture = numpy.full((height, width, 3), (20, 30, 60), numpy.uint8)
    cv2.rectangle(picture, (8, 8), (52, 40), (250, 210, 40), cv2.FILLED)
    cv2.circle(picture, (108, 34), 26, (230, 40, 70), cv2.FILLED, cv2.LINE_AA)
    cv2.circle(picture, (108, 34), 9, (20, 30, 60), cv2.FILLED)
    cv2.ellipse(picture, (46, 82), (38, 17), 20, 0, 360, (70, 200, 120), 3)
    for turn in range(0, 180, 15):
        step = numpy.array((numpy.cos(numpy.radians(turn)), numpy.sin(numpy.radians(turn)))) * 22
        cv2.line(picture, *((numpy.array((104, 84)) + way * step).round().astype(int).tolist() for way in (-1, 1)), (255,) * 3)
    picture[4:107:9, 61:72:5] = (255, 255, 255)
    picture[12:36:6, 12:48:6] = 0
    return picture


def noise(width, height):
    level = numpy.linspace(0, 1, width)[None, :, None] * numpy.array((220, 160, 90)) + numpy.linspace(60, 0, height)[:, None, None]
    level = level + numpy.random.default_rng(7).normal(0, 12, (height, width, 1))
    return level.clip(0, 255).round().astype(numpy.uint8)


PICTURES = {
    "bunny": scaled(source("hd"), 160, 90), "friday": scaled(source("frame010")[:, 40:280], 161, 121),
    "person": scaled(source("person/gray000"), 120, 67), "shapes": shapes(137, 111), "noise": noise(97, 73),
}


def case(folder, picture, made, **settings):
    """One picture that a filter made, named by its settings, in the order of what they say."""
    words = [str(value).replace(".", "") for value in settings.values()]
    name = "_".join([picture, *words])
    put(f"opencv/{folder}/{name}", Image.fromarray(made))
    cases.append({"filter": folder, "name": name, "picture": picture, **settings})


def morphology():
    kinds = list(PICTURES)
    for (o, operation), (s, shape), (r, radius) in product(enumerate(OPERATIONS), enumerate(SHAPES), enumerate((1, 2, 5, 14))):
        picture = kinds[(o + s + 2 * r) % len(kinds)]
        element = cv2.getStructuringElement(SHAPES[shape], (2 * radius + 1,) * 2)
        made = cv2.morphologyEx(PICTURES[picture], OPERATIONS[operation], element)
        case("morphology", picture, made, operation=operation, shape=shape, radius=radius)


def box():
    for (r, radius), (b, border) in product(enumerate((1, 2, 7)), enumerate(BORDERS)):
        picture = list(PICTURES)[2 * b + r]
        made = cv2.blur(PICTURES[picture], (2 * radius + 1,) * 2, borderType=BORDERS[border])
        case("box", picture, made, radius=radius, edge=border)


def gaussian():
    """By size and standard deviation. Where OpenCV is given but one of them, the other is what it takes."""
    for (k, (taps, sigma)), (b, border) in product(enumerate(((3, 0.8), (5, 1.1), (9, 4), (15, 2.5), (31, 5))), enumerate(BORDERS)):
        picture = list(PICTURES)[(2 * b + k) % len(PICTURES)]
        made = cv2.GaussianBlur(PICTURES[picture], (taps, taps), sigma, borderType=BORDERS[border])
        case("gaussian", picture, made, radius=taps // 2, sigma=sigma, edge=border)


def magnitude(x, y):
    """The length of a gradient, rounded and held to 255."""
    return cv2.convertScaleAbs(cv2.magnitude(x, y))


def gradients(name, slope):
    for picture, pixels in PICTURES.items():
        gray = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
        x, y = (slope(gray, cv2.CV_32F, *axis) for axis in ((1, 0), (0, 1)))
        for part, made in (("x", cv2.convertScaleAbs(x)), ("y", cv2.convertScaleAbs(y)), ("length", magnitude(x, y))):
            case(name, picture, made, part=part)


def laplacian():
    for picture, pixels in PICTURES.items():
        gray = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
        case("laplacian", picture, cv2.convertScaleAbs(cv2.Laplacian(gray, cv2.CV_32F, ksize=1)), taps=1)


def canny():
    for picture, pixels in PICTURES.items():
        gray = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
        for (low, high), norm in product(((100, 200), (50, 150), (30, 220)), ("l1", "l2")):
            made = cv2.Canny(gray, low, high, apertureSize=3, L2gradient=norm == "l2")
            case("canny", picture, made, low=low, high=high, norm=norm)


for name, pixels in PICTURES.items():
    put(f"opencv/inputs/{name}", Image.fromarray(pixels))
morphology()
box()
gaussian()
gradients("sobel", cv2.Sobel)
gradients("scharr", cv2.Scharr)
laplacian()
canny()
put_text("opencv/cases.json", "[\n" + ",\n".join(map(json.dumps, cases)) + "\n]\n")
finish()
