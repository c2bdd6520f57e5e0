"""The service."""

from fastapi import FastAPI

app = FastAPI(title={{py .Name}})


@app.get("/")
def root() -> dict[str, str]:
    return {"message": "Hello from {{.Name}}"}


@app.get({{py .HealthPath}})
def health() -> dict[str, str]:
    """Answers without touching anything else, so that it tells of this process alone."""
    return {"status": "ok"}
