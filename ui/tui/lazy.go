package tui

// lazy is a comparison that is worked out when it is looked at first.
type lazy struct {
	make func() *aligned
	made *aligned
}

func (l *lazy) get() *aligned {
	if l.made == nil {
		l.made = l.make()
	}
	return l.made
}

func (l *lazy) len() int                       { return l.get().len() }
func (l *lazy) row(t *theme, i, width int) row { return l.get().row(t, i, width) }
func (l *lazy) raw(i int) string               { return l.get().raw(i) }
func (l *lazy) starts() []int                  { return l.get().starts() }

func (l *lazy) rows(i, width int) int { return l.get().rows(i, width) }
