package tui

import (
	"fmt"
	"slices"
	"strings"

	"github.com/davit-cli/davit/generator/disk"
	"github.com/davit-cli/davit/wizard"
)

// The sentences that the command line has, too.
const (
	AllWell        = "Every file is as it should be; nothing was written."
	NothingDone    = "Nothing was written."
	NothingDiffers = "Nothing differs: a and b are the same."
)

// Every other sentence of the screen that does not come from the catalogue.
const (
	brand = "⚓ davit"

	foundTitle    = "Found"
	lookingText   = "Looking at the project…"
	cannotInspect = "The project could not be read: "

	starterLabel = "Starter"
	starterTitle = "Begin with a small service?"
	starterHelp  = "No FastAPI app was found in this folder. The starter adds a pyproject.toml, a main module with /health and one test, so that the container files have something to run."
	starterNone  = "No FastAPI app was found"
	starterYes   = "Yes, add it"
	starterNo    = "No, only container files"
	starterOnly  = "Go on with container files alone"
	starterOther = "Container files made here start a FastAPI app that you name on the way: ctrl+c leaves, and nothing is written."
	starterOwn   = "They start an app that you name on the way; davit writes none here, as "

	rootLabel = "Service"
	rootTitle = "Which service?"
	rootHelp  = "This folder holds several. The container files are written into the folder of the one that you choose."
	rootHere  = "this folder itself"

	appLabel = "App"
	appTitle = "Which app?"
	appHelp  = "Several are equally likely. The server imports the one that you choose."

	folderEvidence = "the folder's name"
	moreFound      = "; Details has them"

	elsewhereText = ", not started by davit"
	optionalText  = "Optional service"

	notThere      = "not found"
	detailsLabel  = "Details"
	detailsTitle  = "Is this right?"
	detailsHelp   = "Filled in from the project where it tells. Go up to change a value."
	detailsButton = "Looks right"
	otherChoice   = "another…"
	noValue       = "none"
	unsetValue    = "–"

	reviewLabel = "Review"
	reviewTitle = "What shall be written?"

	previewEmpty  = "The files appear here."
	diffPurpose   = "- goes, + comes, = stays, · does not come"
	noFiles       = "These answers exclude each other; the files are those of the confirmed ones."
	excludedMark  = "✗ "
	leaveAgain    = "ctrl+c again leaves, and nothing is written"
	leaveHint     = "This is the first question. ctrl+c leaves, and nothing is written."
	pickText      = "↑↓ goes from piece to piece, space takes the other version."
	pickButton    = "Back to the list"
	noDiff        = "There is no difference to show: the folder has nothing else under this name."
	noHunks       = "There is nothing to choose in this file."
	spaceTicks    = "space ticks"
	tickOne       = "Tick at least one with space."
	valueNeeded   = "This one needs a value."
	comparingText = "Comparing with the folder…"
	writingText   = "Writing…"
	unfoldText    = "The folder has these already. space lists them."
	foldText      = "The folder has these already. space folds them up."
	recordedText  = "Answers from davit.yaml; tab changes them."
	leaveButton   = "Leave, nothing to write"

	needsDocker = "Docker has to be running."
	helpText    = "When something fails: davit guide troubleshooting"
	commitText  = "Commit davit.yaml and davit.lock with the rest: the next run goes on from them."

	searchHint = "  a text in these files"
	noMatch    = "nothing like it"
	filesTitle = "File"
	listHint   = "  some letters of its name"
	noFile     = "No file is called so."

	cannotEdit    = "This one is not needed any more, so there is nothing to edit."
	answersFile   = "This file holds your answers: go back with esc to change them."
	notEdited     = "The editor left the text as it was."
	ownPurpose    = "as you edited it; marked is what differs from the file that is there"
	ownNewPurpose = "as you edited it; marked is what differs from davit's"

	exploreTitle = "Comparing variants"
	lastTick     = "At least one stays ticked."

	copyElsewhere = "Nothing is copied here: esc leads back, and p to the files, where y copies."

	whyTitle       = "Why line"
	lineBy         = "This line comes from"
	fileBy         = "The file comes from"
	projectLabel   = "Project"
	projectText    = "what was found in it"
	noNote         = "It does what it says, and there is no note about it. davit guide layers tells how an image is built line by line."
	notDavits      = "This line is not davit's."
	sameEverywhere = "No answer changes it: it is the same in every variant."
	tracingText    = "Trying the other answers…"
	thisValue      = "this value"
	whatChanged    = "what was changed here"
	noQuestion     = "No answer put this line there."

	keysTitle     = "Keys"
	keysMoreTitle = "Keys  ↑↓ more"
	replaceTitle  = "Replace what is there?"
	removeTitle   = "Remove what is not needed any more?"
	bothTitle     = "Replace and remove what is there?"
	replaceYes    = "Yes, write"
	removeYes     = "Yes, remove"
	bothYes       = "Yes, write and remove"
	replaceNo     = "Go back"
)

func smallText(w, h int) string {
	return fmt.Sprintf("davit needs %d columns and %d rows; this terminal has %d and %d. Make it larger and the wizard goes on. ctrl+c leaves.",
		leastWidth, leastHeight, w, h)
}

