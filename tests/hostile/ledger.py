"""What a stranger remembers of a log: RFC 6962, section 2.1, over the leaves it has seen."""

import base64
import hashlib


def leaf_hash(leaf):
    return hashlib.sha256(b"\0" + leaf).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


class Ledger:
    """Leaves in order, and the root of every prefix."""

    def __init__(self):
        self.leaves = []
        self.roots = [hashlib.sha256().digest()]
        self.peaks = []  # (height, hash) of complete subtrees, largest first

    def __len__(self):
        return len(self.leaves)

    def append(self, leaf):
        height, node = 0, leaf_hash(leaf)
        while self.peaks and self.peaks[-1][0] == height:
            node = node_hash(self.peaks.pop()[1], node)
            height += 1
        self.peaks.append((height, node))
        root = self.peaks[-1][1]
        for _, peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root)
        self.leaves.append(leaf)
        self.roots.append(root)

    def holds(self, checkpoint):
        """The checkpoint's root is that of our own leaves: the log up to there is the one we saw."""
        size, root = head_of(checkpoint)
        return size < len(self.roots) and self.roots[size] == root


def head_of(checkpoint):
    lines = checkpoint.split("\n")
    return int(lines[1]), base64.b64decode(lines[2], validate=True)


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def receipt_file(receipt):
    """The C2SP tlog-proof@v1 file, as docs/FORMATS.md tells it."""
    parts = [base64url(receipt.leaf), *(d.encode("ascii") for d in receipt.disclosures)]
    extra = base64.b64encode(b"".join(part + b"~" for part in parts))
    lines = [b"c2sp.org/tlog-proof@v1", b"extra " + extra, b"index %d" % receipt.index]
    lines += [base64.b64encode(node) for node in receipt.path]
    return b"\n".join(lines) + b"\n\n" + receipt.checkpoint.encode("utf-8")
