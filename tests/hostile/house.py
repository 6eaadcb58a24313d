"""A carnetd of one's own, and stock grpcio to talk to it.

The folder is what `carnetd init --dev` made; the daemon picks a port each time it starts, and never
outlives this program."""

import atexit
import json
import os
import signal
import subprocess
import sys
import time

import grpc

START_SECONDS = 60
CALL_SECONDS = 30

signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(1))


def fail(text):
    print(f"FAILED: {text}", file=sys.stderr, flush=True)
    sys.exit(1)


def read(path):
    with open(path, "rb") as file:
        return file.read()


class Refused(Exception):
    """carnetd ended instead of serving: `code` is negative if a signal ended it."""

    def __init__(self, code, text):
        super().__init__(f"carnetd did not start, code {code}: {text}")
        self.code = code
        self.text = text


class House:
    """One data folder, and at most one daemon in it."""

    def __init__(self, bin_folder, folder, address=None):
        """With an address somebody else's daemon, to talk to only."""
        self.bin = bin_folder
        self.folder = folder
        self.process = None
        self.address = address
        atexit.register(self.kill)

    def said(self):
        """What the daemon wrote so far, line by line; the last may be half written."""
        lines = read(f"{self.folder}/carnetd.log").decode("utf-8", "replace").split("\n")[:-1]
        return [json.loads(line) if line.startswith("{") else {"message": line} for line in lines]

    def start(self):
        """Returns the size of the log."""
        with open(f"{self.folder}/carnetd.log", "wb") as file:
            self.process = subprocess.Popen(
                [f"{self.bin}/carnetd", "--config", f"{self.folder}/carnetd.yaml", "--listen",
                 "127.0.0.1:0"], stdout=subprocess.DEVNULL, stderr=file)
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            gone = self.process.poll()
            for line in self.said():
                if line["message"] == "serving":
                    self.address = f"{line['host']}:{line['port']}"
                    return int(line["log_size"])
            if gone is not None:
                raise Refused(gone, " ".join(line["message"] for line in self.said()))
            time.sleep(0.005)
        return fail("carnetd says nothing")

    def kill(self):
        """No last words."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=START_SECONDS)
        if code:
            fail(f"carnetd ended with {code}")

    def is_up(self):
        return self.process.poll() is None

    def channel(self, role, options=()):
        """A connection of its own, never shared with another channel."""
        pair = f"{self.folder}/{role}"
        credentials = grpc.ssl_channel_credentials(read(f"{self.folder}/ca.pem"), read(f"{pair}.key"),
                                                   read(f"{pair}.pem"))
        return grpc.secure_channel(self.address, credentials,
                                   [("grpc.use_local_subchannel_pool", 1), *options])
