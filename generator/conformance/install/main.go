// Command install puts the judges that are programs of their own below the
// user's cache, in the versions that ../tools pins:
//
//	go run ./install
package main

import (
	"fmt"
	"os"

	"github.com/davit-cli/davit/generator/conformance"
)

func main() {
	if err := conformance.Install(os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
