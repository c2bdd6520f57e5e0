package inspect

import (
	"regexp"
	"sync"
)

// pattern compiles an expression when it is first needed: a program that
// inspects nothing pays nothing for it.
func pattern(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}
