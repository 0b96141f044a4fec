// Command verify reads a programme's checkpoint and tiles, and proves every record of it by other people's code:
// golang.org/x/mod/sumdb (note and tlog) and github.com/transparency-dev/merkle.
//
//	verify BASE KEY RECORDS [OLDER]
//
// BASE is the address of a programme (http://…/programmes/p) or a folder with the same files, KEY the line of its key, RECORDS a file with every record,
// one a line, and OLDER a checkpoint that was kept.
package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func main() {
	if len(os.Args) < 4 || len(os.Args) > 5 {
		fmt.Fprintln(os.Stderr, "verify BASE KEY RECORDS [OLDER]")
		os.Exit(2)
	}
	size, err := verify(os.Args[1], os.Args[2], os.Args[3], os.Args[4:])
	if err != nil {
		fmt.Println("refused:", err)
		os.Exit(1)
	}
	fmt.Println("accepted:", size)
}

func verify(base, key, records string, older []string) (int64, error) {
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return 0, err
	}
	signed, err := read(base, "checkpoint")
	if err != nil {
		return 0, err
	}
	tree, err := open(signed, verifier)
	if err != nil {
		return 0, err
	}
	// The reader checks tiles as it goes; what counts is that each path is checked against the root of the checkpoint.
	hashes := tlog.TileHashReader(tree, tiles{base})
	if err := checkRecords(records, tree, hashes); err != nil {
		return 0, err
	}
	for _, file := range older {
		kept, err := os.ReadFile(file)
		if err != nil {
			return 0, err
		}
		before, err := open(kept, verifier)
		if err != nil {
			return 0, fmt.Errorf("the kept checkpoint: %w", err)
		}
		if err := checkExtended(before, tree, hashes); err != nil {
			return 0, err
		}
	}
	return tree.N, nil
}

// open checks a checkpoint's signature, and that it is of the key's own origin.
func open(signed []byte, verifier note.Verifier) (tlog.Tree, error) {
	opened, err := note.Open(signed, note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 || lines[0] != verifier.Name() {
		return tlog.Tree{}, fmt.Errorf("it is a checkpoint of %q, not of %q", lines[0], verifier.Name())
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tlog.Tree{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: root}, err
}

// checkRecords proves that the file's records are all records of the tree, in their order: by tlog, and again by merkle.
func checkRecords(file string, tree tlog.Tree, hashes tlog.HashReader) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	lines := bytes.Split(bytes.TrimSuffix(text, []byte("\n")), []byte("\n"))
	if int64(len(lines)) != tree.N {
		return fmt.Errorf("there are %d records, and the checkpoint is of %d", len(lines), tree.N)
	}
	for index, line := range lines {
		recordHash := sha256.Sum256(line)
		leaf := tlog.RecordHash(recordHash[:])
		path, err := tlog.ProveRecord(tree.N, int64(index), hashes)
		if err != nil {
			return err
		}
		if err := tlog.CheckRecord(path, tree.N, tree.Hash, int64(index), leaf); err != nil {
			return fmt.Errorf("the record at position %d, by tlog: %w", index+1, err)
		}
		other := rfc6962.DefaultHasher.HashLeaf(recordHash[:])
		if err := proof.VerifyInclusion(rfc6962.DefaultHasher, uint64(index), uint64(tree.N), other, plain(path), tree.Hash[:]); err != nil {
			return fmt.Errorf("the record at position %d, by merkle: %w", index+1, err)
		}
	}
	return nil
}

// checkExtended proves that the tree extends an older one: by tlog, and again by merkle.
func checkExtended(before, tree tlog.Tree, hashes tlog.HashReader) error {
	if before.N > tree.N {
		return fmt.Errorf("the kept checkpoint is of %d records, and this one of %d", before.N, tree.N)
	}
	path, err := tlog.ProveTree(tree.N, before.N, hashes)
	if err != nil {
		return err
	}
	if err := tlog.CheckTree(path, tree.N, tree.Hash, before.N, before.Hash); err != nil {
		return fmt.Errorf("the tree does not extend the kept one, by tlog: %w", err)
	}
	if err := proof.VerifyConsistency(rfc6962.DefaultHasher, uint64(before.N), uint64(tree.N), plain(path), before.Hash[:], tree.Hash[:]); err != nil {
		return fmt.Errorf("the tree does not extend the kept one, by merkle: %w", err)
	}
	return nil
}

func plain(path []tlog.Hash) [][]byte {
	hashes := make([][]byte, len(path))
	for at := range path {
		hashes[at] = path[at][:]
	}
	return hashes
}

type tiles struct{ base string }

func (tiles) Height() int                     { return 8 }
func (tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func (t tiles) ReadTiles(some []tlog.Tile) ([][]byte, error) {
	data := make([][]byte, len(some))
	for at, tile := range some {
		// Addresses of C2SP leave the height out, which is 8 for all.
		hashes, err := read(t.base, "tile/"+strings.TrimPrefix(tile.Path(), "tile/8/"))
		if err != nil {
			return nil, err
		}
		data[at] = hashes
	}
	return data, nil
}

func read(base, path string) ([]byte, error) {
	if !strings.HasPrefix(base, "http") {
		return os.ReadFile(filepath.Join(base, filepath.FromSlash(path)))
	}
	response, err := http.Get(base + "/" + path)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("GET %s answered %d", path, response.StatusCode)
	}
	return io.ReadAll(response.Body)
}
