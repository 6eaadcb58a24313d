// Checks Carnet's receipt files with none of Carnet's code: the note and the
// inclusion proof by golang.org/x/mod/sumdb, the text by what is written here.
//
//	go build -o verify verify.go        (GO111MODULE=off GOPATH=/usr/share/gocode)
//	verify VKEY FILE...
//
// VKEY is the log's verifier key, or the name of a file that holds it.  One line
// per receipt; exit code 0 if all are good, 1 if one is not, 2 if it was not
// called so.  Disclosures are digested and looked for in the leaf; witnesses'
// lines are skipped.
package main

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type proof struct {
	extra      []byte
	index      int64
	path       tlog.RecordProof
	checkpoint []byte
}

type head struct {
	origin string
	size   int64
	root   tlog.Hash
}

func number(text string) (int64, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 || strconv.FormatInt(n, 10) != text {
		return 0, fmt.Errorf("%q is not a number", text)
	}
	return n, nil
}

func parseProof(text string) (p proof, err error) {
	top, checkpoint, found := strings.Cut(text, "\n\n")
	lines := strings.Split(top, "\n")
	if !found || len(lines) < 3 || lines[0] != "c2sp.org/tlog-proof@v1" ||
		!strings.HasPrefix(lines[1], "extra ") || !strings.HasPrefix(lines[2], "index ") {
		return p, errors.New("not a tlog-proof with extra data")
	}
	p.checkpoint = []byte(checkpoint)
	p.extra, err = base64.StdEncoding.Strict().DecodeString(lines[1][len("extra "):])
	if err != nil {
		return p, err
	}
	p.index, err = number(lines[2][len("index "):])
	if err != nil {
		return p, err
	}
	for _, line := range lines[3:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return p, err
		}
		p.path = append(p.path, hash)
	}
	return p, nil
}

func openHead(checkpoint []byte, log note.Verifier) (h head, err error) {
	n, err := note.Open(checkpoint, note.VerifierList(log))
	if err != nil {
		return h, err
	}
	lines := strings.Split(n.Text, "\n")
	if len(lines) != 4 || lines[3] != "" {
		return h, errors.New("the checkpoint has not three lines")
	}
	h.origin = lines[0]
	if h.origin != log.Name() {
		return h, fmt.Errorf("the checkpoint is of %q, the key of %q", h.origin, log.Name())
	}
	if h.size, err = number(lines[1]); err != nil {
		return h, err
	}
	h.root, err = tlog.ParseHash(lines[2])
	return h, err
}

func checkDisclosures(entry []byte, texts []string) error {
	var leaf struct {
		SD []string `json:"_sd"`
	}
	if err := json.Unmarshal(entry, &leaf); err != nil {
		return err
	}
	left := make(map[string]bool)
	for _, digest := range leaf.SD {
		left[digest] = true
	}
	for _, text := range texts {
		sum := sha256.Sum256([]byte(text))
		digest := base64.RawURLEncoding.EncodeToString(sum[:])
		if !left[digest] {
			return errors.New("a disclosure is not in the leaf, or there twice")
		}
		delete(left, digest)
	}
	return nil
}

func verify(path string, log note.Verifier) (string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	p, err := parseProof(string(text))
	if err != nil {
		return "", err
	}
	h, err := openHead(p.checkpoint, log)
	if err != nil {
		return "", err
	}
	parts := strings.Split(string(p.extra), "~")
	if len(parts) < 2 || parts[len(parts)-1] != "" {
		return "", errors.New("the extra data is not a leaf and disclosures")
	}
	entry, err := base64.RawURLEncoding.Strict().DecodeString(parts[0])
	if err != nil {
		return "", err
	}
	err = tlog.CheckRecord(p.path, h.size, h.root, p.index, tlog.RecordHash(entry))
	if err != nil {
		return "", err
	}
	disclosures := parts[1 : len(parts)-1]
	if err := checkDisclosures(entry, disclosures); err != nil {
		return "", err
	}
	return fmt.Sprintf("%s#%d in %d entries, %d disclosures", h.origin, p.index, h.size,
		len(disclosures)), nil
}

func readVerifier(argument string) (note.Verifier, error) {
	if text, err := os.ReadFile(argument); err == nil {
		argument = strings.TrimSpace(string(text))
	}
	return note.NewVerifier(argument)
}

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: verify VKEY FILE...")
		os.Exit(2)
	}
	log, err := readVerifier(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	code := 0
	for _, path := range os.Args[2:] {
		found, err := verify(path, log)
		if err != nil {
			fmt.Printf("%s: refused: %v\n", path, err)
			code = 1
			continue
		}
		fmt.Printf("%s: good: %s\n", path, found)
	}
	os.Exit(code)
}
