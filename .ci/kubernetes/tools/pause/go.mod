module github.com/davit-cli/davit/ci/kubernetes/tools/pause

go 1.26.0
