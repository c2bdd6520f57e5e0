package cli

import (
	"fmt"

	mango "github.com/muesli/mango-cobra"
	"github.com/muesli/roff"
	"github.com/spf13/cobra"
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
			_, err = fmt.Fprint(r.out, page.Build(roff.NewDocument()))
			return err
		},
	}
}
