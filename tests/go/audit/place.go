package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// A place serves a log: a folder, or what stands before `checkpoint` in a URL.
type place string

func (p place) read(path string) ([]byte, error) {
	if !strings.HasPrefix(string(p), "http://") && !strings.HasPrefix(string(p), "https://") {
		return os.ReadFile(filepath.Join(string(p), filepath.FromSlash(path)))
	}
	url := strings.TrimSuffix(string(p), "/") + "/" + path
	// It asks for gzip by itself, and undoes it.
	response, err := http.Get(url)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", url, response.Status)
	}
	return io.ReadAll(response.Body)
}

// pathOf writes tlog's path as C2SP does: every tile is 8 high, so that is not
// said, and the records are called entries.
func pathOf(tile tlog.Tile) string {
	path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
	return strings.Replace(path, "tile/data/", "tile/entries/", 1)
}

// A place is a tlog.TileReader that keeps nothing.

func (p place) Height() int { return tileHeight }

func (p place) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var read [][]byte
	for _, tile := range tiles {
		bytes, err := p.read(pathOf(tile))
		if err != nil {
			return nil, err
		}
		if len(bytes) != tile.W*tlog.HashSize {
			return nil, fmt.Errorf("%s: %d bytes", pathOf(tile), len(bytes))
		}
		read = append(read, bytes)
	}
	return read, nil
}

func (p place) SaveTiles([]tlog.Tile, [][]byte) {}
