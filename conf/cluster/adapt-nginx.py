"""Puts the addresses of the demo into several-machines.conf: file, port of NGINX, hosts and ports of the nodes."""

import re
import sys
from pathlib import Path

file, port, *nodes = sys.argv[1:]
text = Path(file).read_text()
servers = "\n".join(f"    server {node} max_fails=2 fail_timeout=2s;" for node in nodes)
text = re.sub(r"(?:^ *server 10\.0\.0\.\d+:1121 .*\n)+", servers + "\n", text, flags=re.MULTILINE)
# The first server only redirects to https.
text = re.sub(r"  server \{\n    listen 80;.*?\n  \}\n\n", "", text, count=1, flags=re.DOTALL)
text = re.sub(r"^ *listen \[::\]:443 .*\n", "", text, flags=re.MULTILINE)
text = re.sub(r"listen 443 ssl http2 (backlog=\d+);", rf"listen 127.0.0.1:{port} \1;", text)
text = re.sub(r"^ *(?:ssl_certificate.*|include canvas/tls\.conf);\n", "", text, flags=re.MULTILINE)
text = text.replace("server_name shop.example;", "server_name localhost;")
Path(file).write_text(text)
# Its own inner port, so that several demos can run.
writes = Path(file).parent / "canvas" / "writes.conf"
writes.write_text(writes.read_text().replace("127.0.0.1:1119", f"127.0.0.1:{int(port) + 3}"))
