from fastapi.testclient import TestClient

from app.main import app


def test_health_answers() -> None:
    response = TestClient(app).get({{py .HealthPath}})
    assert response.status_code == 200
    assert response.json() == {"status": "ok"}
