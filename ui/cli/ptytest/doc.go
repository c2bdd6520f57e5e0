// Package ptytest gives tests a real terminal, on Linux.
//
//	terminal := ptytest.Open(t, 80)
//	terminal.Waits(t, "Which base image?")
package ptytest
