"""Starts the service on the port that the platform names in PORT."""

import os

import uvicorn

if __name__ == "__main__":
    uvicorn.run(
        {{py .App}},
{{if .Factory}}
        factory=True,
{{end}}
        host="0.0.0.0",
        port=int(os.environ.get("PORT", "{{.Port}}")),{{why "port"}}
        workers=int(os.environ.get("WEB_CONCURRENCY", "{{.Workers}}")),
        proxy_headers=True,
        forwarded_allow_ips=os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1"),{{why "forwarded"}}
        server_header=False,
        timeout_keep_alive=int(os.environ.get("UVICORN_TIMEOUT_KEEP_ALIVE", "5")),{{why "keep-alive"}}
        timeout_graceful_shutdown=int(os.environ.get("UVICORN_TIMEOUT_GRACEFUL_SHUTDOWN", "{{.Graceful}}")),{{why "graceful"}}
    )
