// A client for OtherClientsTest: clone URL FOLDER [DEPTH], fetch URL FOLDER.
// To build it: go build -o go-git-client .
package main

import (
	"errors"
	"log"
	"os"
	"strconv"

	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/config"
)

func main() {
	command, url, folder := os.Args[1], os.Args[2], os.Args[3]
	if err := run(command, url, folder); err != nil {
		log.Fatal(err)
	}
}

func run(command, url, folder string) error {
	if command == "clone" {
		depth := 0
		if len(os.Args) > 4 {
			depth, _ = strconv.Atoi(os.Args[4])
		}
		_, err := git.PlainClone(folder, true, &git.CloneOptions{URL: url, Depth: depth})
		return err
	}
	repository, err := git.PlainOpen(folder)
	if err != nil {
		return err
	}
	err = repository.Fetch(&git.FetchOptions{
		RemoteURL: url,
		RefSpecs:  []config.RefSpec{"+refs/heads/*:refs/remotes/origin/*"},
	})
	if errors.Is(err, git.NoErrAlreadyUpToDate) {
		return nil
	}
	return err
}
