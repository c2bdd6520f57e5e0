GREETING = "ok"
