package main

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
)

// A layer is one of an image's, by the digest of its content.
type layer struct {
	digest string
	bytes  int64 // of the files that it holds
}

// layers reads what an image consists of from docker save. The sizes that the
// engine itself reports mean different things in its different image stores.
func layers(ctx context.Context, image string) ([]layer, error) {
	cmd := exec.CommandContext(ctx, "docker", "save", image)
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	found, err := readImage(out)
	if err != nil {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		return nil, fmt.Errorf("docker save %s: %w", image, err)
	}
	_, _ = io.Copy(io.Discard, out)
	return found, cmd.Wait()
}

func readImage(r io.Reader) ([]layer, error) {
	sizes, documents := map[string]int64{}, map[string][]byte{}
	for archive := tar.NewReader(r); ; {
		h, err := archive.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		if h.Typeflag != tar.TypeReg {
			continue
		}
		// A layer is an archive, compressed or not; the rest is JSON.
		blob := bufio.NewReader(archive)
		switch magic, _ := blob.Peek(2); {
		case bytes.HasPrefix(magic, []byte("{")), bytes.HasPrefix(magic, []byte("[")):
			documents[h.Name], err = io.ReadAll(blob)
		case bytes.Equal(magic, []byte{0x1f, 0x8b}):
			var plain *gzip.Reader
			if plain, err = gzip.NewReader(blob); err == nil {
				sizes[h.Name], err = fileBytes(plain)
			}
		default:
			sizes[h.Name], err = fileBytes(blob)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", h.Name, err)
		}
	}
	var manifests []struct {
		Config string
		Layers []string
	}
	if err := json.Unmarshal(documents["manifest.json"], &manifests); err != nil || len(manifests) != 1 {
		return nil, fmt.Errorf("manifest.json has %d images: %w", len(manifests), err)
	}
	var config struct {
		RootFS struct {
			Digests []string `json:"diff_ids"`
		}
	}
	if err := json.Unmarshal(documents[manifests[0].Config], &config); err != nil {
		return nil, fmt.Errorf("%s: %w", manifests[0].Config, err)
	}
	if len(config.RootFS.Digests) != len(manifests[0].Layers) {
		return nil, fmt.Errorf("%d layers with %d digests", len(manifests[0].Layers), len(config.RootFS.Digests))
	}
	var found []layer
	for i, name := range manifests[0].Layers {
		found = append(found, layer{config.RootFS.Digests[i], sizes[name]})
	}
	return found, nil
}

// fileBytes adds up the regular files of an archive.
func fileBytes(r io.Reader) (int64, error) {
	var sum int64
	for archive := tar.NewReader(r); ; {
		h, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return sum, nil
		}
		if err != nil {
			return 0, err
		}
		if h.Typeflag == tar.TypeReg {
			sum += h.Size
		}
	}
}

// sizes returns the bytes of all layers, and of those that the base has not.
func sizes(image, base []layer) (all, above int64) {
	inBase := map[string]bool{}
	for _, l := range base {
		inBase[l.digest] = true
	}
	for _, l := range image {
		all += l.bytes
		if !inBase[l.digest] {
			above += l.bytes
		}
	}
	return all, above
}
