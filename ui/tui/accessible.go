package tui

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"unicode"

	"github.com/aymanbagabas/go-udiff"
	"github.com/charmbracelet/x/term"

	"github.com/davit-cli/davit/generator"
	"github.com/davit-cli/davit/generator/disk"
	"github.com/davit-cli/davit/ui/wrap"
	"github.com/davit-cli/davit/wizard"
)

// RunAccessible asks the wizard's questions one line after the other, for
// screen readers, braille and whoever has no screen: no cursor moves, no
// colours, no boxes. It is the same model, so the same answers give the same
// files; only a piece of a file cannot be chosen.
//
// It reads lines from o.In, be it a terminal or not. Where they end before the
// final yes nothing is written, as after ctrl+c.
func RunAccessible(ctx context.Context, o Options) (Result, error) {
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGHUP)
	defer stop()
	p := &prompter{ctx: ctx, m: newModel(ctx, o), in: readLines(o.In), out: o.Out, width: terminalWidth(o.Out)}
	result, err := p.run()
	switch {
	case errors.Is(err, errLeft):
		return Result{Aborted: true}, nil
	case err != nil:
		return Result{Aborted: true}, err
	}
	return result, nil
}

// errLeft says that the user left, or that there is nobody to answer.
var errLeft = errors.New("left")

// errBack says that the question before is to be asked again.
var errBack = errors.New("back")

const (
	linesIntro   = "An empty line takes the answer in brackets. ? explains, < goes back, ctrl+c leaves with nothing written."
	linesNone    = "-" // answers nothing, where that is an answer
	linesAgain   = "That is none of the answers. ? explains them."
	linesNothing = "There is nothing to write."

	linesRecorded = "davit.yaml has the answers. Go through them?"
)

// prompter is the wizard in lines.
type prompter struct {
	ctx context.Context
	m   *model
	in  <-chan string
	out io.Writer
	err error // the first failure to print

	width int // of the terminal, 0 where there is none
}

// terminalWidth is how wide the terminal is, or 0 where nothing needs to be wrapped.
func terminalWidth(out io.Writer) int {
	if file, ok := out.(*os.File); ok && term.IsTerminal(file.Fd()) {
		if w, _, err := term.GetSize(file.Fd()); err == nil {
			return w
		}
	}
	return 0
}

// spoken is text without what a terminal would obey instead of showing.
func spoken(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return unicode.ReplacementChar
	}, text)
}

// readLines reads beside the program, which must not wait for a line when it
// is told to stop. The channel is closed after the last line.
func readLines(in io.Reader) <-chan string {
	all := make(chan string)
	go func() {
		defer close(all)
		scanner := bufio.NewScanner(in)
		for scanner.Scan() {
			all <- scanner.Text()
		}
	}()
	return all
}

// say prints a line, broken between words where the terminal would break it
// anywhere.
func (p *prompter) say(format string, values ...any) {
	text := fmt.Sprintf(format, values...)
	if p.width > 20 {
		text = strings.Join(wrap.Words(text, p.width-1), "\n")
	}
	p.print(text)
}

// print prints a line as it is: a command is copied, and a difference has lines
// of its own.
func (p *prompter) print(text string) {
	if _, err := fmt.Fprintln(p.out, text); err != nil && p.err == nil {
		p.err = fmt.Errorf("cannot write to standard output: %w", disk.Cause(err))
	}
}

// ask prints a prompt and returns the line after it, without blanks around it.
func (p *prompter) ask(format string, values ...any) (string, error) {
	if _, err := fmt.Fprintf(p.out, format+" ", values...); err != nil && p.err == nil {
		p.err = fmt.Errorf("cannot write to standard output: %w", disk.Cause(err))
	}
	if p.err != nil {
		return "", p.err // nobody sees the question
	}
	select {
	case line, ok := <-p.in:
		if !ok || p.ctx.Err() != nil {
			p.say("")
			return "", errLeft
		}
		if line = strings.TrimSpace(line); line == "<" {
			return "", errBack
		}
		return line, nil
	case <-p.ctx.Done():
		p.say("")
		return "", errLeft
	}
}

