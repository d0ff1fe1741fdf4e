// Package walk is the generated client as a service would use it: list, page, look, act.
package walk

import (
	"context"
	"net/http"
	"testing"

	rollcall "example/rollcall"
)

var ctx = context.Background()

// By a list that is not older than the question: rooms of the demo end.
func liveOn(t *testing.T, provider string) rollcall.Session {
	t.Helper()
	page := answered[rollcall.LiveSessionPage](t)(
		demo().LiveSessionsAPI.ListLiveSessions(ctx).Provider([]string{provider}).Limit(1).CacheControl("no-cache").Execute())
	return page.Data[0]
}

// Everybody, over as many pages as it takes.
func peopleOf(t *testing.T, session rollcall.Session, limit int32) []rollcall.Participant {
	t.Helper()
	var people []rollcall.Participant
	request := demo().LiveSessionsAPI.ListLiveParticipants(ctx, session.Provider, session.RoomId).Limit(limit)
	for {
		page := answered[rollcall.ParticipantPage](t)(request.Execute())
		people = append(people, page.Data...)
		cursor := page.Page.NextCursor.Get()
		if cursor == nil {
			return people
		}
		request = request.Cursor(*cursor)
	}
}

func TestProvidersSayWhatTheyCanDo(t *testing.T) {
	list := answered[rollcall.ProviderList](t)(demo().ProvidersAPI.ListProviders(ctx).Execute())
	can := map[string]bool{}
	for _, one := range list.Data {
		can[one.Kind] = one.Capabilities.CreatePoll
	}
	check(t, !can["huddle01"] && can["realtimekit"], can)
}

func TestListsWhatIsLivePageByPage(t *testing.T) {
	seen := map[string]bool{}
	request := demo().LiveSessionsAPI.ListLiveSessions(ctx).Limit(2)
	for {
		page := answered[rollcall.LiveSessionPage](t)(request.Execute())
		check(t, page.Complete, page.Providers)
		for _, session := range page.Data {
			room := session.Provider + "/" + session.RoomId
			check(t, !seen[room], room, "came twice")
			seen[room] = true
		}
		cursor := page.Page.NextCursor.Get()
		if cursor == nil {
			break
		}
		request = request.Cursor(*cursor)
	}
	check(t, len(seen) >= 4, seen)
}

func TestGetsOneSessionAndWhoIsInIt(t *testing.T) {
	for _, provider := range []string{"huddle01", "realtimekit"} {
		listed := liveOn(t, provider)
		session := answered[rollcall.Session](t)(
			demo().LiveSessionsAPI.GetLiveSession(ctx, provider, listed.RoomId).Execute())
		check(t, session.RoomId == listed.RoomId && session.Status == rollcall.SESSIONSTATUS_LIVE, session)
		check(t, session.StartedAt.Get() == nil || session.StartedAt.Get().Before(session.FetchedAt), session)
		check(t, len(peopleOf(t, *session, 1)) > 0, "nobody is in it")
	}
}

func TestKicksOneWhoIsThenGone(t *testing.T) {
	session := liveOn(t, "realtimekit")
	target := *peopleOf(t, session, 100)[0].ParticipantId.Get()
	kick := rollcall.KickRequest{ParticipantIds: []string{target}}
	result := answered[rollcall.KickResult](t)(
		demo().ModerationAPI.KickParticipants(ctx, session.Provider, session.RoomId).KickRequest(kick).Execute())
	check(t, len(result.Kicked) == 1 && *result.Kicked[0].ParticipantId.Get() == target, result)
	for _, person := range peopleOf(t, session, 100) {
		check(t, *person.ParticipantId.Get() != target, target, "is still there")
	}
}

func TestCreatesAPoll(t *testing.T) {
	session := liveOn(t, "realtimekit")
	body := rollcall.NewCreatePollRequest("Ship on Friday?", []string{"Yes", "No"})
	poll := answered[rollcall.Poll](t)(
		demo().ModerationAPI.CreatePoll(ctx, session.Provider, session.RoomId).CreatePollRequest(*body).Execute())
	check(t, len(poll.Options) == 2 && poll.Options[1].Text == "No", poll)
}

func TestWhatHasNotChangedIs304(t *testing.T) {
	_, first, err := demo().LiveSessionsAPI.ListLiveSessions(ctx).Execute()
	check(t, err == nil, err)
	request := demo().LiveSessionsAPI.ListLiveSessions(ctx).IfNoneMatch(first.Header.Get("ETag"))
	_, again, _ := request.Execute()
	check(t, again.StatusCode == http.StatusNotModified, again.Status)
}

func TestWalksTheHistory(t *testing.T) {
	seen := map[string]bool{}
	request := demo().SessionsAPI.ListSessions(ctx).Status(rollcall.SESSIONSTATUSFILTER_ENDED).Limit(2)
	for len(seen) < 4 {
		page := answered[rollcall.SessionPage](t)(request.Execute())
		for _, entry := range page.Providers {
			isUnsupported := entry.Status == rollcall.PROVIDEROUTCOMESTATUS_UNSUPPORTED
			check(t, isUnsupported == (entry.Provider == "huddle01"), entry)
		}
		for _, session := range page.Data {
			id := *session.SessionId.Get()
			check(t, !seen[id] && session.EndedAt.Get() != nil, session)
			seen[id] = true
			people := answered[rollcall.ParticipantPage](t)(
				demo().SessionsAPI.ListSessionParticipants(ctx, session.Provider, id).Execute())
			check(t, len(people.Data) > 0, id, "had nobody")
		}
		cursor := page.Page.NextCursor.Get()
		if cursor == nil {
			break
		}
		request = request.Cursor(*cursor)
	}
	check(t, len(seen) >= 2, seen)
}
