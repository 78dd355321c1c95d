#!/usr/bin/env python3
"""Time OpenCV: python opencv_flow.py FRAMES WIDTH HEIGHT

FRAMES holds grey pictures, a byte a pixel, one after the other. Prints milliseconds from picture to picture, the medians of
calcOpticalFlowFarneback with its usual settings, and of that followed by remap of a colour still of 32-bit floats.
"""
import statistics
import sys
import time

import cv2
import numpy

frames, width, height = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
frames = numpy.fromfile(frames, numpy.uint8).reshape(-1, height, width)
y, x = numpy.mgrid[0:height, 0:width].astype(numpy.float32)
state = cv2.merge([frames[0]] * 3).astype(numpy.float32)
flows, chains = [], []
for before, after in zip(frames, frames[1:]):
    began = time.perf_counter()
    flow = cv2.calcOpticalFlowFarneback(before, after, None, 0.5, 3, 15, 3, 5, 1.2, 0)
    flows.append(time.perf_counter() - began)
    state = cv2.remap(state, x + flow[..., 0], y + flow[..., 1], cv2.INTER_LINEAR)
    chains.append(time.perf_counter() - began)
print(*(1e3 * statistics.median(times) for times in (flows, chains)))
