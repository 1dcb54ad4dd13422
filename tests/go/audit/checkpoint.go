package main

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// verifier reads a vkey whose signatures must be of a type. For ML-DSA-44 it
// answers nothing and notes that: Go's standard library does not have it yet.
func (p *policy) verifier(vkey string, wanted byte) (note.Verifier, error) {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		return nil, fmt.Errorf("not a vkey: %s", vkey)
	}
	key, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(key) == 0 {
		return nil, fmt.Errorf("not a vkey: %s", vkey)
	}
	switch {
	case key[0] == 0x06:
		p.unchecked = append(p.unchecked, parts[0]+" "+parts[1]+" signs with ML-DSA-44 (type 0x06)")
		return nil, nil
	case key[0] != wanted:
		return nil, fmt.Errorf("%s is of type %#02x, not %#02x", parts[0], key[0], wanted)
	case key[0] == 0x01:
		return note.NewVerifier(vkey)
	}
	hash := sha256.New()
	fmt.Fprintf(hash, "%s\n%s", parts[0], key)
	sum := hash.Sum(nil)
	if len(key) != 33 || fmt.Sprintf("%x", sum[:4]) != parts[1] {
		return nil, fmt.Errorf("not a vkey: %s", vkey)
	}
	return cosigner{parts[0], binary.BigEndian.Uint32(sum), string(key[1:])}, nil
}

// A cosigner verifies the signatures of a witness: C2SP tlog-cosignature, type
// 0x04, Ed25519 over a time and the checkpoint.
type cosigner struct {
	name    string
	keyHash uint32
	key     string
}

func (c cosigner) Name() string    { return c.name }
func (c cosigner) KeyHash() uint32 { return c.keyHash }

func (c cosigner) Verify(text, signature []byte) bool {
	if len(signature) != 8+ed25519.SignatureSize {
		return false
	}
	seconds := binary.BigEndian.Uint64(signature)
	message := fmt.Sprintf("cosignature/v1\ntime %d\n%s", seconds, text)
	return seconds <= math.MaxInt64 && ed25519.Verify(ed25519.PublicKey(c.key), []byte(message), signature[8:])
}

// openCheckpoint accepts a signed note if a log of the policy has signed it and
// the quorum has cosigned it. That is not needed of an earlier checkpoint.
func (p *policy) openCheckpoint(signed []byte, needsQuorum bool) (origin string, tree tlog.Tree, err error) {
	known := append([]note.Verifier{}, p.logs...)
	for _, witness := range p.witnesses {
		if witness != nil {
			known = append(known, witness)
		}
	}
	opened, err := note.Open(signed, note.VerifierList(known...))
	if err != nil {
		return "", tree, fmt.Errorf("checkpoint: %w", err)
	}
	signers := map[note.Verifier]bool{}
	for _, line := range opened.Sigs {
		for _, verifier := range known {
			if verifier.Name() == line.Name && verifier.KeyHash() == line.Hash {
				signers[verifier] = true
			}
		}
	}
	origin, tree, err = parseCheckpoint(opened.Text)
	if err != nil {
		return origin, tree, err
	}
	isByLog := false
	for _, log := range p.logs {
		isByLog = isByLog || log.Name() == origin && signers[log]
	}
	if !isByLog {
		return origin, tree, errors.New("checkpoint: not signed by its log")
	}
	if needsQuorum && !p.isMet(p.quorum, signers) {
		return origin, tree, fmt.Errorf("checkpoint: the quorum %s is not met", p.quorum)
	}
	return origin, tree, nil
}

// parseCheckpoint reads the text: C2SP tlog-checkpoint.
func parseCheckpoint(text string) (string, tlog.Tree, error) {
	malformed := errors.New("checkpoint: not of the form origin, size, root hash")
	lines := strings.SplitN(text, "\n", 4)
	if len(lines) != 4 || lines[0] == "" {
		return "", tlog.Tree{}, malformed
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || strconv.FormatInt(size, 10) != lines[1] {
		return "", tlog.Tree{}, malformed
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil {
		return "", tlog.Tree{}, malformed
	}
	return lines[0], tlog.Tree{N: size, Hash: root}, nil
}
