// Package tui is davit's wizard: a full-screen Bubble Tea program that asks the
// catalogue's questions beside a preview of every file that would be written,
// then shows the files against the folder and writes the ticked ones.
//
//	result, err := tui.Run(ctx, tui.Options{
//		Dir:     ".",
//		Answers: wizard.Defaults(),
//		Inspect: func() (inspect.Facts, error) { return inspect.Folder(".") },
//	})
//
// One model at the top (model.go) routes all messages; form, preview, review and
// explore are plain structs with methods. Update decides, commands (work.go,
// editor.go, why.go) read and write the folder, run the editor and try other
// answers, View lays out. Rectangles come from layout.go, once a size;
// keys, colours and texts are data in keys.go, theme.go and texts.go.
//
// The fields are huh's. They are driven directly instead of through a huh.Form,
// which moves between fields by messages that arrive later: keys typed ahead
// would reach the wrong field, and a step would take several frames.
//
// RunAccessible (accessible.go) asks the same model line by line. huh's own
// plain rendering is not used for it: it knows neither where a value was found
// nor what speaks for a choice, and reads ahead of a pipe at every question.
//
// Nothing here knows what a container is. Questions, choices, help and rules
// come from wizard, files from generator.
package tui
