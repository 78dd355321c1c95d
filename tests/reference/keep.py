"""What the scripts here share: each puts what another program made beside this file, or with --check compares it."""
import sys
from pathlib import Path

import numpy
from PIL import Image

HERE = Path(__file__).resolve().parent
CHECK = "--check" in sys.argv[1:]
seen, wrong = [], []


def put(name, picture):
    if not keep(f"{name}.png", lambda path: picture.save(path, optimize=True)):
        kept = Image.open(HERE / f"{name}.png")
        judge(name, (kept.mode, kept.size, kept.tobytes()) == (picture.mode, picture.size, picture.tobytes()))


def put_text(name, text):
    if not keep(name, lambda path: path.write_text(text)):
        judge(name, (HERE / name).read_text() == text)


def put_array(name, array):
    if not keep(f"{name}.npy", lambda path: numpy.save(path, numpy.ascontiguousarray(array))):
        judge(name, numpy.array_equal(numpy.load(HERE / f"{name}.npy"), array))


def keep(name, write):
    """Whether it was written, and not to be compared."""
    seen.append(name)
    path = HERE / name
    if not CHECK:
        path.parent.mkdir(parents=True, exist_ok=True)
        write(path)
    return not CHECK


def judge(name, same):
    if not same:
        wrong.append(name)


def finish():
    print(len(seen), "files", "compared" if CHECK else "written")
    if wrong:
        sys.exit("different: " + ", ".join(wrong))
