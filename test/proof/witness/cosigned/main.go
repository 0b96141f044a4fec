// Command cosigned checks a cosigned checkpoint by other people's code: golang.org/x/mod/sumdb/note for the log's signature, and
// github.com/transparency-dev/formats/note for those of witnesses.
//
//	cosigned CHECKPOINT LOG WITNESS...
//
// CHECKPOINT is a file, LOG the line of the log's key, and each WITNESS that of a witness's. All of them must have signed.
package main

import (
	"fmt"
	"os"
	"strings"

	cosignature "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"
)

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "cosigned CHECKPOINT LOG WITNESS...")
		os.Exit(2)
	}
	size, err := check(os.Args[1], os.Args[2], os.Args[3:])
	if err != nil {
		fmt.Println("refused:", err)
		os.Exit(1)
	}
	fmt.Println("accepted:", size)
}

func check(file, log string, witnesses []string) (string, error) {
	checkpoint, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	verifier, err := note.NewVerifier(log)
	if err != nil {
		return "", err
	}
	known := []note.Verifier{verifier}
	for _, line := range witnesses {
		witness, err := cosignature.NewVerifierForCosignatureV1(line)
		if err != nil {
			return "", err
		}
		known = append(known, witness)
	}
	opened, err := note.Open(checkpoint, note.VerifierList(known...))
	if err != nil {
		return "", err
	}
	signed := map[string]bool{}
	for _, signature := range opened.Sigs {
		signed[signature.Name] = true
	}
	for _, one := range known {
		if !signed[one.Name()] {
			return "", fmt.Errorf("%s did not sign", one.Name())
		}
	}
	return strings.Split(opened.Text, "\n")[1], nil
}
