package cli

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/davit-cli/davit/ui/cli/version"
)

// version is `davit version --json`, and stands in the help for the plain
// form, which package version answers before any command exists.
func (r *runner) version() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Which davit this is",
		Long: `Which davit this is: version, and in a release commit and date.

davit never asks whether there is a newer one: it uses no network, for this or
for anything else.`,
		Args: atMost(0),
		RunE: func(*cobra.Command, []string) error {
			if asJSON {
				return json.NewEncoder(r.out).Encode(version.This())
			}
			_, err := fmt.Fprintln(r.out, version.This())
			return err
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "Print one JSON document")
	return cmd
}
