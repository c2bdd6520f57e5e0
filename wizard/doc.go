// Package wizard holds what davit asks and what may be answered: the catalogue
// of questions and choices, the rules between them, and Answers, the complete
// and valid set that generation starts from. It knows no terminal and no file.
//
//	a := wizard.Defaults()
//	err := a.Set("base", "distroless")
//	err = a.Validate()
package wizard
