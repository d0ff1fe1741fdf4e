package walk;

import static walk.Places.check;
import static walk.Places.demo;
import static walk.Places.impaired;
import static walk.Places.refused;

import example.rollcall.ApiException;
import example.rollcall.api.LiveSessionsApi;
import example.rollcall.api.ModerationApi;
import example.rollcall.api.SessionsApi;
import example.rollcall.model.CreatePollRequest;
import example.rollcall.model.KickAllRequest;
import example.rollcall.model.KickRequest;
import example.rollcall.model.LiveSessionPage;
import example.rollcall.model.PartialPolicy;
import example.rollcall.model.Problem;
import example.rollcall.model.ProblemCode;
import java.util.List;

/** Whatever goes wrong is a `Problem`: one type, and the code says what to do. */
final class Problems {
  static final String NOBODYS_SESSION = "11111111-2222-4333-8444-555555555555";

  private Problems() {}

  static void all() throws Exception {
    LiveSessionsApi live = Walk.LIVE;
    ModerationApi moderation = new ModerationApi(demo());

    LiveSessionsApi stranger = new LiveSessionsApi(Places.client("ROLLCALL_URL", "ROLLCALL_IMPAIRED_TOKEN"));
    refused(401, ProblemCode.UNAUTHENTICATED, () -> list(stranger, null, null, null));
    refused(400, ProblemCode.INVALID_CURSOR, () -> list(live, null, "made-up", null));
    Problem limit = refused(400, ProblemCode.INVALID_REQUEST, () -> list(live, 100_000, null, null));
    check(limit.getErrors().get(0).getField().equals("limit"), limit);

    KickRequest kick = new KickRequest().addParticipantIdsItem("someone");
    ModerationApi reader = new ModerationApi(impaired());
    refused(403, ProblemCode.INSUFFICIENT_SCOPE, () -> reader.kickParticipants("huddle01", "any-room", kick, null, null));

    refused(404, ProblemCode.PROVIDER_NOT_FOUND, () -> get(live, "nobodys", "any-room"));
    Problem idle = refused(404, ProblemCode.SESSION_NOT_LIVE, () -> get(live, "realtimekit", "nobody-is-here"));
    check("realtimekit".equals(idle.getProvider()), idle);
    SessionsApi sessions = new SessionsApi(demo());
    refused(404, ProblemCode.SESSION_NOT_FOUND,
        () -> sessions.getSession("realtimekit", NOBODYS_SESSION, null, null, null, null));

    String room = Walk.liveOn("realtimekit").getRoomId();
    KickAllRequest another = new KickAllRequest().expectedSessionId(NOBODYS_SESSION);
    refused(409, ProblemCode.SESSION_CHANGED,
        () -> moderation.kickAllParticipants("realtimekit", room, null, null, another));

    CreatePollRequest poll = new CreatePollRequest().question("Tea or coffee?").options(List.of("tea", "coffee"));
    refused(501, ProblemCode.CAPABILITY_UNSUPPORTED,
        () -> moderation.createPoll("huddle01", "any-room", poll, null, null));
    whenAProviderFailsTheOthersGoOn(new LiveSessionsApi(impaired()));
  }

  private static void whenAProviderFailsTheOthersGoOn(LiveSessionsApi live) throws Exception {
    ApiException last = null;
    for (int number = 0; number < 10; number++) {
      String room = "room-" + number;
      last = Places.refusal(() -> get(live, "realtimekit", room));
      if (last.getCode() != 502) {
        break;
      }
      Places.problem(last, 502, ProblemCode.PROVIDER_ERROR);
    }
    Problem unavailable = Places.problem(last, 503, ProblemCode.PROVIDER_UNAVAILABLE);
    check(unavailable.getRetryable() && unavailable.getRetryAfterSeconds() != null, unavailable);
    LiveSessionPage page = (LiveSessionPage) list(live, null, null, null);
    check(!page.getComplete() && page.getProviders().size() == 2, page);
    Problem whole =
        refused(503, ProblemCode.PROVIDER_UNAVAILABLE, () -> list(live, null, null, PartialPolicy.FORBID));
    check(whole.getProviders().size() == 2, whole);
  }

  private static Object list(LiveSessionsApi live, Integer limit, String cursor, PartialPolicy partial)
      throws ApiException {
    return live.listLiveSessions(null, limit, cursor, partial, null, null, null, null);
  }

  private static Object get(LiveSessionsApi live, String provider, String room) throws ApiException {
    return live.getLiveSession(provider, room, null, null, null, null);
  }
}
