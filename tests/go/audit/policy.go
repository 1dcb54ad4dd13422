package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// A policy is what a tlog-policy file says: whose signatures are needed.
type policy struct {
	logs      []note.Verifier
	witnesses map[string]note.Verifier // nil for a key that cannot be checked here
	groups    map[string]group
	quorum    string
	unchecked []string
}

// A group is met by a number of its members.
type group struct {
	needed  int
	members []string
}

func parsePolicy(text string) (*policy, error) {
	p := &policy{witnesses: map[string]note.Verifier{}, groups: map[string]group{}}
	for number, line := range strings.Split(text, "\n") {
		words := strings.FieldsFunc(line, func(r rune) bool { return r == ' ' || r == '\t' })
		if len(words) == 0 || strings.HasPrefix(words[0], "#") {
			continue
		}
		if err := p.define(words[0], words[1:]); err != nil {
			return nil, fmt.Errorf("line %d: %w", number+1, err)
		}
	}
	if p.quorum == "" {
		return nil, errors.New("no quorum line")
	}
	if len(p.logs) == 0 {
		return nil, errors.New("no log whose key can be checked here")
	}
	return p, nil
}

func (p *policy) define(keyword string, words []string) error {
	switch {
	case keyword == "log" && (len(words) == 1 || len(words) == 2):
		verifier, err := p.verifier(words[0], 0x01)
		if verifier != nil {
			p.logs = append(p.logs, verifier)
		}
		return err
	case keyword == "witness" && (len(words) == 2 || len(words) == 3):
		verifier, err := p.verifier(words[1], 0x04)
		if err == nil {
			err = p.isNew(words[0])
		}
		p.witnesses[words[0]] = verifier
		return err
	case keyword == "group" && len(words) >= 3:
		return p.defineGroup(words[0], words[1], words[2:])
	case keyword == "quorum" && len(words) == 1 && p.quorum == "":
		p.quorum = words[0]
		if words[0] == "none" {
			return nil
		}
		return p.isKnown(words[0])
	}
	return fmt.Errorf("not a line of a policy: %s", keyword)
}

func (p *policy) defineGroup(name, threshold string, members []string) error {
	needed, err := strconv.Atoi(threshold)
	switch threshold {
	case "any":
		needed, err = 1, nil
	case "all":
		needed, err = len(members), nil
	}
	if err != nil || needed < 1 || needed > len(members) {
		return fmt.Errorf("%s of %d members", threshold, len(members))
	}
	for _, member := range members {
		if err := p.isKnown(member); err != nil {
			return err
		}
	}
	err = p.isNew(name)
	p.groups[name] = group{needed, members}
	return err
}

func (p *policy) isKnown(name string) error {
	if p.isNew(name) == nil || name == "none" {
		return fmt.Errorf("%s is not defined above", name)
	}
	return nil
}

func (p *policy) isNew(name string) error {
	_, isWitness := p.witnesses[name]
	_, isGroup := p.groups[name]
	if isWitness || isGroup || name == "none" {
		return fmt.Errorf("%s is defined twice", name)
	}
	return nil
}

// isMet tells whether a witness, or enough members of a group, have signed.
func (p *policy) isMet(name string, signed map[note.Verifier]bool) bool {
	if name == "none" {
		return true
	}
	if verifier, ok := p.witnesses[name]; ok {
		return verifier != nil && signed[verifier]
	}
	met := 0
	for _, member := range p.groups[name].members {
		if p.isMet(member, signed) {
			met++
		}
	}
	return met >= p.groups[name].needed
}
