package inspect

import (
	"fmt"
	"testing"
)

// BenchmarkFolder inspects a tree of 20,000 files, half of them Python, a
// tenth of these routers of the service.
func BenchmarkFolder(b *testing.B) {
	all := files{
		"pyproject.toml": uvManifest, "uv.lock": uvLockText, "shop/__init__.py": "",
		"Dockerfile": "FROM python:3.13\nCMD [\"uvicorn\", \"shop.main:app\"]\n",
	}
	main := plainApp
	for i := range 1000 {
		dir := fmt.Sprintf("shop/part%d", i%100)
		name := fmt.Sprintf("r%d", i)
		all[fmt.Sprintf("%s/%s.py", dir, name)] = "from fastapi import APIRouter, Depends\nfrom shop.db import session\n\nrouter = APIRouter(prefix='/" + name + "')\n\n\n@router.get('/{key}')\nasync def read(key: int, db=Depends(session)) -> dict[str, int]:\n    \"\"\"Return one.\"\"\"\n    return {'key': key}\n"
		main += fmt.Sprintf("from shop.part%d.%s import router as %s\napp.include_router(%s)\n", i%100, name, name, name)
	}
	all["shop/main.py"] = main + "@app.get('/health')\ndef health(): return {}\n"
	for i := range 9000 {
		all[fmt.Sprintf("shop/lib%d/m%d.py", i%90, i)] = "import os\n\n\nclass Thing:\n    \"\"\"One thing.\"\"\"\n\n    def f(self, x: int) -> int:\n        return x + 1\n"
		all[fmt.Sprintf("web/c%d/f%d.ts", i%90, i)] = "export const x = 1\n"
	}
	for i := range 1000 {
		all[fmt.Sprintf("data/d%d.json", i)] = "{}\n"
	}
	dir := project(b, all)
	b.ReportAllocs()
	for b.Loop() {
		facts, err := Folder(dir)
		if err != nil || facts.App.Value != "shop.main:app" || facts.HealthPath.Value != "/health" {
			b.Fatalf("%+v %v", facts, err)
		}
	}
}

// BenchmarkSmallFolder inspects a project as people begin with it.
func BenchmarkSmallFolder(b *testing.B) {
	dir := project(b, files{"pyproject.toml": uvManifest, "uv.lock": uvLockText, "main.py": plainApp, "README.md": "# x\n"})
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Folder(dir); err != nil {
			b.Fatal(err)
		}
	}
}
