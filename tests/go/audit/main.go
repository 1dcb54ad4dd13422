// Audit checks a log that is laid out as C2SP tlog-tiles says, with Go's own
// golang.org/x/mod/sumdb and nothing of timebank's:
//
//	audit -policy FILE [-old FOLDER] [-receipts FOLDER] [-records N] PLACE
//
// PLACE is a folder or an http prefix, FILE a C2SP tlog-policy. It opens the
// checkpoint, computes the root from the entry bundles, compares every tile with
// them, proves records and earlier checkpoints from the tiles, and checks
// receipts. It ends with 1 and a reason if anything is wrong, and says on a line
// NOT CHECKED what it cannot check.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

func main() {
	policyFile := flag.String("policy", "", "the log's and the witnesses' keys, and the quorum")
	old := flag.String("old", "", "a folder of earlier checkpoints of the log")
	receipts := flag.String("receipts", "", "a folder of *.tlog-proof files")
	records := flag.Int64("records", 1000, "prove this many records at most, spread evenly")
	flag.Parse()
	if *policyFile == "" || flag.NArg() != 1 {
		flag.Usage()
		os.Exit(2)
	}
	if err := run(*policyFile, *old, *receipts, *records, flag.Arg(0)); err != nil {
		fmt.Fprintf(os.Stderr, "audit: %v\n", err)
		os.Exit(1)
	}
}

func run(policyFile, old, receipts string, records int64, location string) error {
	text, err := os.ReadFile(policyFile)
	if err != nil {
		return err
	}
	policy, err := parsePolicy(string(text))
	if err != nil {
		return fmt.Errorf("%s: %w", policyFile, err)
	}
	for _, unchecked := range policy.unchecked {
		fmt.Println("NOT CHECKED:", unchecked)
	}
	log, err := openLog(place(location), policy)
	if err != nil {
		return err
	}
	tiles, err := log.checkTiles()
	if err != nil {
		return err
	}
	proven, err := log.proveRecords(records)
	if err != nil {
		return err
	}
	earlier, err := eachFile(old, "", log.checkEarlier)
	if err != nil {
		return err
	}
	checked, err := eachFile(receipts, ".tlog-proof", policy.checkReceipt)
	if err != nil {
		return err
	}
	fmt.Printf("ok: %d records, root %v, %d tiles, %d records proven, %d earlier checkpoints, %d receipts\n",
		log.tree.N, log.tree.Hash, tiles, proven, earlier, checked)
	return nil
}

// eachFile checks every file of a folder whose name ends so, and counts them.
func eachFile(folder, ending string, check func([]byte) error) (int, error) {
	if folder == "" {
		return 0, nil
	}
	files, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil {
		return 0, err
	}
	sort.Strings(files)
	count := 0
	for _, file := range files {
		if !strings.HasSuffix(file, ending) {
			continue
		}
		bytes, err := os.ReadFile(file)
		if err != nil {
			return count, err
		}
		if err := check(bytes); err != nil {
			return count, fmt.Errorf("%s: %w", file, err)
		}
		count++
	}
	return count, nil
}
