"""Names the app for gunicorn, which takes no attribute of an attribute."""

from {{.Module}} import {{.Object}}

app = {{.Attribute}}{{if .Factory}}(){{end}}{{why "app-name"}}
