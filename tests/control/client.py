"""A client of OSCQuery: reads what there is to play, plays all of it over OSC, and listens.

    client.py play  HTTP_PORT            sends every address a value by python-osc and waits until it stands there
    client.py hear  HTTP_PORT PATH...    listens to paths over a WebSocket; prints the first value of each
    client.py value HTTP_PORT PATH       prints what an address stands at
    client.py show  HTTP_PORT NAME       asks for another show, and waits until the tree is that show's
"""

import json
import sys
import time
import urllib.request

from pythonosc.osc_message import OscMessage
from pythonosc.udp_client import SimpleUDPClient
from websockets.sync.client import connect

PATIENCE = 120


class Server:
    def __init__(self, port):
        self.http = f"http://127.0.0.1:{port}"
        self.socket = f"ws://127.0.0.1:{port}"
        info = self.get("/?HOST_INFO")
        assert info["OSC_TRANSPORT"] == "UDP" and info["WS_PORT"] == port, info
        self.osc = SimpleUDPClient(info.get("OSC_IP", "127.0.0.1"), info["OSC_PORT"])

    def get(self, path):
        with urllib.request.urlopen(self.http + path, timeout=PATIENCE) as answer:
            return json.load(answer)

    def value(self, path):
        return self.get(path + "?VALUE")["VALUE"]

    def await_value(self, path, wanted):
        end = time.monotonic() + PATIENCE
        while not alike(value := self.value(path), wanted):
            assert time.monotonic() < end, f"{path} stands at {value}, not at {wanted}"
            time.sleep(0.01)


def alike(value, wanted):
    return len(value) == len(wanted) and all(abs(a - b) < 1e-5 * max(1, abs(b)) for a, b in zip(value, wanted))


def leaves(node):
    if "TYPE" in node:
        yield node
    for below in node.get("CONTENTS", {}).values():
        yield from leaves(below)


def other(tag, limits, value):
    """A value that it does not stand at."""
    if "VALS" in limits:
        return next(choice for choice in limits["VALS"] if choice != value)
    if not limits:
        return value + 3.5
    # Not the end that stops the clock or the picture for those after it.
    return limits["MAX"] if value != limits["MAX"] else limits["MIN"]


def play(server):
    played = 0
    for node in leaves(server.get("/")):
        path = node["FULL_PATH"]
        if node["ACCESS"] == 2:
            server.osc.send_message(path, 1)
        elif node["ACCESS"] == 3 and node["TYPE"] != "s":
            tags = node["TYPE"]
            limits = node.get("RANGE", [{}] * len(tags))
            wanted = [other(*lane) for lane in zip(tags, limits, node["VALUE"])]
            server.osc.send_message(path, wanted)
            server.await_value(path, wanted)
            # Put back, so that a freeze or a blackout stops nobody.
            server.osc.send_message(path, node["VALUE"])
            server.await_value(path, node["VALUE"])
            played += 1
    print(played)


def hear(server, *paths):
    with connect(server.socket) as socket:
        for path in paths:
            socket.send(json.dumps({"COMMAND": "LISTEN", "DATA": path}))
        heard = {}
        while len(heard) < len(paths):
            frame = socket.recv(timeout=PATIENCE)
            if isinstance(frame, bytes):
                message = OscMessage(frame)
                heard[message.address] = message.params
        for path in paths:
            print(path, *heard[path])
        for path in paths:
            socket.send(json.dumps({"COMMAND": "IGNORE", "DATA": path}))


def show(server, name):
    with connect(server.socket) as socket:
        server.osc.send_message("/show", name)
        news = json.loads(socket.recv(timeout=PATIENCE))
        print(news["COMMAND"], news["DATA"])
    print(server.get("/?DESCRIPTION")["DESCRIPTION"])


def value(server, path):
    print(*server.value(path))


command, port, *arguments = sys.argv[1:]
commands = {"play": play, "hear": hear, "value": value, "show": show}
commands[command](Server(int(port)), *arguments)
