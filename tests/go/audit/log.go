package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

const (
	tileHeight = 8
	tileWidth  = 1 << tileHeight
)

// A servedLog is what a place serves, under a checkpoint that was accepted.
type servedLog struct {
	place  place
	policy *policy
	origin string
	tree   tlog.Tree
	leaves []tlog.Hash
}

// openLog accepts the checkpoint and reads every record.
func openLog(place place, policy *policy) (*servedLog, error) {
	signed, err := place.read("checkpoint")
	if err != nil {
		return nil, err
	}
	origin, tree, err := policy.openCheckpoint(signed, true)
	if err != nil {
		return nil, err
	}
	log := &servedLog{place: place, policy: policy, origin: origin, tree: tree}
	for log.size() < tree.N {
		if err := log.readBundle(); err != nil {
			return nil, err
		}
	}
	return log, nil
}

func (l *servedLog) size() int64 { return int64(len(l.leaves)) }

// readBundle reads the next bundle: records behind their lengths in two bytes.
func (l *servedLog) readBundle() error {
	tile := tlog.Tile{H: tileHeight, L: -1, N: l.size() / tileWidth, W: tileWidth}
	if rest := l.tree.N - l.size(); rest < tileWidth {
		tile.W = int(rest)
	}
	bundle, err := l.place.read(pathOf(tile))
	if err != nil {
		return err
	}
	for i := 0; i < tile.W; i++ {
		if len(bundle) < 2 || len(bundle)-2 < int(binary.BigEndian.Uint16(bundle)) {
			return fmt.Errorf("%s: ends within a record", pathOf(tile))
		}
		end := 2 + int(binary.BigEndian.Uint16(bundle))
		l.leaves = append(l.leaves, tlog.RecordHash(bundle[2:end]))
		bundle = bundle[end:]
	}
	if len(bundle) != 0 {
		return fmt.Errorf("%s: %d bytes follow the last record", pathOf(tile), len(bundle))
	}
	return nil
}

// checkTiles computes the tree from the records, compares its root with the
// checkpoint's and every tile with the one that is served, and counts the tiles.
func (l *servedLog) checkTiles() (int, error) {
	var stored hashes
	for n, leaf := range l.leaves {
		more, err := tlog.StoredHashesForRecordHash(int64(n), leaf, stored)
		if err != nil {
			return 0, err
		}
		stored = append(stored, more...)
	}
	root, err := tlog.TreeHash(l.tree.N, stored)
	if l.tree.N == 0 {
		root = sha256.Sum256(nil) // tlog knows no empty tree
	}
	if err != nil || root != l.tree.Hash {
		return 0, errors.New("the records do not have the checkpoint's root hash")
	}
	count := 0
	for _, tile := range allTiles(l.tree.N) {
		wanted, err := tlog.ReadTileData(tile, stored)
		if err != nil {
			return count, err
		}
		served, err := l.place.read(pathOf(tile))
		if err != nil {
			return count, err
		}
		if !bytes.Equal(served, wanted) {
			return count, fmt.Errorf("%s: not the hashes of the records", pathOf(tile))
		}
		count++
	}
	return count, nil
}

// proveRecords proves records from the tiles alone, as a client does that has
// only the checkpoint, and counts them.
func (l *servedLog) proveRecords(most int64) (int, error) {
	step := l.tree.N/most + 1
	reader := tlog.TileHashReader(l.tree, l.place)
	count := 0
	for n := int64(0); n < l.tree.N; n++ {
		if n%step != 0 && n != l.tree.N-1 {
			continue
		}
		proof, err := tlog.ProveRecord(l.tree.N, n, reader)
		if err != nil {
			return count, fmt.Errorf("record %d: %w", n, err)
		}
		if err := tlog.CheckRecord(proof, l.tree.N, l.tree.Hash, n, l.leaves[n]); err != nil {
			return count, fmt.Errorf("record %d: %w", n, err)
		}
		count++
	}
	return count, nil
}

// checkEarlier proves from the tiles that the log has grown from a checkpoint.
func (l *servedLog) checkEarlier(signed []byte) error {
	origin, old, err := l.policy.openCheckpoint(signed, false)
	if err != nil {
		return err
	}
	if origin != l.origin {
		return fmt.Errorf("a checkpoint of %s", origin)
	}
	if old.N > l.tree.N {
		return fmt.Errorf("the log had %d records and now has %d", old.N, l.tree.N)
	}
	if old.N == 0 {
		if old.Hash != sha256.Sum256(nil) {
			return errors.New("an empty tree has another root hash")
		}
		return nil
	}
	proof, err := tlog.ProveTree(l.tree.N, old.N, tlog.TileHashReader(l.tree, l.place))
	if err != nil {
		return err
	}
	return tlog.CheckTree(proof, l.tree.N, l.tree.Hash, old.N, old.Hash)
}

// hashes is the storage of tlog, in memory.
type hashes []tlog.Hash

func (h hashes) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, 0, len(indexes))
	for _, index := range indexes {
		found = append(found, h[index])
	}
	return found, nil
}

// allTiles lists the tiles of a tree, each at its width.
func allTiles(size int64) []tlog.Tile {
	var tiles []tlog.Tile
	for level := 0; size > 0; level++ {
		for n := int64(0); n*tileWidth < size; n++ {
			tile := tlog.Tile{H: tileHeight, L: level, N: n, W: tileWidth}
			if rest := size - n*tileWidth; rest < tileWidth {
				tile.W = int(rest)
			}
			tiles = append(tiles, tile)
		}
		size /= tileWidth
	}
	return tiles
}
