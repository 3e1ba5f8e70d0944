"""Talks to a hub with Eclipse Paho: `paho_client.py SCENARIO VERSION HOST PORT`; VERSION is 311 or 5. Prints one JSON line."""

import json
import queue
import sys

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

TIMEOUT = 10
SCENARIO, VERSION, HOST, PORT = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
FIVE = VERSION == "5"


class Peer:
    """A Paho client with a thread of its own; what arrives waits in a queue."""

    def __init__(self, name, will=None):
        protocol = mqtt.MQTTv5 if FIVE else mqtt.MQTTv311
        # Paho 2 wants to be told that its callbacks are those of Paho 1; both are in use on Debian and Ubuntu.
        api = [mqtt.CallbackAPIVersion.VERSION1] if hasattr(mqtt, "CallbackAPIVersion") else []
        self.client = mqtt.Client(*api, client_id=f"paho-{name}", protocol=protocol)
        self.inbox, self.acks, self.events = queue.Queue(), queue.Queue(), queue.Queue()
        self.client.on_connect = lambda _c, _u, _f, code, *_: self.events.put(int(getattr(code, "value", code)))
        self.client.on_subscribe = lambda _c, _u, _m, codes, *_: self.acks.put([code_of(code) for code in codes])
        self.client.on_message = lambda _c, _u, message: self.inbox.put(message)
        if will:
            self.client.will_set(**will)
        self.client.connect(HOST, PORT)
        self.client.loop_start()
        self.connack = self.events.get(timeout=TIMEOUT)

    def subscribe(self, topic, qos):
        self.client.subscribe(topic, qos)
        return self.acks.get(timeout=TIMEOUT)

    def publish(self, topic, payload, qos=0, retain=False, properties=None):
        self.client.publish(topic, payload, qos, retain, properties=properties).wait_for_publish(TIMEOUT)

    def next(self):
        return self.inbox.get(timeout=TIMEOUT)

    def crash(self):
        """Closes the socket without DISCONNECT."""
        self.client.loop_stop()
        self.client._sock_close()

    def close(self):
        self.client.disconnect()
        self.client.loop_stop()


def code_of(code):
    return code.value if hasattr(code, "value") else code


def publish_properties(**fields):
    properties = Properties(PacketTypes.PUBLISH)
    for name, value in fields.items():
        setattr(properties, name, value)
    return properties


def show(message):
    return [message.topic, message.payload.decode(), message.qos, bool(message.retain)]


def every_qos():
    writer, reader = Peer("writer"), Peer("reader")
    granted = [reader.subscribe(f"paho/{qos}", qos)[0] for qos in (0, 1, 2)]
    for sent in (0, 1, 2):
        for asked in (0, 1, 2):
            writer.publish(f"paho/{asked}", f"{sent}{asked}", sent)
    received = sorted(show(reader.next()) for _ in range(9))
    return {"connack": reader.connack, "granted": granted, "received": received}


def will():
    reader = Peer("reader")
    reader.subscribe("paho/will", 1)
    Peer("dying", will={"topic": "paho/will", "payload": "gone", "qos": 1, "retain": True}).crash()
    live = show(reader.next())
    late = Peer("late")
    late.subscribe("paho/will", 1)
    return {"live": live, "late": show(late.next())}


def retained():
    writer, reader = Peer("writer"), Peer("reader")
    writer.publish("paho/kept", "old", 1, True)
    writer.publish("paho/kept", "new", 1, True)
    writer.publish("paho/gone", "x", 1, True)
    writer.publish("paho/gone", "", 1, True)
    reader.subscribe("paho/#", 2)
    kept = show(reader.next())
    writer.publish("paho/end", "end", 1)
    return {"kept": kept, "next": show(reader.next())}


def shared():
    writer, readers = Peer("writer"), [Peer("one"), Peer("two")]
    for reader in readers:
        reader.subscribe("$share/workers/paho/jobs", 1)
    for number in range(10):
        writer.publish("paho/jobs", str(number), 1)
    received = [[], []]
    for at, reader in enumerate(readers):
        for _ in range(5):
            received[at].append(int(reader.next().payload))
    return {"received": received, "more": [reader.inbox.qsize() for reader in readers]}


def properties():
    writer, reader = Peer("writer"), Peer("reader")
    reader.subscribe("paho/p", 2)
    pairs = [("b", "2"), ("a", "1"), ("b", "3")]
    sent = publish_properties(
        UserProperty=pairs, ContentType="text/plain", PayloadFormatIndicator=1, MessageExpiryInterval=60
    )
    writer.publish("paho/p", "héllo", 2, properties=sent)
    got = reader.next()
    return {
        "payload": got.payload.decode(),
        "user": got.properties.UserProperty,
        "type": got.properties.ContentType,
        "expiry": got.properties.MessageExpiryInterval,
    }


def request_response():
    asker, answerer = Peer("asker"), Peer("answerer")
    asker.subscribe("paho/answers", 1)
    answerer.subscribe("paho/questions", 1)
    ask = publish_properties(ResponseTopic="paho/answers", CorrelationData=b"\x00\x01q")
    asker.publish("paho/questions", "6 * 7", 1, properties=ask)
    question = answerer.next().properties
    answer = publish_properties(CorrelationData=question.CorrelationData)
    answerer.publish(question.ResponseTopic, "42", 1, properties=answer)
    got = asker.next()
    return {"answer": got.payload.decode(), "correlation": got.properties.CorrelationData.hex()}


SCENARIOS = {
    "every-qos": every_qos,
    "will": will,
    "retained": retained,
    "shared": shared,
    "properties": properties,
    "request-response": request_response,
}
print(json.dumps(SCENARIOS[SCENARIO]()), flush=True)
