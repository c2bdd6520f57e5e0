package cli

import (
	"fmt"
	"time"

	mango "github.com/muesli/mango-cobra"
	"github.com/muesli/roff"
	"github.com/spf13/cobra"

	"github.com/davit-cli/davit/ui/cli/version"
)

// manual is `davit man`, as fang has it, printed where davit prints.
func (r *runner) manual() *cobra.Command {
	return &cobra.Command{
		Use:                   "man",
		Short:                 "Print the manual page",
		Example:               "davit man > davit.1",
		DisableFlagsInUseLine: true,
		Args:                  atMost(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			page, err := mango.NewManPage(1, cmd.Root())
			if err != nil {
				return fmt.Errorf("make the manual page: %w", err)
			}
			_, err = fmt.Fprint(r.out, page.Build(dated{roff.NewDocument()}))
			return err
		},
	}
}

// dated is a manual page of the day on which this davit was made, so that a
// release is the same bytes on any day. Where that is not known, it is today's.
type dated struct{ *roff.Document }

func (d dated) Heading(section uint, title, description string, today time.Time) {
	if made, err := time.Parse(time.RFC3339, version.This().Date); err == nil {
		today = made
	}
	d.Document.Heading(section, title, description, today)
}
