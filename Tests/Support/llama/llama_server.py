#!/usr/bin/env python3
"""Runs llama.cpp's HTTP server on a unix socket or a loopback port for the tests.

Prints one JSON line {"listening": address, "pid": number} once the model is loaded. Runs until
SIGTERM, or, with --until-stdin-closes, until its standard input ends, so that it cannot outlive
the test that started it.
"""

import argparse
import json
import os
import signal
import sys
import threading

import xllamacpp


def parameters(options):
    settings = xllamacpp.CommonParams()
    settings.model.path = options.model
    if options.socket:
        settings.hostnames = [options.socket]
    else:
        settings.hostnames = ["127.0.0.1"]
        settings.port = options.port
    settings.n_ctx = options.context
    settings.n_parallel = options.slots
    settings.cpuparams.n_threads = options.threads
    settings.cpuparams_batch.n_threads = options.threads
    settings.n_batch = options.batch
    settings.n_ubatch = options.batch
    if options.api_key_file:
        with open(options.api_key_file, encoding="utf-8") as file:
            settings.api_keys = [file.read().strip()]
    settings.endpoint_metrics = True
    settings.endpoint_slots = True
    settings.warmup = False
    settings.fit_params = False
    settings.verbosity = 1
    return settings


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", help="the .gguf file to serve")
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--socket", help="path of the unix socket, ending in .sock")
    where.add_argument("--port", type=int, help="loopback TCP port; 0 takes a free one")
    parser.add_argument("--context", type=int, default=4096, help="tokens, shared by all slots")
    parser.add_argument("--slots", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--batch", type=int, default=512, help="prompt tokens read at a time")
    parser.add_argument("--api-key-file", help="a file with the key that clients have to send")
    parser.add_argument("--until-stdin-closes", action="store_true")
    options = parser.parse_args()

    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    # The server binds a socket path only if nothing is there, and a killed one leaves its file.
    if options.socket and os.path.exists(options.socket):
        os.unlink(options.socket)
    server = xllamacpp.Server(parameters(options))
    ready = {"listening": server.listening_address, "pid": os.getpid()}
    print(json.dumps(ready), flush=True)

    if options.until_stdin_closes:
        sys.stdin.buffer.read()
        os._exit(0)
    threading.Event().wait()


if __name__ == "__main__":
    main()
