#!/usr/bin/env python3
"""Time pixelsort: python sort_package.py FRAMES WIDTH HEIGHT ANGLE INTERVAL KEY

FRAMES holds RGBA pictures, four bytes a pixel, one after the other. Prints milliseconds for the first, from Pillow's to
Pillow's.
"""
import sys
import time

import numpy
from PIL import Image
from pixelsort import pixelsort

path, width, height, angle, interval, key = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]), *sys.argv[5:]
frame = numpy.fromfile(path, numpy.uint8, width * height * 4).reshape(height, width, 4)
picture = Image.fromarray(frame[..., :3])
began = time.perf_counter()
pixelsort(picture, interval_function=interval, sorting_function=key, angle=angle)
print(1e3 * (time.perf_counter() - began))
