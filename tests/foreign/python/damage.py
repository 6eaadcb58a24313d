"""Flips one bit of a receipt after the other, and holds what each verifier says
against the table in tests/foreign/README.md.

    damage.py CARNET GO NODE POLICY RECEIPT FOLDER STEP

CARNET and GO are programs (tests/foreign/go/verify.go), NODE is a folder that
tests/foreign/node/install.sh filled, FOLDER does not exist yet.  STEP 1 takes
every bit, 101 one in so many.  Prints how many flips of each part each verifier
refused; exit code 1 if one accepts what the table says it refuses.
"""

import base64
import collections
import concurrent.futures
import hashlib
import json
import os
import re
import subprocess
import sys

Part = collections.namedtuple("Part", "name start end")
Flip = collections.namedtuple("Flip", "at bit data part")

# The parts that each verifier covers; FORGIVEN below has the known exceptions.
EVERYTHING = {"grammar", "leaf", "disclosures", "index", "path", "note", "key name", "signature"}
COVERS = {
    "carnet": EVERYTHING,
    "go": EVERYTHING,
    "openssl": {"note", "signature"},
    "sigstore": {"leaf", "index", "path", "note", "key name", "signature"},
    "sd-jwt": {"disclosures"},
}


# ---- Where what stands ----

def parts_of(data):
    """The parts of a receipt file, `extra` as one; what lies between them is grammar."""
    match = re.fullmatch(
        rb"c2sp\.org/tlog-proof@v1\nextra (?P<extra>[^\n]*)\nindex (?P<index>[0-9]+)\n"
        rb"(?P<path>(?:[^\n]+\n)*)\n"
        rb"(?P<note>[^\n]+\n[0-9]+\n[^\n]+\n)\n"
        rb"\xe2\x80\x94 (?P<key_name>[^ \n]+) (?P<signature>[^\n]+)\n", data)
    return [Part(name.replace("_", " "), *match.span(name)) for name in match.groupdict()]


def part_at(parts, at):
    return next((part for part in parts if part.start <= at < part.end), Part("grammar", at, at + 1))


def base64_strictly(text):
    """The bytes, or None if the text is not how they are written."""
    try:
        decoded = base64.b64decode(text, validate=True)
    except ValueError:
        return None
    return decoded if base64.b64encode(decoded) == text else None


def extra_part(whole, text):
    """What a change to `extra` hits: the leaf, the disclosures (and what separates them), or the
    base64 around both."""
    changed = base64_strictly(text)
    if changed is None or len(changed) != len(whole):
        return "grammar"
    first = next(at for at in range(len(whole)) if whole[at] != changed[at])
    return "leaf" if first < whole.index(b"~") else "disclosures"


def flips_of(data, parts, step):
    """Copies with one bit changed, of each STEP-th bit."""
    extra = parts[0]
    whole = base64_strictly(data[extra.start:extra.end])
    for number in range(0, len(data) * 8, step):
        at, bit = divmod(number, 8)
        copy = bytearray(data)
        copy[at] ^= 1 << bit
        part = part_at(parts, at)
        name = part.name
        if part is extra:
            name = extra_part(whole, bytes(copy[extra.start:extra.end]))
        yield Flip(at, bit, bytes(copy), name)


# ---- What a verifier is known not to see ----

def base64_loosely(text):
    """As Node reads it: both alphabets, anything else passed over, spare bits as well."""
    letters = re.sub(rb"[^A-Za-z0-9+/]", b"", text.translate(bytes.maketrans(b"-_", b"+/")))
    size = len(letters) * 6 // 8
    return base64.b64decode(letters + b"A" * (-len(letters) % 4))[:size]


def base64_or_none(text):
    """As Go and Python read it: without a look at the bits that the last digit has too many."""
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        return None


def go_forgives(data, parts, flip):
    """Go's base64 does not look at spare bits."""
    if flip.part not in ("path", "signature"):
        return False
    start = data.rfind(b"\n" if flip.part == "path" else b" ", 0, flip.at) + 1
    end = data.index(b"\n", flip.at)
    return base64_or_none(data[start:end]) == base64_or_none(flip.data[start:end])


def openssl_forgives(data, parts, flip):
    """OpenSSL is given the signature's 64 bytes: neither base64 nor the key's id."""
    if flip.part != "signature":
        return False
    part = parts[-1]
    before, after = (base64_or_none(one[part.start:part.end]) for one in (data, flip.data))
    return after is not None and before[4:] == after[4:]


def sigstore_forgives(data, parts, flip):
    """It reads base64 as Node does, and the key's name as a pattern for the log's."""
    name, signature = parts[-2:]
    if flip.part == "signature":
        before, after = (one[signature.start:signature.end] for one in (data, flip.data))
        return not re.search(rb"\s", after) and base64_loosely(before) == base64_loosely(after)
    if flip.part == "key name":
        try:
            pattern = flip.data[name.start:name.end].decode("ascii")
            return bool(re.search(pattern, data[name.start:name.end].decode("ascii")))
        except (ValueError, re.error):
            return False
    return False


FORGIVEN = {"go": go_forgives, "openssl": openssl_forgives, "sigstore": sigstore_forgives}


# ---- Asking the verifiers: each gives the set of files (or flips) that it accepts ----

