module github.com/davit-cli/davit

go 1.26