func (p *prompter) run() (Result, error) {
	p.say("davit: container files for %s", spoken(p.m.name))
	p.say(linesIntro)
	if err := p.inspect(); err != nil {
		return Result{}, err
	}
	skip := false
	if p.m.step().id == reviewStep {
		p.say("")
		again, err := p.yes(linesRecorded, "no")
		if err != nil && !errors.Is(err, errBack) {
			return Result{}, err
		}
		skip = err == nil && !again
	}
	for fromEnd := skip; ; fromEnd = true {
		if !skip {
			if err := p.questions(fromEnd); err != nil {
				return Result{}, err
			}
		}
		skip = false
		result, err := p.review()
		if !errors.Is(err, errBack) {
			return result, err
		}
	}
}

// inspect looks at the project and tells what was found, and where.
func (p *prompter) inspect() error {
	m := p.m
	if m.options.Inspect == nil {
		return nil
	}
	p.say("%s", lookingText)
	done := make(chan any, 1)
	go func() {
		defer func() {
			if fault := recover(); fault != nil {
				done <- inspected{err: fmt.Errorf("davit had an accident: %v", fault)}
			}
		}()
		done <- inspectFolder(m.options)()
	}()
	select {
	case msg := <-done:
		if found := msg.(inspected); found.locked != nil {
			p.say("%s", cannotWrite(found.locked))
		}
		m.take(msg.(inspected))
	case <-p.ctx.Done():
		return errLeft
	}
	if m.found.state == failed {
		p.say("%s%s", cannotInspect, spoken(m.found.err.Error()))
		return nil
	}
	if len(m.found.rows) > 0 {
		p.say("")
		p.say("%s:", foundTitle)
	}
	for _, r := range m.found.rows {
		where := ""
		if r[2] != "" {
			where = ", from " + spoken(r[2])
		}
		p.say("- %s: %s%s", r[0], spoken(r[1]), where)
	}
	return nil
}

// An asking is one question in its turn: of the catalogue, or which starter,
// service or app.
type asking struct {
	step string
	q    wizard.Question
}

// askings are the questions that matter beside the present answers.
func (p *prompter) askings() (all []asking) {
	for _, s := range p.m.steps {
		if len(s.questions) == 0 && s.id != reviewStep {
			all = append(all, asking{step: s.id})
		}
		for _, q := range asked(s.questions, p.m.answers) {
			all = append(all, asking{s.id, q})
		}
	}
	return all
}

// questions asks all of them, or after a way back from the review the last one
// first.
func (p *prompter) questions(fromEnd bool) error {
	i := 0
	if fromEnd {
		i = len(p.askings()) - 1
	}
	for all := p.askings(); i < len(all); all = p.askings() {
		p.say("")
		var err error
		moved := false
		switch now := all[i]; now.step {
		case starterStep:
			err = p.starter()
		case rootStep, appStep:
			moved, err = p.choose()
		default:
			err = p.question(now.q)
		}
		switch {
		case errors.Is(err, errBack) && i == 0:
			p.say("This is the first question.")
		case errors.Is(err, errBack):
			i--
		case err != nil:
			return err
		case moved: // another folder, with its own questions
			i = 0
		default:
			i++
		}
	}
	return nil
}

// yes asks what is answered with yes or no; usual is the answer of an empty
// line, "" for none.
func (p *prompter) yes(question, usual string) (bool, error) {
	for {
		prompt := question + " yes or no"
		if usual != "" {
			prompt += " [" + usual + "]"
		}
		line, err := p.ask("%s:", prompt)
		if err != nil {
			return false, err
		}
		switch strings.ToLower(cmp.Or(line, usual)) {
		case "y", "yes", "true":
			return true, nil
		case "n", "no", "false":
			return false, nil
		}
		p.say("Answer yes or no.")
	}
}

func (p *prompter) starter() error {
	m := p.m
	title, help := m.found.starterTexts()
	if looks := m.found.facts.LooksLike(); looks != "" {
		p.say("%s.", spoken(upper(looks)))
	}
	if m.found.starterRefused() != "" {
		p.say("%s. %s", title, spoken(help))
		m.startWith(&m.answers)
		return nil
	}
	usual := "no"
	if m.starter {
		usual = "yes"
	}
	p.say("%s", help)
	yes, err := p.yes(title, usual)
	if err == nil {
		p.m.starter = yes
		p.m.startWith(&p.m.answers)
	}
	return err
}

