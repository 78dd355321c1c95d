#!/usr/bin/env python3
"""Time OpenCV's filters: python opencv_filters.py PICTURES WIDTH HEIGHT CASE...

PICTURES holds colour pictures, four bytes a pixel, one after the other. A case is `morphology,OPERATION,SHAPE,RADIUS`,
`gaussian,RADIUS,SIGMA`, `box,RADIUS`, `sobel` or `canny,LOW,HIGH`; the last two make the picture grey first.
Prints the median of milliseconds a picture for each; alpha is left out.
"""
import statistics
import sys
import time

import cv2
import numpy

path, width, height = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
pictures = numpy.fromfile(path, numpy.uint8).reshape(-1, height, width, 4)
pictures = numpy.ascontiguousarray(pictures[..., :3])


def morphology(operation, shape, radius):
    side = 2 * int(radius) + 1
    element = cv2.getStructuringElement(getattr(cv2, f"MORPH_{shape.upper()}"), (side, side))
    return lambda picture: cv2.morphologyEx(picture, getattr(cv2, f"MORPH_{operation.upper()}"), element)


def gaussian(radius, sigma):
    side = 2 * int(radius) + 1
    return lambda picture: cv2.GaussianBlur(picture, (side, side), float(sigma))


def box(radius):
    side = 2 * int(radius) + 1
    return lambda picture: cv2.blur(picture, (side, side))


def gray(picture):
    return cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)


def sobel():
    def lengths(picture):
        level = gray(picture)
        x, y = (cv2.Sobel(level, cv2.CV_32F, *axis) for axis in ((1, 0), (0, 1)))
        return cv2.convertScaleAbs(cv2.magnitude(x, y))
    return lengths


def canny(low, high):
    return lambda picture: cv2.Canny(gray(picture), float(low), float(high))


def milliseconds(run, picture):
    began = time.perf_counter()
    run(picture)
    return 1e3 * (time.perf_counter() - began)


for case in sys.argv[4:]:
    kind, *settings = case.split(",")
    run = {"morphology": morphology, "gaussian": gaussian, "box": box, "sobel": sobel, "canny": canny}[kind](*settings)
    print(statistics.median(milliseconds(run, picture) for picture in pictures))
