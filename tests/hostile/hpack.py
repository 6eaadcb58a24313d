"""HPACK (RFC 7541), so much of it as reads what carnetd says: header blocks to fields."""

# Appendix B for what is printable, by the length of the code.  The code is canonical: within a length, and from one
# length to the next, code words count upwards.
BY_LENGTH = {5: "012aceiost", 6: " %-./3456789=A_bdfghlmnpru", 7: ":BCDEFGHIJKLMNOPQRSTUVWYjkqvwxyz", 8: "&*,;XZ",
             10: "!\"()?", 11: "'+|", 12: "#>", 13: "\0$@[]~", 14: "^}", 15: "<`{"}


def code_words():
    words, code, before = {}, 0, 5
    for length, letters in sorted(BY_LENGTH.items()):
        code <<= length - before
        before = length
        for letter in letters:
            words[f"{code:0{length}b}"] = letter
            code += 1
    return words


LETTERS = code_words()

# Appendix A, where carnetd refers to it.
STATIC = {8: (":status", "200"), 13: (":status", "404"), 22: ("allow", ""), 31: ("content-type", "")}
STATIC_SIZE = 61


def huffman(raw):
    out, word = "", ""
    for bit in "".join(f"{byte:08b}" for byte in raw):
        word += bit
        if word in LETTERS:
            out += LETTERS[word]
            word = ""
    if len(word) > 7 or "0" in word:
        raise ValueError(f"no Huffman code: {raw.hex()}")
    return out


class Fields:
    """The header blocks of one connection, in their order."""

    def __init__(self):
        self.added = []  # the newest first
        self.block = b""

    def number(self, bits):
        """5.1, from the lower `bits` of the first byte."""
        most = (1 << bits) - 1
        value = self.block[0] & most
        self.block = self.block[1:]
        shift = 0
        while value >= most:
            byte = self.block[0]
            self.block = self.block[1:]
            value += (byte & 127) << shift
            shift += 7
            if byte < 128:
                break
        return value

    def text(self):
        """5.2"""
        is_huffman = self.block[0] & 128
        size = self.number(7)
        raw, self.block = self.block[:size], self.block[size:]
        return huffman(raw) if is_huffman else raw.decode("ascii")

    def entry(self, index):
        if index > STATIC_SIZE:
            return self.added[index - STATIC_SIZE - 1]
        return STATIC[index]

    def literal(self, bits):
        index = self.number(bits)
        name = self.entry(index)[0] if index else self.text()
        return name, self.text()

    def read(self, block):
        """6, one representation after the other."""
        self.block = block
        out = {}
        while self.block:
            first = self.block[0]
            if first & 128:
                name, value = self.entry(self.number(7))
            elif first & 64:
                name, value = self.literal(6)
                self.added.insert(0, (name, value))
            elif first & 32:
                self.number(5)
                continue
            else:
                name, value = self.literal(4)
            out[name] = value
        return out
