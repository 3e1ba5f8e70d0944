#!/usr/bin/env python3
"""A chat in the terminal with paho-mqtt: python3 examples/python.py ana, then type lines; Ctrl-C ends it.

Install it with `pip install paho-mqtt`, or on Debian `apt-get install python3-paho-mqtt`; versions 1 and 2 both work.
HUB and PORT in the environment name another hub.
"""

import json
import os
import sys
import threading

import paho.mqtt.publish as publish
import paho.mqtt.subscribe as subscribe

TOPIC = "chat/general"
# The username is who you are; a hub with `auth: open` takes it as it is.
HUB = {
    "hostname": os.environ.get("HUB", "127.0.0.1"),
    "port": int(os.environ.get("PORT", "1883")),
    "auth": {"username": sys.argv[1] if len(sys.argv) > 1 else "python"},
}


def show(client, userdata, message):
    entry = json.loads(message.payload)
    print(entry["seq"], entry["from"] + ":", entry.get("text", f"({entry['kind']})"), flush=True)


def say_lines():
    for line in sys.stdin:
        if line.strip():
            publish.single(TOPIC, json.dumps({"text": line.rstrip("\n")}), qos=1, **HUB)


threading.Thread(target=say_lines, daemon=True).start()
try:
    subscribe.callback(show, TOPIC, qos=1, **HUB)
except KeyboardInterrupt:
    pass
