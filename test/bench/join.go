// What `status` does, by a compiled program and Go's standard library alone: fetch the agents and the group, join, count, print.
// Arguments: the URLs of the agents, of the group, and of Marathon's info.
package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"sort"
)

type agents struct {
	Slaves []struct {
		ID, Hostname string
		Active       bool
		Attributes   map[string]any
		Resources    map[string]any
	}
}

type result struct {
	Command *struct{ ReturnCode int }
}

type group struct {
	Apps []struct {
		ID          string
		VersionInfo struct{ LastConfigChangeAt string }
		Tasks       []struct {
			ID, SlaveID, Host, State, Version string
			CheckResult                       *result
			HealthCheckResults                []struct{ Alive bool }
		}
	}
}

func get(url string, into any, done chan<- error) {
	answer, err := http.Get(url)
	if err == nil {
		defer answer.Body.Close()
		err = json.NewDecoder(answer.Body).Decode(into)
	}
	done <- err
}

func main() {
	var all agents
	var calico group
	var info map[string]any
	done := make(chan error)
	go get(os.Args[1], &all, done)
	go get(os.Args[2], &calico, done)
	go get(os.Args[3], &info, done)
	for range 3 {
		if err := <-done; err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	states := map[string]map[string]string{}
	for _, app := range calico.Apps {
		for _, task := range app.Tasks {
			state := "no report"
			if task.CheckResult != nil && task.CheckResult.Command != nil {
				state = fmt.Sprint(task.CheckResult.Command.ReturnCode)
			}
			if task.Version < app.VersionInfo.LastConfigChangeAt {
				state = "old"
			}
			if states[task.SlaveID] == nil {
				states[task.SlaveID] = map[string]string{}
			}
			states[task.SlaveID][app.ID] = state
		}
	}
	sort.Slice(all.Slaves, func(a, b int) bool { return all.Slaves[a].Hostname < all.Slaves[b].Hostname })
	folded := map[string]int{}
	for _, agent := range all.Slaves {
		row := ""
		for _, app := range calico.Apps {
			row += states[agent.ID][app.ID] + "  "
		}
		folded[row]++
	}
	for row, count := range folded {
		fmt.Println(count, row)
	}
}
