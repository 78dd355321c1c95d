#!/usr/bin/env python3
"""Time glitch-this: python glitch_package.py FRAMES WIDTH HEIGHT

FRAMES holds RGBA pictures, four bytes a pixel, one after the other. Prints milliseconds for a picture, from Pillow's to
Pillow's: the median at amount 5, with a colour and scan lines.
"""
import statistics
import sys
import time

import numpy
from glitch_this import ImageGlitcher
from PIL import Image

path, width, height = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
pictures = [Image.fromarray(frame[..., :3]) for frame in numpy.fromfile(path, numpy.uint8).reshape(-1, height, width, 4)]
glitcher, times = ImageGlitcher(), []
for seed, picture in enumerate(pictures, 1):
    began = time.perf_counter()
    glitcher.glitch_image(picture, 5, seed=seed, color_offset=True, scan_lines=True)
    times.append(time.perf_counter() - began)
print(1e3 * statistics.median(times))