// shownWith says that the preview needs other answers too.
func shownWith(changes []change) string {
	return "shown with " + listed(changes)
}

func listed(changes []change) string {
	var list []string
	for _, c := range changes {
		list = append(list, c.String())
	}
	return strings.Join(list, ", ")
}

// stillShown says that the files are those of the answer that stands.
func stillShown(other, standing string) string {
	return "Not with " + other + "; shown with " + standing
}

// shownUnticked says that the preview shows what enter does not take.
func shownUnticked(title string) string {
	return "shown with " + title + ", which is not ticked"
}

// shownForNone says that it shows what stands, where nothing is ticked and
// something has to be.
func shownForNone(standing string) string {
	return "At least one has to be ticked; shown with " + standing
}

// notTicked asks what is meant by enter on a choice that is not ticked.
func notTicked(title string) string {
	return title + " is not ticked: space ticks it, enter again goes on without it."
}

// dropsBack asks whether what cannot be is to be lost on the way back.
func dropsBack(what, why string) string {
	return why + " esc again goes back without " + what + "."
}

// dropsThere asks the same on the way to a line's question, in one line.
func dropsThere(what, why string) string {
	return "enter again goes there without " + what + ". " + why
}

// takesWithoutFault asks the same of a variant that is taken.
func takesWithoutFault(fault string, side int) string {
	return fault + " enter again takes " + sideNames[side] + " without this value."
}

// writtenText counts files as the review does: davit.lock is no row of its.
func writtenText(written []string) string {
	n := len(slices.DeleteFunc(slices.Clone(written), func(p string) bool { return p == disk.LockFile }))
	text := plural(n, "file") + " written"
	if n < len(written) {
		text += ", and " + disk.LockFile
	}
	return text
}

func thenOpen(address string) string {
	return "Once it runs, open " + address + "; Docker has to be running."
}

// cannotWrite tells at the beginning what would else be told at the end.
func cannotWrite(why error) string {
	return "Nothing can be written into this folder (" + why.Error() + "). Look around, and for the files run davit as its owner, or in a copy of it."
}

// oneOf says that others are possible; Details has them.
func oneOf(value string, n int) string { return fmt.Sprintf("%s, 1 of %d", value, n) }

func nextText(dir string) string {
	if dir == "." || dir == "" {
		return "Next"
	}
	return "Next, in " + shownName(dir)
}

// notPossible says why a file cannot be treated so.
func notPossible(d disk.Decision, state string) string {
	switch d {
	case disk.Merge:
		if state == disk.Unresolved {
			return "It was merged before, and holds conflicts between markers: resolve them first, e opens your editor."
		}
		return "Merging needs a file that davit wrote, with edits of yours in other lines than davit's changes. h chooses piece by piece."
	case disk.Backup:
		return "There is nothing here to keep a copy of."
	}
	return "The folder has the same already."
}

// copied says what was given to the terminal's clipboard.
func copied(path string, from, to int, some bool) string {
	switch {
	case !some:
		return "Copied " + shownName(path)
	case from == to:
		return fmt.Sprintf("Copied line %d", from+1)
	}
	return fmt.Sprintf("Copied lines %d–%d", from+1, to+1)
}

func notFound(query string) string {
	if query == "" {
		return ""
	}
	return "Nothing like " + shownName(query) + " in these files"
}

// editedBefore names files that were edited under other answers.
func editedBefore(names []string) string {
	return "You edited " + strings.Join(names, ", ") + " under other answers; that text comes back with them."
}

// took tells whose the answers are now, and what had to give way.
func took(variant string, changes []change) string {
	if len(changes) > 0 {
		variant += ", with " + listed(changes)
	}
	return "Took " + variant + "."
}

// shownBecause says that a variant needs other answers too, and why.
func shownBecause(changes []change) string {
	return shownWith(changes) + ": " + whys(changes)
}

// whys are the sentences that changes come with.
func whys(changes []change) string {
	var why []string
	for _, c := range changes {
		why = append(why, c.Why)
	}
	return strings.Join(why, " ")
}

// reasons are the sentences of rules that are broken.
func reasons(broken []wizard.Rule) string {
	var why []string
	for _, r := range broken {
		why = append(why, r.Why)
	}
	return strings.Join(why, " ")
}

// ofSide says something of one of two that are compared.
func ofSide(side int, text string) string { return sideNames[side] + ": " + lower(text) }

// notTaken says so where it was to be taken.
func notTaken(side int, fault string) string {
	return sideNames[side] + " cannot be taken. " + fault
}

// filesOf says that there is nothing to compare.
func filesOf(side int) string {
	return "the files of " + sideNames[side] + " alone, as " + sideNames[1-side] + " cannot be"
}

// filesText counts the files of two variants by the sign that tells how they
// stand to each other.
func filesText(count map[string]int) string {
	var parts []string
	for _, c := range []struct{ sign, words string }{{"≠", "≠ %s changed"}, {"-", "- %s in a alone"}, {"+", "+ %s in b alone"}, {"=", "= %s the same"}} {
		if n := count[c.sign]; n > 0 {
			parts = append(parts, fmt.Sprintf(c.words, plural(n, "file")))
		}
	}
	return strings.Join(parts, " · ")
}
