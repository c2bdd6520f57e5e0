def test_greeting():
    from shop import GREETING

    assert GREETING == "ok"