// choose asks which service, or which app. It reports whether that was the
// folder of another service.
func (p *prompter) choose() (moved bool, err error) {
	m := p.m
	p.say("%s %s", m.choosing.title, m.choosing.help)
	for i, r := range m.choosing.rows {
		more := r.note
		if r.evidence != "" {
			more = strings.Join(notEmpty(r.note, "from "+r.evidence), ", ")
		}
		p.say("%d. %s", i+1, spoken(strings.Join(notEmpty(r.value, more), ": ")))
	}
	for {
		line, err := p.ask("Number or name [1]:")
		if err != nil {
			return false, err
		}
		at := slices.IndexFunc(m.choosing.rows, func(r choosable) bool { return r.value == line })
		if n, err := strconv.Atoi(cmp.Or(line, "1")); at < 0 && err == nil && n >= 1 && n <= len(m.choosing.rows) {
			at = n - 1
		}
		if at < 0 {
			p.say("Answer with a number from 1 to %d.", len(m.choosing.rows))
			continue
		}
		m.choosing.at = at
		before := m.dir
		m.chose() // the folder that it enters is inspected here
		switch {
		case m.dir != before:
			return true, p.inspect()
		case m.notice != "":
			p.say("%s", spoken(m.notice))
		default:
			return false, nil
		}
	}
}

// question asks one of the catalogue's until the answer can be.
func (p *prompter) question(q wizard.Question) error {
	p.say("%s", q.Title)
	if q.Kind != wizard.Choose {
		p.say("%s", q.Help)
	}
	if others := p.m.found.candidates(q.ID); len(others) > 1 && q.Kind != wizard.Choose {
		p.say("Found: %s.", spoken(strings.Join(others, ", ")))
	}
	p.choices(q, false)
	for {
		line, err := p.ask("%s:", p.prompt(q))
		switch {
		case err != nil:
			return err
		case line == "?":
			p.say("%s", q.Help)
			p.choices(q, true)
			continue
		}
		values, ok := p.values(q, line)
		if !ok {
			if wrong := noneOf(q, line); wrong != "" {
				p.say("%s is none of the answers. ? explains them.", spoken(wrong))
			} else {
				p.say(linesAgain)
			}
			continue
		}
		taken, err := p.put(q, values)
		if err != nil || taken {
			return err
		}
	}
}

// choices lists what may be answered, with all that is known of it or in short.
func (p *prompter) choices(q wizard.Question, all bool) {
	for i, c := range q.Choices {
		more := c.Help
		if why := wizard.Excluded(p.m.answers, q.ID, c.ID); why != "" {
			more = "not beside the other answers, as " + why
		}
		p.say("%d. %s: %s", i+1, c.Title, more)
		if all && c.Gain != "" {
			p.say("   For it: %s. Against it: %s.", c.Gain, c.Cost)
		}
		if warning := wizard.Warning(p.m.answers, q.ID, c.ID); warning != "" {
			p.say("   Mind %s", warning)
		}
	}
}

// prompt says what is expected, and what an empty line answers.
func (p *prompter) prompt(q wizard.Question) string {
	what := "Answer"
	switch {
	case q.Kind == wizard.Switch:
		what = "yes or no"
	case q.Kind == wizard.Choose && q.Multiple:
		what = "Numbers or names, with commas"
	case q.Kind == wizard.Choose:
		what = "Number or name"
	}
	if q.Optional {
		what += ", " + linesNone + " for none"
	}
	usual := answer(q, p.m.answers)
	if len(p.m.answers.Get(q.ID)) == 0 {
		usual = noValue
	}
	if where := p.m.found.evidence(q, p.m.answers); where != "" {
		usual += ", from " + where
	}
	return fmt.Sprintf("%s [%s]", what, spoken(usual))
}

// values are what a line answers; it reports false where that is nothing known.
func (p *prompter) values(q wizard.Question, line string) ([]string, bool) {
	switch {
	case line == "":
		return p.m.answers.Get(q.ID), true
	case q.Optional && line == linesNone:
		return nil, true
	case q.Kind == wizard.Switch:
		switch strings.ToLower(line) {
		case "y", "yes", "true":
			return []string{"true"}, true
		case "n", "no", "false":
			return []string{"false"}, true
		}
		return nil, false
	case q.Kind != wizard.Choose:
		return []string{line}, true
	}
	var ids []string
	for _, word := range wordsOf(q, line) {
		i := choiceOf(q, word)
		if i < 0 {
			return nil, false
		}
		ids = append(ids, q.Choices[i].ID)
	}
	return ids, true
}

