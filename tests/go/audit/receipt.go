package main

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// checkReceipt checks a C2SP tlog-proof whose extra data holds the record.
func (p *policy) checkReceipt(file []byte) error {
	malformed := errors.New("receipt: not a tlog-proof with extra data")
	head, signed, ok := strings.Cut(string(file), "\n\n")
	lines := strings.Split(head, "\n")
	if !ok || len(lines) < 3 || lines[0] != "c2sp.org/tlog-proof@v1" {
		return malformed
	}
	if !strings.HasPrefix(lines[1], "extra ") || !strings.HasPrefix(lines[2], "index ") {
		return malformed
	}
	extra, err := base64.StdEncoding.DecodeString(lines[1][len("extra "):])
	if err != nil {
		return malformed
	}
	record, ok := recordIn(extra)
	if !ok {
		return malformed
	}
	index, err := strconv.ParseInt(lines[2][len("index "):], 10, 64)
	if err != nil || index < 0 {
		return malformed
	}
	var proof tlog.RecordProof
	for _, line := range lines[3:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return malformed
		}
		proof = append(proof, hash)
	}
	_, tree, err := p.openCheckpoint([]byte(signed), true)
	if err != nil {
		return err
	}
	return tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(record))
}

// recordIn reads field 3 of a protobuf message whose fields are all bytes:
// ReceiptExtra of timebank's ledger_service.proto. A field that is empty is not
// written. The first receipts hold the record alone, which begins with field 1.
func recordIn(message []byte) (record []byte, ok bool) {
	if len(message) > 0 && message[0] == 0x0a {
		return message, true
	}
	for len(message) > 0 {
		tag, tagBytes := binary.Uvarint(message)
		if tagBytes <= 0 || tag&7 != 2 {
			return nil, false
		}
		length, lengthBytes := binary.Uvarint(message[tagBytes:])
		start := tagBytes + lengthBytes
		if lengthBytes <= 0 || length > uint64(len(message)-start) {
			return nil, false
		}
		if tag>>3 == 3 {
			record = message[start : start+int(length)]
		}
		message = message[start+int(length):]
	}
	return record, true
}
