package tui

// starterAnswers are those that generator.Starter is made for.
var starterAnswers = map[string]string{
	"dependencies": "pyproject",
	"app":          "app.main:app",
	"factory":      "false",
	"health_path":  "/health",
}
