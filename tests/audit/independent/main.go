// An independent verifier of one log's folder, built on the Go team's notes and trees.
//
//	independent FOLDER VKEY
//
// It opens the checkpoint, hashes every entry of the bundles anew, checks every entry's inclusion
// through the stored tiles, and follows numbers and chain. It shares no code with the ledger.
package main

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type record struct {
	V    int     `json:"v"`
	Log  string  `json:"log"`
	Seq  int64   `json:"seq"`
	Prev *string `json:"prev"`
}

type tileFiles struct{ folder string }

func (t tileFiles) Height() int                         { return 8 }
func (t tileFiles) SaveTiles(_ []tlog.Tile, _ [][]byte) {}
func (t tileFiles) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		// tlog writes tile/<height>/<level>/…, C2SP tlog-tiles leaves the height out.
		raw, err := os.ReadFile(filepath.Join(t.folder, strings.Replace(tile.Path(), "tile/8/", "tile/", 1)))
		if err != nil {
			return nil, err
		}
		all = append(all, raw)
	}
	return all, nil
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: independent FOLDER VKEY")
		os.Exit(3)
	}
	if err := verify(os.Args[1], os.Args[2]); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

func verify(folder, vkey string) error {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return err
	}
	raw, err := os.ReadFile(filepath.Join(folder, "checkpoint"))
	if err != nil {
		return err
	}
	signed, err := note.Open(raw, note.VerifierList(verifier))
	if err != nil {
		return err
	}
	lines := strings.Split(signed.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() {
		return fmt.Errorf("not a checkpoint of %s", verifier.Name())
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return err
	}
	hash, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || len(hash) != tlog.HashSize {
		return fmt.Errorf("no root in the checkpoint")
	}
	head := tlog.Tree{N: size, Hash: tlog.Hash(hash)}
	return follow(folder, lines[0], head)
}

func follow(folder, origin string, head tlog.Tree) error {
	reader := tlog.TileHashReader(head, tileFiles{folder})
	var last *string
	var leaves int64
	for leaves < head.N {
		width := min(head.N-leaves, 256)
		bodies, err := bundle(folder, leaves/256, width)
		if err != nil {
			return err
		}
		for _, body := range bodies {
			leaf := tlog.RecordHash(body)
			stored, err := reader.ReadHashes([]int64{tlog.StoredHashIndex(0, leaves)})
			if err != nil {
				return fmt.Errorf("#%d: %w", leaves, err)
			}
			if stored[0] != leaf {
				return fmt.Errorf("#%d: not the record that was hashed", leaves)
			}
			var found record
			if err := json.Unmarshal(body, &found); err != nil {
				return fmt.Errorf("#%d: %w", leaves, err)
			}
			if found.V != 1 || found.Log != origin || found.Seq != leaves || !same(found.Prev, last) {
				return fmt.Errorf("#%d: not the next record of the chain", leaves)
			}
			text := hex.EncodeToString(leaf[:])
			last = &text
			leaves++
		}
	}
	root, err := tlog.TreeHash(head.N, reader)
	if err != nil {
		return err
	}
	if root != head.Hash {
		return fmt.Errorf("the tiles do not lead to the signed root")
	}
	fmt.Printf("%d %s\n", head.N, hex.EncodeToString(root[:]))
	return nil
}

func bundle(folder string, index, width int64) ([][]byte, error) {
	path := strings.Replace(tlog.Tile{H: 8, L: 0, N: index, W: int(width)}.Path(), "tile/8/0/", "tile/entries/", 1)
	raw, err := os.ReadFile(filepath.Join(folder, path))
	if err != nil {
		return nil, err
	}
	var bodies [][]byte
	for len(raw) >= 2 {
		length := int(binary.BigEndian.Uint16(raw))
		if len(raw) < 2+length {
			return nil, fmt.Errorf("%s is cut short", path)
		}
		bodies = append(bodies, raw[2:2+length])
		raw = raw[2+length:]
	}
	if int64(len(bodies)) != width || len(raw) != 0 {
		return nil, fmt.Errorf("%s does not hold %d entries", path, width)
	}
	return bodies, nil
}

func same(one, other *string) bool {
	if one == nil || other == nil {
		return one == other
	}
	return *one == *other
}