def output_of(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, check=False)
    if done.returncode not in (0, 1):
        sys.exit(f"{command[0]} ended with {done.returncode}")
    return done.stdout.decode("utf-8", "replace").splitlines()


def all_answered(who, folder, answered):
    if answered != set(os.listdir(folder)):
        sys.exit(f"{who} did not answer about every file: {len(answered)} of {len(os.listdir(folder))}")


def ask_carnet(carnet, policy, folder):
    answers = [json.loads(line) for line in output_of(carnet, "verify", folder, "--policy", policy,
                                                      "--output", "json")]
    all_answered("carnet", folder, {os.path.basename(one["file"]) for one in answers})
    return {os.path.basename(one["file"]) for one in answers if one["valid"]}


def ask_go(go, policy, folder):
    files = sorted(os.path.join(folder, name) for name in os.listdir(folder))
    answers = {}
    for at in range(0, len(files), 5000):
        for line in output_of(go, vkey_of(policy), *files[at:at + 5000]):
            match = re.match(r"(?:.*/)?([^/]+\.tlog-proof): (good|refused): ", line)
            if match:
                answers[match[1]] = match[2]
    all_answered("go", folder, set(answers))
    return {name for name, word in answers.items() if word == "good"}


def ask_node(node, policy, folder):
    answers = [json.loads(line) for line in output_of("node", f"{node}/verify.mjs", policy, folder)]
    all_answered("node", folder, {os.path.basename(one["file"]) for one in answers})
    return {what: {os.path.basename(one["file"]) for one in answers if not one[member]}
            for what, member in (("sigstore", "sigstore"), ("sd-jwt", "disclosures"),
                                 ("canonicalize", "canonical"))}


class OpenSSL:
    """`openssl pkeyutl` over a receipt's signed text, once for each text and signature."""

    def __init__(self, policy, folder):
        self.folder = folder
        self.key = f"{folder}/log.der"
        key = base64.b64decode(vkey_of(policy).split("+", 2)[2])[1:]
        with open(self.key, "wb") as file:
            file.write(bytes.fromhex("302a300506032b6570032100") + key)
        self.answers = {}

    def given(self, parts, data):
        note, signature = (next(part for part in parts if part.name == name)
                           for name in ("note", "signature"))
        decoded = base64_or_none(data[signature.start:signature.end])
        return data[note.start:note.end], decoded[4:] if decoded else b""

    def run(self, given):
        name = f"{self.folder}/{hashlib.sha256(given[0] + given[1]).hexdigest()}"
        for suffix, content in zip((".text", ".signature"), given):
            with open(name + suffix, "wb") as file:
                file.write(content)
        done = subprocess.run(
            ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", self.key,
             "-rawin", "-in", name + ".text", "-sigfile", name + ".signature"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        return done.returncode == 0 and b"Signature Verified Successfully" in done.stdout

    def accepts(self, givens):
        todo = list(dict.fromkeys(givens))
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            self.answers.update(zip(todo, pool.map(self.run, todo)))
        return self.answers


def vkey_of(policy):
    with open(policy, encoding="ascii") as file:
        return re.search(r"^log (\S+)", file.read(), re.MULTILINE)[1]


# ---- The table ----

def name_of(flip):
    return f"{flip.at:05}-{flip.bit}.tlog-proof"


def row(first, cells, last=""):
    print(f"{first:14}" + "".join(f"{cell:>13}" for cell in cells) + last)


def compare(data, parts, flips, accepted):
    """Prints the table; how often it was not kept."""
    wrong = 0
    counts = collections.Counter(flip.part for flip in flips)
    columns = sorted(counts)
    row("part", columns)
    row("flips", [counts[name] for name in columns])
    for who, covered in COVERS.items():
        refused, forgiven = collections.Counter(), 0
        for flip in flips:
            if name_of(flip) not in accepted[who]:
                refused[flip.part] += 1
            elif flip.part in covered:
                if who in FORGIVEN and FORGIVEN[who](data, parts, flip):
                    forgiven += 1
                else:
                    wrong += 1
                    print(f"{who} accepts a changed {flip.part}: bit {flip.bit} of byte {flip.at}")
        row(who, [refused[name] for name in columns], f"   known exceptions: {forgiven}")
    return wrong


def main():
    carnet, go, node, policy, receipt, folder, step = sys.argv[1:]
    with open(receipt, "rb") as file:
        data = file.read()
    parts = parts_of(data)
    flips = list(flips_of(data, parts, int(step)))
    copies = f"{folder}/copies"
    os.makedirs(copies)
    for flip in flips:
        with open(f"{copies}/{name_of(flip)}", "wb") as file:
            file.write(flip.data)

    openssl = OpenSSL(policy, folder)
    if not openssl.accepts([openssl.given(parts, data)])[openssl.given(parts, data)]:
        sys.exit("OpenSSL refuses the receipt as it is")
    answers = openssl.accepts([openssl.given(parts, flip.data) for flip in flips
                               if flip.part in COVERS["openssl"]])
    accepted = {
        "carnet": ask_carnet(carnet, policy, copies),
        "go": ask_go(go, policy, copies),
        "openssl": {name_of(flip) for flip in flips
                    if answers.get(openssl.given(parts, flip.data), False)},
        **ask_node(node, policy, copies),
    }
    wrong = compare(data, parts, flips, accepted)
    print(f"{len(data)} bytes, {len(flips)} flips, {wrong} against the table")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