// wordsOf are the answers in a line.
func wordsOf(q wizard.Question, line string) []string {
	if q.Multiple {
		return strings.FieldsFunc(line, func(r rune) bool { return r == ',' || r == ' ' })
	}
	return []string{line}
}

// choiceOf is the place of the choice that a word names, -1 for none.
func choiceOf(q wizard.Question, word string) int {
	i := slices.IndexFunc(q.Choices, func(c wizard.Choice) bool {
		return strings.EqualFold(c.ID, word) || strings.EqualFold(c.Title, word)
	})
	// A number is a place in the list, unless it is itself an answer.
	if n, err := strconv.Atoi(word); i < 0 && err == nil && n >= 1 && n <= len(q.Choices) {
		i = n - 1
	}
	return i
}

// noneOf are those of several words that name no choice, "" where there is
// only one word.
func noneOf(q wizard.Question, line string) string {
	words := wordsOf(q, line)
	if q.Kind != wizard.Choose || len(words) < 2 {
		return ""
	}
	return strings.Join(slices.DeleteFunc(words, func(word string) bool { return choiceOf(q, word) >= 0 }), ", ")
}

// put records an answer. Where it goes against others it tells which have to
// change and asks; it reports false where the question has to be asked again.
func (p *prompter) put(q wizard.Question, values []string) (bool, error) {
	m := p.m
	a := m.answers.Clone()
	if _, err := q.Check(values...); err != nil {
		switch {
		case len(values) > 0:
			p.say("%s.", upper(spoken(cmp.Or(errors.Unwrap(err), err).Error())))
		default:
			p.say("%s", valueNeeded)
		}
		return false, nil
	}
	_ = a.Set(q.ID, values...) // it was checked
	if broken := wizard.Broken(a); len(broken) > 0 {
		adapted, changes, ok := adapt(a, q.ID)
		if !ok {
			p.say("%s", upper(broken[0].Why))
			return false, nil
		}
		p.say("%s", upper(whys(changes)))
		for _, c := range changes {
			p.say("%s has to change from %s to %s.", label(c.Question), c.from, c.to)
		}
		yes, err := p.yes("Change that?", "yes")
		if errors.Is(err, errBack) || err == nil && !yes {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		a = adapted
	}
	if q.ID == "name" {
		if err := a.CheckName(); err != nil {
			p.say("%s", upper(spoken(err.Error())))
			return false, nil
		}
	}
	m.answers, m.taking = a, a
	m.settled[q.ID] = true
	if _, why := m.remark(q); why != "" {
		p.say("Mind: %s.", spoken(why))
	}
	return true, nil
}

// review lists the files against the folder, asks what becomes of those that
// only the user may give up, and writes after a last yes.
func (p *prompter) review() (Result, error) {
	m := p.m
	p.say("")
	if cmd := m.compare(); cmd != nil {
		m.plan(cmd().(compared))
	}
	if m.review.err != nil {
		p.say("%s", upper(spoken(m.review.err.Error())))
		return Result{}, errBack
	}
	if m.notice != "" {
		p.say("%s", m.notice)
	}
	p.say("%s", reviewTitle)
	for i := range m.review.rows {
		row := &m.review.rows[i]
		if len(row.fates) > 1 && (row.unneeded != nil || row.entry.Status == disk.Conflict) {
			if err := p.decide(row); err != nil {
				return Result{}, err
			}
			m.recordKept()
		}
		p.say("- %s: %s", spoken(row.path), row.told())
	}
	n, replaced := m.review.count()
	if n == 0 {
		p.say(linesNothing)
		m.ended(m.leave()().(left))
		p.toDo()
		return m.result, p.err
	}
	for _, l := range replaced {
		p.say("Mind: %s, %s.", spoken(l.path), spoken(l.what))
	}
	for _, text := range m.warnings() {
		p.say("Mind: %s.", spoken(text))
	}
	yes, err := p.yes(m.review.deed()+"?", "")
	if err != nil {
		return Result{}, err
	}
	if !yes {
		return Result{}, errLeft
	}
	plan, decisions := m.review.decided()
	m.wrote(writeFolder(p.ctx, plan, decisions, m.answers)().(written))
	if m.review.err != nil {
		return Result{}, m.review.err
	}
	p.summary()
	return m.result, nil
}

// decide asks what becomes of a file that differs, or is not needed any more.
func (p *prompter) decide(row *reviewRow) error {
	name := spoken(row.path)
	if row.unneeded != nil {
		yes, err := p.yes(name+" is not needed any more, and is as davit wrote it. Remove it?", "no")
		if err == nil && yes {
			row.decide(disk.Remove)
		}
		return err
	}
	if n := row.entry.Unresolved(); n > 0 {
		p.say("%s holds %s between markers, which you have to settle.", name, plural(n, "conflict"))
	} else if row.entry.Edited {
		p.say("%s is there, and you edited it.", name)
	} else {
		p.say("%s is there, and davit did not write it.", name)
	}
	usual := 0
	for i, fate := range row.fates {
		p.say("%d. %s", i+1, row.would(fate))
		if fate == row.fate {
			usual = i + 1
		}
	}
	for {
		line, err := p.ask("Number, or d for the difference [%d]:", usual)
		if err != nil {
			return err
		}
		if line == "d" {
			e := row.entry
			p.print(strings.TrimSuffix(udiff.Unified("yours", "davit's", e.Existing, e.Content), "\n"))
			continue
		}
		if n, err := strconv.Atoi(cmp.Or(line, strconv.Itoa(usual))); err == nil && n >= 1 && n <= len(row.fates) {
			row.decide(row.fates[n-1])
			return nil
		}
		p.say("Answer with a number from 1 to %d.", len(row.fates))
	}
}

// would says what a decision does to a file that differs.
func (row reviewRow) would(d disk.Decision) string {
	switch d {
	case disk.Merge:
		return "Join your edits and davit's changes."
	case disk.Backup:
		return "Write davit's, and keep yours as " + spoken(row.entry.BackupName) + "."
	case disk.Overwrite:
		return "Write davit's, without a copy of yours."
	}
	switch {
	case d == disk.Keep:
		return "Keep it as yours, in later runs too: davit.yaml says so."
	case slices.Contains(row.fates, disk.Keep):
		return "Leave it as it is for now."
	}
	return "Leave it as it is."
}

// told is what becomes of a file, once that is decided.
func (row reviewRow) told() string {
	switch {
	case row.unneeded != nil && row.fate == disk.Remove:
		return "removed"
	case row.unneeded != nil && row.unneeded.Edited:
		return "not needed any more, but you edited it, so it stays"
	case row.unneeded != nil:
		return "not needed any more, but it stays"
	case row.entry.Status == disk.Same:
		return "the same already"
	case row.entry.Status == disk.New:
		return "new. " + row.entry.Purpose
	case row.entry.Status == disk.Changed:
		return "brought up to date. " + row.entry.Purpose
	case row.fate == disk.Merge:
		return "your edits and davit's changes"
	case row.written():
		return "replaced"
	}
	return "stays as it is"
}

// summary tells what was done and what to run next.
func (p *prompter) summary() {
	r := p.m.result
	p.say("")
	p.say("%s.", writtenText(r.Written))
	for _, path := range r.Written {
		if path == disk.LockFile {
			continue
		}
		more := ""
		if bak := p.m.backups[path]; bak != "" {
			more = ", what was there is " + spoken(bak)
		}
		p.say("- %s%s", spoken(path), more)
	}
	for _, path := range r.Removed {
		p.say("- %s, removed", spoken(path))
	}
	p.toDo()
}

// toDo lists the commands to go on with, and what to expect of them.
func (p *prompter) toDo() {
	next := p.m.result.Next
	if len(next) > 0 {
		p.say("%s:", nextText(p.m.dir))
	}
	for _, line := range generator.Listing(next) {
		if line == "" || strings.HasPrefix(line, "# ") {
			p.say("%s", spoken(line))
		} else {
			p.print(line)
		}
	}
	for i, line := range p.m.afterwards() {
		if i == 0 {
			p.say("")
		}
		p.say("%s", line)
	}
}
