from fastapi.testclient import TestClient

from app.main import app


def test_an_added_item_is_listed():
    with TestClient(app) as client:
        assert client.get("/health").json() == {"status": "ok"}
        added = client.post("/items", json={"name": "oar", "quantity": 2, "cents": 4900})
        assert added.status_code == 201
        assert client.get("/items").json() == [added.json()]
