package walk

import (
	"testing"

	rollcall "example/rollcall"
)

const nobodysSession = "11111111-2222-4333-8444-555555555555"

func Test401ForATokenOfElsewhere(t *testing.T) {
	stranger := clientOf("ROLLCALL_URL", "ROLLCALL_IMPAIRED_TOKEN")
	_, answer, err := stranger.LiveSessionsAPI.ListLiveSessions(ctx).Execute()
	refused(t, err, 401, rollcall.PROBLEMCODE_UNAUTHENTICATED)
	check(t, answer.Header.Get("WWW-Authenticate") != "", answer.Header)
}

func Test403ForOneWhoMayOnlyRead(t *testing.T) {
	kick := rollcall.KickRequest{ParticipantIds: []string{"someone"}}
	_, _, err := impaired().ModerationAPI.KickParticipants(ctx, "huddle01", "any-room").KickRequest(kick).Execute()
	refused(t, err, 403, rollcall.PROBLEMCODE_INSUFFICIENT_SCOPE)
}

func Test404ForWhatIsNotThere(t *testing.T) {
	_, _, err := demo().LiveSessionsAPI.GetLiveSession(ctx, "nobodys", "any-room").Execute()
	refused(t, err, 404, rollcall.PROBLEMCODE_PROVIDER_NOT_FOUND)
	_, _, err = demo().LiveSessionsAPI.ListLiveParticipants(ctx, "realtimekit", "nobody-is-here").Execute()
	problem := refused(t, err, 404, rollcall.PROBLEMCODE_SESSION_NOT_LIVE)
	check(t, *problem.Provider.Get() == "realtimekit", problem)
	_, _, err = demo().SessionsAPI.GetSession(ctx, "realtimekit", nobodysSession).Execute()
	refused(t, err, 404, rollcall.PROBLEMCODE_SESSION_NOT_FOUND)
}

func Test400NamesWhatIsWrong(t *testing.T) {
	_, _, err := demo().LiveSessionsAPI.ListLiveSessions(ctx).Limit(100_000).Execute()
	problem := refused(t, err, 400, rollcall.PROBLEMCODE_INVALID_REQUEST)
	check(t, problem.Errors[0].Field == "limit", problem)
	_, _, err = demo().LiveSessionsAPI.ListLiveSessions(ctx).Cursor("made-up").Execute()
	refused(t, err, 400, rollcall.PROBLEMCODE_INVALID_CURSOR)
}

func Test409WhenAnotherSessionRuns(t *testing.T) {
	body := rollcall.NewKickAllRequest()
	body.SetExpectedSessionId(nobodysSession)
	room := liveOn(t, "realtimekit").RoomId
	_, _, err := demo().ModerationAPI.KickAllParticipants(ctx, "realtimekit", room).KickAllRequest(*body).Execute()
	refused(t, err, 409, rollcall.PROBLEMCODE_SESSION_CHANGED)
}

func Test501ForWhatAProviderCannotDo(t *testing.T) {
	body := rollcall.NewCreatePollRequest("Tea or coffee?", []string{"tea", "coffee"})
	_, _, err := demo().ModerationAPI.CreatePoll(ctx, "huddle01", "any-room").CreatePollRequest(*body).Execute()
	refused(t, err, 501, rollcall.PROBLEMCODE_CAPABILITY_UNSUPPORTED)
}

func Test503WhenAProviderFailsAndTheOthersGoOn(t *testing.T) {
	var err error
	for number := 0; number < 10; number++ {
		_, answer, failure := impaired().LiveSessionsAPI.GetLiveSession(ctx, "realtimekit", "room-"+string(rune('a'+number))).Execute()
		check(t, answer != nil, failure)
		if err = failure; answer.StatusCode != 502 {
			break
		}
		refused(t, err, 502, rollcall.PROBLEMCODE_PROVIDER_ERROR)
	}
	problem := refused(t, err, 503, rollcall.PROBLEMCODE_PROVIDER_UNAVAILABLE)
	check(t, problem.Retryable && problem.RetryAfterSeconds.Get() != nil, problem)

	page := answered[rollcall.LiveSessionPage](t)(impaired().LiveSessionsAPI.ListLiveSessions(ctx).Execute())
	check(t, !page.Complete && len(page.Providers) == 2, page)
	whole := impaired().LiveSessionsAPI.ListLiveSessions(ctx).Partial(rollcall.PARTIALPOLICY_FORBID)
	_, _, err = whole.Execute()
	problem = refused(t, err, 503, rollcall.PROBLEMCODE_PROVIDER_UNAVAILABLE)
	check(t, len(problem.Providers) == 2, problem)
}
