package walk;

import static walk.Places.check;
import static walk.Places.demo;

import example.rollcall.api.LiveSessionsApi;
import example.rollcall.api.ModerationApi;
import example.rollcall.api.ProvidersApi;
import example.rollcall.api.SessionsApi;
import example.rollcall.model.CreatePollRequest;
import example.rollcall.model.KickRequest;
import example.rollcall.model.LiveSessionPage;
import example.rollcall.model.Participant;
import example.rollcall.model.ParticipantPage;
import example.rollcall.model.Session;
import example.rollcall.model.SessionPage;
import example.rollcall.model.SessionStatus;
import example.rollcall.model.SessionStatusFilter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The generated client as a service would use it: list, page, look, act. */
final class Walk {
  static final LiveSessionsApi LIVE = new LiveSessionsApi(demo());

  private Walk() {}

  public static void main(String[] arguments) throws Exception {
    providersSayWhatTheyCanDo();
    listsWhatIsLivePageByPage();
    getsOneSessionAndWhoIsInIt();
    kicksOneWhoIsThenGone();
    createsAPoll();
    whatHasNotChangedIs304();
    walksTheHistory();
    Problems.all();
    Events.followsWhatIsLive();
    System.out.println("the walk works");
    System.exit(0);
  }

  /** By a list that is not older than the question: rooms of the demo end. */
  static Session liveOn(String provider) throws Exception {
    return LIVE.listLiveSessions(List.of(provider), 1, null, null, null, null, "no-cache", null).getData().get(0);
  }

  /** Everybody, over as many pages as it takes. */
  static List<Participant> peopleOf(Session session, int limit) throws Exception {
    List<Participant> people = new ArrayList<>();
    String cursor = null;
    do {
      ParticipantPage page =
          LIVE.listLiveParticipants(session.getProvider(), session.getRoomId(), limit, cursor, null, null, null);
      people.addAll(page.getData());
      cursor = page.getPage().getNextCursor();
    } while (cursor != null);
    return people;
  }

  static void providersSayWhatTheyCanDo() throws Exception {
    for (var one : new ProvidersApi(demo()).listProviders(null).getData()) {
      check(one.getCapabilities().getCreatePoll() == one.getKind().equals("realtimekit"), one);
    }
  }

  static void listsWhatIsLivePageByPage() throws Exception {
    Set<String> seen = new HashSet<>();
    String cursor = null;
    do {
      LiveSessionPage page = LIVE.listLiveSessions(null, 2, cursor, null, null, null, null, null);
      check(page.getComplete(), page);
      for (Session session : page.getData()) {
        check(seen.add(session.getProvider() + "/" + session.getRoomId()), session, "came twice");
      }
      cursor = page.getPage().getNextCursor();
    } while (cursor != null);
    check(seen.size() >= 4, seen);
  }

  static void getsOneSessionAndWhoIsInIt() throws Exception {
    for (String provider : List.of("huddle01", "realtimekit")) {
      Session listed = liveOn(provider);
      Session session = LIVE.getLiveSession(provider, listed.getRoomId(), null, null, null, null);
      check(session.getRoomId().equals(listed.getRoomId()) && session.getStatus() == SessionStatus.LIVE, session);
      check(session.getStartedAt() == null || session.getStartedAt().isBefore(session.getFetchedAt()), session);
      check(!peopleOf(session, 1).isEmpty(), "nobody is in it");
    }
  }

  static void kicksOneWhoIsThenGone() throws Exception {
    Session session = liveOn("realtimekit");
    String target = peopleOf(session, 100).get(0).getParticipantId();
    KickRequest kick = new KickRequest().addParticipantIdsItem(target);
    var result =
        new ModerationApi(demo()).kickParticipants(session.getProvider(), session.getRoomId(), kick, null, null);
    check(result.getKicked().size() == 1 && target.equals(result.getKicked().get(0).getParticipantId()), result);
    check(peopleOf(session, 100).stream().noneMatch(one -> target.equals(one.getParticipantId())), target);
  }

  static void createsAPoll() throws Exception {
    Session session = liveOn("realtimekit");
    CreatePollRequest body = new CreatePollRequest().question("Ship on Friday?").options(List.of("Yes", "No"));
    var poll = new ModerationApi(demo()).createPoll(session.getProvider(), session.getRoomId(), body, null, null);
    check(poll.getOptions().size() == 2 && poll.getOptions().get(1).getText().equals("No"), poll);
  }

  static void whatHasNotChangedIs304() throws Exception {
    var first = LIVE.listLiveSessionsWithHttpInfo(null, null, null, null, null, null, null, null);
    String etag = first.getHeaders().get("etag").get(0);
    var again = Places.refusal(() -> LIVE.listLiveSessions(null, null, null, null, null, etag, null, null));
    check(again.getCode() == 304, again);
  }

  static void walksTheHistory() throws Exception {
    SessionsApi sessions = new SessionsApi(demo());
    Set<String> seen = new HashSet<>();
    String cursor = null;
    do {
      SessionPage page =
          sessions.listSessions(
              null, null, SessionStatusFilter.ENDED, null, null, 2, cursor, null, null, null, null);
      for (Session session : page.getData()) {
        check(seen.add(session.getSessionId()) && session.getEndedAt() != null, session);
        ParticipantPage people =
            sessions.listSessionParticipants(
                session.getProvider(), session.getSessionId(), null, null, null, null, null);
        check(!people.getData().isEmpty(), session, "had nobody");
      }
      cursor = page.getPage().getNextCursor();
    } while (cursor != null && seen.size() < 4);
    check(seen.size() >= 2, seen);
  }
}
