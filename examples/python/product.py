#!/usr/bin/env python3
"""Writes, reads and follows a product over the TCP bridge of Canvas: product.py HOST PORT ID [KEY]"""
import json, socket, struct, sys

host, port, product = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
headers = {"authorization": "Bearer " + sys.argv[4]} if len(sys.argv) > 4 else {}
bridge = socket.create_connection((host, port), timeout=30).makefile("rwb")

def send(**frame):
    content = json.dumps(frame).encode()
    bridge.write(struct.pack(">i", len(content)) + content)
    bridge.flush()

def receive():
    return json.loads(bridge.read(struct.unpack(">i", bridge.read(4))[0]))

def request(address, body):
    send(type="send", address=address, replyAddress="reply", headers=headers, body=body)
    while (answer := receive()).get("address") != "reply":
        changed(answer["body"])
    if answer["type"] == "err":
        sys.exit(answer["message"])
    return answer["body"]

def changed(change):
    global heard
    heard = max(heard, change["version"])

heard = -1
send(type="register", address=f"canvas.media.changed.{product}")
item = {"type": "image", "url": "/python.jpg", "alt": "Left side"}
written = request("canvas.media.put", {"product_id": product, "media": [item]})
print("read", request("canvas.media.get", {"product_id": product})["media"][0]["url"])
while heard < written["version"]:
    changed(receive()["body"])
print("heard of version", written["version"])
